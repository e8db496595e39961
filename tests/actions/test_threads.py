"""Voices, threads, answers, and what becomes of a thread when the text it speaks of is revised."""

import pytest

from charters.actions import clauses as clause_acts
from charters.actions.consultations import conclude_consultation, end_comments
from charters.actions.members import change_member, leave_member
from charters.actions.revisions import submit_revision, withdraw_revision
from charters.actions.sections import edit_section, remove_section
from charters.actions.threads import (
    answer_thread,
    open_thread,
    reopen_thread,
    reply_thread,
    resolve_thread,
    voice_of,
)
from charters.enums import (
    AnchorState,
    CollegeKind,
    ConsultationState,
    Nature,
    ResponseKind,
    Role,
    ThreadState,
    VoiceKind,
)
from charters.exceptions import BadInput, NotPermitted, WrongState
from charters.models import Anchor, Clause, Comment, Consultation, Revision, Section, Thread, Voice
from tests import factories

pytestmark = pytest.mark.django_db
C = ConsultationState


@pytest.fixture
def consultation() -> Consultation:
    return factories.consultation_in(factories.charter(), C.COMMENTING)


def submit(consultation: Consultation, section: Section) -> Revision:
    by = consultation.charter.created_by
    return submit_revision(section=section, consultation=consultation, by=by)


def anchors(thread: Thread) -> list[tuple[str, int, str]]:
    """Section, revision number and state of each anchor, oldest first."""
    rows = Anchor.objects.filter(thread=thread).select_related("revision").order_by("pk")
    return [(row.revision.title, row.revision.number, row.state) for row in rows]


# ── Voices ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_voice_is_stable_within_its_consultation_and_new_in_the_next(consultation: Consultation) -> None:
    by = factories.member(consultation.charter)
    thread = factories.thread(consultation, by)
    reply = reply_thread(thread=thread, by=by, body="And more.")
    voice = Voice.objects.get()
    assert {comment.voice_id for comment in Comment.objects.all()} == {voice.pk} == {reply.voice_id}
    factories.fresh(consultation)
    factories.concluded(_to_vote(consultation))
    factories.rewrite(Clause.objects.filter(section__charter=consultation.charter).first(), "Other words.")
    second = factories.consultation_in(consultation.charter, C.COMMENTING, sections=_changed(consultation))
    assert voice_of(second, by).key != voice.key


def _to_vote(consultation: Consultation) -> Consultation:
    from charters.actions.polls import open_polls  # noqa: PLC0415

    consultation = end_comments(consultation=consultation, by=consultation.charter.created_by)
    open_polls(consultation=consultation, by=consultation.charter.created_by)
    return factories.fresh(consultation)


def _changed(consultation: Consultation) -> list[Section]:
    return list(consultation.charter.sections.all())


def test_ordinals_are_unique_and_follow_neither_arrival_nor_college(consultation: Consultation) -> None:
    people = factories.members(consultation.charter, 12) + factories.members(
        consultation.charter, 12, CollegeKind.REPRESENTATIVES
    )
    ordinals = [voice_of(consultation, person).ordinal for person in people]
    assert len(set(ordinals)) == len(ordinals)
    assert ordinals != sorted(ordinals)  # 1 chance in 24! that chance says so
    assert max(ordinals) > len(people)  # drawn among more numbers than people, and again 1 chance in many
    assert [voice_of(consultation, person).ordinal for person in people] == ordinals


def test_there_is_a_number_for_everybody(consultation: Consultation) -> None:
    """However many have taken theirs: the draw is among three times the members."""
    for number in range(1, 98):
        Voice.objects.create(
            consultation=consultation,
            person=factories.person(),
            college=factories.college(consultation.charter),
            kind=VoiceKind.PSEUDONYM,
            ordinal=number,
        )
    assert voice_of(consultation, factories.member(consultation.charter)).ordinal in {98, 99}


@pytest.mark.parametrize("kind", list(VoiceKind))
def test_a_voice_is_of_the_kind_that_was_announced(kind: VoiceKind) -> None:
    consultation = factories.consultation_in(factories.charter(), C.COMMENTING, voice_kind=kind)
    by = consultation.charter.created_by
    factories.thread(consultation, by)
    assert Voice.objects.get().kind == kind


