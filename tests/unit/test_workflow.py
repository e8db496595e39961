"""The rules of the process: every move, every count, every outcome (product.md, « States » and « default rules »)."""

import calendar
import random
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.enums import Basis, Choice, ConsultationState, Decision, Majority, Outcome, PollState, ThreadState, Verb
from charters.exceptions import WrongState
from charters.workflow import (
    CONSULTATION_MOVES,
    POLL_MOVES,
    THREAD_MOVES,
    CollegeRule,
    Tally,
    Verdict,
    basis_of,
    decide_college,
    decide_poll,
    disclosed,
    earliest_effective,
    linked_sections,
    next_state,
    quorum_required,
    reason_required,
    tally,
    torn_group,
)

# ── Moves: written out again from product.md, so that the table in the code is compared and not repeated ───────────────
CONSULTATION = {
    "planned": {"consultation_open": "commenting", "consultation_cancel": "cancelled"},
    "commenting": {"consultation_end_comments": "revising", "consultation_cancel": "cancelled"},
    "revising": {"poll_open": "voting", "consultation_cancel": "cancelled"},
    "voting": {"consultation_conclude": "concluded", "consultation_cancel": "cancelled"},
    "concluded": {},
    "cancelled": {},
}
POLL = {
    "planned": {"poll_open": "open", "poll_cancel": "cancelled"},
    "open": {"poll_extend": "open", "poll_count": "counted", "poll_cancel": "cancelled"},
    "counted": {},
    "cancelled": {},
}
THREAD = {"open": {"thread_resolve": "resolved"}, "resolved": {"thread_reopen": "open"}}


@pytest.mark.parametrize(
    ("table", "states", "expected"),
    [
        (CONSULTATION_MOVES, ConsultationState, CONSULTATION),
        (POLL_MOVES, PollState, POLL),
        (THREAD_MOVES, ThreadState, THREAD),
    ],
)
def test_every_state_and_verb_moves_or_is_refused(
    table: Mapping[Any, Any], states: type, expected: Mapping[str, Mapping[str, str]]
) -> None:
    assert {state.value for state in states} == set(expected)
    for state, verb in product(states, Verb):
        if verb in expected[state]:
            assert next_state(table, state, verb) == expected[state][verb]
        else:
            with pytest.raises(WrongState) as refused:
                next_state(table, state, verb)
            assert refused.value.code == "no_such_move"


@pytest.mark.parametrize("table", [CONSULTATION_MOVES, POLL_MOVES])
def test_what_is_over_stays_over(table: Mapping[Any, Any]) -> None:
    over = {"concluded", "cancelled", "counted"}
    assert not [state for state, _verb in table if state.value in over]


# ── Counting ──────────────────────────────────────────────────────────────────────────────────────────────────────────
choices = st.lists(st.sampled_from(list(Choice)), max_size=60)
majorities = st.sampled_from(list(Majority))
shares = st.fractions(min_value=0, max_value=1, max_denominator=100)
rules = st.builds(CollegeRule, st.booleans(), majorities, shares)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    counts = [draw(st.integers(0, 40)) for _ in range(3)]
    return Tally(sum(counts) + draw(st.integers(0, 40)), *counts)


@given(choices, st.integers(0, 20), st.randoms(use_true_random=False))
def test_order_does_not_count(cast: list[Choice], absent: int, chance: random.Random) -> None:
    shuffled = cast[:]
    chance.shuffle(shuffled)
    counted = tally(len(cast) + absent, cast)
    assert counted == tally(len(cast) + absent, shuffled)
    assert counted.marked == len(cast)
    assert [counted.votes_for, counted.votes_against, counted.votes_abstain] == [cast.count(c) for c in Choice]


@given(choices.filter(bool))
def test_more_votes_than_electors_is_never_a_count(cast: list[Choice]) -> None:
    with pytest.raises(ValueError, match="for a roll of"):
        tally(len(cast) - 1, cast)


def test_negative_votes_and_unknown_choices_are_no_count() -> None:
    with pytest.raises(ValueError, match="for a roll of"):
        Tally(5, votes_for=-1)
    with pytest.raises(ValueError, match="maybe"):
        tally(1, ["maybe"])  # type: ignore[list-item]


@given(rules, st.integers(0, 50), st.integers(0, 50))
def test_nobody_for_never_passes(rule: CollegeRule, abstaining: int, absent: int) -> None:
    assert decide_college(rule, Tally(abstaining + absent, 0, 0, abstaining)) is not Decision.APPROVED


