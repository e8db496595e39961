"""What pages need to know of a consultation's threads: how many, on which clauses, and what the reader may do there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from charters.enums import ThreadState, Verb, VoiceKind
from charters.models import Charter, Clause, Consultation, Person, Response, Thread, Voice
from charters.policy import Allowed, Denied, decide
from charters.queries.voices import Speaker, speakers

IN_MARGIN = 3
"""Threads of one clause that the margin shows; the rest are on the clause's own page."""
ON_PAGE = 50
"""Threads of one clause on one page of theirs."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many threads: of a clause, of a section, of a charter."""

    total: int = 0
    open: int = 0
    unanswered: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.total + other.total, self.open + other.open, self.unanswered + other.unanswered)


NO_THREADS = Figures()


@dataclass(frozen=True, slots=True)
class Talk:
    """What the reader may do in a consultation, decided once a page, and under which name they would be shown."""

    person: Person
    charter: Charter
    consultation: Consultation | None
    comment: Allowed | Denied
    reply: Allowed | Denied
    answer: Allowed | Denied
    named: bool = False
    name: str = ""
    """As this person is or will be shown; empty for a pseudonym that is not drawn yet."""
    own_voice: int | None = None
    voices: Mapping[int, Speaker] = field(default_factory=dict)

    @property
    def may_comment(self) -> bool:
        """Whether commenting is this person's at all, now or at another moment."""
        return possible(self.comment)

    @property
    def may_answer(self) -> bool:
        """Whether this person answers threads, now or at another moment."""
        return possible(self.answer)


def possible(verdict: Allowed | Denied) -> bool:
    """Whether the right is there, whatever the moment."""
    return bool(verdict) or (isinstance(verdict, Denied) and verdict.wrong_state)


def talk(person: Person, charter: Charter, consultation: Consultation | None) -> Talk:
    """How a person may speak in a consultation of the charter (None: none was opened). At most five queries."""
    if consultation is None:
        verdict = decide(person, Verb.THREAD_OPEN, charter)
        return Talk(person, charter, None, verdict, verdict, Denied(""))
    consultation.charter = charter
    thread = Thread(consultation=consultation)
    voices = speakers(consultation)
    own = Voice.objects.filter(consultation=consultation, person=person).values_list("pk", flat=True).first()
    named = consultation.voice_kind == VoiceKind.NAMED
    announced = person.name if named else ""
    return Talk(
        person=person,
        charter=charter,
        consultation=consultation,
        comment=decide(person, Verb.THREAD_OPEN, consultation),
        reply=decide(person, Verb.THREAD_REPLY, thread),
        answer=decide(person, Verb.THREAD_ANSWER, thread),
        named=named,
        name=voices[own].name if own in voices else announced,
        own_voice=own,
        voices=voices,
    )


def figures(consultation: Consultation | None) -> dict[int, Figures]:
    """By clause id, exact whatever is shown of them. One query; no row is made into an object to be counted."""
    if consultation is None:
        return {}
    is_open = Q(state=ThreadState.OPEN.value)
    rows = (
        Thread.objects.filter(consultation=consultation)
        .order_by()
        .annotate(answered=Exists(Response.objects.filter(thread=OuterRef("pk"))))
        .values("clause")
        .annotate(
            total=Count("pk"),
            now_open=Count("pk", filter=is_open),
            unanswered=Count("pk", filter=is_open & Q(answered=False)),
        )
    )
    return {
        clause: Figures(total, now_open, unanswered)
        for clause, total, now_open, unanswered in rows.values_list("clause", "total", "now_open", "unanswered")
    }


def in_order(rows: QuerySet[Thread], requested: str = "") -> QuerySet[Thread]:
    """Open threads before resolved ones, the newest first."""
    return rows.order_by(*_order(requested))


def margin_threads(consultation: Consultation | None, requested: str = "") -> list[Thread]:
    """At most IN_MARGIN threads of each clause, the requested one (a key) among them. One query."""
    if consultation is None:
        return []
    rank = Window(RowNumber(), partition_by=F("clause"), order_by=_order(requested))
    rows = Thread.objects.filter(consultation=consultation).annotate(rank=rank).filter(rank__lte=IN_MARGIN)
    return list(rows.order_by("clause", "rank"))


def clause_threads(consultation: Consultation, clause: Clause, requested: str = "") -> QuerySet[Thread]:
    """Every thread of one clause in one consultation; the requested one (a key) comes first."""
    return in_order(Thread.objects.filter(consultation=consultation, clause=clause), requested)


def _order(requested: str) -> list:
    asked_for = [Case(When(key=requested, then=Value(0)), default=Value(1))] if requested else []
    return [*asked_for, F("state").asc(), F("created_at").desc(), F("pk").desc()]