def test_a_voice_keeps_its_college_when_its_person_changes(consultation: Consultation) -> None:
    row = factories.membership(consultation.charter)
    factories.thread(consultation, row.person)
    other = factories.college(consultation.charter, CollegeKind.HR)
    change_member(membership=row, by=consultation.charter.created_by, college=other, role=Role.PARTICIPANT)
    assert voice_of(consultation, row.person).college.kind == CollegeKind.EMPLOYEES


def test_who_is_no_member_has_no_voice(consultation: Consultation) -> None:
    with pytest.raises(WrongState):
        voice_of(consultation, factories.person())
    row = factories.membership(consultation.charter)
    leave_member(membership=row, by=consultation.charter.created_by)
    with pytest.raises(NotPermitted):
        factories.thread(consultation, row.person)


# ── Opening, replying, answering ──────────────────────────────────────────────────────────────────────────────────────
def test_a_thread_holds_on_to_the_present_revision_of_its_clause(consultation: Consultation) -> None:
    thread = factories.thread(consultation, consultation.charter.created_by, body="What  **exactly**?\r\n")
    assert anchors(thread) == [("Section 1", 1, AnchorState.VALID)]
    assert thread.state == ThreadState.OPEN
    comment = thread.comments.get()
    assert "<strong>exactly</strong>" in comment.html
    assert "\r" not in comment.body


def test_a_clause_that_was_not_submitted_takes_no_thread(consultation: Consultation) -> None:
    by = consultation.charter.created_by
    later = factories.clause(consultation.charter.sections.first())
    foreign = factories.charter().sections.first().clauses.first()
    for clause in (later, foreign):
        with pytest.raises(WrongState) as refused:
            open_thread(consultation=consultation, clause=clause, by=by, body="What is this?")
        assert refused.value.code == "clause_gone"
    assert not Thread.objects.exists()


@pytest.mark.parametrize("body", ["", "  \n ", "\u200b", "x" * 4_001, "a\x00b", "\u202eabc", "\ud800"])
def test_words_that_cannot_be_taken_leave_nothing(consultation: Consultation, body: str) -> None:
    by = consultation.charter.created_by
    with pytest.raises(BadInput):
        factories.thread(consultation, by, body=body)
    assert not Thread.objects.exists()
    assert not Voice.objects.exists()


def test_a_comment_shows_no_script_and_no_picture(consultation: Consultation) -> None:
    body = "<script>alert(1)</script> ![x](https://example.org/x.png) [y](javascript:alert(1))"
    html = factories.thread(consultation, consultation.charter.created_by, body=body).comments.get().html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_the_last_answer_stands_and_all_are_kept(consultation: Consultation) -> None:
    by = consultation.charter.created_by
    thread = factories.answered(factories.thread(consultation, by))
    answer_thread(thread=thread, by=by, kind=ResponseKind.ACCEPTED, body="In fact, yes.")
    assert [response.kind for response in thread.responses.all()] == [ResponseKind.ANSWERED, ResponseKind.ACCEPTED]


def test_no_thread_is_put_away_unanswered(consultation: Consultation) -> None:
    by = consultation.charter.created_by
    thread = factories.thread(consultation, by)
    with pytest.raises(WrongState, match=r"[Aa]nswer|[Rr]épon"):
        resolve_thread(thread=thread, by=by)
    thread = resolve_thread(thread=factories.answered(thread), by=by)
    assert thread.state == ThreadState.RESOLVED
    with pytest.raises(WrongState):
        resolve_thread(thread=thread, by=by)
    assert reopen_thread(thread=thread, by=by).state == ThreadState.OPEN
    with pytest.raises(WrongState):
        reopen_thread(thread=thread, by=by)


def test_concluding_needs_every_answer_or_a_reason(consultation: Consultation) -> None:
    by = consultation.charter.created_by
    thread = factories.thread(consultation, by)
    voting = _to_vote(consultation)
    for poll in voting.polls.all():
        factories.close(poll)
    for reason in ("", "   "):
        with pytest.raises(BadInput) as refused:
            conclude_consultation(consultation=voting, by=by, reason=reason)
        assert refused.value.code == "unanswered"
    factories.answered(thread)
    assert conclude_consultation(consultation=voting, by=by).state == C.CONCLUDED