@given(rules, st.integers(0, 50), st.integers(0, 30), st.integers(0, 30))
def test_a_tie_never_passes(rule: CollegeRule, each: int, abstaining: int, absent: int) -> None:
    counted = Tally(2 * each + abstaining + absent, each, each, abstaining)
    assert decide_college(rule, counted) is not Decision.APPROVED


@given(rules, tallies())
def test_one_more_vote_for_never_turns_approval_into_refusal(rule: CollegeRule, before: Tally) -> None:
    joins = Tally(before.roll + 1, before.votes_for, before.votes_against, before.votes_abstain)  # the roll is frozen
    after = Tally(joins.roll, before.votes_for + 1, before.votes_against, before.votes_abstain)
    if decide_college(rule, joins) is Decision.APPROVED:
        assert decide_college(rule, after) is Decision.APPROVED


@given(rules, tallies().filter(lambda counted: counted.votes_against + counted.votes_abstain > 0))
def test_a_vote_changed_to_for_never_turns_approval_into_refusal(rule: CollegeRule, before: Tally) -> None:
    against = before.votes_against > 0
    after = Tally(
        before.roll, before.votes_for + 1, before.votes_against - against, before.votes_abstain - (not against)
    )
    if decide_college(rule, before) is Decision.APPROVED:
        assert decide_college(rule, after) is Decision.APPROVED


@given(rules, tallies().filter(lambda counted: counted.votes_for > 0))
def test_a_vote_changed_to_against_never_turns_refusal_into_approval(rule: CollegeRule, before: Tally) -> None:
    after = Tally(before.roll, before.votes_for - 1, before.votes_against + 1, before.votes_abstain)
    if decide_college(rule, before) is not Decision.APPROVED:
        assert decide_college(rule, after) is not Decision.APPROVED


@given(st.integers(0, 500), shares)
def test_a_quorum_is_rounded_up_and_never_nobody(roll: int, share: Fraction) -> None:
    needed = quorum_required(roll, share)
    assert needed >= 1
    assert needed >= share * roll
    assert needed == 1 or needed - 1 < share * roll


@given(st.integers(1, 200), shares, majorities)
def test_the_quorum_is_met_exactly_at_its_number(roll: int, share: Fraction, majority: Majority) -> None:
    rule, needed = CollegeRule(majority=majority, quorum=share), quorum_required(roll, share)
    assert decide_college(rule, Tally(roll, votes_for=needed - 1)) is Decision.NO_QUORUM
    assert decide_college(rule, Tally(roll, votes_for=needed)) is not Decision.NO_QUORUM
    assert (
        decide_college(rule, Tally(roll, votes_abstain=needed)) is Decision.REJECTED
    )  # they count for the quorum only


@pytest.mark.parametrize("share", [Fraction(-1, 100), Fraction(101, 100)])
def test_a_quorum_is_a_share(share: Fraction) -> None:
    with pytest.raises(ValueError, match="share of the roll"):
        CollegeRule(quorum=share)


def test_default_rule() -> None:
    assert CollegeRule() == CollegeRule(binding=False, majority=Majority.RELATIVE, quorum=Fraction(0))


R, AB, TT, RO = Majority.RELATIVE, Majority.ABSOLUTE, Majority.TWO_THIRDS, Majority.ROLL
YES, NO, NONE = Decision.APPROVED, Decision.REJECTED, Decision.NO_QUORUM


@pytest.mark.parametrize(
    ("majority", "roll", "votes", "decision"),
    [
        (R, 10, (0, 0, 0), NONE),
        (R, 10, (1, 0, 0), YES),
        (R, 10, (1, 1, 0), NO),
        (R, 10, (2, 1, 7), YES),  # abstentions do not count
        (R, 10, (0, 0, 10), NO),
        (AB, 10, (2, 1, 0), YES),
        (AB, 10, (2, 1, 1), NO),  # half of those who voted is not more than half
        (AB, 10, (5, 0, 5), NO),
        (AB, 10, (6, 0, 4), YES),
        (TT, 10, (2, 1, 0), YES),  # exactly two thirds
        (TT, 10, (3, 2, 0), NO),
        (TT, 10, (2, 1, 7), YES),
        (TT, 10, (0, 0, 3), NO),
        (RO, 10, (5, 0, 0), NO),  # half of the roll is not more than half
        (RO, 10, (6, 4, 0), YES),
        (RO, 11, (5, 0, 0), NO),
        (RO, 11, (6, 0, 0), YES),
        (R, 0, (0, 0, 0), NONE),
        (RO, 0, (0, 0, 0), NONE),
    ],
)
def test_majorities(majority: Majority, roll: int, votes: tuple[int, int, int], decision: Decision) -> None:
    assert decide_college(CollegeRule(majority=majority), Tally(roll, *votes)) is decision


