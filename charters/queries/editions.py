"""The pages of editions: the list, and one edition with the ground of each section. Never the bytes of a file."""

from dataclasses import dataclass

from charters.enums import EditionState, RevisionKind, Verb
from charters.models import Charter, Consultation, Edition, EditionFile, EditionSection, Person
from charters.policy import Allowed, Denied
from charters.queries import outcomes, visible
from charters.queries.offers import offer


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition in a list, with the state that follows from its file and from the editions after it."""

    edition: Edition
    state: EditionState


@dataclass(frozen=True, slots=True)
class EditionIndex:
    """The editions, newest first, and the concluded consultation that waits for its adoption, if any."""

    editions: list[EditionLine]
    to_adopt: Consultation | None


@dataclass(frozen=True, slots=True)
class Part:
    """A section of an edition: its line, and what the vote said of it."""

    row: EditionSection
    sentence: str

    @property
    def removed(self) -> bool:
        """Whether this edition takes the section out."""
        return self.row.revision.kind == RevisionKind.REMOVED


@dataclass(frozen=True, slots=True)
class EditionPage:
    """One edition with its record."""

    edition: Edition
    state: EditionState
    file: EditionFile | None
    parts: list[Part]
    previous: Edition | None
    successor: Edition | None
    publish: Allowed | Denied | None

    @property
    def held(self) -> list[Part]:
        """The sections whose text the edition holds."""
        return [part for part in self.parts if not part.removed]


def index(charter: Charter, person: Person) -> EditionIndex:
    """The editions of a charter. A constant number of queries."""
    rows = list(visible.editions(person).filter(charter=charter).order_by("-number"))
    last = max((row.number for row in rows if hasattr(row, "file")), default=0)
    waiting = visible.consultations(person).filter(charter=charter, state="concluded", editions=None)
    consultation = waiting.order_by("-number").first()
    if consultation is not None and not offer(person, Verb.EDITION_ADOPT, consultation):
        consultation = None
    return EditionIndex([EditionLine(row, _state(row, last)) for row in rows], consultation)


def page(edition: Edition, person: Person) -> EditionPage:
    """One edition: its text by section, the ground of each, and what can be done now."""
    rows = edition.sections.select_related("section", "revision__consultation", "count")
    parts = [
        Part(row, outcomes.sentence(row.count) if row.count else "")
        for row in rows.prefetch_related("revision__clauses")
    ]
    others = list(visible.editions(person).filter(charter=edition.charter_id).order_by("number"))
    published = [row.number for row in others if hasattr(row, "file")]
    later = [row for row in others if row.number > edition.number and hasattr(row, "file")]
    earlier = [row for row in others if row.number < edition.number]
    return EditionPage(
        edition=edition,
        state=_state(edition, max(published, default=0)),
        file=getattr(edition, "file", None),
        parts=parts,
        previous=earlier[-1] if earlier else None,
        successor=later[-1] if later else None,
        publish=offer(person, Verb.EDITION_PUBLISH, edition),
    )


def _state(edition: Edition, last_published: int) -> EditionState:
    if not hasattr(edition, "file"):
        return EditionState.ADOPTED
    return EditionState.PUBLISHED if edition.number == last_published else EditionState.SUPERSEDED
