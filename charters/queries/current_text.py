"""The text that readers have before them: what is under consultation, and elsewhere what the last edition holds."""

from collections import defaultdict
from dataclasses import dataclass

from charters.enums import ConsultationState, RevisionState
from charters.models import Charter, Consultation, Edition, EditionSection, Revision, RevisionClause

NOT_SHOWN = (ConsultationState.PLANNED.value, ConsultationState.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class Part:
    """One section as readers have it. `revision` None: it was withdrawn, and no edition holds it.

    `edition`: the last adopted edition, when the text shown is the one it holds. `departs`: an edition was adopted from
    this consultation, and does not hold this revision. `withdrawn`: the last revision that was taken back, if any.
    """

    section_id: int
    position: int
    revision: Revision | None
    edition: Edition | None
    clauses: tuple[RevisionClause, ...]
    withdrawn: Revision | None = None
    departs: bool = False


@dataclass(frozen=True, slots=True)
class CurrentText:
    """The round that people speak in, and the sections in their order. Six queries, whatever their number."""

    charter: Charter
    consultation: Consultation | None
    edition: Edition | None
    parts: tuple[Part, ...]

    @property
    def wordings(self) -> dict[int, int]:
        """By clause id, the revision whose wording readers have: a clause that moved is where the later revision put it."""
        held = [(part.revision.pk, row.clause_id) for part in self.parts if part.revision for row in part.clauses]
        return {clause: revision for revision, clause in sorted(held)}

    @property
    def order(self) -> list[int]:
        """Clause ids in the order of the text, each once."""
        wordings = self.wordings
        return [
            row.clause_id for part in self.parts for row in part.clauses if wordings[row.clause_id] == row.revision_id
        ]

    def consulted(self, part: Part) -> bool:
        """Whether the round is about this section: an edition's section that was not submitted is only read."""
        asked = self.consultation and self.consultation.pk
        return part.revision is not None and part.revision.consultation_id == asked

    def row(self, clause: int) -> RevisionClause | None:
        """The clause as readers have it, or None when it is not in the text."""
        held = self.wordings.get(clause)
        rows = (row for part in self.parts for row in part.clauses if row.revision_id == held)
        return next((row for row in rows if row.clause_id == clause), None)


def current_consultation(charter: Charter) -> Consultation | None:
    """The charter's latest consultation that was opened and not cancelled: its threads are the ones shown."""
    found = charter.consultations.exclude(state__in=NOT_SHOWN).order_by("-number").first()
    if found is not None:
        found.charter = charter
    return found


def last_edition(charter: Charter) -> Edition | None:
    """The last adopted edition, without its canonical text."""
    return charter.editions.defer("canonical_text").order_by("-number").first()


def current_text(charter: Charter) -> CurrentText:
    """Per section: the consultation's standing revision (a decided one stands), else the last edition's."""
    consultation = current_consultation(charter)
    edition = last_edition(charter)
    standing, withdrawn = _revisions(consultation)
    held = {row.section_id: row for row in _held(edition)}
    shown = {**{pk: row.revision for pk, row in held.items()}, **standing}
    clauses = _clauses([revision.pk for revision in shown.values()])
    parts = []
    for pk in {**shown, **withdrawn}:
        revision, row = shown.get(pk), held.get(pk)
        in_edition = bool(row and revision and row.revision_id == revision.pk)
        anywhere = revision or withdrawn[pk]
        parts.append(
            Part(
                section_id=pk,
                position=row.position if in_edition and row else anywhere.position,
                revision=revision,
                edition=edition if in_edition else None,
                clauses=tuple(clauses[revision.pk]) if revision else (),
                withdrawn=withdrawn.get(pk) if pk not in standing else None,
                departs=_departs(consultation, edition, in_edition=in_edition),
            )
        )
    return CurrentText(
        charter, consultation, edition, tuple(sorted(parts, key=lambda part: (part.position, part.section_id)))
    )


def _departs(consultation: Consultation | None, edition: Edition | None, *, in_edition: bool) -> bool:
    if consultation is None or edition is None or in_edition:
        return False
    return edition.consultation_id == consultation.pk


def _revisions(consultation: Consultation | None) -> tuple[dict[int, Revision], dict[int, Revision]]:
    """By section: the standing revision, and the last withdrawn one."""
    standing: dict[int, Revision] = {}
    withdrawn: dict[int, Revision] = {}
    if consultation is None:
        return standing, withdrawn
    rows = Revision.objects.filter(consultation=consultation).exclude(end__state=RevisionState.REPLACED.value)
    for revision in rows.select_related("end").order_by("number"):
        end = getattr(revision, "end", None)
        taken_back = end is not None and end.state == RevisionState.WITHDRAWN
        (withdrawn if taken_back else standing)[revision.section_id] = revision
    return standing, withdrawn


def _held(edition: Edition | None) -> list[EditionSection]:
    if edition is None:
        return []
    return list(edition.sections.select_related("revision__end"))


def _clauses(revisions: list[int]) -> dict[int, list[RevisionClause]]:
    found: dict[int, list[RevisionClause]] = defaultdict(list)
    for row in RevisionClause.objects.filter(revision__in=revisions).defer("body").order_by("revision", "ordinal"):
        found[row.revision_id].append(row)
    return found
