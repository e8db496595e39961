"""The list of consultations, and the overview of one: where it stands, what it is about, who has spoken."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q

from charters.enums import ConsultationState, PollState, Role, Verb
from charters.models import (
    Charter,
    College,
    Consultation,
    Edition,
    Elector,
    Membership,
    Person,
    Poll,
    PollCollege,
    Response,
    Revision,
    Section,
    Thread,
    Voice,
)
from charters.policy import Allowed, Denied, decide, membership_in
from charters.queries import visible
from charters.queries.offers import offer
from charters.queries.outcomes import percent
from charters.queries.phases import Step, phases
from charters.queries.polls import Rule, rules
from charters.queries.voices import SPOKEN_MIN

C = ConsultationState
ANSWERED = Exists(Response.objects.filter(thread=OuterRef("pk")))
LISTED = 100
"""Unanswered threads listed on a page; beyond, their number only."""


@dataclass(frozen=True, slots=True)
class ConsultationLine:
    """A consultation in a list."""

    consultation: Consultation
    revisions: int
    threads: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class SectionFigures:
    """The discussion of one section, with the widths of its picture."""

    section: Section
    threads: int
    answered: int

    @property
    def unanswered(self) -> int:
        """Threads that wait for a response."""
        return self.threads - self.answered

    @property
    def share(self) -> str:
        """The answered share, for an SVG attribute."""
        return percent(self.answered, self.threads)


@dataclass(frozen=True, slots=True)
class CollegeFigures:
    """How many of a college have spoken; None below five, so that no voice is pointed at."""

    college: College
    voices: int | None
    share: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread without an answer."""

    key: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Overview:
    """One consultation, as one person sees it. Verdicts are None where the act is never theirs."""

    consultation: Consultation
    steps: list[Step]
    rules: list[Rule]
    revisions: list[Revision]
    sections: list[SectionFigures]
    colleges: list[CollegeFigures]
    unanswered: list[Waiting]
    to_vote: list[Poll]
    comment: Allowed | Denied
    edition: Edition | None
    acts: dict[str, Allowed | Denied] = field(default_factory=dict)

    @property
    def threads(self) -> int:
        """All discussions."""
        return sum(row.threads for row in self.sections)

    @property
    def answered(self) -> int:
        """Discussions that have their response."""
        return sum(row.answered for row in self.sections)

    @property
    def waiting(self) -> int:
        """Discussions that have none."""
        return self.threads - self.answered


def index(charter: Charter, person: Person) -> list[ConsultationLine]:
    """The consultations of a charter, newest first. A constant number of queries."""
    rows = list(visible.consultations(person).filter(charter=charter).order_by("-number"))
    live = Q(end=None) | Q(end__state="decided")
    revisions = Counter(Revision.objects.filter(live, consultation__in=rows).values_list("consultation", flat=True))
    found = Thread.objects.filter(consultation__in=rows).order_by().values("consultation", answered=ANSWERED)
    threads: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    for row in found.annotate(total=Count("pk")):
        threads[row["consultation"]] += row["total"]
        waiting[row["consultation"]] += 0 if row["answered"] else row["total"]
    return [ConsultationLine(row, revisions[row.pk], threads[row.pk], waiting[row.pk]) for row in rows]


def overview(consultation: Consultation, person: Person) -> Overview:
    """Everything the page of a consultation shows. A constant number of queries."""
    revisions = list(
        visible.revisions(person)
        .filter(consultation=consultation)
        .select_related("section", "end", "submitted_by", "poll__count")
        .order_by("position", "number")
    )
    edition = consultation.editions.first()
    charter = consultation.charter
    members = Membership.objects.filter(charter=charter, left_at=None).exclude(role=Role.OBSERVER)
    roll = Counter(members.values_list("college", flat=True))
    polls = list(Poll.objects.filter(consultation=consultation, state=PollState.OPEN).select_related("revision"))
    return Overview(
        consultation=consultation,
        steps=phases(consultation, polls, edition),
        rules=rules(consultation, _roll_of_the_vote(consultation) or roll),
        revisions=revisions,
        sections=_sections(consultation, revisions),
        colleges=_colleges(consultation, roll),
        unanswered=unanswered(consultation),
        to_vote=_to_vote(polls, person),
        comment=decide(person, Verb.THREAD_OPEN, consultation),
        edition=edition,
        acts=_acts(consultation, person),
    )