# ── Carrying over ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_clause_that_did_not_change_keeps_its_thread(consultation: Consultation) -> None:
    first, second = Clause.objects.filter(section__title="Section 1", section__charter=consultation.charter)
    thread = factories.thread(consultation, consultation.charter.created_by, first)
    factories.rewrite(second, "Other words.")
    submit(consultation, first.section)
    assert anchors(thread) == [("Section 1", 1, "valid"), ("Section 1", 2, "valid")]


@pytest.mark.parametrize(
    "change",
    [{"body": "Other words."}, {"title": "Another title"}, {"nature": Nature.OBLIGATION}, {"references": "L1"}],
)
def test_any_change_of_the_clause_is_said_and_stays_said(consultation: Consultation, change: dict[str, object]) -> None:
    by = consultation.charter.created_by
    clause = factories.first_clause(consultation)
    thread = factories.thread(consultation, by, clause)
    content = {"title": clause.title, "body": clause.body, "nature": Nature(clause.nature), "references": ""} | change
    clause_acts.edit_clause(clause=clause, by=by, version=clause.version, **content)
    submit(consultation, clause.section)
    factories.clause(clause.section)
    submit(consultation, clause.section)
    assert [state for _section, _number, state in anchors(thread)] == ["valid", "changed", "changed"]


def test_words_that_come_back_are_valid_again(consultation: Consultation) -> None:
    clause = factories.first_clause(consultation)
    thread, words = factories.thread(consultation, consultation.charter.created_by, clause), clause.body
    for body in ("Other words.", words):
        factories.rewrite(clause, body)
        submit(consultation, clause.section)
    assert [state for _section, _number, state in anchors(thread)] == ["valid", "changed", "valid"]


def test_a_removed_clause_is_said_in_every_later_revision_and_may_come_back(consultation: Consultation) -> None:
    by, clause = consultation.charter.created_by, factories.first_clause(consultation)
    other = clause.section.clauses.last()
    thread = factories.thread(consultation, by, clause)
    clause_acts.remove_clause(clause=clause, by=by)
    submit(consultation, clause.section)
    factories.rewrite(other, "Other words.")
    submit(consultation, clause.section)
    clause_acts.restore_clause(clause=clause, by=by)
    submit(consultation, clause.section)
    assert [state for _section, _number, state in anchors(thread)] == ["valid", "removed", "removed", "valid"]


def test_a_removed_section_removes_its_clauses(consultation: Consultation) -> None:
    """It was never adopted: there is nothing to vote its removal on, so its revision is withdrawn instead."""
    by, clause = consultation.charter.created_by, factories.first_clause(consultation)
    thread = factories.thread(consultation, by, clause)
    remove_section(section=clause.section, by=by)
    assert submit(consultation, clause.section).kind == "removed"
    assert [state for _section, _number, state in anchors(thread)] == ["valid", "removed"]


def test_a_clause_moved_to_another_section_takes_its_thread_along(consultation: Consultation) -> None:
    by, clause = consultation.charter.created_by, factories.first_clause(consultation)
    there = consultation.charter.sections.get(title="Section 2")
    thread = factories.thread(consultation, by, clause)
    clause_acts.move_clause(clause=clause, by=by, section=there, index=0)
    submit(consultation, there)
    submit(consultation, clause.section)
    assert anchors(thread) == [("Section 1", 1, "valid"), ("Section 2", 2, "valid"), ("Section 1", 2, "removed")]


def test_a_thread_survives_the_withdrawal_of_its_revision(consultation: Consultation) -> None:
    by, clause = consultation.charter.created_by, factories.first_clause(consultation)
    thread = factories.thread(consultation, by, clause)
    withdraw_revision(revision=Revision.objects.get(section=clause.section), by=by, reason="Not ready.")
    clause_acts.remove_clause(clause=clause, by=by)
    submit(consultation, clause.section)
    assert [state for _section, _number, state in anchors(thread)] == ["valid", "removed"]


def test_threads_of_other_sections_are_left_alone(consultation: Consultation) -> None:
    by, clause = consultation.charter.created_by, factories.first_clause(consultation)
    thread = factories.thread(consultation, by, clause)
    other = consultation.charter.sections.get(title="Section 2")
    edit_section(section=other, by=by, version=other.version, title="Another", summary="")
    submit(consultation, other)
    assert len(anchors(thread)) == 1
