"""The pages of voting. Nothing here reads a vote but the person's own, and no count exists before the close."""

from dataclasses import dataclass
from fractions import Fraction

from charters.enums import PollState, RevisionKind, Role, Verb
from charters.models import (
    Charter,
    College,
    CollegeRule,
    Consultation,
    Elector,
    Membership,
    Person,
    Poll,
    PollCollege,
    Revision,
    RevisionClause,
    Vote,
)
from charters.policy import Allowed, Denied, decide
from charters.queries import outcomes, visible
from charters.queries.offers import offer
from charters.workflow import SMALL_COLLEGE, quorum_required


@dataclass(frozen=True, slots=True)
class PollLine:
    """A poll in a list. `on_roll`, `voted`: the reader's own place on its roll."""

    poll: Poll
    on_roll: bool
    voted: bool
    sentence: str
    favourable: bool


@dataclass(frozen=True, slots=True)
class PollIndex:
    """Open polls first, then those that are over."""

    open: list[PollLine]
    over: list[PollLine]

    @property
    def to_vote(self) -> int:
        """How many open polls still wait for the reader."""
        return sum(line.on_roll and not line.voted for line in self.open)


@dataclass(frozen=True, slots=True)
class Rule:
    """How one college is counted. `roll` 0: nobody, so the college takes no part."""

    college: College
    roll: int
    binding: bool
    majority: str
    quorum_percent: int
    secrecy: str

    @property
    def quorum_required(self) -> int:
        """Voters needed."""
        return quorum_required(self.roll, Fraction(self.quorum_percent, 100))

    @property
    def small(self) -> bool:
        """Whether its counts can only stay hidden."""
        return 0 < self.roll < SMALL_COLLEGE


@dataclass(frozen=True, slots=True)
class Ballot:
    """The page of an open poll, for one person. `vote` is the reader's own."""

    poll: Poll
    clauses: list[RevisionClause]
    rules: list[Rule]
    mine: Rule | None
    vote: Vote | None
    verdict: Allowed | Denied
    extend: Allowed | Denied | None
    cancel: Allowed | Denied | None

    @property
    def removal(self) -> bool:
        """Whether the question is about removing the section."""
        return self.poll.revision.kind == RevisionKind.REMOVED


@dataclass(frozen=True, slots=True)
class Results:
    """The page of a poll that is over."""

    poll: Poll
    clauses: list[RevisionClause]
    sentence: str
    favourable: bool
    adopted: bool
    results: list[outcomes.CollegeResult]

    @property
    def withheld(self) -> bool:
        """Whether some college's counts stay hidden."""
        return any(result.tally is None for result in self.results)

    @property
    def removal(self) -> bool:
        """Whether the question was about removing the section."""
        return self.poll.revision.kind == RevisionKind.REMOVED


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening the vote will freeze."""

    consultation: Consultation
    revisions: list[Revision]
    rules: list[Rule]

    @property
    def small(self) -> list[Rule]:
        """Colleges whose counts will stay hidden."""
        return [rule for rule in self.rules if rule.small]

    @property
    def empty(self) -> list[Rule]:
        """Colleges without anybody on the roll."""
        return [rule for rule in self.rules if not rule.roll]


def index(charter: Charter, person: Person) -> PollIndex:
    """The polls of a charter with the reader's own state. Three queries."""
    rows = visible.polls(person).filter(consultation__charter=charter)
    found = list(rows.order_by("-consultation__number", "revision__position"))
    mine = dict(Elector.objects.filter(poll__in=found, person=person).values_list("poll_id", "marked_at"))
    lines = [_line(poll, poll.pk in mine, mine.get(poll.pk) is not None) for poll in found]
    waiting = {PollState.PLANNED, PollState.OPEN}
    return PollIndex(
        [line for line in lines if line.poll.state in waiting],
        [line for line in lines if line.poll.state not in waiting],
    )


def ballot(poll: Poll, person: Person) -> Ballot:
    """The frozen text, the rule, and the reader's own vote."""
    colleges = list(poll.colleges.select_related("college"))
    elector = Elector.objects.filter(poll=poll, person=person).first()
    rules = [_frozen_rule(college) for college in colleges]
    own = [r for c, r in zip(colleges, rules, strict=True) if elector and c.pk == elector.poll_college_id]
    return Ballot(
        poll=poll,
        clauses=list(poll.revision.clauses.all()),
        rules=rules,
        mine=own[0] if own else None,
        vote=Vote.objects.filter(elector=elector).first() if elector else None,
        verdict=decide(person, Verb.VOTE_CAST, poll),
        extend=offer(person, Verb.POLL_EXTEND, poll),
        cancel=offer(person, Verb.POLL_CANCEL, poll),
    )


def over(poll: Poll) -> Results:
    """The result of a counted poll, or the reason of a cancelled one."""
    count = getattr(poll, "count", None)
    return Results(
        poll=poll,
        clauses=list(poll.revision.clauses.all()),
        sentence=outcomes.poll_sentence(poll),
        favourable=bool(count and outcomes.favourable(count)),
        adopted=poll.consultation.editions.exists(),
        results=outcomes.results(count) if count else [],
    )


def opening(consultation: Consultation) -> Opening:
    """The revisions, rolls and rules that would be frozen now; the roll is drawn up again at the opening itself."""
    revisions = Revision.objects.filter(consultation=consultation, end=None).prefetch_related("clauses")
    roll: dict[int, int] = {}
    members = Membership.objects.filter(charter=consultation.charter_id, left_at=None).exclude(role=Role.OBSERVER)
    for college in members.values_list("college", flat=True):
        roll[college] = roll.get(college, 0) + 1
    return Opening(consultation, list(revisions), rules(consultation, roll))


def rules(consultation: Consultation, roll: dict[int, int]) -> list[Rule]:
    """The rule of each college as set with the calendar. `roll`: number of electors by college id."""
    rows = CollegeRule.objects.filter(consultation=consultation).select_related("college").order_by("college__position")
    return [_planned_rule(row, roll.get(row.college_id, 0)) for row in rows]


def _line(poll: Poll, on_roll: bool, voted: bool) -> PollLine:  # noqa: FBT001 (two facts of one row)
    count = getattr(poll, "count", None)
    favourable = bool(count and outcomes.favourable(count))
    return PollLine(poll, on_roll, voted, outcomes.poll_sentence(poll), favourable)


def _frozen_rule(row: PollCollege) -> Rule:
    return Rule(row.college, row.roll_size, row.binding, row.majority, row.quorum_percent, row.secrecy)


def _planned_rule(row: CollegeRule, roll: int) -> Rule:
    return Rule(row.college, roll, row.binding, row.majority, row.quorum_percent, row.secrecy)
