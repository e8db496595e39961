"""The journal: one entry for each act, in the act's own transaction, in one chain that shows every tampering."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from charters.actions import clauses as clause_acts
from charters.actions import consultations, editions, journal, members, polls, revisions, sections, threads
from charters.actions.journal import Fault, verify
from charters.enums import Choice, CollegeKind, ConsultationState, Nature, ResponseKind, Role, Verb, VoiceKind
from charters.exceptions import DomainError
from charters.models import Activity, ActivityDetail, ActivityHead, Charter, Clause, Elector, Section, Voice
from tests import factories
from tests.guards import lifted

pytestmark = pytest.mark.django_db
C = ConsultationState
WORDS = {"title": "A clause", "body": "Other words.", "nature": Nature.INFORMATION}


# ── One entry for each act ────────────────────────────────────────────────────────────────────────────────────────────
def charter_in(state: ConsultationState) -> Any:
    charter = factories.charter()
    return charter, factories.consultation_in(charter, state)


def invited(charter: Charter) -> dict[str, Any]:
    return {
        "charter": charter, "by": charter.created_by, "name": "Somebody", "email": "somebody@example.org",
        "college": factories.college(charter), "role": Role.PARTICIPANT,
    }  # fmt: skip


def small() -> tuple[Charter, Section, Clause, Any]:
    charter = factories.charter()
    section = charter.sections.order_by("position").first()
    return charter, section, section.clauses.order_by("position").first(), charter.created_by


def act_on_text(name: str) -> Callable[[], object]:
    charter, section, clause, by = small()
    other = charter.sections.order_by("position").last()
    acts: dict[str, Callable[[], object]] = {
        Verb.SECTION_ADD: lambda: factories.section(charter),
        Verb.SECTION_EDIT: lambda: sections.edit_section(
            section=section, by=by, version=section.version, title="Other", summary=""
        ),
        Verb.SECTION_MOVE: lambda: sections.move_section(section=section, by=by, index=1),
        Verb.SECTION_REMOVE: lambda: sections.remove_section(section=section, by=by),
        Verb.CLAUSE_ADD: lambda: clause_acts.add_clause(section=section, by=by, **WORDS),
        Verb.CLAUSE_EDIT: lambda: clause_acts.edit_clause(clause=clause, by=by, version=clause.version, **WORDS),
        Verb.CLAUSE_MOVE: lambda: clause_acts.move_clause(clause=clause, by=by, section=other, index=0),
        Verb.CLAUSE_REMOVE: lambda: clause_acts.remove_clause(clause=clause, by=by),
    }
    if name == Verb.SECTION_RESTORE:
        gone = sections.remove_section(section=section, by=by)
        return lambda: sections.restore_section(section=gone, by=by)
    if name == Verb.CLAUSE_RESTORE:
        away = clause_acts.remove_clause(clause=clause, by=by)
        return lambda: clause_acts.restore_clause(clause=away, by=by)
    if name == Verb.CLAUSE_REVERT:
        first = clause.history.get()
        kept = factories.rewrite(clause, "Other words.")
        return lambda: clause_acts.revert_clause(clause=kept, by=by, version=kept.version, history_id=first.history_id)
    return acts[name]


def act_on_people(name: str) -> Callable[[], object]:
    charter = factories.charter()
    row = factories.membership(charter)
    by, college = charter.created_by, factories.college(charter, CollegeKind.REPRESENTATIVES)
    return {
        Verb.MEMBER_INVITE: lambda: members.invite_member(**invited(charter)),
        Verb.MEMBER_CHANGE: lambda: members.change_member(
            membership=row, by=by, college=college, role=Role.PARTICIPANT
        ),
        Verb.MEMBER_LEAVE: lambda: members.leave_member(membership=row, by=by),
        Verb.CHARTER_CREATE: lambda: factories.charter(by, sections=0),
    }[Verb(name)]


def act_on_consultation(name: str) -> Callable[[], object]:
    verb = Verb(name)
    state = {
        Verb.CONSULTATION_OPEN: C.PLANNED, Verb.POLL_OPEN: C.REVISING, Verb.POLL_EXTEND: C.VOTING,
        Verb.POLL_CANCEL: C.VOTING, Verb.POLL_COUNT: C.VOTING, Verb.VOTE_CAST: C.VOTING,
        Verb.CONSULTATION_CONCLUDE: C.VOTING, Verb.EDITION_ADOPT: C.CONCLUDED, Verb.EDITION_PUBLISH: C.CONCLUDED,
    }.get(verb, C.COMMENTING)  # fmt: skip
    charter = factories.charter(sections=1)
    consultation = factories.consultation_in(charter, state)
    by, revision = charter.created_by, consultation.revisions.get()
    if verb is Verb.REVISION_SUBMIT:
        factories.rewrite(Clause.objects.filter(section=revision.section).first(), "Other words.")
    if verb is Verb.CONSULTATION_CONCLUDE:
        factories.close(consultation.polls.get())
    due = factories.past_its_close(consultation.polls.get()) if verb is Verb.POLL_COUNT else None
    poll = due or consultation.polls.first()
    edition = factories.adopted(consultation) if verb is Verb.EDITION_PUBLISH else None
    acts: dict[Verb, Callable[[], object]] = {
        Verb.CONSULTATION_OPEN: lambda: consultations.open_consultation(consultation=consultation, by=by),
        Verb.CONSULTATION_END_COMMENTS: lambda: consultations.end_comments(consultation=consultation, by=by),
        Verb.CONSULTATION_CONCLUDE: lambda: consultations.conclude_consultation(consultation=consultation, by=by),
        Verb.CONSULTATION_CANCEL: lambda: consultations.cancel_consultation(
            consultation=consultation, by=by, reason="A mistake."
        ),
        Verb.REVISION_SUBMIT: lambda: revisions.submit_revision(
            section=revision.section, consultation=consultation, by=by
        ),
        Verb.REVISION_WITHDRAW: lambda: revisions.withdraw_revision(revision=revision, by=by, reason="Not ready."),
        Verb.POLL_OPEN: lambda: polls.open_polls(consultation=consultation, by=by),
        Verb.POLL_EXTEND: lambda: polls.extend_poll(poll=poll, by=by, closes_at=factories.hours(72)),
        Verb.POLL_CANCEL: lambda: polls.cancel_poll(poll=poll, by=by, reason="A wrong text."),
        Verb.POLL_COUNT: lambda: polls.count_poll(poll=poll),
        Verb.VOTE_CAST: lambda: polls.cast_vote(poll=poll, by=by, choice=Choice.FOR),
        Verb.EDITION_ADOPT: lambda: factories.adopted(consultation),
        Verb.EDITION_PUBLISH: lambda: editions.publish_edition(edition=edition, by=by, content=factories.PDF),
    }
    return acts[verb]


def act_on_threads(name: str) -> Callable[[], object]:
    charter, consultation = charter_in(C.COMMENTING)
    by, thread = charter.created_by, factories.thread(consultation, charter.created_by)
    if name in {Verb.THREAD_RESOLVE, Verb.THREAD_REOPEN}:
        factories.answered(thread)
    if name == Verb.THREAD_REOPEN:
        threads.resolve_thread(thread=thread, by=by)
    return {
        Verb.THREAD_OPEN: lambda: factories.thread(consultation, by),
        Verb.THREAD_REPLY: lambda: threads.reply_thread(thread=thread, by=by, body="Indeed."),
        Verb.THREAD_ANSWER: lambda: threads.answer_thread(
            thread=thread, by=by, kind=ResponseKind.ACCEPTED, body="Yes."
        ),
        Verb.THREAD_RESOLVE: lambda: threads.resolve_thread(thread=thread, by=by),
        Verb.THREAD_REOPEN: lambda: threads.reopen_thread(thread=thread, by=by),
    }[Verb(name)]


READS = {
    Verb.CHARTER_READ, Verb.RIGHTS_READ, Verb.MEMBER_READ, Verb.WORKING_TEXT_READ, Verb.EDITION_READ,
    Verb.EDITION_DOWNLOAD, Verb.JOURNAL_READ,
}  # fmt: skip
ACTS = sorted(set(Verb) - READS - {Verb.CONSULTATION_PLAN})


def prepared(verb: Verb) -> Callable[[], object]:
    kind = verb.partition("_")[0]
    if kind in {"section", "clause"}:
        return act_on_text(verb)
    if kind in {"member", "charter"}:
        return act_on_people(verb)
    return act_on_threads(verb) if kind == "thread" else act_on_consultation(verb)


@pytest.mark.parametrize("verb", ACTS)
def test_an_act_leaves_one_entry_of_its_verb(verb: Verb) -> None:
    act = prepared(verb)
    before = set(Activity.objects.values_list("pk", flat=True))
    act()
    assert [entry.verb for entry in Activity.objects.exclude(pk__in=before)] == [verb]
    assert all(verify(charter) == [] for charter in Charter.objects.all())


@pytest.mark.parametrize("verb", ACTS)
def test_an_act_that_is_rolled_back_leaves_none(verb: Verb) -> None:
    act = prepared(verb)
    before = list(Activity.objects.values_list("pk", "hash"))
    heads = list(ActivityHead.objects.values_list())
    with transaction.atomic():
        act()
        transaction.set_rollback(True)
    assert list(Activity.objects.values_list("pk", "hash")) == before
    assert list(ActivityHead.objects.values_list()) == heads


def test_planning_leaves_its_entry_and_one_for_each_revision() -> None:
    charter = factories.charter(sections=3)
    before = Activity.objects.filter(charter=charter).count()
    factories.planned(charter)
    found = Activity.objects.filter(charter=charter).order_by("sequence").values_list("verb", flat=True)[before:]
    assert list(found) == [Verb.CONSULTATION_PLAN, *[Verb.REVISION_SUBMIT] * 3]


def test_a_refused_act_leaves_no_entry() -> None:
    _charter, consultation = charter_in(C.VOTING)
    before = Activity.objects.count()
    with pytest.raises(DomainError):
        factories.thread(consultation, consultation.charter.created_by)
    with pytest.raises(DomainError):
        consultations.cancel_consultation(consultation=consultation, by=consultation.charter.created_by, reason="  ")
    assert Activity.objects.count() == before


def test_a_save_that_changes_nothing_leaves_no_entry() -> None:
    _charter, section, clause, by = small()
    before = Activity.objects.count()
    factories.rewrite(clause, clause.body)
    sections.edit_section(section=section, by=by, version=section.version, title=section.title, summary=section.summary)
    assert Activity.objects.count() == before


# ── The chain ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def sql(statement: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.fixture
def written() -> Charter:
    charter = factories.charter()
    factories.consultation_in(charter, C.CONCLUDED)
    assert verify(charter) == []
    return charter


def faults(charter: Charter) -> set[str]:
    return {fault.what for fault in verify(charter)}


TAMPERED = [
    ("verb", "clause_remove"),
    ("actor_key", "somebody else"),
    ("object_type", "poll"),
    ("object_id", 4_242),
    ("payload_digest", "0" * 64),
    ("at", "2020-01-01 00:00:00+00:00"),
    ("hash", "f" * 64),
    ("previous_hash", "f" * 64),
]


@pytest.mark.parametrize(("column", "value"), TAMPERED, ids=[column for column, _value in TAMPERED])
def test_a_changed_entry_shows(written: Charter, column: str, value: object) -> None:
    entry = Activity.objects.get(charter=written, sequence=3)
    connection.check_constraints()
    with lifted(connection):
        sql(f"UPDATE charters_activity SET {column} = %s WHERE id = %s", value, entry.pk)
    assert Fault(3, "changed after it was written") in verify(written)


def test_every_column_of_an_entry_is_covered() -> None:
    columns = {field.column for field in Activity._meta.concrete_fields}
    assert columns - {column for column, _value in TAMPERED} == {"id", "charter_id", "sequence"}  # the place in a chain


def test_a_changed_entry_whose_hash_was_made_anew_shows_at_the_next_one(written: Charter) -> None:
    entry = Activity.objects.get(charter=written, sequence=3)
    entry.actor_key = "somebody else"
    connection.check_constraints()
    with lifted(connection):
        sql(
            "UPDATE charters_activity SET actor_key = %s, hash = %s WHERE id = %s",
            entry.actor_key, journal.entry_hash(entry), entry.pk,
        )  # fmt: skip
    assert verify(written) == [Fault(4, "does not follow its predecessor")]


def test_an_entry_taken_out_shows(written: Charter) -> None:
    entry = Activity.objects.get(charter=written, sequence=3)
    connection.check_constraints()
    with lifted(connection):
        sql("DELETE FROM charters_activitydetail WHERE activity_id = %s", entry.pk)
        sql("DELETE FROM charters_activity WHERE id = %s", entry.pk)
    assert faults(written) == {"entry missing, 4 follows", "does not follow its predecessor"}


def test_the_last_entry_taken_out_shows(written: Charter) -> None:
    entry = Activity.objects.filter(charter=written).first()
    connection.check_constraints()
    with lifted(connection):
        sql("DELETE FROM charters_activitydetail WHERE activity_id = %s", entry.pk)
        sql("DELETE FROM charters_activity WHERE id = %s", entry.pk)
    assert faults(written) == {"the head does not match the last entry"}


def test_two_entries_exchanged_show(written: Charter) -> None:
    connection.check_constraints()
    with lifted(connection):
        for before, after in ((3, 999), (4, 3), (999, 4)):
            sql(
                "UPDATE charters_activity SET sequence = %s WHERE charter_id = %s AND sequence = %s",
                after, written.pk, before,
            )  # fmt: skip
    assert "changed after it was written" in faults(written)


def test_an_entry_taken_to_another_charter_shows(written: Charter) -> None:
    other = factories.charter()
    last = Activity.objects.filter(charter=written).first()
    connection.check_constraints()
    with lifted(connection):
        sql("UPDATE charters_activity SET charter_id = %s, sequence = 900 WHERE id = %s", other.pk, last.pk)
    assert "changed after it was written" in faults(other)
    assert faults(written)


@pytest.mark.parametrize(("column", "value"), [("payload", '{"number": 7}'), ("reason", "Another"), ("salt", "0" * 32)])
def test_a_changed_detail_shows(written: Charter, column: str, value: str) -> None:
    detail = ActivityDetail.objects.get(activity__charter=written, activity__sequence=3)
    connection.check_constraints()
    sql(f"UPDATE charters_activitydetail SET {column} = %s WHERE id = %s", value, detail.pk)
    assert verify(written) == [Fault(3, "detail changed after it was written")]


def test_a_detail_taken_out_shows(written: Charter) -> None:
    ActivityDetail.objects.filter(activity__charter=written, activity__sequence=3).delete()
    assert verify(written) == [Fault(3, "detail missing")]


def test_a_redacted_detail_does_not_break_the_chain(written: Charter) -> None:
    entries = ActivityDetail.objects.filter(activity__charter=written, activity__sequence=3)
    entries.update(payload={}, reason="", redacted_at=factories.hours(0))
    assert verify(written) == []


@pytest.mark.parametrize("change", [{"sequence": 1}, {"last_hash": "0" * 64}])
def test_a_changed_head_shows(written: Charter, change: dict[str, Any]) -> None:
    ActivityHead.objects.filter(charter=written).update(**change)
    assert faults(written) == {"the head does not match the last entry"}


def test_a_head_taken_out_shows(written: Charter) -> None:
    ActivityHead.objects.filter(charter=written).delete()
    assert faults(written) == {"the head is missing"}


def test_the_salt_hides_what_a_detail_says() -> None:
    assert journal.digest_detail({"number": 1}, "", "a") != journal.digest_detail({"number": 1}, "", "b")


# ── Who is not named ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", list(VoiceKind))
def test_a_voice_is_never_linked_to_its_person(kind: VoiceKind) -> None:
    charter = factories.charter()
    consultation = factories.consultation_in(charter, C.COMMENTING, voice_kind=kind)
    speaker = factories.person("Marguerite Tessier")
    factories.member(charter, who=speaker)
    invitation = Activity.objects.filter(charter=charter).first()
    thread = factories.thread(consultation, speaker)
    threads.reply_thread(thread=thread, by=speaker, body="And another thing.")
    after = Activity.objects.filter(charter=charter, sequence__gt=invitation.sequence)
    assert {entry.actor_key for entry in after} == {Voice.objects.get(person=speaker).key}
    told = repr(list(after.values_list())) + repr(list(ActivityDetail.objects.filter(activity__in=after).values_list()))
    for secret in (speaker.key, speaker.name, speaker.email, "another thing"):
        assert secret not in told


def test_an_elector_is_never_linked_to_their_person_nor_the_vote_to_the_elector() -> None:
    charter = factories.charter(sections=1)
    voter = factories.member(charter)
    poll = factories.consultation_in(charter, C.VOTING).polls.get()
    before = Activity.objects.filter(charter=charter).first().sequence
    for choice in (Choice.AGAINST, Choice.FOR):
        polls.cast_vote(poll=poll, by=voter, choice=choice, reason="For my own reasons.")
    entries = Activity.objects.filter(charter=charter, sequence__gt=before)
    assert {entry.actor_key for entry in entries} == {Elector.objects.get(poll=poll, person=voter).key}
    told = repr(list(entries.values_list()))
    told += repr(list(ActivityDetail.objects.filter(activity__in=entries).values_list()))
    for secret in (voter.key, voter.name, "'for'", "'against'", "own reasons"):
        assert secret not in told
