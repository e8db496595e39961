"""Voting: what opening freezes, one vote each, counted once after the close, extended or cancelled before."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from charters.actions.closing import close_due
from charters.actions.members import change_member, leave_member
from charters.actions.polls import cancel_poll, cast_vote, count_poll, extend_poll, open_polls
from charters.actions.revisions import submit_revision, withdraw_revision
from charters.enums import Choice, CollegeKind, ConsultationState, Majority, Outcome, PollState, Role, Verb
from charters.exceptions import BadInput, NotPermitted, WrongState
from charters.models import Activity, CountRecord, Elector, Membership, Person, Poll, Vote
from charters.policy import decide
from charters.workflow import CollegeRule
from tests import factories

pytestmark = pytest.mark.django_db
FOR, AGAINST, ABSTAIN = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN


def voting(**options: object) -> Poll:
    charter = factories.charter(sections=1)
    factories.members(charter, 5)
    return factories.consultation_in(charter, ConsultationState.VOTING, **options).polls.get()


def voters(poll: Poll, kind: CollegeKind = CollegeKind.EMPLOYEES) -> list[Person]:
    rows = Elector.objects.filter(poll=poll, poll_college__college__kind=kind.value).order_by("pk")
    return [row.person for row in rows.select_related("person")]


def administrator(poll: Poll) -> Person:
    return poll.consultation.charter.created_by


# ── Opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_opening_freezes_the_roll_the_rule_and_the_text() -> None:
    charter = factories.charter(sections=2)
    voter, leaver = factories.members(charter, 2)
    factories.member(charter, Role.OBSERVER)
    leave_member(membership=Membership.objects.get(person=leaver, charter=charter), by=charter.created_by)
    rule = CollegeRule(binding=True, majority=Majority.ABSOLUTE, quorum=Fraction(1, 2))
    consultation = factories.consultation_in(charter, ConsultationState.REVISING, rules={CollegeKind.EMPLOYEES: rule})
    polls = open_polls(consultation=consultation, by=charter.created_by)
    late = factories.member(charter)
    assert len(polls) == 2
    for poll in polls:
        assert poll.sha256 == poll.revision.sha256
        assert {e.person for e in poll.electors.all()} == {charter.created_by, voter}
        frozen = {c.college.kind: (c.roll_size, c.binding, c.majority, c.quorum_percent) for c in poll.colleges.all()}
        assert frozen == {"hr": (1, False, "relative", 0), "employees": (1, True, "absolute", 50)}
    with pytest.raises(NotPermitted):
        cast_vote(poll=polls[0], by=late, choice=FOR)


def test_a_change_of_college_after_the_opening_leaves_the_roll_as_it_was() -> None:
    poll = voting()
    voter = voters(poll)[0]
    charter = poll.consultation.charter
    membership = Membership.objects.get(person=voter, charter=charter)
    hr = factories.college(charter, CollegeKind.HR)
    change_member(membership=membership, by=charter.created_by, college=hr, role=Role.PARTICIPANT)
    cast_vote(poll=poll, by=voter, choice=FOR)
    row = next(row for row in factories.close(poll).results if row["college"] == "employees")
    assert row["for"] == 1


def test_the_last_revisions_are_voted_on() -> None:
    charter = factories.charter(sections=1)
    consultation = factories.consultation_in(charter, ConsultationState.REVISING)
    factories.rewrite(factories.first_clause(consultation), "Be kinder.")
    further = submit_revision(section=charter.sections.get(), consultation=consultation, by=charter.created_by)
    (poll,) = open_polls(consultation=consultation, by=charter.created_by)
    assert poll.revision == further


def test_nothing_left_to_vote_on_is_refused() -> None:
    charter = factories.charter(sections=1)
    consultation = factories.consultation_in(charter, ConsultationState.REVISING)
    withdraw_revision(revision=consultation.revisions.get(), by=charter.created_by, reason="Too early.")
    with pytest.raises(BadInput) as refusal:
        open_polls(consultation=consultation, by=charter.created_by)
    assert refusal.value.code == "nothing"


def test_a_binding_college_without_electors_is_refused_and_nothing_opens() -> None:
    charter = factories.charter(sections=1)
    rules = {CollegeKind.REPRESENTATIVES: CollegeRule(binding=True)}
    consultation = factories.consultation_in(charter, ConsultationState.REVISING, rules=rules)
    with pytest.raises(BadInput) as refusal:
        open_polls(consultation=consultation, by=charter.created_by)
    assert refusal.value.code == "roll"


# ── Casting ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_one_vote_each_changed_until_the_close_and_marked_once() -> None:
    poll = voting()
    voter = voters(poll)[0]
    cast_vote(poll=poll, by=voter, choice=FOR, reason="At first.")
    marked = Elector.objects.get(poll=poll, person=voter).marked_at
    cast_vote(poll=poll, by=voter, choice=AGAINST, reason="On reflection.")
    vote = Vote.objects.get(elector__poll=poll)
    assert (vote.choice, vote.reason) == (AGAINST, "On reflection.")
    assert vote.elector.marked_at == marked


def test_the_journal_does_not_say_who_voted_nor_what() -> None:
    poll = voting()
    voter = voters(poll)[0]
    cast_vote(poll=poll, by=voter, choice=FOR, reason="A secret of mine.")
    entry = Activity.objects.select_related("detail").get(verb=Verb.VOTE_CAST)
    assert entry.actor_key == Elector.objects.get(person=voter, poll=poll).key
    assert voter.key not in str(entry.__dict__)
    assert entry.detail.payload == {"section": poll.revision.title, "again": False}
    assert entry.detail.reason == ""


def test_nobody_votes_after_the_hour_even_before_the_count() -> None:
    poll = voting()
    voter = voters(poll)[0]
    cast_vote(poll=poll, by=voter, choice=FOR)
    late = factories.past_its_close(poll)
    with pytest.raises(WrongState):
        cast_vote(poll=late, by=voter, choice=AGAINST)
    assert Vote.objects.get(elector__poll=poll).choice == FOR


def test_nobody_votes_in_a_counted_or_cancelled_poll() -> None:
    for end in (factories.close, lambda poll: cancel_poll(poll=poll, by=administrator(poll), reason="Stopped.")):
        poll = voting()
        end(poll)
        with pytest.raises(WrongState):
            cast_vote(poll=poll, by=voters(poll)[0], choice=FOR)


def test_only_the_roll_votes() -> None:
    poll = voting()
    for outsider in (factories.member(poll.consultation.charter, Role.OBSERVER), factories.person()):
        with pytest.raises(NotPermitted):
            cast_vote(poll=poll, by=outsider, choice=FOR)


def test_who_left_the_charter_votes_no_more() -> None:
    poll = voting()
    voter = voters(poll)[0]
    leave_member(membership=Membership.objects.get(person=voter), by=administrator(poll))
    with pytest.raises(NotPermitted):
        cast_vote(poll=poll, by=voter, choice=FOR)


def test_a_reason_is_cleaned_and_bounded() -> None:
    poll = voting()
    voter = voters(poll)[0]
    assert cast_vote(poll=poll, by=voter, choice=FOR, reason=" Fine\r\nwith me\u200b ").reason == "Fine\nwith me"
    with pytest.raises(BadInput):
        cast_vote(poll=poll, by=voter, choice=FOR, reason="x" * 1001)


# ── Counting ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_counted_once_after_the_close() -> None:
    poll = voting()
    for voter, choice in zip(voters(poll), [FOR, FOR, AGAINST, ABSTAIN], strict=False):
        cast_vote(poll=poll, by=voter, choice=choice)
    record = factories.close(poll)
    assert count_poll(poll=poll) == record
    assert CountRecord.objects.count() == 1
    row = next(row for row in record.results if row["college"] == "employees")
    assert [row[key] for key in ("roll", "for", "against", "abstain", "decision")] == [5, 2, 1, 1, "approved"]
    assert row["name"].keys() == {"fr", "en"}
    assert record.sha256 == poll.revision.sha256
    assert factories.fresh(poll.revision).end.state == "decided"
    assert Activity.objects.get(verb=Verb.POLL_COUNT).actor_key == "system"


def test_not_counted_before_the_close_and_never_by_a_person() -> None:
    poll = voting()
    with pytest.raises(WrongState):
        count_poll(poll=poll)
    with pytest.raises(NotPermitted):
        count_poll(poll=factories.past_its_close(poll), by=voters(poll)[0])
    assert not CountRecord.objects.exists()


def test_the_first_request_after_the_close_or_the_tick_counts() -> None:
    poll = factories.past_its_close(voting())
    assert (close_due(), close_due()) == (1, 0)
    assert factories.fresh(poll).state == PollState.COUNTED


def test_a_binding_college_decides_and_its_quorum_is_asked() -> None:
    rule = CollegeRule(binding=True, quorum=Fraction(1, 2))
    for votes, outcome in (
        ([FOR, FOR, AGAINST], Outcome.APPROVED),
        ([FOR, AGAINST, AGAINST], Outcome.REJECTED),
        ([FOR, FOR], Outcome.NO_QUORUM),
    ):
        poll = voting(rules={CollegeKind.EMPLOYEES: rule})
        for voter, choice in zip(voters(poll), votes, strict=False):
            cast_vote(poll=poll, by=voter, choice=choice)
        assert factories.close(poll).outcome == outcome


# ── Extending and cancelling ──────────────────────────────────────────────────────────────────────────────────────────
def test_extended_before_the_close_only_and_never_shortened() -> None:
    poll = voting()
    later = poll.closes_at + timedelta(days=1)
    assert extend_poll(poll=poll, by=administrator(poll), closes_at=later).closes_at == later
    for earlier in (later, later - timedelta(hours=1)):
        with pytest.raises(BadInput):
            extend_poll(poll=poll, by=administrator(poll), closes_at=earlier)
    with pytest.raises(NotPermitted):
        extend_poll(poll=poll, by=voters(poll)[0], closes_at=later + timedelta(days=1))
    factories.past_its_close(poll)
    with pytest.raises(WrongState):
        extend_poll(poll=poll, by=administrator(poll), closes_at=later + timedelta(days=1))


def test_the_refusal_to_conclude_gives_the_extended_date() -> None:
    poll = voting()
    later = timezone.now() + timedelta(days=40)
    extend_poll(poll=poll, by=administrator(poll), closes_at=later)
    verdict = decide(administrator(poll), Verb.CONSULTATION_CONCLUDE, poll.consultation)
    assert str(timezone.localtime(later).year) in str(verdict.reason)
    assert str(timezone.localtime(later).day) in str(verdict.reason)


def test_cancelled_votes_are_kept_as_void() -> None:
    poll = voting()
    cast_vote(poll=poll, by=voters(poll)[0], choice=FOR)
    cancel_poll(poll=poll, by=administrator(poll), reason="The text had a mistake.")
    assert factories.fresh(poll).state == PollState.CANCELLED
    assert Vote.objects.filter(elector__poll=poll).count() == 1
    factories.past_its_close(poll)
    assert close_due() == 0
    assert not CountRecord.objects.exists()


def test_cancelling_needs_a_reason_the_right_and_the_moment() -> None:
    poll = voting()
    with pytest.raises(BadInput):
        cancel_poll(poll=poll, by=administrator(poll), reason="")
    with pytest.raises(NotPermitted):
        cancel_poll(poll=poll, by=voters(poll)[0], reason="I do not like it.")
    factories.close(poll)
    with pytest.raises(WrongState):
        cancel_poll(poll=poll, by=administrator(poll), reason="Too late.")
