"""The reading page: the charter as readers have it, with the conversation in its margin. At most 20 queries."""

from collections import defaultdict
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.formats import date_format

from charters.enums import ConsultationState, Verb
from charters.models import Charter, Consultation, Edition, Person, Revision, RevisionClause
from charters.policy import decide
from charters.queries.conversations import Conversation, conversations
from charters.queries.current_text import CurrentText, Part, current_text
from charters.queries.threads import NO_THREADS, Figures, Talk, figures, margin_threads, possible, talk

SPAN_MAX = 3
"""How many rows a margin may run along (`margin--2`, `margin--3` of clause.css)."""


@dataclass(frozen=True, slots=True)
class ShownClause:
    """One clause with its margin. `pk` is the clause's identity for life, `anchor` its id on the page.

    `span`: rows that the margin may run along, down to the next commented clause. `rest`: threads left to its own page.
    """

    pk: int
    anchor: str
    number: str
    title: str
    html: str = ""
    nature: str = ""
    references: tuple[str, ...] = ()
    threads: tuple[Conversation, ...] = ()
    figures: Figures = NO_THREADS
    span: int = 1

    @property
    def rest(self) -> int:
        """Threads that the margin does not show."""
        return self.figures.total - len(self.threads)


@dataclass(frozen=True, slots=True)
class ShownSection:
    """One section. `former`: clauses that left it, for their threads. `before`: number of the revision to compare with.

    `consulted`: its revision is one of the round; a section that was not submitted is only read.
    """

    pk: int
    title: str
    summary: str
    revision: Revision | None
    submitted: str
    edition: Edition | None
    departs: bool
    withdrawn: Revision | None
    clauses: tuple[ShownClause, ...]
    former: tuple[ShownClause, ...]
    figures: Figures
    consulted: bool = True

    @property
    def before(self) -> int:
        """The number of the revision before, 0 when this is the first."""
        return self.revision.number - 1 if self.revision else 0

    @property
    def removed(self) -> bool:
        """Whether the revision shown proposes to take the whole section out."""
        return self.revision is not None and self.revision.kind == "removed"


@dataclass(frozen=True, slots=True)
class Reading:
    """The page."""

    charter: Charter
    consultation: Consultation | None
    edition: Edition | None
    sections: tuple[ShownSection, ...]
    figures: Figures
    talk: Talk
    commented: tuple[ShownClause, ...]
    next_step: str = ""
    planned: Consultation | None = None

    def clause(self, pk: int) -> ShownClause | None:
        """The clause as it is shown, if it is."""
        return next((c for s in self.sections for c in s.clauses if c.pk == pk and not c.anchor.endswith("bis")), None)

    def beside(self, pk: int) -> tuple[ShownClause | None, ShownClause | None]:
        """The commented clauses before and after one, in the order of the text."""
        order = [c.pk for s in self.sections for c in (*s.clauses, *s.former)]
        if pk not in order:
            return None, None
        place = order.index(pk)
        before = [c for c in self.commented if order.index(c.pk) < place]
        after = [c for c in self.commented if order.index(c.pk) > place]
        return (before[-1] if before else None), (after[0] if after else None)

    def overlapping(self, pk: int) -> ShownClause | None:
        """The commented clause just before one in its section, whose margin may have run beside it."""
        for section in self.sections:
            earlier: ShownClause | None = None
            for clause in section.clauses:
                if clause.pk == pk:
                    return earlier
                earlier = clause if clause.threads else earlier
        return None


def reading(person: Person, charter: Charter, requested: str = "") -> Reading:
    """The page of a charter for a person. `requested`: the key of the thread that is to be seen unfolded."""
    text = current_text(charter)
    speech = talk(person, charter, text.consultation)
    shown = text.wordings
    rows = margin_threads(text.consultation, requested)
    found = _unfolded(text, conversations(speech, rows, shown=shown, whole=False), requested)
    counted = figures(text.consultation)
    sections = tuple(_section(part, shown, found, counted, consulted=text.consulted(part)) for part in text.parts)
    step, planned = ("", None) if sections else _next_step(person, charter)
    return Reading(
        charter=charter,
        consultation=text.consultation,
        edition=text.edition,
        sections=sections,
        figures=sum(counted.values(), NO_THREADS),
        talk=speech,
        commented=tuple(c for s in sections for c in (*s.clauses, *s.former) if c.figures.total),
        next_step=step,
        planned=planned,
    )


