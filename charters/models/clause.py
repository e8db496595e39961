"""The clause: a stable identity for life, across revisions, moves and editions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from charters import labels
from charters.enums import Nature
from charters.models.charter import Section
from charters.models.people import opaque_key

BODY_MAX = 10_000
TITLE_MAX = 200
REFERENCES_MAX = 1_000


class Clause(models.Model):
    """A clause of the working text. Every save is in the history with its author.

    `body` is canonical Markdown, `html` its rendering (made on save, since rendering costs 0.4 ms a clause);
    `version` is what a writer must have seen to save over it; removal is a dated fact, never a deletion.
    """

    section = models.ForeignKey(Section, models.PROTECT, related_name="clauses")
    key = models.CharField(max_length=22, unique=True, default=opaque_key, editable=False)
    title = models.CharField(max_length=TITLE_MAX)
    body = models.TextField(max_length=BODY_MAX)
    html = models.TextField(editable=False)
    nature = models.CharField(max_length=20, choices=labels.choices(labels.NATURE))
    references = models.TextField(blank=True, max_length=REFERENCES_MAX)
    position = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["html"])

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["section", "position"], condition=Q(removed_at=None), name="clause_position_once"
            ),
            models.CheckConstraint(condition=Q(nature__in=[n.value for n in Nature]), name="clause_nature_known"),
            models.CheckConstraint(condition=~Q(title=""), name="clause_has_title"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reference_list(self) -> tuple[str, ...]:
        """The legal references, one a line in the stored text."""
        return tuple(line for line in self.references.split("\n") if line)
