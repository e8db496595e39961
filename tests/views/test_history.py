"""The history of a clause: who changed what, any two states compared by words, each restored with one button."""

from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from charters.actions.clauses import edit_clause, move_clause, remove_clause, restore_clause
from charters.enums import Nature
from charters.models import Clause
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    return factories.world(sections=2, clauses=2)


@pytest.fixture
def drafter(client: Client, world: factories.World) -> Client:
    client.force_login(world.drafter)
    return client


def history_of(clause: Clause) -> str:
    return reverse("clause_history", args=[clause.pk])


def ids(clause: Clause) -> list[int]:
    """Newest first."""
    return list(clause.history.order_by("-history_id").values_list("history_id", flat=True))


def test_each_save_says_who_and_what_kind_of_change(drafter: Client, world: factories.World) -> None:
    clause, by = world.clause, world.drafter
    factories.rewrite(clause, "Other words.", by)
    clause = factories.fresh(clause)
    edit_clause(
        clause=clause, by=world.administrator, version=clause.version,
        title=clause.title, body=clause.body, nature=Nature.OBLIGATION,
    )  # fmt: skip
    move_clause(clause=clause, by=by, section=world.sections[0], index=1)
    move_clause(clause=clause, by=by, section=world.sections[1], index=0)
    restore_clause(clause=remove_clause(clause=clause, by=by), by=by)
    states = drafter.get(history_of(clause)).context["history"].states
    assert [state.changes for state in states] == [
        ("brought back",), ("taken out",), ("moved to another section",), ("moved",), ("nature",), ("words",), ("written",),
    ]  # fmt: skip
    assert [state.by for state in states[4:]] == [world.administrator.name, by.name, world.administrator.name]


def test_any_two_states_are_compared_by_words(drafter: Client, world: factories.World) -> None:
    for body in ("One apple three.", "One pear three.", "One plum three."):
        factories.rewrite(world.clause, body, world.drafter)
    newest, second, third, _first = ids(world.clause)
    by_default = drafter.get(history_of(world.clause)).content.decode()
    assert "pear" in by_default
    assert "plum" in by_default
    assert "apple" not in by_default
    chosen = drafter.get(history_of(world.clause), {"a": third, "b": newest}).context["history"]
    assert (chosen.old.id, chosen.new.id) == (third, newest)
    turned = drafter.get(history_of(world.clause), {"a": newest, "b": second}).context["history"]
    assert (turned.old.id, turned.new.id) == (second, newest)  # the older one first, whichever was ticked


@pytest.mark.parametrize("query", [{"a": "x"}, {"b": "-1"}, {"a": "9" * 30}, {"b": "999999"}])
def test_a_state_that_is_not_this_clause_s_is_not_found(drafter: Client, world: factories.World, query: dict) -> None:
    assert drafter.get(history_of(world.clause), query).status_code == 404


def test_a_state_of_another_clause_is_not_found(drafter: Client, world: factories.World) -> None:
    other = ids(world.sections[1].clauses.first())[0]
    assert drafter.get(history_of(world.clause), {"a": other}).status_code == 404
    assert drafter.get(reverse("clause_revert", args=[world.clause.pk, other])).status_code == 404
    assert drafter.post(reverse("clause_revert", args=[world.clause.pk, other]), {"version": 1}).status_code == 404


@pytest.mark.parametrize("saves", [1, 3, 40])
def test_the_page_costs_the_same_whatever_its_length(
    drafter: Client, world: factories.World, django_assert_num_queries: DjangoAssertNumQueries, saves: int
) -> None:
    for number in range(saves):
        factories.rewrite(world.clause, f"Words {number}.", world.drafter)
    with django_assert_num_queries(12):
        drafter.get(history_of(world.clause))