# ── Outcome of a poll ─────────────────────────────────────────────────────────────────────────────────────────────────
B, ADV = CollegeRule(binding=True), CollegeRule()


@pytest.mark.parametrize(
    ("colleges", "outcome"),
    [
        ([], Outcome.ADVISORY),
        ([(ADV, YES)], Outcome.ADVISORY),
        ([(ADV, NO), (ADV, NO)], Outcome.ADVISORY),
        ([(ADV, NONE)], Outcome.ADVISORY),
        ([(B, YES)], Outcome.APPROVED),
        ([(B, YES), (B, YES)], Outcome.APPROVED),
        ([(B, YES), (ADV, NO)], Outcome.APPROVED),  # an advisory college never decides
        ([(B, YES), (ADV, NONE)], Outcome.APPROVED),
        ([(B, NO), (B, YES)], Outcome.REJECTED),
        ([(B, NO), (ADV, YES)], Outcome.REJECTED),
        ([(B, NO), (B, NONE)], Outcome.REJECTED),  # one rejection is enough
        ([(B, NONE)], Outcome.NO_QUORUM),
        ([(B, NONE), (B, YES)], Outcome.NO_QUORUM),
        ([(B, NONE), (ADV, YES)], Outcome.NO_QUORUM),
    ],
)
def test_outcomes(colleges: list[tuple[CollegeRule, Decision]], outcome: Outcome) -> None:
    assert decide_poll(colleges) is outcome


college_results = st.lists(st.tuples(rules, st.sampled_from(list(Decision))), max_size=6)


@given(college_results, st.randoms(use_true_random=False))
def test_the_order_of_colleges_does_not_count(
    colleges: list[tuple[CollegeRule, Decision]], chance: random.Random
) -> None:
    shuffled = colleges[:]
    chance.shuffle(shuffled)
    assert decide_poll(colleges) is decide_poll(iter(shuffled))


@given(college_results)
def test_every_outcome_says_what_the_binding_colleges_said(colleges: list[tuple[CollegeRule, Decision]]) -> None:
    binding = {decision for rule, decision in colleges if rule.binding}
    outcome = decide_poll(colleges)
    assert (outcome is Outcome.ADVISORY) == (not binding)
    assert (outcome is Outcome.APPROVED) == (binding == {YES})
    assert (outcome is Outcome.REJECTED) == (NO in binding)
    assert (outcome is Outcome.NO_QUORUM) == (NONE in binding and NO not in binding)


# ── What may be shown ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("counted", "shown"),
    [
        (Tally(100, 0, 0, 0), False),
        (Tally(100, 2, 1, 1), False),  # four votes
        (Tally(100, 3, 1, 1), True),  # five
        (Tally(100, 5, 0, 0), False),  # five who all said the same
        (Tally(100, 0, 9, 0), False),
        (Tally(100, 0, 0, 9), False),
        (Tally(100, 10, 0, 0), True),
        (Tally(5, 4, 1, 0), True),
    ],
)
def test_small_and_unanimous_counts_are_not_shown(counted: Tally, *, shown: bool) -> None:
    assert disclosed([counted]) == [shown]


@given(st.lists(tallies(), max_size=6))
def test_below_five_votes_nothing_is_shown(counts: list[Tally]) -> None:
    shown = disclosed(counts)
    assert len(shown) == len(counts)
    assert not any(show for counted, show in zip(counts, shown, strict=True) if counted.marked < 5)


# ── Adoption ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("outcome", "decisions", "basis"),
    [
        (None, (), Basis.UNVOTED),
        (Outcome.CANCELLED, (), Basis.UNVOTED),
        (Outcome.CANCELLED, (YES,), Basis.UNVOTED),
        (Outcome.APPROVED, (YES, NO), Basis.APPROVED),
        (Outcome.REJECTED, (NO, YES), Basis.AGAINST),
        (Outcome.NO_QUORUM, (NONE,), Basis.AGAINST),
        (Outcome.ADVISORY, (YES,), Basis.ADVISED),
        (Outcome.ADVISORY, (YES, NONE), Basis.ADVISED),
        (Outcome.ADVISORY, (YES, NO), Basis.AGAINST),
        (Outcome.ADVISORY, (NO,), Basis.AGAINST),
        (Outcome.ADVISORY, (NONE,), Basis.UNVOTED),
        (Outcome.ADVISORY, (), Basis.UNVOTED),
    ],
)
def test_the_ground_of_an_adoption(outcome: Outcome | None, decisions: tuple[Decision, ...], basis: Basis) -> None:
    assert basis_of(Verdict(outcome, decisions)) is basis


