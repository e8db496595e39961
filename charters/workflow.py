"""The rules of the process as plain Python: transitions, counting, what an edition contains. No Django, no database.

Sources: the states and default rules are those of the product's specification; « a majority of votes cast without
abstentions » and « a tie does not pass » follow common parliamentary practice. Votes here are consultative; nothing in
this module is fit for professional elections (C. trav. L2314-26).
"""

from calendar import monthrange
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from charters.enums import Basis, Choice, ConsultationState, Decision, Majority, Outcome, PollState, ThreadState, Verb
from charters.exceptions import WrongState

C = ConsultationState
P = PollState
S = TypeVar("S")
K = TypeVar("K", bound=Hashable)

CONSULTATION_MOVES: dict[tuple[ConsultationState, Verb], ConsultationState] = {
    (C.PLANNED, Verb.CONSULTATION_OPEN): C.COMMENTING,
    (C.COMMENTING, Verb.CONSULTATION_END_COMMENTS): C.REVISING,
    (C.REVISING, Verb.POLL_OPEN): C.VOTING,
    (C.VOTING, Verb.CONSULTATION_CONCLUDE): C.CONCLUDED,
    (C.PLANNED, Verb.CONSULTATION_CANCEL): C.CANCELLED,
    (C.COMMENTING, Verb.CONSULTATION_CANCEL): C.CANCELLED,
    (C.REVISING, Verb.CONSULTATION_CANCEL): C.CANCELLED,
    (C.VOTING, Verb.CONSULTATION_CANCEL): C.CANCELLED,
}

POLL_MOVES: dict[tuple[PollState, Verb], PollState] = {
    (P.PLANNED, Verb.POLL_OPEN): P.OPEN,
    (P.OPEN, Verb.POLL_EXTEND): P.OPEN,
    (P.OPEN, Verb.POLL_COUNT): P.COUNTED,
    (P.PLANNED, Verb.POLL_CANCEL): P.CANCELLED,
    (P.OPEN, Verb.POLL_CANCEL): P.CANCELLED,
}

THREAD_MOVES: dict[tuple[ThreadState, Verb], ThreadState] = {
    (ThreadState.OPEN, Verb.THREAD_RESOLVE): ThreadState.RESOLVED,
    (ThreadState.RESOLVED, Verb.THREAD_REOPEN): ThreadState.OPEN,
}


def next_state(table: Mapping[tuple[S, Verb], S], state: S, verb: Verb) -> S:
    """The state that `verb` leads to from `state`.

    Raises WrongState when `table` has no such move (the caller's policy normally refuses earlier, with a better sentence).
    """
    try:
        return table[state, verb]
    except KeyError:
        msg = f"{verb} is not possible from {state}"
        raise WrongState(msg, code="no_such_move") from None


@dataclass(frozen=True, slots=True)
class CollegeRule:
    """How one college is counted: set before the poll opens, frozen with it.

    `quorum` is the share of the roll that must have voted, 0 to 1; abstentions count for it, not for the majority.
    """

    binding: bool = False
    majority: Majority = Majority.RELATIVE
    quorum: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if not 0 <= self.quorum <= 1:
            msg = f"a quorum is a share of the roll, 0 to 1, not {self.quorum}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Tally:
    """One college counted: numbers of electors on the roll, and of votes by choice."""

    roll: int
    votes_for: int = 0
    votes_against: int = 0
    votes_abstain: int = 0

    def __post_init__(self) -> None:
        if min(self.votes_for, self.votes_against, self.votes_abstain) < 0 or self.marked > self.roll:
            msg = f"{self.marked} votes for a roll of {self.roll}"
            raise ValueError(msg)

    @property
    def marked(self) -> int:
        """How many electors voted (abstentions included)."""
        return self.votes_for + self.votes_against + self.votes_abstain

    @property
    def unanimous(self) -> bool:
        """Whether everyone who voted chose the same: such a count reveals each vote."""
        return self.marked > 0 and self.marked in {self.votes_for, self.votes_against, self.votes_abstain}


def tally(roll: int, choices: Iterable[Choice]) -> Tally:
    """Count `choices`, in any order, of a roll of `roll` electors.

    Raises ValueError when there are more votes than electors: such a count must never be published.
    """
    counts = dict.fromkeys(Choice, 0)
    for choice in choices:
        counts[Choice(choice)] += 1
    return Tally(roll, counts[Choice.FOR], counts[Choice.AGAINST], counts[Choice.ABSTAIN])


