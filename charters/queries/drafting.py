"""The working text as drafters see it: numbers, what changed since it was last submitted, what was taken out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from charters.enums import ConsultationState, RevisionKind, ThreadState, Verb
from charters.models import Charter, Clause, Consultation, Person, Revision, RevisionClause, Section, Thread
from charters.policy import Allowed, Denied, decide

COMPARED = ("title", "body", "nature", "references")
UNDER_WAY = (
    ConsultationState.PLANNED, ConsultationState.COMMENTING, ConsultationState.REVISING, ConsultationState.VOTING,
)  # fmt: skip


class Drafted(Protocol):
    """A section beside the revision it would follow (`documents.snapshots.Draft`)."""

    @property
    def section(self) -> Section: ...  # noqa: D102
    @property
    def clauses(self) -> tuple[tuple[str, Clause], ...]: ...  # noqa: D102
    @property
    def base(self) -> Revision | None: ...  # noqa: D102
    @property
    def kind(self) -> RevisionKind: ...  # noqa: D102
    @property
    def changed(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause of the working text. `change`: « new », « changed » or empty; `index`: its rank, from 0."""

    clause: Clause
    number: str
    index: int
    last: bool
    change: str
    threads: int


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """What a revision made now would do to one clause: `old` None when added, `new` None when taken out."""

    number: str
    old: RevisionClause | None
    new: Clause | None

    @property
    def kind(self) -> str:
        """« new », « removed » or « changed »."""
        return "new" if self.old is None else "removed" if self.new is None else "changed"


@dataclass(frozen=True, slots=True)
class SectionPart:
    """A section of the working text, with what changed since `base` in words and clause by clause."""

    section: Section
    kind: RevisionKind
    base: Revision | None
    changed: bool
    lines: tuple[ClauseLine, ...]
    changes: tuple[ClauseChange, ...]
    summary: str
    index: int = 0
    last: bool = False


@dataclass(frozen=True, slots=True)
class WorkingText:
    """The page. `submission`: whether something may be submitted now, or why not."""

    parts: tuple[SectionPart, ...]
    removed_sections: tuple[Section, ...]
    removed_clauses: tuple[Clause, ...]
    consultation: Consultation | None
    edits: bool
    submission: Allowed | Denied

    @property
    def removed_count(self) -> int:
        """How many things can be brought back."""
        return len(self.removed_sections) + len(self.removed_clauses)

    def removed(self, key: str) -> Section | Clause | None:
        """What « clause-3 » or « section-2 » names, if it is out of the text."""
        rows: tuple[Section | Clause, ...] = (*self.removed_clauses, *self.removed_sections)
        return next((row for row in rows if f"{row._meta.model_name}-{row.pk}" == key), None)


def working_text(charter: Charter, person: Person, drafts: Sequence[Drafted]) -> WorkingText:
    """The whole page, in a constant number of queries; `drafts` are those of `documents.snapshots`."""
    consultation = under_way(charter)
    every = parts(drafts, _open_threads(consultation))
    present = [part for part in every if part.section.removed_at is None]
    placed = tuple(_placed(part, index, len(present)) for index, part in enumerate(present))
    gone = charter.sections.exclude(removed_at=None).order_by("-removed_at")
    clauses = Clause.objects.filter(section__charter=charter, section__removed_at=None).exclude(removed_at=None)
    return WorkingText(
        parts=placed,
        removed_sections=tuple(gone),
        removed_clauses=tuple(clauses.select_related("section").order_by("-removed_at")),
        consultation=consultation,
        edits=bool(decide(person, Verb.SECTION_ADD, charter)),
        submission=_submission(charter, person, consultation, every),
    )