def test_a_reason_is_required_against_a_result_or_without_one() -> None:
    assert {basis for basis in Basis if reason_required(basis)} == {Basis.AGAINST, Basis.UNVOTED}


F = frozenset


@pytest.mark.parametrize(
    ("before", "after", "groups"),
    [
        ({}, {}, []),
        ({}, {"a": F({1})}, []),  # a new clause comes from nowhere
        ({"a": F({1})}, {"a": F({1, 2})}, []),
        ({"a": F({1, 2})}, {"a": F({1})}, []),  # removed is not moved
        ({"a": F({1, 2}), "b": F({3})}, {"a": F({1}), "b": F({2, 3})}, [F({"a", "b"})]),
        ({"a": F({1}), "b": F({2})}, {"b": F({1, 2})}, [F({"a", "b"})]),  # a has no new revision: b cannot go alone
        ({"a": F({1}), "b": F({2})}, {"a": F({2}), "b": F({1})}, [F({"a", "b"})]),
        (
            {"a": F({1}), "b": F({2}), "c": F({3})},
            {"b": F({1}), "c": F({2, 3})},
            [F({"a", "b", "c"})],  # links join
        ),
        (
            {"a": F({1}), "b": F(), "c": F({3}), "d": F()},
            {"a": F(), "b": F({1}), "c": F(), "d": F({3})},
            [F({"a", "b"}), F({"c", "d"})],
        ),
        (
            {"a": F({1}), "b": F({2}), "c": F({3}), "d": F({4, 5})},
            {"b": F({1}), "c": F({4}), "d": F({2, 3})},
            [F({"a", "b", "c", "d"})],  # two groups that a third joins
        ),
    ],
)
def test_a_moved_clause_links_its_sections(
    before: dict[str, frozenset[int]], after: dict[str, frozenset[int]], groups: list[frozenset[str]]
) -> None:
    assert sorted(linked_sections(before, after), key=sorted) == groups


holdings = st.dictionaries(st.integers(1, 6), st.frozensets(st.integers(1, 12)), max_size=6)


@given(holdings, holdings)
def test_groups_are_apart_and_hold_every_move(
    before: dict[int, frozenset[int]], after: dict[int, frozenset[int]]
) -> None:
    home = {c: s for s, clauses in before.items() for c in clauses}
    groups = linked_sections(before, after)
    assert sum(len(group) for group in groups) == len({section for group in groups for section in group})
    for section, clauses in after.items():
        for clause in clauses:
            if clause in home and home[clause] != section:
                assert any({section, home[clause]} <= group for group in groups)


@given(holdings, holdings, st.frozensets(st.integers(1, 6)))
def test_a_choice_is_torn_or_keeps_every_group_whole(
    before: dict[int, frozenset[int]], after: dict[int, frozenset[int]], chosen: frozenset[int]
) -> None:
    groups = linked_sections(before, after)
    torn = torn_group(groups, chosen)
    if torn is None:
        assert all(group <= chosen or not group & chosen for group in groups)
    else:
        assert torn in groups
        assert torn & chosen
        assert torn - chosen


# ── One calendar month (C. trav. L1321-4) ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("last", "earliest"),
    [
        (date(2025, 1, 15), date(2025, 2, 15)),
        (date(2025, 1, 28), date(2025, 2, 28)),
        (date(2025, 1, 29), date(2025, 2, 28)),
        (date(2025, 1, 31), date(2025, 2, 28)),
        (date(2024, 1, 29), date(2024, 2, 29)),  # a leap year
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2100, 1, 31), date(2100, 2, 28)),  # a century that is none
        (date(2000, 1, 31), date(2000, 2, 29)),  # a century that is one
        (date(2024, 2, 29), date(2024, 3, 29)),
        (date(2025, 3, 31), date(2025, 4, 30)),
        (date(2025, 4, 30), date(2025, 5, 30)),
        (date(2025, 12, 31), date(2026, 1, 31)),
        (date(2025, 12, 1), date(2026, 1, 1)),
    ],
)
def test_one_calendar_month(last: date, earliest: date) -> None:
    assert earliest_effective(last) == earliest


@given(st.dates(max_value=date(9998, 12, 31)))
def test_the_month_is_the_next_one_on_the_same_day_or_its_last(last: date) -> None:
    earliest = earliest_effective(last)
    assert (earliest.year * 12 + earliest.month) - (last.year * 12 + last.month) == 1
    assert earliest.day == min(last.day, calendar.monthrange(earliest.year, earliest.month)[1])
    assert earliest_effective(last + timedelta(days=1)) >= earliest
