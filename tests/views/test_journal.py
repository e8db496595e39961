"""The journal page: sentences, no name where a voice or an elector acts, constant queries."""

import pytest
from django.test import Client
from django.urls import reverse

from charters.actions.polls import cast_vote
from charters.actions.threads import open_thread
from charters.enums import Choice, ConsultationState, Verb
from charters.policy import RULES
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_comment_shows_as_its_pseudonym(client: Client) -> None:
    charter = factories.charter(sections=1, clauses=1)
    quiet = factories.member(charter, who=factories.person("Quentin Tellnobody"))
    consultation = factories.consultation_in(charter, ConsultationState.COMMENTING)
    clause = charter.sections.first().clauses.first()
    open_thread(consultation=consultation, clause=clause, by=quiet, body="A word.")
    client.force_login(charter.created_by)
    entries = client.get(reverse("journal_read", args=[charter.pk])).context["journal"].entries
    spoken = [entry for entry in entries if entry.what == RULES[Verb.THREAD_OPEN].title]
    assert len(spoken) == 1
    assert spoken[0].who != quiet.name


def test_who_votes_is_in_no_entry(client: Client) -> None:
    charter = factories.charter(sections=1, clauses=1)
    voter = factories.member(charter, who=factories.person("Vera Secretly"))
    consultation = factories.consultation_in(charter, ConsultationState.VOTING)
    cast_vote(poll=consultation.polls.first(), by=voter, choice=Choice.AGAINST, reason="For a reason of mine.")
    client.force_login(charter.created_by)
    address = reverse("journal_read", args=[charter.pk])
    for query in ({}, {"verb": Verb.POLL_OPEN.value}, {"verb": Verb.VOTE_CAST.value}):
        page = client.get(address, query)
        assert "reason of mine" not in page.content.decode()
        assert not [entry for entry in page.context["journal"].entries if entry.who == voter.name]


def test_an_unknown_kind_of_act_shows_everything(client: Client) -> None:
    charter = factories.charter()
    client.force_login(charter.created_by)
    page = client.get(reverse("journal_read", args=[charter.pk]), {"verb": "'; drop", "page": "zz"})
    assert len(page.context["journal"].entries) == charter.activities.count()


@pytest.mark.parametrize("clauses", [1, 3, 60])
def test_the_page_takes_a_constant_number_of_queries(
    client: Client, django_assert_num_queries: object, clauses: int
) -> None:
    charter = factories.charter(sections=1, clauses=clauses)
    client.force_login(charter.created_by)
    with django_assert_num_queries(10):  # type: ignore[operator]
        client.get(reverse("journal_read", args=[charter.pk]))


def test_the_working_text_is_ticked_for_those_who_always_read_it(client: Client) -> None:
    charter = factories.charter()
    client.force_login(charter.created_by)
    rows = client.get(reverse("rights_read", args=[charter.pk])).context["rows"]
    (ticks,) = [ticks for rule, ticks in rows if rule is RULES[Verb.WORKING_TEXT_READ]]
    assert ticks == [False, False, True, True]


def test_the_table_of_rights_names_every_act(client: Client) -> None:
    charter = factories.charter()
    client.force_login(charter.created_by)
    page = client.get(reverse("rights_read", args=[charter.pk])).content.decode()
    assert page.count('scope="row"') >= len(RULES)