def quorum_required(roll: int, quorum: Fraction) -> int:
    """Voters needed: the share of the roll rounded up, and never fewer than one (an empty urn says nothing)."""
    return max(1, -(-roll * quorum.numerator // quorum.denominator))


def decide_college(rule: CollegeRule, counted: Tally) -> Decision:
    """What one college said. A tie, 0–0 included, never passes.

    RELATIVE: more for than against. ABSOLUTE: more than half of those who voted, abstentions included.
    TWO_THIRDS: at least two thirds of for + against. ROLL: more than half of the roll.
    """
    if counted.marked < quorum_required(counted.roll, rule.quorum):
        return Decision.NO_QUORUM
    yes, no = counted.votes_for, counted.votes_against
    passed = {
        Majority.RELATIVE: yes > no,
        Majority.ABSOLUTE: 2 * yes > counted.marked,
        Majority.TWO_THIRDS: yes > 0 and 3 * yes >= 2 * (yes + no),
        Majority.ROLL: 2 * yes > counted.roll,
    }[rule.majority]
    return Decision.APPROVED if passed else Decision.REJECTED


def decide_poll(colleges: Iterable[tuple[CollegeRule, Decision]]) -> Outcome:
    """The outcome over the colleges: only binding ones decide; one rejection is enough; none binding is advisory."""
    binding = [decision for rule, decision in colleges if rule.binding]
    if not binding:
        return Outcome.ADVISORY
    if Decision.REJECTED in binding:
        return Outcome.REJECTED
    if Decision.NO_QUORUM in binding:
        return Outcome.NO_QUORUM
    return Outcome.APPROVED


SMALL_COLLEGE = 5
"""Below this many votes only a college's decision is shown (product.md, anonymity)."""


def disclosed(counts: Sequence[Tally]) -> list[bool]:
    """For each college of one poll, whether its counts may be shown; a hidden one shows its decision only.

    Hidden: fewer than five votes, or unanimous with fewer than ten (a small unanimous college reveals each vote).
    No total is ever shown, so that a hidden college cannot be subtracted.
    """
    return [c.marked >= SMALL_COLLEGE and not (c.unanimous and c.marked < 2 * SMALL_COLLEGE) for c in counts]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a revision came out of its poll, as adoption needs to know it."""

    outcome: Outcome | None  # None: there was no poll, or it was never counted
    decisions: tuple[Decision, ...] = ()


def basis_of(verdict: Verdict) -> Basis:
    """On what ground a new revision would enter an edition."""
    if verdict.outcome is None or verdict.outcome is Outcome.CANCELLED:
        return Basis.UNVOTED
    if verdict.outcome is Outcome.APPROVED:
        return Basis.APPROVED
    if verdict.outcome is Outcome.ADVISORY and Decision.REJECTED not in verdict.decisions:
        return Basis.ADVISED if Decision.APPROVED in verdict.decisions else Basis.UNVOTED
    return Basis.AGAINST


def reason_required(basis: Basis) -> bool:
    """Whether adopting on this ground needs the employer's written reason: against a result, or without one."""
    return basis in {Basis.AGAINST, Basis.UNVOTED}


def linked_sections(before: Mapping[K, frozenset[int]], after: Mapping[K, frozenset[int]]) -> list[frozenset[K]]:
    """Groups of sections that must be adopted together, because a clause moved between them.

    `before` is what the previous edition holds by section, `after` what the new revisions hold (only sections that
    have one). A clause in before[a] and after[b] with a ≠ b links a and b; links join into groups.
    """
    home = {clause: section for section, clauses in before.items() for clause in clauses}
    groups: list[set[K]] = []
    for section, clauses in after.items():
        origins = {home[c] for c in clauses if c in home and home[c] != section}
        if origins:
            merged = {section, *origins}
            apart = []
            for group in groups:
                if group & merged:
                    merged |= group
                else:
                    apart.append(group)
            groups = [*apart, merged]
    return [frozenset(group) for group in groups]


def torn_group(groups: Iterable[frozenset[K]], chosen: frozenset[K]) -> frozenset[K] | None:
    """The first linked group of which only a part is chosen, or None when the choice keeps every group whole."""
    for group in groups:
        if group & chosen and group - chosen:
            return group
    return None


def earliest_effective(last_formality: date) -> date:
    """One calendar month, at least, after filing and publicity are both done (C. trav. L1321-4).

    The same day of the next month, or its last day when there is none (31 January → 28 or 29 February).
    """
    year, month = last_formality.year + last_formality.month // 12, last_formality.month % 12 + 1
    return date(year, month, min(last_formality.day, monthrange(year, month)[1]))
