"""Reference data only: people and the company. Nothing that says what someone wrote, voted or did is ever here."""

from typing import ClassVar

from allauth.account import admin as _registers_addresses  # noqa: F401 (before they are taken out below)
from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib import admin
from django.contrib.auth import admin as _registers_groups  # noqa: F401 (before they are taken out below)
from django.contrib.auth.models import Group

from charters.models import Company, Person, fold_email

admin.site.unregister(Group)
# allauth's copy of an address follows the person's, never the reverse
admin.site.unregister([model for model in (EmailAddress, EmailConfirmation) if admin.site.is_registered(model)])
admin.site.login_template = "account/login.html"


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    """The company's name and size."""

    list_display: ClassVar = ["name", "headcount"]

    def has_add_permission(self, request: object) -> bool:
        """One row: this installation's."""
        return not Company.objects.exists()

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Editions name it."""
        return False


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    """People: names and addresses. Neither the opaque key, which would be matched with the journal, nor the last sign-in.

    The minute somebody signed in, beside the minute a pseudonym wrote, would tell who it was.
    """

    list_display: ClassVar = ["name", "email", "is_active"]
    search_fields: ClassVar = ["name", "email"]
    fields: ClassVar = ["name", "email", "staff_number", "language", "is_active", "is_staff"]

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """A person is anonymised, never deleted: votes and texts refer to them."""
        return False

    def save_model(self, request: object, obj: Person, form: object, change: bool) -> None:  # noqa: FBT001 (Django's)
        """A corrected address is the only one that signs in from now: the former one may be somebody else's."""
        obj.email = fold_email(obj.email)
        super().save_model(request, obj, form, change)
        EmailAddress.objects.filter(user=obj).exclude(email=obj.email or "").delete()