def test_a_long_history_has_pages_and_keeps_what_was_chosen(drafter: Client, world: factories.World) -> None:
    for number in range(30):
        factories.rewrite(world.clause, f"Words {number}.", world.drafter)
    newest, second, *_rest = ids(world.clause)
    first_page = drafter.get(history_of(world.clause)).context["history"]
    response = drafter.get(history_of(world.clause), {"page": 2, "a": second, "b": newest})
    second_page = response.context["history"]
    assert (len(first_page.states), len(second_page.states)) == (25, 6)
    assert second_page.states[-1].changes == ("written",)
    assert first_page.states[-1].changes == ("words",)  # compared with the state on the next page
    assert {state.id for state in second_page.elsewhere} == {newest, second}
    assert f"?a={second}&amp;b={newest}&amp;page=1" in response.content.decode()
    assert all(newer.id > older.id for newer, older in pairwise(second_page.states))


def test_a_state_is_read_as_it_was(drafter: Client, world: factories.World) -> None:
    first = ids(world.clause)[0]
    factories.rewrite(world.clause, "Rewritten.", world.drafter)
    page = drafter.get(reverse("clause_revert", args=[world.clause.pk, first])).content.decode()
    assert "Be kind to people." in page
    assert "Rewritten." not in page


# ── Restoring ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def restore(client: Client, clause: Clause, state: int, **data: Any) -> Any:
    version = {"version": factories.fresh(clause).version}
    return client.post(reverse("clause_revert", args=[clause.pk, state]), version | data)


def test_a_state_is_restored_and_that_is_undone(drafter: Client, world: factories.World) -> None:
    before = world.clause.body
    factories.rewrite(world.clause, "Rewritten.", world.administrator)
    newest, first = ids(world.clause)
    assert restore(drafter, world.clause, first)["Location"] == history_of(world.clause)
    assert factories.fresh(world.clause).body == before
    restore(drafter, world.clause, newest)
    assert factories.fresh(world.clause).body == "Rewritten."
    assert world.clause.history.first().history_user == world.drafter


def test_a_restoration_over_a_newer_text_is_shown_first(drafter: Client, world: factories.World) -> None:
    first, seen = ids(world.clause)[0], world.clause.version
    factories.rewrite(world.clause, "Rewritten.", world.administrator)
    stale = restore(drafter, world.clause, first, version=seen)
    assert stale.status_code == 409
    assert factories.fresh(world.clause).body == "Rewritten."
    again = restore(drafter, world.clause, first, version=stale.context["form"]["version"].value())
    assert again.status_code == 302


def test_a_restoration_that_lowers_an_obligation_asks_why(drafter: Client, world: factories.World) -> None:
    clause = world.clause
    first = ids(clause)[0]
    edit_clause(
        clause=clause, by=world.drafter, version=clause.version,
        title=clause.title, body=clause.body, nature=Nature.OBLIGATION,
    )  # fmt: skip
    refused = restore(drafter, clause, first)
    assert refused.status_code == 422
    assert refused.context["form"].errors["reason"]
    assert restore(drafter, clause, first, reason="It was right before.").status_code == 302


def test_readers_of_open_drafting_read_the_history_and_restore_nothing(client: Client, world: factories.World) -> None:
    first = ids(world.clause)[0]
    href = reverse("clause_revert", args=[world.clause.pk, first])
    client.force_login(world.participant)
    assert client.get(href).status_code == 404
    type(world.charter).objects.filter(pk=world.charter.pk).update(open_drafting=True)
    page = client.get(href)
    assert page.status_code == 200
    assert "<form method" not in page.content.decode().split("<main")[1]
    assert client.post(href, {"version": 1}).status_code == 403


def test_a_clause_taken_out_is_read_and_restored_once_back(drafter: Client, world: factories.World) -> None:
    first = ids(world.clause)[0]
    remove_clause(clause=world.clause, by=world.drafter)
    assert drafter.get(history_of(world.clause)).status_code == 200
    assert drafter.get(reverse("clause_revert", args=[world.clause.pk, first])).status_code == 200
    assert restore(drafter, world.clause, first).status_code == 409
