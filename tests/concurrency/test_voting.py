"""Votes cast, closed and opened by many at once: what was acknowledged is counted, and nothing else is."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from charters.actions.closing import close_due
from charters.actions.consultations import cancel_consultation
from charters.actions.journal import verify
from charters.actions.polls import cast_vote, count_poll, extend_poll, open_polls
from charters.enums import Choice, ConsultationState, PollState, Verb
from charters.exceptions import WrongState
from charters.models import Activity, Consultation, Elector, Person, Poll, Vote
from tests import factories
from tests.concurrency.hands import at_once, errors, refusal, unexpected

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
Parallel = Callable[..., list[Any]]


def voting(sections: int = 1) -> Poll:
    charter = factories.charter(sections=sections)
    return factories.consultation_in(charter, ConsultationState.VOTING).polls.first()


# ── One voter ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def cast_eight_times(number: int, poll: int, voter: int) -> list[str]:
    def cast(hand: int) -> str:
        choice = list(Choice)[(number + hand) % 3]
        return cast_vote(poll=Poll(pk=poll), by=Person.objects.get(pk=voter), choice=choice).choice

    return at_once(8, cast)


def test_64_casts_by_one_voter_leave_one_vote_and_one_mark(parallel: Parallel) -> None:
    poll = voting()
    voter = poll.consultation.charter.created_by
    outcomes = parallel(8, cast_eight_times, poll.pk, voter.pk)
    assert not unexpected(outcomes)
    assert sum(len(outcome.value) for outcome in outcomes) == 64
    vote = Vote.objects.get(elector__poll=poll)
    assert Elector.objects.filter(poll=poll).exclude(marked_at=None).count() == 1
    entries = Activity.objects.filter(verb=Verb.VOTE_CAST).order_by("sequence").select_related("detail")
    assert [entry.detail.payload["again"] for entry in entries] == [False, *[True] * 63]
    assert vote.cast_at >= vote.elector.marked_at
    assert not verify(poll.consultation.charter)


# ── Closing while people vote ─────────────────────────────────────────────────────────────────────────────────────────
VOTERS, CASTERS = 40, 8


def cast_until_refused(number: int, poll: int, voters: list[int]) -> dict[int, str]:
    """Number 0 sets the close a second and a half ahead and counts; the others vote, again and again, until refused."""
    if number == 0:
        Poll.objects.filter(pk=poll).update(closes_at=timezone.now() + timedelta(seconds=1.5))
        while Poll.objects.get(pk=poll).state != PollState.COUNTED:
            close_due()
            time.sleep(0.02)
        return {}
    acknowledged: dict[int, str] = {}
    chance, mine = random.Random(number), voters[number - 1 :: CASTERS]  # noqa: S311 (choices of invented voters)
    people = Person.objects.in_bulk(mine)
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        voter, choice = chance.choice(mine), chance.choice(list(Choice))
        try:
            cast_vote(poll=Poll(pk=poll), by=people[voter], choice=choice)
        except WrongState:
            break
        acknowledged[voter] = choice.value
        time.sleep(chance.uniform(0, 0.02))  # SQLite's lock has no queue: who never lets go of it starves the others
    late = [refusal(lambda v=v: cast_vote(poll=Poll(pk=poll), by=people[v], choice=Choice.FOR)) for v in mine]
    assert set(late) == {"WrongState"}
    return acknowledged


def test_every_acknowledged_vote_is_counted_and_the_others_are_refused(parallel: Parallel) -> None:
    charter = factories.charter(sections=1)
    voters = [person.pk for person in factories.members(charter, VOTERS)]
    poll = factories.consultation_in(charter, ConsultationState.VOTING).polls.get()
    outcomes = parallel(CASTERS + 1, cast_until_refused, poll.pk, voters)
    assert not unexpected(outcomes)
    acknowledged = {voter: choice for outcome in outcomes for voter, choice in outcome.value.items()}
    assert acknowledged, "nobody managed to vote: the race tested nothing"
    poll = factories.fresh(poll)
    employees = next(row for row in poll.count.results if row["college"] == "employees")
    counted = Counter(acknowledged.values())
    assert {choice: employees[choice] for choice in ("for", "against", "abstain")} == {
        choice: counted[choice] for choice in ("for", "against", "abstain")
    }
    assert dict(Vote.objects.filter(elector__poll=poll).values_list("elector__person", "choice")) == acknowledged
    assert set(Elector.objects.filter(poll=poll).exclude(marked_at=None).values_list("person", flat=True)) == set(
        acknowledged
    )
    assert poll.count.counted_at >= poll.closes_at
    assert Vote.objects.filter(cast_at__gt=poll.count.counted_at).count() == 0
    assert not verify(charter)


def count_once(_number: int, poll: int) -> int:
    return count_poll(poll=Poll(pk=poll)).pk


def test_counted_by_eight_at_once_there_is_one_record(parallel: Parallel) -> None:
    poll = factories.past_its_close(voting())
    outcomes = parallel(8, count_once, poll.pk)
    assert not unexpected(outcomes)
    assert {outcome.value for outcome in outcomes} == {factories.fresh(poll).count.pk}
    assert Activity.objects.filter(verb=Verb.POLL_COUNT).count() == 1


def extend_or_count(number: int, poll: int, by: int) -> str:
    row = Poll.objects.get(pk=poll)
    if number % 2:
        return count_poll(poll=row).outcome
    later = timezone.now() + timedelta(hours=72)
    return str(extend_poll(poll=row, by=Person.objects.get(pk=by), closes_at=later).pk)


def test_after_the_close_it_is_counted_and_never_extended(parallel: Parallel) -> None:
    poll = factories.past_its_close(voting())
    outcomes = parallel(4, extend_or_count, poll.pk, poll.opened_by_id)
    assert errors(outcomes) == {"WrongState": 2, "": 2}
    assert factories.fresh(poll).state == PollState.COUNTED


# ── Opening and cancelling ────────────────────────────────────────────────────────────────────────────────────────────
def open_once(_number: int, consultation: int, by: int) -> int:
    return len(open_polls(consultation=Consultation.objects.get(pk=consultation), by=Person.objects.get(pk=by)))


def test_opened_twice_at_once_there_is_one_set_of_polls(parallel: Parallel) -> None:
    charter = factories.charter(sections=2)
    consultation = factories.consultation_in(charter, ConsultationState.REVISING)
    outcomes = parallel(4, open_once, consultation.pk, charter.created_by_id)
    assert errors(outcomes) == {"": 1, "WrongState": 3}
    assert consultation.polls.count() == 2
    assert Elector.objects.filter(poll__consultation=consultation).count() == 2
    assert not verify(charter)


def cast_or_cancel(number: int, consultation: int, by: int, voters: list[int]) -> str:
    if number == 0:
        row = Consultation.objects.get(pk=consultation)
        return cancel_consultation(consultation=row, by=Person.objects.get(pk=by), reason="A mistake.").state
    polls = list(Poll.objects.filter(consultation=consultation).order_by("pk" if number % 2 else "-pk"))
    voter = Person.objects.get(pk=voters[number - 1])
    for poll in polls:
        refused = refusal(lambda poll=poll: cast_vote(poll=poll, by=voter, choice=Choice.FOR))
        assert refused in {"", "WrongState"}
    return "done"


def test_cancelled_while_people_vote(parallel: Parallel) -> None:
    charter = factories.charter(sections=3)
    voters = [person.pk for person in factories.members(charter, 7)]
    consultation = factories.consultation_in(charter, ConsultationState.VOTING)
    outcomes = parallel(8, cast_or_cancel, consultation.pk, charter.created_by_id, voters)
    assert not unexpected(outcomes)
    assert factories.fresh(consultation).state == ConsultationState.CANCELLED
    assert {poll.state for poll in consultation.polls.all()} == {PollState.CANCELLED}
    assert not verify(charter)
