"""People, and how each stands in a charter: role (what they may do) and college (with whom they are counted)."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from charters import labels
from charters.enums import CollegeKind, Language, Role
from charters.folding import fold


def opaque_key() -> str:
    """A key that says nothing about whom or what it names: 22 letters and digits, 130 bits."""
    return get_random_string(22)


class PersonManager(BaseUserManager):
    """Makes people; e-mail addresses are stored folded, so that one address is one person."""

    def create_user(
        self, *, name: str, email: str | None = None, password: str | None = None, **extra: object
    ) -> "Person":
        """A person who can sign in: by e-mailed code, and by password when one is given."""
        person = self.model(name=name, email=fold_email(email), **extra)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, *, name: str, email: str, password: str, **extra: object) -> "Person":
        """An operator of the reference data in the admin; no right in any charter follows from it."""
        return self.create_user(name=name, email=email, password=password, is_staff=True, is_superuser=True, **extra)


def fold_email(email: str | None) -> str | None:
    """The stored form of an address: trimmed and casefolded; empty means none."""
    return (email or "").strip().casefold() or None


class Company(models.Model):
    """The company whose installation this is: exactly one row."""

    name = models.CharField(_("name"), max_length=120)
    headcount = models.PositiveIntegerField(_("headcount"), default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(pk=1), name="company_is_one")]

    def __str__(self) -> str:
        return self.name


class Person(AbstractBaseUser, PermissionsMixin):
    """An opaque key with a name, an optional e-mail and an optional staff number."""

    key = models.CharField(max_length=22, unique=True, default=opaque_key, editable=False)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), null=True, blank=True)  # noqa: DJ001 (none is not an empty address)
    staff_number = models.CharField(_("staff number"), max_length=40, null=True, blank=True, unique=True)
    folded = models.CharField(max_length=400, editable=False)  # name and address as a search compares them
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default=Language.FRENCH.value
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()

    USERNAME_FIELD = "key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name", "email"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(condition=~models.Q(email=""), name="person_email_or_null"),
            models.CheckConstraint(condition=~models.Q(staff_number=""), name="person_staff_number_or_null"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded column: SQLite's own LIKE and lower() know ASCII only."""
        folded = fold(f"{self.name} {self.email or ''} {self.staff_number or ''}")
        self.folded = folded[:400]  # one letter may fold into eighteen
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """The name people see."""
        return self.name


class College(models.Model):
    """Stakeholders of one charter who are counted separately."""

    charter = models.ForeignKey("Charter", models.PROTECT, related_name="colleges")
    kind = models.CharField(max_length=20, choices=labels.choices(labels.COLLEGE))
    custom_name = models.CharField(max_length=60, blank=True)
    custom_initials = models.CharField(max_length=3, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["charter", "kind"], name="college_once_per_charter"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in CollegeKind]), name="college_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> object:
        """Its name in the reader's language, or the one the company gave."""
        return self.custom_name or labels.COLLEGE[CollegeKind(self.kind)]

    @property
    def initials(self) -> object:
        """Two or three letters that always accompany its colour."""
        return self.custom_initials or labels.COLLEGE_INITIALS[CollegeKind(self.kind)]

    def name_in(self, language: str) -> str:
        """Its name in a given language, for a document."""
        with override(language):
            return str(self.name)

    def initials_in(self, language: str) -> str:
        """Its initials in a given language, for a document."""
        with override(language):
            return str(self.initials)


class Membership(models.Model):
    """A person's one role and one college in one charter, hence one vote."""

    charter = models.ForeignKey("Charter", models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    college = models.ForeignKey(College, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=labels.choices(labels.ROLE))
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["charter", "person"], name="membership_once_per_charter"),
            models.CheckConstraint(condition=models.Q(role__in=[r.value for r in Role]), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.role}"
