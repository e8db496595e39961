"""The living document, and its sections as drafters are editing them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from charters import labels
from charters.enums import Language, SectionKind
from charters.models.people import opaque_key


class Charter(models.Model):
    """A charter: the working text, its consultations, its editions. Stores no state: the parts have theirs."""

    key = models.CharField(max_length=22, unique=True, default=opaque_key, editable=False)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default=Language.FRENCH.value)
    open_drafting = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(language__in=["fr", "en"]), name="charter_language_known"),
            models.CheckConstraint(condition=~Q(title=""), name="charter_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """A part of the charter. The order is part of the text; removed by a dated fact, never deleted.

    `position` leaves gaps, so that moving a section writes one row, and one entry of history.
    """

    charter = models.ForeignKey(Charter, models.PROTECT, related_name="sections")
    key = models.CharField(max_length=22, unique=True, default=opaque_key, editable=False)
    kind = models.CharField(max_length=20, choices=labels.choices(labels.SECTION))
    prefix = models.CharField(max_length=3)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=400, blank=True)
    position = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["charter", "position"], condition=Q(removed_at=None), name="section_position_once"
            ),
            models.UniqueConstraint(
                fields=["charter", "prefix"], condition=Q(removed_at=None), name="section_prefix_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in SectionKind]), name="section_kind_known"),
            models.CheckConstraint(condition=~Q(title=""), name="section_has_title"),
        ]

    def __str__(self) -> str:
        return self.title
