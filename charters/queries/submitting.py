"""What submitting needs to show: the groups with their sizes, and the threads that a further revision carries over."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from charters.enums import AnchorState, Role
from charters.models import Charter, College, Consultation, Thread
from charters.queries.drafting import COMPARED, SectionPart

SMALL = 5
"""Below this many members, a group's counts may stay hidden (product.md, anonymity)."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A changed section, and how many threads its next revision would carry over, by what becomes of their words."""

    part: SectionPart
    valid: int
    changed: int
    removed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.valid + self.changed + self.removed


def groups(charter: Charter) -> list[tuple[College, int]]:
    """The charter's colleges with the number of people who could be on their roll today."""
    electors = Q(memberships__left_at=None) & ~Q(memberships__role=Role.OBSERVER)
    rows = charter.colleges.annotate(size=Count("memberships", filter=electors))
    return [(college, college.size) for college in rows]


def carried(consultation: Consultation | None, parts: Sequence[SectionPart]) -> list[Carried]:
    """Each changed section with the fate of its threads, if a consultation is under way. Three queries."""
    rows = Thread.objects.filter(consultation=consultation).prefetch_related("anchors__snapshot")
    by_clause: dict[int, list[Thread]] = {}
    for thread in rows:
        by_clause.setdefault(thread.clause_id, []).append(thread)
    return [_carried(part, by_clause) for part in parts if part.changed]


def _carried(part: SectionPart, by_clause: dict[int, list[Thread]]) -> Carried:
    fates: Counter[AnchorState] = Counter()
    for line in part.lines:
        for thread in by_clause.get(line.clause.pk, []):
            first = min(thread.anchors.all(), key=lambda anchor: anchor.pk).snapshot
            same = first and all(getattr(line.clause, name) == getattr(first, name) for name in COMPARED)
            fates[AnchorState.VALID if same else AnchorState.CHANGED] += 1
    for change in part.changes:
        if change.new is None and change.old is not None:
            fates[AnchorState.REMOVED] += len(by_clause.get(change.old.clause_id, []))
    return Carried(part, fates[AnchorState.VALID], fates[AnchorState.CHANGED], fates[AnchorState.REMOVED])
