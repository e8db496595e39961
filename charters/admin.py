"""Reference data only: people and the company. Nothing that says what someone wrote, voted or did is ever here."""

from typing import ClassVar

from django.contrib import admin
from django.contrib.auth import admin as _registers_groups  # noqa: F401 (before they are taken out below)
from django.contrib.auth.models import Group

from charters.models import Company, Person

admin.site.unregister(Group)
admin.site.login_template = "account/login.html"


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    """The company's name and size."""

    list_display: ClassVar = ["name", "headcount"]


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    """People: names and addresses; their opaque key is not shown, so that it cannot be matched with the journal."""

    list_display: ClassVar = ["name", "email", "is_active", "last_login"]
    search_fields: ClassVar = ["name", "email"]
    fields: ClassVar = ["name", "email", "staff_number", "language", "is_active", "is_staff"]
    readonly_fields: ClassVar = ["last_login"]

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """A person is anonymised, never deleted: votes and texts refer to them."""
        return False
