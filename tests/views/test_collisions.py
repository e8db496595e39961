"""Two people saved one clause: both texts are shown, one is chosen knowingly, and neither is ever lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from charters.actions.clauses import remove_clause
from charters.enums import Nature
from charters.models import Clause
from tests import factories

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> factories.World:
    return factories.world(sections=2, clauses=2)


@pytest.fixture
def drafter(client: Client, world: factories.World) -> Client:
    client.force_login(world.drafter)
    return client


def words(clause: Clause, **changes: Any) -> dict[str, Any]:
    names = ("title", "body", "nature", "references", "version")
    return {name: getattr(clause, name) for name in names} | changes


def collide(client: Client, world: factories.World, mine: str, theirs: str, **headers: Any) -> Any:
    """The drafter has the editor open while the administrator saves."""
    opened = factories.fresh(world.clause)
    factories.rewrite(opened, theirs, world.administrator)
    return client.post(reverse("clause_edit", args=[opened.pk]), words(opened, body=mine), **headers)


def settle(client: Client, response: Any, choice: str, **changes: Any) -> Any:
    """Send the conflict screen's form as the browser would."""
    clash, form = response.context["clash"], response.context["form"]
    data = {name: form[name].value() or "" for name in ("title", "body", "nature", "references", "version")}
    data |= {f"mine-{name}": clash.mine[name] for name in ("title", "body", "references")}
    data |= {"mine-nature": str(clash.mine["nature"]), "base": response.context["base_version"], "settle": choice}
    return client.post(reverse("clause_edit", args=[clash.theirs.pk]), data | {"then": "done"} | changes)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_stale_save_shows_both_texts_and_writes_neither(
    drafter: Client, world: factories.World, headers: dict
) -> None:
    response = collide(drafter, world, "Be kind to everybody.", "Be fair to people.", headers=headers)
    page = response.content.decode()
    assert response.status_code == 409
    assert world.administrator.name in page
    assert "everybody" in page
    assert "fair" in page
    assert factories.fresh(world.clause).body == "Be fair to people."


def test_edits_of_different_words_are_joined_for_rereading(drafter: Client, world: factories.World) -> None:
    base = world.clause.body
    response = collide(drafter, world, f"{base} Mine at the end.", f"Theirs at the front. {base}")
    assert response.context["clash"].joined
    assert response.context["form"]["body"].value() == f"Theirs at the front. {base} Mine at the end."
    settle(drafter, response, "rewrite")
    assert factories.fresh(world.clause).body == f"Theirs at the front. {base} Mine at the end."


@pytest.mark.parametrize(
    ("choice", "expected"), [("theirs", "Theirs wholly."), ("mine", "Mine wholly."), ("rewrite", "A third text.")]
)
def test_whatever_is_chosen_both_texts_stay_in_the_history(
    drafter: Client, world: factories.World, choice: str, expected: str
) -> None:
    response = collide(drafter, world, "Mine wholly.", "Theirs wholly.")
    done = settle(drafter, response, choice, **({"body": "A third text."} if choice == "rewrite" else {}))
    assert done["Location"].endswith(f"#clause-{world.clause.pk}")
    clause = factories.fresh(world.clause)
    assert clause.body == expected
    kept = set(clause.history.values_list("body", "history_user"))
    assert {("Mine wholly.", world.drafter.pk), ("Theirs wholly.", world.administrator.pk)} <= kept


@pytest.mark.parametrize("choice", ["theirs", "mine", "rewrite"])
def test_a_third_writer_begins_it_again_and_mine_is_still_there(
    drafter: Client, world: factories.World, choice: str
) -> None:
    response = collide(drafter, world, "Mine wholly.", "Theirs wholly.")
    factories.rewrite(world.clause, "A newer one still.", world.administrator)
    again = settle(drafter, response, choice)
    assert again.status_code == 409
    assert again.context["clash"].theirs.body == "A newer one still."
    assert again.context["clash"].mine["body"] == "Mine wholly."
    assert settle(drafter, again, "mine").status_code == 302


def test_a_choice_left_out_is_asked_again(drafter: Client, world: factories.World) -> None:
    response = collide(drafter, world, "Mine wholly.", "Theirs wholly.")
    again = settle(drafter, response, "", body="Half written.")
    assert again.status_code == 409
    assert "Half written." in again.content.decode()
    assert "Mine wholly." in again.content.decode()


def test_a_collision_that_lowers_an_obligation_asks_why(drafter: Client, world: factories.World) -> None:
    clause = factories.clause(world.sections[0], nature=Nature.OBLIGATION)
    factories.rewrite(clause, "Theirs.", world.administrator)
    href = reverse("clause_edit", args=[clause.pk])
    response = drafter.post(href, words(clause, body="Mine.", nature="recommendation"))
    assert response.context["asks_reason"]
    refused = settle(drafter, response, "mine")
    assert refused.status_code == 409
    assert refused.context["form"].errors["reason"]
    assert settle(drafter, refused, "mine", reason="Out of proportion.").status_code == 302
    assert factories.fresh(clause).nature == Nature.RECOMMENDATION


def test_a_clause_taken_out_while_choosing_keeps_both_texts_in_sight(drafter: Client, world: factories.World) -> None:
    response = collide(drafter, world, "Mine wholly.", "Theirs wholly.")
    remove_clause(clause=world.clause, by=world.administrator)
    refused = settle(drafter, response, "rewrite", body="A third text.", version=factories.fresh(world.clause).version)
    assert refused.status_code == 409
    for text in ("Mine wholly.", "A third text.", "bring it back first"):
        assert text in refused.content.decode()


def test_a_move_meanwhile_is_no_collision(drafter: Client, world: factories.World) -> None:
    opened = factories.fresh(world.clause)
    drafter.post(reverse("clause_move", args=[opened.pk]), {"section": world.sections[1].pk})
    response = drafter.post(reverse("clause_edit", args=[opened.pk]), words(opened, body="Mine."))
    assert response.status_code == 302
    clause = factories.fresh(opened)
    assert (clause.body, clause.section) == ("Mine.", world.sections[1])


def test_several_saves_meanwhile_are_compared_with_what_was_opened(drafter: Client, world: factories.World) -> None:
    opened = factories.fresh(world.clause)
    for number in range(3):
        factories.rewrite(opened, f"{opened.body} Number {number}.", world.administrator)
    response = drafter.post(reverse("clause_edit", args=[opened.pk]), words(opened, body=f"First. {opened.body}"))
    assert response.context["form"]["body"].value() == f"First. {opened.body} Number 2."
