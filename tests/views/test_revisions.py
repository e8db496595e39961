"""Frozen revisions: one on its own, two compared in words, and taking one back."""

import pytest
from django.test import Client
from django.urls import reverse

from charters.actions.clauses import add_clause, edit_clause, move_clause, remove_clause
from charters.actions.revisions import submit_revision
from charters.documents.changes import ClauseChange, changes
from charters.enums import ConsultationState, Nature
from charters.models import Clause, Consultation, Revision
from charters.queries import comparisons
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    return factories.world(sections=2, clauses=4)


@pytest.fixture
def consultation(world: factories.World) -> Consultation:
    return factories.consultation_in(world.charter, ConsultationState.COMMENTING)


def further(world: factories.World, consultation: Consultation, section: int = 0) -> Revision:
    return submit_revision(section=world.sections[section], consultation=consultation, by=world.drafter)


def get(client: Client, world: factories.World, revision: Revision, **query: str) -> str:
    client.force_login(world.participant)
    response = client.get(reverse("revision_comparison", args=[revision.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def changed(world: factories.World, revision: Revision) -> list:
    pair = comparisons.pair(world.participant, revision)
    return list(changes(pair.old_clauses, pair.new_clauses, pair.homes, pair.reasons).items)


def test_a_revision_shows_its_text_its_digest_and_what_became_of_it(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    factories.rewrite(world.clause, "Be kind to animals too.")
    second = further(world, consultation)
    first = Revision.objects.get(section=second.section, number=1)
    client.force_login(world.participant)
    old = client.get(reverse("revision", args=[first.pk])).content.decode()
    assert first.sha256 in old
    assert "Be kind to people." in old
    assert reverse("revision", args=[second.pk]) in old
    assert "Replaced" in old
    new = client.get(reverse("revision", args=[second.pk])).content.decode()
    assert "Be kind to animals too." in new
    assert reverse("revision_withdraw", args=[second.pk]) not in new
    client.force_login(world.stranger)
    assert client.get(reverse("revision", args=[second.pk])).status_code == 404
    assert client.get(reverse("revision_comparison", args=[second.pk])).status_code == 404


def test_two_revisions_inline_and_side_by_side(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    factories.rewrite(world.clause, "Be kind to animals.")
    second = further(world, consultation)
    inline = get(client, world, second)
    assert "What changed between revisions 1 and 2" in inline
    assert "1 clause changed, 3 unchanged." in inline
    assert "U2, U3, U4" in inline
    assert inline.count("<ins>") == inline.count("<del>") == 2  # in the legend, and in the clause
    side = get(client, world, second, view="side")
    assert side.count('class="compare__pair"') == 1
    assert "people" in side
    assert "between revisions 1 and 2" in get(client, world, second, **{"with": "1"})


def test_a_first_revision_is_compared_with_nothing(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    first = consultation.revisions.first()
    html = get(client, world, first)
    assert "What revision 1 brings" in html
    assert html.count("Clause added.") == 4


def test_any_two_revisions_and_no_others(client: Client, world: factories.World, consultation: Consultation) -> None:
    for words in ("Second words.", "Third words."):
        factories.rewrite(world.clause, words)
        last = further(world, consultation)
    first = Revision.objects.get(section=last.section, number=1)
    assert "between revisions 1 and 3" in get(client, world, last, **{"with": "1"})
    assert "between revisions 1 and 3" in get(client, world, first, **{"with": "3"})
    address = reverse("revision_comparison", args=[last.pk])
    response = client.get(address, {"with": "1", "to": "2", "view": "side"})
    assert response["Location"].endswith("comparison/?with=1&view=side")
    for wrong in ({"with": "9"}, {"to": "9"}):
        assert client.get(address, wrong).status_code == 404
    assert client.get(address, {"with": "x", "to": "-2"}).status_code == 200


def test_what_is_not_words_is_said_in_words(world: factories.World, consultation: Consultation) -> None:
    first, second, third, fourth = world.sections[0].clauses.order_by("position")
    by = world.drafter
    edit_clause(
        clause=first, by=by, version=first.version, title="Clause 1.1 again", body=first.body,
        nature=Nature.OBLIGATION, references="C. trav. L1321-5", reason="The law asks for it.",
    )  # fmt: skip
    remove_clause(clause=second, by=by)
    move_clause(clause=Clause.objects.get(pk=fourth.pk), by=by, section=world.sections[0], index=0)
    add_clause(section=world.sections[0], by=by, title="New", body="New words.", nature=Nature.INFORMATION)
    items = changed(world, further(world, consultation))
    assert [item.row.number for item in items if isinstance(item, ClauseChange)] == ["U1", "U2", "U2", "U4"]
    moved, kept, gone, new = (item for item in items if isinstance(item, ClauseChange))
    assert moved.said == ("Clause moved: it was U4.",)
    assert gone.said == ("Clause removed.",)
    assert new.said == ("Clause added.",)
    assert kept.nature_changed
    assert "<del>" in kept.said[0]
    assert "C. trav. L1321-5" in kept.said[1]
    assert kept.title.startswith("Clause 1.1 <ins>")
    assert (kept.reason.text, kept.reason.name) == ("The law asks for it.", by.name)
    assert third.title == items[3].rows[0].title


def test_formatting_that_changes_under_the_same_words_is_said(
    world: factories.World, consultation: Consultation
) -> None:
    factories.rewrite(world.clause, "Be [kind](https://example.org/) to **people**.")
    items = changed(world, further(world, consultation))
    assert "formatting changed" in items[0].said[0]
    assert "<ins>" not in items[0].inline


def test_a_clause_that_went_to_another_section_says_where(world: factories.World, consultation: Consultation) -> None:
    move_clause(clause=world.clause, by=world.drafter, section=world.sections[1], index=0)
    there, here = further(world, consultation, 1), further(world, consultation, 0)
    assert changed(world, there)[0].said == ("Clause moved here from the section “Section 1”.",)
    assert changed(world, here)[0].said == ("Clause moved to the section “Section 2”.",)


def test_the_comparison_escapes_everything(client: Client, world: factories.World, consultation: Consultation) -> None:
    factories.rewrite(world.clause, "<script>alert(1)</script> & <b>more</b>")
    second = further(world, consultation)
    for view in ("", "side"):
        assert "<script>alert" not in get(client, world, second, view=view)


def test_planned_revisions_are_for_the_drafters(client: Client, world: factories.World) -> None:
    revision = factories.planned(world.charter).revisions.first()
    for person, status in ((world.participant, 404), (world.drafter, 200)):
        client.force_login(person)
        assert client.get(reverse("revision", args=[revision.pk])).status_code == status
        assert client.get(reverse("revision_comparison", args=[revision.pk])).status_code == status


def test_withdrawing_asks_for_a_reason_that_everyone_reads(
    client: Client, world: factories.World, consultation: Consultation
) -> None:
    revision = consultation.revisions.first()
    address = reverse("revision_withdraw", args=[revision.pk])
    client.force_login(world.participant)
    assert client.get(address).status_code == 403
    client.force_login(world.drafter)
    assert client.get(address).status_code == 200
    for words in ("", "   ", "x" * 4001):
        assert client.post(address, {"reason": words}).status_code == 422
    assert client.post(address, {"reason": "It went too far."}).status_code == 302
    client.force_login(world.participant)
    assert "It went too far." in client.get(reverse("revision", args=[revision.pk])).content.decode()
    client.force_login(world.drafter)
    assert client.post(address, {"reason": "Again"}).status_code == 409
