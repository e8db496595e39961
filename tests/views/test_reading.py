"""The reading page: the text readers have, its margin, its counts, and what each person may do there."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from charters.actions.clauses import move_clause, remove_clause
from charters.actions.revisions import submit_revision, withdraw_revision
from charters.actions.threads import reply_thread, resolve_thread, voice_of
from charters.enums import ConsultationState, VoiceKind
from charters.models import Anchor, Charter, Clause, Comment, Consultation, Person, RevisionClause, Thread, Voice
from charters.queries.reading import reading
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    return factories.world(sections=2, clauses=4)


@pytest.fixture
def consultation(world: factories.World) -> Consultation:
    return factories.consultation_in(world.charter, ConsultationState.COMMENTING)


def page(client: Client, person: Person, charter: Charter, **query: str) -> str:
    client.force_login(person)
    response = client.get(reverse("charter_read", args=[charter.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def queries(client: Client, person: Person, address: str) -> int:
    client.force_login(person)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def many_threads(consultation: Consultation, by: Person, number: int) -> None:
    """`number` threads with a reply each, over the clauses of the consultation, as rows: acts would take minutes."""
    voice = voice_of(consultation, by)
    snapshots = list(RevisionClause.objects.filter(revision__consultation=consultation).select_related("revision"))
    now = timezone.now()
    for rank in range(number - 1):
        snapshot = snapshots[rank % len(snapshots)]
        thread = Thread.objects.create(consultation=consultation, clause_id=snapshot.clause_id, created_at=now)
        Anchor.objects.create(thread=thread, revision=snapshot.revision, snapshot=snapshot)
        for _ in range(2):
            Comment.objects.create(thread=thread, voice=voice, body="Words", html="<p>Words</p>", created_at=now)
    factories.answered(factories.thread(consultation, by))


# ── Cost ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("number", [1, 3, 300])
def test_the_page_runs_the_same_queries_whatever_the_number_of_threads(
    client: Client, world: factories.World, consultation: Consultation, number: int
) -> None:
    many_threads(consultation, world.participant, number)
    address = reverse("charter_read", args=[world.charter.pk])
    assert queries(client, world.representative, address) == 19
    assert queries(client, world.drafter, address) == 19


@pytest.mark.parametrize("clauses", [1, 30])
def test_the_page_runs_the_same_queries_whatever_the_number_of_clauses(client: Client, clauses: int) -> None:
    charter = factories.charter(sections=1, clauses=clauses)
    consultation = factories.consultation_in(charter, ConsultationState.COMMENTING)
    factories.answered(factories.thread(consultation, charter.created_by))
    assert queries(client, charter.created_by, reverse("charter_read", args=[charter.pk])) == 19


@pytest.mark.parametrize("number", [1, 3, 40])
def test_the_page_of_a_clause_runs_the_same_queries_whatever_the_number_of_threads(
    client: Client, world: factories.World, consultation: Consultation, number: int
) -> None:
    for _ in range(number):
        factories.answered(factories.thread(consultation, world.participant))
    clause = factories.first_clause(consultation)
    address = reverse("thread_open", args=[world.charter.pk, clause.pk])
    assert queries(client, world.drafter, address) == 23


def test_three_hundred_threads_are_counted_and_not_shown(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    many_threads(consultation, world.participant, 300)
    html = page(client, world.representative, world.charter)
    clauses = RevisionClause.objects.filter(revision__consultation=consultation).count()
    assert clauses == 8
    assert html.count('<details class="thread') == 3 * clauses
    shown = reading(world.representative, world.charter)
    assert shown.figures.total == 300
    assert sum(clause.rest for section in shown.sections for clause in section.clauses) == 300 - 3 * clauses


# ── Which text ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_nothing_yet_says_what_to_do_next_by_role(client: Client, world: factories.World) -> None:
    plan = reverse("consultation_plan", args=[world.charter.pk])
    assert plan in page(client, world.drafter, world.charter)
    assert plan not in page(client, world.participant, world.charter)
    planned = factories.planned(world.charter)
    assert reverse("consultation", args=[planned.pk]) in page(client, world.administrator, world.charter)
    html = page(client, world.participant, world.charter)
    assert reverse("consultation", args=[planned.pk]) not in html
    assert "Clause 1.1" not in html


def test_the_text_is_the_last_standing_revision_not_the_working_text(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    factories.rewrite(world.clause, "Be kind to animals too.")
    assert "animals" not in page(client, world.drafter, world.charter)
    submit_revision(section=world.clause.section, consultation=consultation, by=world.drafter)
    html = page(client, world.participant, world.charter)
    assert "animals" in html
    revision = consultation.revisions.get(section=world.clause.section, end=None)
    assert f"{reverse('revision_comparison', args=[revision.pk])}?with=1" in html


def test_a_withdrawn_section_says_why_and_the_edition_s_text_comes_back(client: Client, world: factories.World) -> None:
    factories.edition(world.charter)
    factories.rewrite(world.clause, "Be kind to animals too.")
    second = factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    thread = factories.thread(second, world.participant)
    revision = second.revisions.get()
    withdraw_revision(revision=revision, by=world.drafter, reason="It went too far.")
    html = page(client, world.participant, world.charter)
    assert "It went too far." in html
    assert "animals" not in html
    assert "Be kind to people." in html
    assert f'id="thread-{thread.key}"' in html  # the clause is there, with other words than the thread began on
    assert "Wording changed since" in html


def test_sections_left_out_of_a_round_are_those_of_the_edition(client: Client, world: factories.World) -> None:
    factories.edition(world.charter)
    factories.rewrite(world.clause, "Be kind to animals too.")
    factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    html = page(client, world.participant, world.charter)
    assert "animals" in html
    assert "Section 2" in html
    assert html.count("Held by edition no. 1") == 1


def test_nobody_is_asked_to_comment_on_a_section_that_was_not_submitted(client: Client, world: factories.World) -> None:
    factories.edition(world.charter)
    factories.rewrite(world.clause, "Be kind to animals too.")
    factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    html = page(client, world.participant, world.charter)
    submitted = world.clause.section.clauses.count()
    assert html.count("data-write") == submitted < Clause.objects.filter(section__charter=world.charter).count()
    assert html.count("Not submitted to consultation no. 2") == 1
    other = Clause.objects.filter(section__charter=world.charter).exclude(section=world.clause.section)[0]
    assert "<textarea" not in client.get(reverse("thread_open", args=[world.charter.pk, other.pk])).content.decode()


def test_a_thread_says_what_became_of_its_clause(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    first, second, third, _ = world.sections[0].clauses.order_by("position")
    for clause in (first, second, third):
        factories.thread(consultation, world.participant, clause)
    factories.rewrite(first, "Other words.")
    remove_clause(clause=second, by=world.drafter)
    submit_revision(section=world.sections[0], consultation=consultation, by=world.drafter)
    html = page(client, world.representative, world.charter)
    assert html.count("Wording changed since") == 1
    assert "Threads on clauses that left the text" in html
    assert html.count("Clause removed since") == 2  # at the clause, and in its thread (folded)
    assert [c.number for c in reading(world.drafter, world.charter).sections[0].former] == ["U2"]


def test_a_clause_that_moved_to_another_section_keeps_its_threads_there(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    clause = world.clause
    factories.thread(consultation, world.participant, clause)
    move_clause(clause=clause, by=world.drafter, section=world.sections[1], index=0)
    submit_revision(section=world.sections[1], consultation=consultation, by=world.drafter)
    html = page(client, world.participant, world.charter)  # both sections hold it for now
    identifiers = re.findall(r'\sid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
    submit_revision(section=world.sections[0], consultation=consultation, by=world.drafter)
    shown = reading(world.participant, world.charter)
    assert [len(s.former) for s in shown.sections] == [0, 0]
    assert shown.clause(clause.pk) in shown.sections[1].clauses
    assert len(shown.clause(clause.pk).threads) == 1


# ── The margin ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_margin_runs_along_the_uncommented_clauses_below_it(
    world: factories.World, consultation: Consultation
) -> None:
    clauses = list(world.sections[0].clauses.order_by("position"))
    factories.thread(consultation, world.participant, clauses[0])
    assert [c.span for c in reading(world.drafter, world.charter).sections[0].clauses] == [3, 1, 1, 1]
    factories.thread(consultation, world.participant, clauses[2])
    shown = reading(world.drafter, world.charter)
    assert [c.span for c in shown.sections[0].clauses] == [2, 1, 2, 1]
    assert shown.overlapping(clauses[1].pk).pk == clauses[0].pk
    assert shown.overlapping(clauses[0].pk) is None


def test_resolved_threads_come_last_and_one_thread_is_unfolded(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    old = factories.answered(factories.thread(consultation, world.participant))
    new = factories.thread(consultation, world.participant)
    resolve_thread(thread=factories.answered(new), by=world.drafter)
    threads = reading(world.participant, world.charter).sections[0].clauses[0].threads
    assert [(t.key, t.resolved, t.open) for t in threads] == [(old.key, False, True), (new.key, True, False)]
    asked = reading(world.participant, world.charter, new.key).sections[0].clauses[0].threads
    assert [(t.key, t.open) for t in asked] == [(new.key, True), (old.key, False)]


def test_a_long_conversation_shows_its_beginning_and_its_end(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    thread = factories.thread(consultation, world.participant, body="The beginning")
    for rank in range(6):
        reply_thread(thread=thread, by=world.representative, body=f"Reply number {rank}")
    html = page(client, world.drafter, world.charter)
    found = re.findall(r"Reply number \d|The beginning|\d earlier repl", html)
    assert list(dict.fromkeys(found)) == ["The beginning", "4 earlier repl", "Reply number 4", "Reply number 5"]


def test_the_counts_of_the_contents_are_exact(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    factories.answered(factories.thread(consultation, world.participant))
    factories.thread(consultation, world.participant)
    resolve_thread(thread=factories.answered(factories.thread(consultation, world.participant)), by=world.drafter)
    figures = reading(world.participant, world.charter).figures
    assert (figures.total, figures.open, figures.unanswered) == (3, 2, 1)
    assert "3 threads in all." in page(client, world.participant, world.charter)


# ── Who may speak, and as whom ────────────────────────────────────────────────────────────────────────────────────────
def test_comment_is_offered_refused_with_its_reason_or_absent(client: Client, world: factories.World) -> None:
    consultation = factories.consultation_in(world.charter, ConsultationState.REVISING)
    html = page(client, world.participant, world.charter)
    assert html.count('aria-describedby="why-comment"') == 8
    assert "Comments closed on" in html
    assert "data-write" not in html
    observer = page(client, world.observer, world.charter)
    assert "why-comment" not in observer
    assert "data-write" not in observer
    Consultation.objects.filter(pk=consultation.pk).update(comment_while_revising=True)
    assert page(client, world.participant, world.charter).count("data-write") == 8


@pytest.fixture
def named(world: factories.World) -> Iterator[Consultation]:
    return factories.consultation_in(world.charter, ConsultationState.COMMENTING, voice_kind=VoiceKind.NAMED)


def test_how_one_speaks_is_said_before_one_writes(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    assert "You will be shown under a pseudonym" in page(client, world.participant, world.charter)
    factories.thread(consultation, world.participant)
    voice = Voice.objects.get(person=world.participant)
    html = page(client, world.participant, world.charter)
    assert f"You are shown as “Participant {voice.ordinal}”" in html
    assert f"Participant {voice.ordinal} (you)" in html
    assert "(you)" not in page(client, world.representative, world.charter)


def test_a_named_consultation_says_so_and_shows_names(
    client: Client, world: factories.World, named: Consultation
) -> None:
    name = world.participant.name
    assert f"you will be shown as “{name}”" in page(client, world.participant, world.charter)
    factories.thread(named, world.participant)
    assert name in page(client, world.representative, world.charter)


def test_only_members_read(client: Client, world: factories.World, consultation: Consultation) -> None:
    address = reverse("charter_read", args=[world.charter.pk])
    assert client.get(address).status_code == 302
    for somebody in (world.stranger, world.former):
        client.force_login(somebody)
        assert client.get(address).status_code == 404


def test_every_id_of_the_page_is_there_once_and_headings_do_not_jump(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    for clause in Clause.objects.filter(section__charter=world.charter):
        factories.answered(factories.thread(consultation, world.participant, clause))
    html = page(client, world.drafter, world.charter)
    identifiers = re.findall(r'\sid="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert " style=" not in html
