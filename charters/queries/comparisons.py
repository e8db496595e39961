"""Frozen revisions: one on its own, and two of one section to be compared."""

from collections.abc import Iterable
from dataclasses import dataclass

from charters.enums import Verb
from charters.models import Activity, Person, Poll, Revision, RevisionClause
from charters.queries import visible


@dataclass(frozen=True, slots=True)
class Sheet:
    """A revision on its own. `before`: number of the visible revision it can be compared with, 0 when there is none."""

    revision: Revision
    clauses: tuple[RevisionClause, ...]
    poll: Poll | None
    before: int


@dataclass(frozen=True, slots=True)
class Reason:
    """What a drafter wrote into the journal when they changed a clause."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two revisions of one section, the older first; `old` None stands for nothing: everything is new.

    `others`: every visible revision of the section, in order. `homes`: for clauses that only one side holds, the title of
    another section that holds or held them, by clause id. `reasons`: why a clause was changed, where the journal says it.
    """

    old: Revision | None
    new: Revision
    old_clauses: tuple[RevisionClause, ...]
    new_clauses: tuple[RevisionClause, ...]
    others: tuple[Revision, ...]
    homes: dict[int, str]
    reasons: dict[int, "Reason"]


def sheet(person: Person, revision: Revision) -> Sheet:
    """One revision with its clauses. Four queries."""
    earlier = visible.revisions(person).filter(section=revision.section_id, number__lt=revision.number)
    before = earlier.order_by("-number").values_list("number", flat=True).first() or 0
    return Sheet(revision, tuple(revision.clauses.all()), Poll.objects.filter(revision=revision).first(), before)


def pair(person: Person, revision: Revision, number: int | None = None) -> Pair | None:
    """A revision beside another of its section: `number`, or the one before it. 0 is nothing; None: no such revision."""
    rows = visible.revisions(person).filter(section=revision.section_id)
    others = tuple(rows.order_by("number"))
    if number is None:
        number = max((other.number for other in others if other.number < revision.number), default=0)
    chosen = next((other for other in others if other.number == number), None)
    if number and chosen is None:
        return None
    old, new = sorted((chosen, revision), key=lambda one: one.number if one else 0)
    assert new is not None  # noqa: S101 (narrows the type: `revision` is one of the two)
    sides = [tuple(one.clauses.all()) if one else () for one in (old, new)]
    homes = _homes(person, sides[0], sides[1], revision.section_id)
    return Pair(old, new, sides[0], sides[1], others, homes, _reasons(old, new))


def _homes(
    person: Person, old: Iterable[RevisionClause], new: Iterable[RevisionClause], section: int
) -> dict[int, str]:
    alone = {row.clause_id for row in old} ^ {row.clause_id for row in new}
    rows = RevisionClause.objects.filter(clause__in=alone, revision__in=visible.revisions(person))
    elsewhere = rows.exclude(revision__section=section).order_by("revision")
    return dict(elsewhere.values_list("clause", "revision__title"))


def _reasons(old: Revision | None, new: Revision) -> dict[int, Reason]:
    """The last reason given for each clause between two revisions. Two queries."""
    if old is None:
        return {}
    rows = Activity.objects.filter(
        charter=new.consultation.charter_id,
        verb__in=[Verb.CLAUSE_EDIT.value, Verb.CLAUSE_REVERT.value],
        at__range=(old.submitted_at, new.submitted_at),
    ).exclude(detail__reason="")
    found = list(rows.order_by("sequence").values_list("object_id", "actor_key", "detail__reason"))
    names = dict(Person.objects.filter(key__in={key for _, key, _ in found}).values_list("key", "name"))
    return {clause: Reason(names.get(key, ""), text) for clause, key, text in found}


def numbered(person: Person, beside: Revision, number: int | None) -> int | None:
    """The id of the visible revision of that number, of the same section; None when there is none."""
    if number is None:
        return None
    rows = visible.revisions(person).filter(section=beside.section_id, number=number)
    return rows.values_list("pk", flat=True).first()