def unanswered(consultation: Consultation) -> list[Waiting]:
    """The first threads without an answer, in the order of the text."""
    rows = Thread.objects.filter(~ANSWERED, consultation=consultation).select_related("clause")
    rows = rows.prefetch_related("anchors__snapshot").order_by("clause__section__position", "clause__position", "pk")
    found = []
    for thread in rows[:LISTED]:
        numbers = [anchor.snapshot.number for anchor in thread.anchors.all() if anchor.snapshot]
        found.append(Waiting(thread.key, numbers[-1] if numbers else "", thread.clause.title))
    return found


def _sections(consultation: Consultation, revisions: list[Revision]) -> list[SectionFigures]:
    rows = Thread.objects.filter(consultation=consultation).order_by().values("clause__section", answered=ANSWERED)
    counts: dict[int, list[int]] = {}
    for row in rows.annotate(total=Count("pk")):
        found = counts.setdefault(row["clause__section"], [0, 0])
        found[0] += row["total"]
        found[1] += row["total"] if row["answered"] else 0
    sections = {revision.section_id: revision.section for revision in revisions}
    missing = set(counts) - set(sections)
    if missing:  # a clause that was moved to a section without a revision of its own
        sections |= {s.pk: s for s in Section.objects.filter(pk__in=missing)}
    return [SectionFigures(section, *counts.get(pk, [0, 0])) for pk, section in sections.items()]


def _roll_of_the_vote(consultation: Consultation) -> dict[int, int]:
    """Sizes as frozen when the vote opened (the same in each of its polls); empty before."""
    frozen = PollCollege.objects.filter(poll__consultation=consultation).order_by("poll")
    return dict(frozen.values_list("college", "roll_size"))


def _colleges(consultation: Consultation, roll: Counter[int]) -> list[CollegeFigures]:
    spoken = Counter(Voice.objects.filter(consultation=consultation).values_list("college", flat=True))
    most = max(spoken.values(), default=0)
    return [
        CollegeFigures(college, spoken[college.pk], percent(spoken[college.pk], most))
        if spoken[college.pk] >= SPOKEN_MIN
        else CollegeFigures(college, None, "0%")
        for college in consultation.charter.colleges.all()
        if roll[college.pk] or spoken[college.pk]
    ]


def _to_vote(polls: list[Poll], person: Person) -> list[Poll]:
    waiting = Elector.objects.filter(poll__in=polls, person=person, marked_at=None).values_list("poll_id", flat=True)
    pending = set(waiting)
    return [poll for poll in polls if poll.pk in pending]


NEXT = {
    C.PLANNED: (Verb.CONSULTATION_OPEN,),
    C.COMMENTING: (Verb.CONSULTATION_END_COMMENTS, Verb.POLL_OPEN),
    C.REVISING: (Verb.POLL_OPEN,),
    C.VOTING: (Verb.CONSULTATION_CONCLUDE,),
    C.CONCLUDED: (Verb.EDITION_ADOPT,),
    C.CANCELLED: (),
}
"""What comes next in each state: the acts that the page offers, refused ones included with their reason."""


def _acts(consultation: Consultation, person: Person) -> dict[str, Allowed | Denied]:
    verbs = [*NEXT[C(consultation.state)]]
    if consultation.state not in {C.CONCLUDED, C.CANCELLED}:
        verbs.append(Verb.CONSULTATION_CANCEL)
        if consultation.state != C.VOTING:
            verbs.append(Verb.REVISION_SUBMIT)
    if membership_in(person, consultation.charter) is None:
        return {}
    offers = {verb.value: offer(person, verb, consultation) for verb in verbs}
    return {name: verdict for name, verdict in offers.items() if verdict is not None}
