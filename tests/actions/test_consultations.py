"""The phases of a consultation: which act leads where, who may, and what each refusal protects."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from charters.actions.clauses import move_clause
from charters.actions.closing import close_due
from charters.actions.consultations import (
    cancel_consultation,
    conclude_consultation,
    end_comments,
    open_consultation,
    plan_consultation,
)
from charters.actions.polls import cast_vote, open_polls
from charters.enums import Choice, CollegeKind, ConsultationState, Majority, PollState, Role, Verb
from charters.exceptions import BadInput, NotPermitted, WrongState
from charters.models import Activity, Consultation, CountRecord, Person, Vote
from charters.workflow import CONSULTATION_MOVES, CollegeRule
from tests import factories

pytestmark = pytest.mark.django_db
C = ConsultationState

ACTS: dict[Verb, Callable[[Consultation, Person], object]] = {
    Verb.CONSULTATION_OPEN: lambda c, by: open_consultation(consultation=c, by=by),
    Verb.CONSULTATION_END_COMMENTS: lambda c, by: end_comments(consultation=c, by=by),
    Verb.POLL_OPEN: lambda c, by: open_polls(consultation=c, by=by),
    Verb.CONSULTATION_CONCLUDE: lambda c, by: conclude_consultation(consultation=c, by=by, reason="In time."),
    Verb.CONSULTATION_CANCEL: lambda c, by: cancel_consultation(consultation=c, by=by, reason="A mistake."),
}


def last_verbs(consultation: Consultation) -> set[str]:
    return set(Activity.objects.filter(charter=consultation.charter).values_list("verb", flat=True))


@pytest.mark.parametrize("state", list(C))
@pytest.mark.parametrize("verb", list(ACTS))
def test_every_act_in_every_state(state: C, verb: Verb) -> None:
    charter = factories.charter(sections=1, clauses=1)
    consultation = factories.consultation_in(charter, state)
    if verb is Verb.CONSULTATION_CONCLUDE and state is C.VOTING:
        factories.close(consultation.polls.get())
    expected = CONSULTATION_MOVES.get((state, verb))
    if expected is None:
        with pytest.raises(WrongState):
            ACTS[verb](consultation, charter.created_by)
        assert factories.fresh(consultation).state == state
    else:
        ACTS[verb](consultation, charter.created_by)
        assert factories.fresh(consultation).state == expected
        assert verb in last_verbs(consultation)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PARTICIPANT, Role.DRAFTER])
@pytest.mark.parametrize("verb", list(ACTS))
def test_only_administrators_move_a_consultation(role: Role, verb: Verb) -> None:
    charter = factories.charter(sections=1, clauses=1)
    state = next(state for state, move in CONSULTATION_MOVES if move is verb)
    consultation = factories.consultation_in(charter, state)
    with pytest.raises(NotPermitted):
        ACTS[verb](consultation, factories.member(charter, role))
    assert factories.fresh(consultation).state == state


# ── Planning ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_planning_freezes_the_changed_sections_with_the_calendar_and_the_rules() -> None:
    charter = factories.charter(sections=3)
    rule = CollegeRule(binding=True, majority=Majority.TWO_THIRDS)
    chosen = list(charter.sections.order_by("position"))[:2]
    consultation = factories.planned(charter, sections=chosen, rules={CollegeKind.EMPLOYEES: rule})
    assert consultation.number == 1
    assert {r.section_id for r in consultation.revisions.all()} == {s.pk for s in chosen}
    stored = {r.college.kind: (r.binding, r.majority) for r in consultation.rules.select_related("college")}
    assert stored[CollegeKind.EMPLOYEES] == (True, "two_thirds")
    assert stored[CollegeKind.HR] == (False, "relative")


@pytest.mark.parametrize(("comments", "vote", "code"), [(-1, 2, "past"), (0, 2, "past"), (3, 2, "order")])
def test_a_calendar_is_ahead_and_in_order(comments: int, vote: int, code: str) -> None:
    charter = factories.charter(sections=1)
    dates = {"comments_until": factories.hours(comments), "voting_until": factories.hours(vote)}
    with pytest.raises(BadInput) as refusal:
        plan_consultation(charter=charter, by=charter.created_by, sections=charter.sections.all(), **dates)
    assert refusal.value.code == code


def test_nothing_to_submit_is_refused() -> None:
    charter = factories.charter(sections=1)
    with pytest.raises(BadInput) as refusal:
        factories.planned(charter, sections=[])
    assert refusal.value.code == "nothing"


def test_one_consultation_at_a_time() -> None:
    charter = factories.charter(sections=1)
    first = factories.planned(charter)
    with pytest.raises(WrongState):
        factories.planned(charter, sections=charter.sections.all())
    cancel_consultation(consultation=first, by=charter.created_by, reason="A mistake.")
    assert factories.planned(charter).number == 2


# ── The end of comments ───────────────────────────────────────────────────────────────────────────────────────────────
def test_ended_early_the_date_says_so() -> None:
    consultation = factories.consultation_in(factories.charter(), C.COMMENTING)
    ended = end_comments(consultation=consultation, by=consultation.charter.created_by)
    assert ended.comments_until <= timezone.now()


def test_what_is_due_is_closed_once_by_the_system() -> None:
    consultation = factories.consultation_in(factories.charter(), C.COMMENTING)
    past = timezone.now() - timedelta(minutes=1)
    Consultation.objects.filter(pk=consultation.pk).update(comments_until=past)
    assert close_due(consultation.charter) == 1
    assert close_due(consultation.charter) == 0
    ended = factories.fresh(consultation)
    assert (ended.state, ended.comments_until) == (C.REVISING, past)
    entry = Activity.objects.get(verb=Verb.CONSULTATION_END_COMMENTS)
    assert entry.actor_key == "system"


def test_what_is_not_due_stays_open() -> None:
    consultation = factories.consultation_in(factories.charter(), C.COMMENTING)
    assert close_due() == 0
    assert factories.fresh(consultation).state == C.COMMENTING


# ── Concluding and cancelling ─────────────────────────────────────────────────────────────────────────────────────────
def counted(sections: int = 1) -> Consultation:
    charter = factories.charter(sections=sections)
    consultation = factories.consultation_in(charter, C.COMMENTING)
    thread = factories.thread(consultation, factories.member(charter))
    end_comments(consultation=consultation, by=charter.created_by)
    for poll in open_polls(consultation=consultation, by=charter.created_by):
        factories.close(poll)
    consultation.asked = thread  # type: ignore[attr-defined]
    return consultation


def test_an_unanswered_thread_needs_a_written_reason() -> None:
    consultation = counted()
    with pytest.raises(BadInput) as refusal:
        conclude_consultation(consultation=consultation, by=consultation.charter.created_by, reason=" \n ")
    assert refusal.value.code == "unanswered"
    done = conclude_consultation(consultation=consultation, by=consultation.charter.created_by, reason="Off topic.")
    assert (done.state, done.conclusion_reason) == (C.CONCLUDED, "Off topic.")


def test_every_thread_answered_needs_none() -> None:
    consultation = counted()
    factories.answered(consultation.asked)  # type: ignore[attr-defined]
    done = conclude_consultation(consultation=consultation, by=consultation.charter.created_by)
    assert done.concluded_at is not None


def test_not_concluded_while_a_vote_is_open() -> None:
    consultation = factories.consultation_in(factories.charter(sections=2), C.VOTING)
    factories.close(consultation.polls.first())
    with pytest.raises(WrongState):
        conclude_consultation(consultation=consultation, by=consultation.charter.created_by, reason="Now.")


def test_cancelling_voids_the_votes_and_withdraws_the_revisions() -> None:
    charter = factories.charter(sections=2)
    consultation = factories.consultation_in(charter, C.VOTING)
    first, second = consultation.polls.order_by("pk")
    for poll in (first, second):
        cast_vote(poll=poll, by=charter.created_by, choice=Choice.FOR)
    factories.close(first)
    cancel_consultation(consultation=consultation, by=charter.created_by, reason="The law changed.")
    assert factories.fresh(first).state == PollState.COUNTED
    assert (factories.fresh(second).state, factories.fresh(second).cancel_reason) == ("cancelled", "The law changed.")
    assert Vote.objects.count() == 2
    assert CountRecord.objects.count() == 1
    ends = {revision.pk: revision.end.state for revision in consultation.revisions.all()}
    assert ends == {first.revision_id: "decided", second.revision_id: "withdrawn"}


def test_cancelling_needs_a_reason() -> None:
    consultation = factories.planned(factories.charter())
    with pytest.raises(BadInput) as refusal:
        cancel_consultation(consultation=consultation, by=consultation.charter.created_by, reason="")
    assert refusal.value.code == "empty"


def test_a_clause_that_moved_is_submitted_with_both_its_sections() -> None:
    charter = factories.charter(sections=2, clauses=2)
    first, second = charter.sections.order_by("position")
    consultation = factories.consultation_in(charter, ConsultationState.CONCLUDED)
    factories.adopted(consultation)
    clause = first.clauses.first()
    move_clause(clause=clause, by=charter.created_by, section=second, index=0)
    for alone in (first, second):
        with pytest.raises(BadInput) as refusal:
            factories.planned(charter, sections=[alone])
        assert refusal.value.code == "linked"
    assert factories.planned(charter, sections=[first, second]).revisions.count() == 2


def test_an_older_consultation_is_not_adopted_after_a_newer_edition() -> None:
    charter = factories.charter(sections=1, clauses=1)
    older = factories.consultation_in(charter, ConsultationState.CONCLUDED)
    factories.rewrite(charter.sections.first().clauses.first(), "Other words.")
    newer = factories.consultation_in(charter, ConsultationState.CONCLUDED)
    factories.adopted(newer)
    with pytest.raises(WrongState):
        factories.adopted(older)
