"""The list of consultations, the overview by role and by phase, and the acts that move it on."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from charters.enums import CollegeKind, ConsultationState, VoiceKind
from charters.models import Consultation, Person
from tests import factories

pytestmark = pytest.mark.django_db
C = ConsultationState
ENGLISH = {"headers": {"accept-language": "en"}}


@pytest.fixture
def world() -> factories.World:
    return factories.world(sections=2)


def get(client: Client, who: Person, name: str, pk: int, status: int = 200) -> str:
    client.force_login(who)
    response = client.get(reverse(name, args=[pk]), **ENGLISH)
    assert response.status_code == status
    return response.content.decode()


def post(client: Client, who: Person, name: str, pk: int, **data: Any) -> Any:
    client.force_login(who)
    return client.post(reverse(name, args=[pk]), data, **ENGLISH)


# ── The list ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_planned_consultation_is_seen_by_its_drafters_only(client: Client, world: Any) -> None:
    consultation = factories.planned(world.charter)
    for who, seen in ((world.administrator, True), (world.drafter, True), (world.participant, False)):
        assert ("Waiting to be opened" in get(client, who, "consultations", world.charter.pk)) is seen
        get(client, who, "consultation", consultation.pk, 200 if seen else 404)
    get(client, world.stranger, "consultations", world.charter.pk, 404)
    get(client, world.stranger, "consultation", consultation.pk, 404)


def test_an_empty_list_says_what_comes(client: Client, world: Any) -> None:
    assert "submit its sections" in get(client, world.drafter, "consultations", world.charter.pk)
    assert "still writing" in get(client, world.participant, "consultations", world.charter.pk)


def test_submitting_is_refused_at_its_button_while_one_is_under_way(client: Client, world: Any) -> None:
    factories.consultation_in(world.charter, C.COMMENTING)
    html = get(client, world.drafter, "consultations", world.charter.pk)
    assert 'aria-disabled="true" aria-describedby="why-plan"' in html
    assert "conclude or cancel it first" in html
    assert "why-plan" not in get(client, world.participant, "consultations", world.charter.pk)


def test_the_list_takes_as_many_queries_for_one_as_for_three(client: Client, django_assert_num_queries: Any) -> None:
    charter = factories.charter(sections=1)
    reader = factories.member(charter)
    client.force_login(reader)
    for number in (1, 3):
        while charter.consultations.count() < number:
            factories.consultation_in(charter, C.CANCELLED)
        with django_assert_num_queries(10):
            assert len(client.get(reverse("consultations", args=[charter.pk])).context["lines"]) == number


# ── The overview ──────────────────────────────────────────────────────────────────────────────────────────────────────
OFFERED = {
    C.PLANNED: {"consultation_open", "consultation_cancel", "revision_submit"},
    C.COMMENTING: {"consultation_end_comments", "poll_open", "consultation_cancel", "revision_submit"},
    C.REVISING: {"poll_open", "consultation_cancel", "revision_submit"},
    C.VOTING: {"consultation_conclude", "consultation_cancel"},
    C.CONCLUDED: {"edition_adopt"},
    C.CANCELLED: set(),
}


@pytest.mark.parametrize("state", list(C))
def test_what_each_phase_offers_to_whom(client: Client, world: Any, state: C) -> None:
    consultation = factories.consultation_in(world.charter, state)
    expected = {
        world.administrator: OFFERED[state],
        world.drafter: OFFERED[state] & {"revision_submit"},
        world.participant: set(),
        world.observer: set(),
    }
    for who, acts in expected.items():
        client.force_login(who)
        response = client.get(reverse("consultation", args=[consultation.pk]), **ENGLISH)
        if response.status_code == 404:
            assert state is C.PLANNED
            continue
        assert set(response.context["page"].acts) == acts
        html = response.content.decode()
        assert ("Prepare the vote" in html) is ("poll_open" in acts)
        assert ("Prepare the adoption" in html) is ("edition_adopt" in acts)


def test_a_refused_act_says_why_at_its_button(client: Client, world: Any) -> None:
    consultation = factories.consultation_in(world.charter, C.COMMENTING)
    html = get(client, world.administrator, "consultation", consultation.pk)
    assert 'aria-disabled="true" aria-describedby="why-poll-open"' in html
    assert "Comments are still open: end them first." in html


def test_the_phases_and_the_calendar_are_said(client: Client, world: Any) -> None:
    consultation = factories.consultation_in(world.charter, C.VOTING)
    html = get(client, world.observer, "consultation", consultation.pk)
    assert html.count('aria-current="step"') == 1
    assert "Paris time" in html
    assert "in 2 days" in html
    assert "The text is frozen" in html


def test_voices_are_counted_from_five_on_and_never_summed(client: Client, world: Any) -> None:
    consultation = factories.consultation_in(world.charter, C.COMMENTING)
    speakers = factories.members(world.charter, 5) + factories.members(world.charter, 4, CollegeKind.REPRESENTATIVES)
    for who in speakers:
        factories.thread(consultation, who)
    client.force_login(world.administrator)
    response = client.get(reverse("consultation", args=[consultation.pk]), **ENGLISH)
    voices = {row.college.kind: row.voices for row in response.context["page"].colleges}
    assert voices == {"hr": None, "communications": None, "employees": 5, "representatives": None}
    html = response.content.decode()
    assert "5 voices" in html
    assert "4 voices" not in html
    assert "fewer than 5: not shown" in html
    assert not any(who.name in html for who in speakers)


def test_answered_and_waiting_threads_are_counted_and_linked(client: Client, world: Any) -> None:
    consultation = factories.consultation_in(world.charter, C.COMMENTING)
    first, second = (factories.thread(consultation, world.participant) for _ in range(2))
    factories.answered(first)
    client.force_login(world.drafter)
    page = client.get(reverse("consultation", args=[consultation.pk]), **ENGLISH).context["page"]
    assert (page.threads, page.answered, page.waiting) == (2, 1, 1)
    assert [thread.key for thread in page.unanswered] == [second.key]


def test_the_roll_is_the_frozen_one_once_the_vote_is_open(client: Client, world: Any) -> None:
    consultation = factories.consultation_in(world.charter, C.VOTING)
    factories.members(world.charter, 3)
    client.force_login(world.observer)
    page = client.get(reverse("consultation", args=[consultation.pk])).context["page"]
    assert {rule.college.kind: rule.roll for rule in page.rules}["employees"] == 1


def test_the_overview_takes_as_many_queries_for_one_section_as_for_three(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in (1, 3):
        charter = factories.charter(sections=number)
        reader = factories.member(charter)
        consultation = factories.consultation_in(charter, C.COMMENTING, voice_kind=VoiceKind.NAMED)
        for _ in range(number):
            factories.thread(consultation, reader)
        client.force_login(reader)
        with django_assert_num_queries(20):
            client.get(reverse("consultation", args=[consultation.pk]))


# ── The acts ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_open_then_end_the_comments(client: Client, world: Any) -> None:
    consultation = factories.planned(world.charter)
    steps = [("consultation_open", C.COMMENTING), ("consultation_end_comments", C.REVISING)]
    for name, state in steps:
        assert post(client, world.administrator, name, consultation.pk).status_code == 302
        assert factories.fresh(consultation).state == state
        assert post(client, world.administrator, name, consultation.pk).status_code == 409
        assert post(client, world.drafter, name, consultation.pk).status_code == 403
        assert client.get(reverse(name, args=[consultation.pk])).status_code == 405


def test_the_first_page_after_the_date_ends_the_comments(client: Client, world: Any) -> None:
    consultation = factories.consultation_in(world.charter, C.COMMENTING)
    Consultation.objects.filter(pk=consultation.pk).update(comments_until=timezone.now() - timedelta(minutes=1))
    assert "Comments are closed" in get(client, world.participant, "consultation", consultation.pk)
    assert factories.fresh(consultation).state == C.REVISING


def test_concluding_lists_the_unanswered_and_keeps_what_was_written(client: Client, world: Any) -> None:
    consultation = factories.consultation_in(world.charter, C.COMMENTING)
    thread = factories.thread(consultation, world.participant)
    for name in ("consultation_end_comments", "poll_open"):
        post(client, world.administrator, name, consultation.pk)
    get(client, world.administrator, "consultation_conclude", consultation.pk, 409)
    for poll in consultation.polls.all():
        factories.close(poll)
    html = get(client, world.administrator, "consultation_conclude", consultation.pk)
    assert reverse("thread", args=[thread.key]) in html
    assert post(client, world.administrator, "consultation_conclude", consultation.pk).status_code == 422
    long = post(client, world.administrator, "consultation_conclude", consultation.pk, reason="word " * 900)
    assert long.status_code == 422
    assert "word word" in long.content.decode()
    done = post(client, world.administrator, "consultation_conclude", consultation.pk, reason="Off topic.")
    assert done.status_code == 302
    assert "Off topic." in get(client, world.observer, "consultation", consultation.pk)


def test_cancelling_needs_its_reason_which_everyone_reads(client: Client, world: Any) -> None:
    consultation = factories.consultation_in(world.charter, C.COMMENTING)
    get(client, world.drafter, "consultation_cancel", consultation.pk, 403)
    assert "cannot be undone" in get(client, world.administrator, "consultation_cancel", consultation.pk)
    assert post(client, world.administrator, "consultation_cancel", consultation.pk, reason=" ").status_code == 422
    post(client, world.administrator, "consultation_cancel", consultation.pk, reason="Wrong text.")
    assert "Wrong text." in get(client, world.participant, "consultation", consultation.pk)
    get(client, world.administrator, "consultation_cancel", consultation.pk, 409)