def parts(drafts: Sequence[Drafted], threads: dict[int, int] | None = None) -> list[SectionPart]:
    """Each section with its changes. One query, for what the revisions before them hold."""
    bases = [draft.base for draft in drafts if draft.base]
    held: dict[int, dict[int, RevisionClause]] = {base.pk: {} for base in bases}
    for row in RevisionClause.objects.filter(revision__in=bases).defer("html"):
        held[row.revision_id][row.clause_id] = row
    return [_part(draft, held.get(draft.base.pk, {}) if draft.base else {}, threads or {}) for draft in drafts]


def under_way(charter: Charter) -> Consultation | None:
    """The charter's consultation that is neither concluded nor cancelled."""
    return charter.consultations.filter(state__in=UNDER_WAY).first()


def _part(draft: Drafted, before: dict[int, RevisionClause], threads: dict[int, int]) -> SectionPart:
    lines = tuple(
        ClauseLine(
            clause=clause, number=number, index=index, last=index == len(draft.clauses) - 1,
            change=_change(clause, before.get(clause.pk)) if draft.base else "", threads=threads.get(clause.pk, 0),
        )
        for index, (number, clause) in enumerate(draft.clauses)
    )  # fmt: skip
    here = {clause.pk for _number, clause in draft.clauses}
    changes = [
        ClauseChange(line.number, before.get(line.clause.pk), line.clause)
        for line in lines if line.change or not draft.base
    ]  # fmt: skip
    changes += [ClauseChange(row.number, row, None) for row in before.values() if row.clause_id not in here]
    summary = _summary(draft, changes) if draft.changed else ""
    return SectionPart(draft.section, draft.kind, draft.base, draft.changed, lines, tuple(changes), summary)


def _placed(part: SectionPart, index: int, total: int) -> SectionPart:
    return SectionPart(
        part.section,
        part.kind,
        part.base,
        part.changed,
        part.lines,
        part.changes,
        part.summary,
        index,
        index == total - 1,
    )


def _change(clause: Clause, before: RevisionClause | None) -> str:
    if before is None:
        return "new"
    return "" if all(getattr(clause, name) == getattr(before, name) for name in COMPARED) else "changed"


def _summary(draft: Drafted, changes: Iterable[ClauseChange]) -> str:
    """« 2 clauses reworded, 1 added », in words; a section without a revision before it is new as a whole."""
    if draft.kind is RevisionKind.REMOVED:
        return _("Removed from the working text")
    if draft.base is None:
        count = len(draft.clauses)
        return ngettext("New section, %(count)s clause", "New section, %(count)s clauses", count) % {"count": count}
    kinds = [change.kind for change in changes]
    said = [
        (kinds.count("changed"), lambda n: ngettext("%(count)s clause changed", "%(count)s clauses changed", n)),
        (kinds.count("new"), lambda n: ngettext("%(count)s clause added", "%(count)s clauses added", n)),
        (kinds.count("removed"), lambda n: ngettext("%(count)s clause taken out", "%(count)s clauses taken out", n)),
    ]
    words = [phrase(count) % {"count": count} for count, phrase in said if count]
    if (draft.section.title, draft.section.summary) != (draft.base.title, draft.base.summary):
        words.append(pgettext("what changed in a section", "title or summary changed"))
    return ", ".join(words) or pgettext("what changed in a section", "order or numbers changed")


def _open_threads(consultation: Consultation | None) -> dict[int, int]:
    if consultation is None:
        return {}
    rows = Thread.objects.filter(consultation=consultation, state=ThreadState.OPEN).order_by()
    return dict(rows.values_list("clause").annotate(n=Count("pk")).values_list("clause", "n"))


def _submission(
    charter: Charter, person: Person, consultation: Consultation | None, every: Iterable[SectionPart]
) -> Allowed | Denied:
    verb = Verb.REVISION_SUBMIT if consultation else Verb.CONSULTATION_PLAN
    verdict = decide(person, verb, consultation or charter)
    if verdict and not any(part.changed for part in every):
        return Denied(_("Nothing has changed since the last revisions."), wrong_state=True)
    return verdict
