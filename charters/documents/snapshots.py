"""From rows to canonical texts: a section as it is being drafted, a revision as it was frozen, and what changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from charters.documents.canonical import ClauseText, SectionText, canonical_text, digest
from charters.enums import RevisionKind
from charters.models import Charter, Clause, Revision, RevisionClause, Section


@dataclass(frozen=True, slots=True)
class Draft:
    """A section of the working text beside the revision it would follow (`base`, None when there is none)."""

    section: Section
    clauses: tuple[tuple[str, Clause], ...]  # (number, clause), in order
    text: SectionText
    sha256: str
    base: Revision | None

    @property
    def kind(self) -> RevisionKind:
        """What a revision made now would do to the section."""
        if self.section.removed_at is not None:
            return RevisionKind.REMOVED
        return RevisionKind.CHANGED if self.base else RevisionKind.NEW

    @property
    def changed(self) -> bool:
        """Whether there is something to submit."""
        if self.kind is RevisionKind.REMOVED:
            return self.base is not None and self.base.kind != RevisionKind.REMOVED
        return self.base is None or self.base.sha256 != self.sha256


def numbered(section: Section, clauses: Iterable[Clause]) -> tuple[tuple[str, Clause], ...]:
    """Clauses in order with their numbers: « U1 », « U2 » and so on."""
    return tuple((f"{section.prefix}{rank}", clause) for rank, clause in enumerate(clauses, start=1))


def draft(section: Section, base: Revision | None) -> Draft:
    """The section as it stands now. Two queries unless its clauses are prefetched as `live_clauses`."""
    present = [] if section.removed_at else getattr(section, "live_clauses", None)
    if present is None:
        present = list(section.clauses.filter(removed_at=None))
    clauses = numbered(section, present)
    text = SectionText(
        key=section.key,
        kind=section.kind,
        title=section.title,
        summary=section.summary,
        clauses=tuple(_clause_text(number, clause.key, clause) for number, clause in clauses),
        state="removed" if section.removed_at else "present",
    )
    return Draft(section, clauses, text, digest(canonical_text(text)), base)


def revision_text(revision: Revision) -> SectionText:
    """A frozen revision as a canonical text; its digest is `revision.sha256`."""
    snapshots = revision.clauses.select_related("clause")
    return SectionText(
        key=revision.section.key,
        kind=revision.section.kind,
        title=revision.title,
        summary=revision.summary,
        clauses=tuple(_clause_text(row.number, row.clause.key, row) for row in snapshots),
        state="removed" if revision.kind == RevisionKind.REMOVED else "present",
    )


def _clause_text(number: str, key: str, row: Clause | RevisionClause) -> ClauseText:
    return ClauseText(
        key=key, number=number, nature=row.nature, title=row.title, body=row.body, references=row.reference_list
    )


def drafts(charter: Charter) -> list[Draft]:
    """Every section of the working text, and the removed ones that an edition still holds, with what changed.

    The base is the section's last live revision in the consultation under way, otherwise the one of the last edition.
    """
    edition = charter.editions.order_by("-number").first()
    held = {row.section_id: row.revision for row in edition.sections.select_related("revision")} if edition else {}
    pending = Revision.objects.filter(
        section__charter=charter, end=None, consultation__state__in=["planned", "commenting", "revising", "voting"]
    )
    held |= {revision.section_id: revision for revision in pending.order_by("number")}
    live = Prefetch("clauses", Clause.objects.filter(removed_at=None).order_by("position"), to_attr="live_clauses")
    sections = charter.sections.order_by("removed_at", "position").prefetch_related(live)
    found = [draft(s, held.get(s.pk)) for s in sections if s.removed_at is None or s.pk in held]
    return sorted(found, key=lambda d: d.section.position)
