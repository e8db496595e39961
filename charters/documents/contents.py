"""What an edition could hold: each section's new revision with its result, beside the previous edition's."""

from collections import Counter
from dataclasses import dataclass

from charters.enums import Basis, Decision, Outcome, PollState
from charters.models import Consultation, CountRecord, EditionSection, Revision, Section
from charters.workflow import Verdict, basis_of, linked_sections


@dataclass(frozen=True, slots=True)
class Candidate:
    """One section: the revision it could bring, on what ground, and what the previous edition holds of it."""

    section: Section
    revision: Revision | None
    count: CountRecord | None
    basis: Basis
    previous: EditionSection | None


def candidates(consultation: Consultation) -> list[Candidate]:
    """Every section that the next edition could hold, in order. A constant number of queries."""
    newest: dict[int, Revision] = {}
    standing = Revision.objects.filter(consultation=consultation).exclude(end__state__in=["replaced", "withdrawn"])
    for revision in standing.select_related("section", "poll__count").prefetch_related("clauses"):
        newest[revision.section_id] = revision
    edition = consultation.charter.editions.order_by("-number").first()
    held: dict[int, EditionSection] = {}
    if edition is not None:
        rows = edition.sections.select_related("section", "revision", "count").prefetch_related("revision__clauses")
        held = {row.section_id: row for row in rows}
    sections = {**{pk: row.section for pk, row in held.items()}, **{pk: r.section for pk, r in newest.items()}}
    found = [_candidate(section, newest.get(pk), held.get(pk)) for pk, section in sections.items()]
    return sorted(found, key=_place)


def linked_groups(found: list[Candidate]) -> list[frozenset[int]]:
    """Sections (ids) to be adopted together, because a clause moved between them since the previous edition."""
    before = {c.section.pk: _clauses(c.previous.revision) for c in found if c.previous}
    after = {c.section.pk: _clauses(c.revision) for c in found if c.revision}
    return linked_sections(before, after)


def doubled(found: list[Candidate]) -> list[Section]:
    """Sections of the text to come that would hold the same clause: it moved, and only one of them was submitted since.

    The text to come is each section's new revision, or else what the previous edition holds of it.
    """
    coming: dict[Section, frozenset[int]] = {}
    for candidate in found:
        revision = candidate.revision or (candidate.previous and candidate.previous.revision)
        coming[candidate.section] = _clauses(revision) if revision else frozenset()
    often = Counter(clause for clauses in coming.values() for clause in clauses)
    return [section for section, clauses in coming.items() if any(often[clause] > 1 for clause in clauses)]


def _clauses(revision: Revision) -> frozenset[int]:
    return frozenset(row.clause_id for row in revision.clauses.all())


def _place(candidate: Candidate) -> int:
    if candidate.revision is not None:
        return candidate.revision.position
    return candidate.previous.position if candidate.previous else 0


def _candidate(section: Section, revision: Revision | None, previous: EditionSection | None) -> Candidate:
    poll = getattr(revision, "poll", None) if revision else None
    count = getattr(poll, "count", None) if poll else None
    outcome = Outcome(count.outcome) if count else None
    if poll and poll.state == PollState.CANCELLED:
        outcome = Outcome.CANCELLED
    decisions = tuple(Decision(row["decision"]) for row in count.results) if count else ()
    basis = basis_of(Verdict(outcome, decisions))
    return Candidate(section, revision, count, basis, previous)
