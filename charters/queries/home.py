"""« Ce qui vous attend »: the first screen. One reading of each table, whatever the number of charters."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from charters.enums import ConsultationState, PollState, Role
from charters.models import Charter, Consultation, Edition, Elector, Membership, Person, Poll, Response, Thread, Voice

C = ConsultationState
ANSWERING = {Role.DRAFTER, Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Answered:
    """A thread of mine that the drafters answered."""

    key: str
    number: str
    title: str
    kind: str


@dataclass(slots=True)
class Item:
    """One line of the agenda: a date, a sentence, an action."""

    kind: str
    charter: Charter
    due: datetime | None = None
    consultation: Consultation | None = None
    edition: Edition | None = None
    count: int = 0
    names: list[str] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)

    @property
    def soon(self) -> bool:
        """Whether it is due within a day: only then is its date set in red."""
        return self.due is not None and self.due - timezone.now() < timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Home:
    """The agenda (soonest first, undated last), the charters of the person, and the step each one is at."""

    items: list[Item]
    memberships: list[Membership]
    steps: dict[int, str]


def home(person: Person) -> Home:
    """What awaits `person`, over all their charters."""
    rows = Membership.objects.select_related("charter", "college").filter(person=person, left_at=None)
    memberships = list(rows.order_by("charter__title"))
    charters = {m.charter_id: m.charter for m in memberships}
    roles = {m.charter_id: Role(m.role) for m in memberships}
    latest = _under_way(charters)
    items = [*_votes(person, charters), *_answers(person, charters)]
    items += [
        Item("to_draft", charter) for pk, charter in charters.items() if pk not in latest and roles[pk] in ANSWERING
    ]
    for pk, consultation in latest.items():
        consultation.charter = charters[pk]
        items += _phase(consultation, roles[pk])
    items += _publications(charters, roles)
    items.sort(key=lambda item: (item.due is None, item.due.timestamp() if item.due else 0))
    return Home(items, memberships, _steps(charters, latest))


def _votes(person: Person, charters: dict[int, Charter]) -> list[Item]:
    marked = Elector.objects.filter(poll=OuterRef("pk"), person=person)
    polls = (
        Poll.objects.filter(consultation__charter__in=charters, state=PollState.OPEN)
        .annotate(to_vote=Exists(marked.filter(marked_at=None)))
        .filter(to_vote=True)
        .select_related("consultation", "revision")
        .order_by("closes_at", "revision__position")
    )
    grouped: dict[int, Item] = {}
    for poll in polls:
        charter = charters[poll.consultation.charter_id]
        item = grouped.setdefault(charter.pk, Item("vote", charter, poll.closes_at, poll.consultation))
        item.count += 1
        item.names.append(poll.revision.title)
    return list(grouped.values())


def _answers(person: Person, charters: dict[int, Charter]) -> list[Item]:
    """Threads in which the person spoke, answered by the drafters, in consultations that are not over."""
    voices = Voice.objects.filter(person=person)
    last = Response.objects.filter(thread=OuterRef("pk")).order_by("-created_at", "-pk")
    threads = (
        Thread.objects.filter(consultation__charter__in=charters, comments__voice__in=voices)
        .filter(consultation__state__in=[C.COMMENTING, C.REVISING, C.VOTING])
        .annotate(answer=Subquery(last.values("kind")[:1]))
        .exclude(answer=None)
        .distinct()
        .select_related("consultation", "clause__section")
        .prefetch_related("anchors__snapshot")
    )
    grouped: dict[int, Item] = {}
    for thread in threads:
        charter = charters[thread.consultation.charter_id]
        item = grouped.setdefault(charter.pk, Item("answers", charter, None, thread.consultation))
        snapshot = next((a.snapshot for a in reversed(thread.anchors.all()) if a.snapshot), None)
        number = snapshot.number if snapshot else ""
        item.answers.append(Answered(thread.key, number, thread.clause.title, thread.answer))
        item.count += 1
    return list(grouped.values())


def _under_way(charters: dict[int, Charter]) -> dict[int, Consultation]:
    """The last consultation of each charter, with what an administrator must know of it: one query."""
    pending = Poll.objects.filter(consultation=OuterRef("pk"), state__in=[PollState.PLANNED, PollState.OPEN])
    rows = Consultation.objects.filter(charter__in=charters).annotate(
        waiting=Count("threads", filter=Q(threads__responses=None), distinct=True),
        pending=Exists(pending),
        adopted=Exists(Edition.objects.filter(consultation=OuterRef("pk"))),
    )
    return {row.charter_id: row for row in rows.order_by("number")}


def _phase(consultation: Any, role: Role) -> list[Item]:
    """What the phase asks of this role."""
    charter, state = consultation.charter, consultation.state
    commenting = state == C.COMMENTING or (state == C.REVISING and consultation.comment_while_revising)
    items = []
    if commenting and role is not Role.OBSERVER:
        items.append(Item("comment", charter, consultation.comments_until, consultation))
    if role in ANSWERING and state in {C.COMMENTING, C.REVISING, C.VOTING} and consultation.waiting:
        items.append(Item("to_answer", charter, None, consultation, count=consultation.waiting))
    if role is Role.ADMINISTRATOR and (kind := _step(consultation)):
        due = consultation.voting_until if kind == "to_vote_open" else None
        items.append(Item(kind, charter, due, consultation))
    return items


def _step(consultation: Any) -> str:
    """The step that waits for an administrator, if any."""
    if consultation.state == C.VOTING:
        return "" if consultation.pending else "to_conclude"
    if consultation.state == C.CONCLUDED:
        return "" if consultation.adopted else "to_adopt"
    return {C.PLANNED: "to_open", C.REVISING: "to_vote_open"}.get(C(consultation.state), "")


def _publications(charters: dict[int, Charter], roles: dict[int, Role]) -> list[Item]:
    mine = [pk for pk, role in roles.items() if role is Role.ADMINISTRATOR]
    rows = Edition.objects.filter(charter__in=mine, file=None).order_by("number")
    return [Item("to_publish", charters[e.charter_id], None, None, e) for e in rows]


def _steps(charters: dict[int, Charter], latest: dict[int, Consultation]) -> dict[int, str]:
    """Where each charter is: draft, consult, vote, adopt, publish or live."""
    editions: dict[int, Edition] = {}
    for edition in Edition.objects.filter(charter__in=charters).select_related("file").defer("file__content"):
        editions[edition.charter_id] = edition
    found = {}
    for pk in charters:
        consultation, held = latest.get(pk), editions.get(pk)
        step = "draft"
        if consultation and consultation.state in {C.PLANNED, C.COMMENTING, C.REVISING}:
            step = "consult"
        elif consultation and consultation.state == C.VOTING:
            step = "vote"
        elif consultation and consultation.state == C.CONCLUDED:
            adopted = held is not None and held.consultation_id == consultation.pk
            step = "adopt" if not adopted else ("live" if hasattr(held, "file") else "publish")
        elif held is not None:
            step = "live" if hasattr(held, "file") else "publish"
        found[pk] = step
    return found