def _unfolded(text: CurrentText, found: list[Conversation], requested: str) -> list[Conversation]:
    """All but one are folded: the one asked for, otherwise the first of the page that is not resolved."""
    order = {clause: place for place, clause in enumerate(text.order)}
    waiting = [c for c in found if not c.resolved and c.clause in order]
    if not requested and waiting:
        requested = min(waiting, key=lambda c: order[c.clause]).key
    return [c.opened() if c.key == requested else c for c in found]


def _section(
    part: Part,
    shown: dict[int, int],
    found: list[Conversation],
    counted: dict[int, Figures],
    *,
    consulted: bool,
) -> ShownSection:
    revision = part.revision
    anywhere = revision or part.withdrawn
    by_clause: dict[int, list[Conversation]] = defaultdict(list)
    for one in found:
        by_clause[one.clause].append(one)
    clauses = [_clause(row, part, shown, by_clause, counted) for row in part.clauses]
    gone = [pk for pk, some in by_clause.items() if pk not in shown and some[0].section == part.section_id]
    former = [_former(pk, by_clause[pk], counted[pk]) for pk in gone]
    return ShownSection(
        pk=part.section_id,
        title=anywhere.title if anywhere else "",
        summary=anywhere.summary if anywhere else "",
        revision=revision,
        submitted=date_format(timezone.localtime(revision.submitted_at), "DATE_FORMAT") if revision else "",
        edition=part.edition,
        departs=part.departs,
        withdrawn=part.withdrawn,
        clauses=tuple(_spanned(clauses)),
        former=tuple(former),
        figures=sum((c.figures for c in (*clauses, *former)), NO_THREADS),
        consulted=consulted,
    )


def _clause(
    row: RevisionClause,
    part: Part,
    shown: dict[int, int],
    by_clause: dict[int, list[Conversation]],
    counted: dict[int, Figures],
) -> ShownClause:
    """A clause that two revisions hold at once has its threads where the later one put it."""
    first = part.revision is not None and shown[row.clause_id] == part.revision.pk
    return ShownClause(
        pk=row.clause_id,
        anchor=f"clause-{row.clause_id}" if first else f"clause-{row.clause_id}-bis",
        number=row.number,
        title=row.title,
        html=row.html,
        nature=row.nature,
        references=row.reference_list,
        threads=tuple(by_clause[row.clause_id]) if first else (),
        figures=counted.get(row.clause_id, NO_THREADS) if first else Figures(),
    )


def _former(pk: int, some: list[Conversation], counted: Figures) -> ShownClause:
    return ShownClause(pk, f"clause-{pk}", some[0].number, some[0].title, threads=tuple(some), figures=counted)


def _spanned(clauses: list[ShownClause]) -> list[ShownClause]:
    """A margin runs along its clause and the uncommented ones that follow, SPAN_MAX rows at most."""
    spanned = []
    for index, clause in enumerate(clauses):
        free = 1
        while free < SPAN_MAX and index + free < len(clauses) and not clauses[index + free].threads:
            free += 1
        spanned.append(replace(clause, span=free) if clause.threads else clause)
    return spanned


def _next_step(person: Person, charter: Charter) -> tuple[str, Consultation | None]:
    """Nothing to read yet: what this person can do about it (`open`, `submit`), or that others are at it (`wait`)."""
    if possible(decide(person, Verb.CONSULTATION_PLAN, charter)):
        planned = charter.consultations.filter(state=ConsultationState.PLANNED.value).first()
        return ("open" if planned else "submit"), planned
    return "wait", None
