"""The working text, the editor and submitting, as people meet them: pages, refusals, both with and without htmx."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from charters.actions.clauses import remove_clause
from charters.enums import ConsultationState, Nature
from charters.models import Clause, Section
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


def text_of(world: factories.World, rest: str = "") -> str:
    return reverse("working_text_read", args=[world.charter.pk]) + rest


# ── Who reads and writes ──────────────────────────────────────────────────────────────────────────────────────────────
ADDRESSES = [
    ("working_text_read", "charter"), ("section_add", "charter"), ("section_edit", "section"),
    ("clause_add", "section"), ("clause_edit", "clause"), ("clause_history", "clause"),
]  # fmt: skip
ACTS = [
    ("section_move", "section"), ("section_remove", "section"), ("section_restore", "section"),
    ("clause_move", "clause"), ("clause_remove", "clause"), ("clause_restore", "clause"),
]  # fmt: skip


def address(world: factories.World, name: str, kind: str) -> str:
    found = {"charter": world.charter, "section": world.sections[0], "clause": world.clause}[kind]
    return reverse(name, args=[found.pk])


@pytest.mark.parametrize(("name", "kind"), ADDRESSES)
def test_pages_of_the_working_text_by_role(client: Client, world: factories.World, name: str, kind: str) -> None:
    href = address(world, name, kind)
    assert client.get(href).status_code == 302  # to the sign-in page
    for who, status in [("drafter", 200), ("administrator", 200), ("participant", 404), ("observer", 404),
                        ("former", 404), ("stranger", 404)]:  # fmt: skip
        client.force_login(getattr(world, who))
        assert client.get(href).status_code == status, who


@pytest.mark.parametrize(("name", "kind"), ADDRESSES)
def test_open_drafting_is_read_by_everybody_and_written_by_drafters(
    client: Client, world: factories.World, name: str, kind: str
) -> None:
    type(world.charter).objects.filter(pk=world.charter.pk).update(open_drafting=True)
    client.force_login(world.observer)
    expected = 200 if name in {"working_text_read", "clause_history"} else 403
    assert client.get(address(world, name, kind)).status_code == expected


@pytest.mark.parametrize(("name", "kind"), ACTS)
def test_acts_on_the_working_text_by_role(client: Client, world: factories.World, name: str, kind: str) -> None:
    href = address(world, name, kind)
    client.force_login(world.participant)
    assert client.post(href).status_code == 404
    type(world.charter).objects.filter(pk=world.charter.pk).update(open_drafting=True)
    assert client.post(href).status_code == 403
    client.force_login(world.drafter)
    assert client.get(href).status_code == 405


def test_an_observer_of_open_drafting_sees_no_act(client: Client, world: factories.World) -> None:
    type(world.charter).objects.filter(pk=world.charter.pk).update(open_drafting=True)
    client.force_login(world.observer)
    page = client.get(text_of(world)).content.decode()
    assert world.clause.title in page
    assert f'href="{reverse("clause_edit", args=[world.clause.pk])}"' not in page
    assert "formaction" not in page


# ── The page ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("sections", "clauses"), [(1, 1), (3, 1), (2, 20)])
def test_the_page_costs_the_same_whatever_its_length(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, sections: int, clauses: int
) -> None:
    charter = factories.charter(sections=sections, clauses=clauses)
    consultation = factories.consultation_in(charter, ConsultationState.COMMENTING)
    for clause in list(Clause.objects.filter(section__charter=charter))[:3]:
        factories.thread(consultation, factories.member(charter), clause)
        factories.rewrite(clause, "Other words.")
    client.force_login(charter.created_by)
    with django_assert_num_queries(15):
        client.get(reverse("working_text_read", args=[charter.pk]))


def test_what_changed_since_the_last_revision_is_said(drafter: Client, world: factories.World) -> None:
    factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    factories.rewrite(world.clause, "Other words.", world.drafter)
    remove_clause(clause=world.sections[0].clauses.last(), by=world.drafter)
    first, second = drafter.get(text_of(world)).context["page"].parts
    assert (first.changed, first.summary) == (True, "1 clause changed, 1 clause taken out")
    assert [line.change for line in first.lines] == ["changed"]
    assert (second.changed, second.summary) == (False, "")


def test_an_empty_charter_says_what_to_do_next(client: Client) -> None:
    charter = factories.charter(sections=0)
    client.force_login(charter.created_by)
    page = client.get(reverse("working_text_read", args=[charter.pk])).content.decode()
    assert reverse("section_add", args=[charter.pk]) in page
    assert reverse("consultation_plan", args=[charter.pk]) not in page


@pytest.mark.parametrize(
    ("state", "verb", "allowed"),
    [
        (None, "consultation_plan", True),
        (ConsultationState.PLANNED, "revision_submit", True),
        (ConsultationState.COMMENTING, "revision_submit", True),
        (ConsultationState.REVISING, "revision_submit", True),
        (ConsultationState.VOTING, "revision_submit", False),
        (ConsultationState.CONCLUDED, "consultation_plan", True),
    ],
)
def test_the_way_to_submit_follows_the_consultation(
    drafter: Client, world: factories.World, state: ConsultationState | None, verb: str, *, allowed: bool
) -> None:
    pk = world.charter.pk
    if state:
        consultation = factories.consultation_in(world.charter, state)
        factories.rewrite(world.clause, "Other words.", world.drafter)
        pk = consultation.pk if verb == "revision_submit" else pk
    page = drafter.get(text_of(world))
    assert (reverse(verb, args=[pk]) in page.content.decode()) is allowed
    assert bool(page.context["page"].submission) is allowed


def test_nothing_changed_is_said_beside_the_button(drafter: Client, world: factories.World) -> None:
    factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    page = drafter.get(text_of(world)).content.decode()
    assert 'aria-disabled="true"' in page
    assert "Nothing has changed since the last revisions." in page


# ── Moving, taking out, bringing back ─────────────────────────────────────────────────────────────────────────────────
def test_a_move_returns_to_the_clause_moved(drafter: Client, world: factories.World) -> None:
    clause = world.clause
    response = drafter.post(reverse("clause_move", args=[clause.pk]), {"index": 1})
    assert response["Location"] == text_of(world, f"#clause-{clause.pk}")
    assert world.sections[0].clauses.order_by("position").last() == clause
    response = drafter.post(reverse("clause_move", args=[clause.pk]), {"section": world.sections[1].pk})
    assert response.status_code == 302
    assert factories.fresh(clause).section == world.sections[1]
    assert world.sections[1].clauses.order_by("position").last() == clause


@pytest.mark.parametrize("place", [{"index": "-1"}, {"index": "x"}, {"section": "0"}])
def test_a_place_that_does_not_exist_is_refused(drafter: Client, world: factories.World, place: dict) -> None:
    assert drafter.post(reverse("clause_move", args=[world.clause.pk]), place).status_code == 422


def test_a_clause_does_not_move_to_another_charter(drafter: Client, world: factories.World) -> None:
    elsewhere = Section.objects.exclude(charter=world.charter).first()
    response = drafter.post(reverse("clause_move", args=[world.clause.pk]), {"section": elsewhere.pk})
    assert response.status_code == 422


def test_a_move_with_htmx_gets_the_text_alone(drafter: Client, world: factories.World) -> None:
    response = drafter.post(reverse("clause_move", args=[world.clause.pk]), {"index": 1}, headers=HTMX, follow=True)
    page = response.content.decode().lstrip()
    assert page.startswith('<div id="working-text"')
    assert "<html" not in page


@pytest.mark.parametrize("kind", ["clause", "section"])
def test_what_is_taken_out_can_be_undone_at_once(drafter: Client, world: factories.World, kind: str) -> None:
    thing = world.clause if kind == "clause" else world.sections[0]
    response = drafter.post(reverse(f"{kind}_remove", args=[thing.pk]), follow=True)
    undo = reverse(f"{kind}_restore", args=[thing.pk])
    assert response.context["undo"] == thing
    assert response.content.decode().count(undo) == 2  # in the message, and in the list of what was taken out
    assert drafter.post(undo).status_code == 302
    assert factories.fresh(thing).removed_at is None


@pytest.mark.parametrize("asked", ["clause-999999", "clause-x", "<script>", ""])
def test_an_undo_of_nothing_shows_nothing(drafter: Client, world: factories.World, asked: str) -> None:
    assert drafter.get(text_of(world), {"gone": asked}).context["undo"] is None


def test_an_act_twice_is_a_conflict_that_says_why(drafter: Client, world: factories.World) -> None:
    href = reverse("clause_remove", args=[world.clause.pk])
    drafter.post(href)
    again = drafter.post(href)
    assert again.status_code == 409
    assert "bring it back first" in again.content.decode()


# ── Sections ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_section_is_added_renamed_and_moved(drafter: Client, world: factories.World) -> None:
    drafter.post(reverse("section_add", args=[world.charter.pk]), {"kind": "sanctions", "title": "What follows"})
    section = world.charter.sections.get(title="What follows")
    assert section.prefix == "X"
    renamed = {"title": "And then", "summary": "Why.", "version": section.version}
    drafter.post(reverse("section_edit", args=[section.pk]), renamed)
    drafter.post(reverse("section_move", args=[section.pk]), {"index": 0})
    first = world.charter.sections.order_by("position").first()
    assert (first.title, first.summary) == ("And then", "Why.")


def test_a_section_renamed_meanwhile_shows_both(drafter: Client, world: factories.World) -> None:
    section = world.sections[0]
    href = reverse("section_edit", args=[section.pk])
    drafter.post(href, {"title": "First", "summary": "", "version": section.version})
    stale = drafter.post(href, {"title": "Second", "summary": "", "version": section.version})
    assert stale.status_code == 409
    assert "First" in stale.content.decode()
    assert stale.context["form"]["title"].value() == "Second"
    drafter.post(href, {"title": "Second", "summary": "", "version": stale.context["form"]["version"].value()})
    assert factories.fresh(section).title == "Second"


def test_a_section_without_a_title_is_refused_with_what_was_typed(drafter: Client, world: factories.World) -> None:
    response = drafter.post(reverse("section_add", args=[world.charter.pk]), {"kind": "custom", "summary": "Kept."})
    assert response.status_code == 422
    assert "Kept." in response.content.decode()


# ── The editor ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_clause_is_added(drafter: Client, world: factories.World) -> None:
    data = {"title": "New", "body": "Some **words**.", "nature": "information", "then": "done"}
    response = drafter.post(reverse("clause_add", args=[world.sections[0].pk]), data)
    clause = Clause.objects.get(title="New")
    assert response["Location"] == text_of(world, f"?saved=new-{world.sections[0].pk}#clause-{clause.pk}")
    assert clause.history.get().history_user == world.drafter


def test_a_save_stays_in_the_editor_or_returns_to_the_text(drafter: Client, world: factories.World) -> None:
    clause = world.clause
    href = reverse("clause_edit", args=[clause.pk])
    stay = drafter.post(href, words(clause, body="One."))
    assert stay["Location"] == f"{href}?saved=clause-{clause.pk}"
    done = drafter.post(href, words(factories.fresh(clause), body="Two.", then="done"))
    assert done["Location"] == text_of(world, f"?saved=clause-{clause.pk}#clause-{clause.pk}")


def test_a_save_with_htmx_gives_the_hour_and_the_next_version(drafter: Client, world: factories.World) -> None:
    clause = world.clause
    href = reverse("clause_edit", args=[clause.pk])
    page = drafter.post(href, words(clause, body="One."), headers=HTMX).content.decode()
    assert "Saved" in page
    assert f'name="version" value="{clause.version + 1}"' in page
    assert 'hx-swap-oob="true"' in page
    done = drafter.post(href, words(factories.fresh(clause), body="Two.", then="done"), headers=HTMX)
    assert done["HX-Redirect"].endswith(f"#clause-{clause.pk}")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_refused_words_stay_on_the_form(drafter: Client, world: factories.World, headers: dict) -> None:
    data = words(world.clause, body="[" * 400, title="Kept title")
    response = drafter.post(reverse("clause_edit", args=[world.clause.pk]), data, headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Kept title" in page
    assert "[" * 400 in page
    assert ("<html" in page) is not headers
    assert response.get("HX-Retarget", "") == ("#editor" if headers else "")


def test_lowering_an_obligation_asks_for_the_reason(drafter: Client, world: factories.World) -> None:
    clause = factories.clause(world.sections[0], nature=Nature.OBLIGATION)
    href = reverse("clause_edit", args=[clause.pk])
    refused = drafter.post(href, words(clause, nature="information", body="Kept."))
    assert refused.status_code == 422
    assert refused.context["form"].errors["reason"]
    assert "Kept." in refused.content.decode()
    assert drafter.post(href, words(clause, nature="information", reason="Out of proportion.")).status_code == 302


def test_words_typed_into_a_clause_taken_out_meanwhile_are_not_lost(drafter: Client, world: factories.World) -> None:
    remove_clause(clause=world.clause, by=world.administrator)
    response = drafter.post(reverse("clause_edit", args=[world.clause.pk]), words(world.clause, body="My words."))
    assert response.status_code == 409
    assert "My words." in response.content.decode()


@pytest.mark.parametrize("version", ["", "-3", "x", "99999999999999999999"])
def test_a_save_that_does_not_say_what_it_saw_overwrites_nothing(
    drafter: Client, world: factories.World, version: str
) -> None:
    response = drafter.post(
        reverse("clause_edit", args=[world.clause.pk]), words(world.clause, body="x", version=version)
    )
    assert response.status_code in {409, 422}
    assert factories.fresh(world.clause).body == world.clause.body


def test_the_preview_is_what_will_be_stored(drafter: Client, world: factories.World) -> None:
    href = reverse("preview", args=[world.charter.pk])
    fragment = drafter.post(href, {"body": "**Bold** <script>x</script>"}, headers=HTMX)
    assert fragment.content.decode().strip().startswith("<p><strong>Bold</strong>")
    assert b"<script" not in fragment.content
    whole = drafter.post(href, {"body": "**Bold**"})
    assert "<strong>Bold</strong>" in whole.content.decode()
    assert drafter.post(href, {"body": "[" * 400}, headers=HTMX).status_code == 422
    drafter.force_login(world.participant)
    assert drafter.post(href, {"body": "x"}).status_code == 404


def test_the_preview_without_a_script_keeps_every_word(drafter: Client, world: factories.World) -> None:
    data = words(world.clause, body="**Bold**", title="Typed", then="preview")
    response = drafter.post(reverse("clause_edit", args=[world.clause.pk]), data)
    assert response.context["preview"].strip() == "<p><strong>Bold</strong></p>"
    assert response.context["form"]["title"].value() == "Typed"
    assert factories.fresh(world.clause).title == world.clause.title


def test_what_people_say_is_beside_the_clause(drafter: Client, world: factories.World) -> None:
    consultation = factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    factories.thread(consultation, world.participant, world.clause, "Why so strict?")
    page = drafter.get(reverse("clause_edit", args=[world.clause.pk])).content.decode()
    assert "Why so strict?" in page
    assert world.participant.name not in page
