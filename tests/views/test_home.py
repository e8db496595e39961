"""The first screen says what awaits me, and nothing that is not mine."""

import pytest
from django.test import Client
from django.urls import reverse

from charters.actions.polls import cast_vote
from charters.actions.threads import answer_thread, open_thread
from charters.enums import Choice, ConsultationState, ResponseKind, Role
from tests import factories

pytestmark = pytest.mark.django_db


def kinds(client: Client, who: object) -> list[str]:
    client.force_login(who)
    response = client.get(reverse("home"))
    assert response.status_code == 200
    return [item.kind for item in response.context["home"].items]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ConsultationState.PLANNED, {"administrator": ["to_open"], "participant": [], "observer": []}),
        (ConsultationState.COMMENTING, {"administrator": ["comment"], "participant": ["comment"], "observer": []}),
        (ConsultationState.REVISING, {"administrator": ["to_vote_open"], "participant": [], "observer": []}),
        (ConsultationState.VOTING, {"administrator": ["vote"], "participant": ["vote"], "observer": []}),
        (ConsultationState.CONCLUDED, {"administrator": ["to_adopt"], "participant": [], "observer": []}),
    ],
)
def test_what_each_role_is_asked_in_each_phase(client: Client, state: ConsultationState, expected: dict) -> None:
    charter = factories.charter()
    people = {"administrator": charter.created_by}
    people |= {role: factories.member(charter, Role(role)) for role in ("participant", "observer")}
    factories.consultation_in(charter, state)
    assert {role: kinds(client, who) for role, who in people.items()} == expected


def test_a_vote_cast_is_no_longer_asked(client: Client) -> None:
    charter = factories.charter(sections=2)
    voter = factories.member(charter)
    consultation = factories.consultation_in(charter, ConsultationState.VOTING)
    first, second = consultation.polls.order_by("pk")
    cast_vote(poll=first, by=voter, choice=Choice.FOR)
    client.force_login(voter)
    (item,) = client.get(reverse("home")).context["home"].items
    assert (item.count, item.names) == (1, [second.revision.title])


def test_my_answered_threads_are_shown_to_me_only(client: Client) -> None:
    charter = factories.charter()
    author, other = factories.member(charter), factories.member(charter)
    consultation = factories.consultation_in(charter, ConsultationState.COMMENTING)
    clause = charter.sections.first().clauses.first()
    thread = open_thread(consultation=consultation, clause=clause, by=author, body="Why?").thread
    answer_thread(thread=thread, by=charter.created_by, kind=ResponseKind.PARTLY, body="Because.")
    assert "answers" in kinds(client, author)
    assert "answers" not in kinds(client, other)


def test_without_a_charter_the_page_says_what_to_do(client: Client) -> None:
    client.force_login(factories.person())
    assert b"invites you" in client.get(reverse("home"), headers={"accept-language": "en"}).content


def test_due_closings_are_done_before_the_page_is_shown(client: Client) -> None:
    charter = factories.charter()
    consultation = factories.consultation_in(charter, ConsultationState.VOTING)
    poll = factories.past_its_close(consultation.polls.first())
    client.force_login(charter.created_by)
    client.get(reverse("home"))
    assert factories.fresh(poll).state == "counted"


@pytest.mark.parametrize(
    ("charters", "queries"), [(1, 12), (2, 10), (5, 10)]
)  # alone, its links are in the bar: 2 more
def test_the_number_of_queries_does_not_grow_with_charters_in_the_same_phase(
    client: Client, django_assert_num_queries: object, charters: int, queries: int
) -> None:
    me = factories.person()
    for _ in range(charters):
        charter = factories.charter()
        factories.member(charter, who=me)
        factories.consultation_in(charter, ConsultationState.COMMENTING)
    client.force_login(me)
    response = client.get(reverse("home"))
    assert [item.kind for item in response.context["home"].items] == ["comment"] * charters

    with django_assert_num_queries(queries):  # type: ignore[operator]
        client.get(reverse("home"))
