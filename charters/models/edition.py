"""The adopted text with its record, and the sealed file that publishes it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from charters import labels
from charters.enums import Basis
from charters.models.charter import Charter, Section
from charters.models.poll import CountRecord
from charters.models.revision import Consultation, Revision


class Edition(models.Model):
    """An adopted text. Immutable: publication and replacement are rows of their own.

    `canonical_text` is the JSON of `documents.canonical`, in the authoritative language; `sha256` its digest.
    `effective_date` is the planned date of entry into force, which is printed in the text (C. trav. R1321-3).
    """

    charter = models.ForeignKey(Charter, models.PROTECT, related_name="editions")
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    company = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    effective_date = models.DateField()
    works_rules = models.BooleanField()
    canonical_text = models.TextField()
    sha256 = models.CharField(max_length=64)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["charter", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["consultation"], name="edition_once_per_consultation"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"


class EditionSection(models.Model):
    """Which revision of a section an edition holds, and on what ground. Immutable.

    `basis` previous: kept from the edition before; against / unvoted: `reason` is the employer's written reason.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="sections")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="edition_sections")
    position = models.BigIntegerField()
    basis = models.CharField(max_length=10, choices=labels.choices(labels.BASIS))
    count = models.ForeignKey(CountRecord, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "section"], name="edition_section_once"),
            models.CheckConstraint(condition=Q(basis__in=[b.value for b in Basis]), name="edition_basis_known"),
            models.CheckConstraint(
                condition=~Q(basis__in=[Basis.AGAINST.value, Basis.UNVOTED.value]) | ~Q(reason=""),
                name="edition_departure_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} in {self.edition_id}"


class EditionFile(models.Model):
    """The sealed PDF: its existence is the publication. Immutable; the bytes live in the database with their digest.

    In the database, so that a backup of it is whole, and nothing on a disk can drift from the record.
    """

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="file")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"file of {self.edition_id}"
