"""Writing the working text: every save in the history with its author, nothing overwritten, everything undone."""

from typing import Any

import pytest

from charters.actions.clauses import (
    add_clause,
    edit_clause,
    move_clause,
    remove_clause,
    restore_clause,
    revert_clause,
    settle_clause,
)
from charters.actions.sections import edit_section, move_section, remove_section, restore_section
from charters.enums import Nature, Role, Verb
from charters.exceptions import BadInput, NotPermitted, StaleVersion, WrongState
from charters.models import Activity, Clause, Person, Section
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    return factories.world(sections=2, clauses=3)


def edit(clause: Clause, by: Person, *, version: int | None = None, **changes: Any) -> Clause:
    content = {
        "title": clause.title,
        "body": clause.body,
        "nature": Nature(clause.nature),
        "references": clause.references,
    }
    return edit_clause(
        clause=clause, by=by, version=clause.version if version is None else version, **(content | changes)
    )


def last(clause: Clause) -> Activity:
    return Activity.objects.filter(object_type="clause", object_id=clause.pk).select_related("detail").first()


def titles(section: Section) -> list[str]:
    return list(section.clauses.filter(removed_at=None).order_by("position").values_list("title", flat=True))


# ── Saving ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_save_is_in_the_history_and_in_the_journal_with_its_author(world: factories.World) -> None:
    before = world.clause.history.count()
    written = edit(world.clause, world.drafter, body="Be  kind.\r\n\r\n* and brief", references="C. trav. L1121-1\n\n")
    assert (written.body, written.references) == ("Be  kind.\n\n- and brief".replace("  ", " "), "C. trav. L1121-1")
    assert "<li>and brief</li>" in written.html
    row = written.history.first()
    assert written.history.count() == before + 1
    assert (row.history_user, row.body, row.version) == (world.drafter, written.body, written.version)
    entry = last(written)
    assert (entry.verb, entry.actor_key) == (Verb.CLAUSE_EDIT, world.drafter.key)


def test_a_save_that_changes_nothing_leaves_no_trace(world: factories.World) -> None:
    states, entries = world.clause.history.count(), Activity.objects.count()
    same = edit(world.clause, world.drafter, body=world.clause.body + "  \n\n", title=f" {world.clause.title} ")
    assert same.version == world.clause.version
    assert (world.clause.history.count(), Activity.objects.count()) == (states, entries)


def test_the_second_of_two_writers_is_told_and_nothing_is_written(world: factories.World) -> None:
    mine, theirs = factories.fresh(world.clause), factories.fresh(world.clause)
    edit(theirs, world.administrator, body="Theirs.")
    states = mine.history.count()
    with pytest.raises(StaleVersion):
        edit(mine, world.drafter, body="Mine.")
    assert factories.fresh(mine).body == "Theirs."
    assert mine.history.count() == states


@pytest.mark.parametrize("final", ["mine", "theirs", "third"])
def test_settling_keeps_both_texts_in_the_history(world: factories.World, final: str) -> None:
    theirs = edit(world.clause, world.administrator, body="Theirs.")
    bodies = {"mine": "Mine.", "theirs": "Theirs.", "third": "A third."}
    mine = {"title": theirs.title, "body": "Mine.", "references": ""}
    settled = settle_clause(
        clause=theirs, by=world.drafter, version=theirs.version, mine=mine,
        title=theirs.title, body=bodies[final], nature=Nature(theirs.nature), references="",
    )  # fmt: skip
    kept = list(settled.history.values_list("body", "history_user"))
    assert kept[0] == (bodies[final], world.drafter.pk)
    assert {("Mine.", world.drafter.pk), ("Theirs.", world.administrator.pk)} <= set(kept)


def test_settling_over_a_third_text_writes_neither(world: factories.World) -> None:
    seen = edit(world.clause, world.administrator, body="Theirs.")
    edit(factories.fresh(seen), world.administrator, body="Newer still.")
    states = seen.history.count()
    with pytest.raises(StaleVersion):
        settle_clause(
            clause=seen, by=world.drafter, version=seen.version,
            mine={"title": seen.title, "body": "Mine.", "references": ""},
            title=seen.title, body="Both.", nature=Nature(seen.nature), references="",
        )  # fmt: skip
    assert seen.history.count() == states


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "  "}, "empty"),
        ({"title": "x" * 201}, "too_long"),
        ({"body": "x" * 10_001}, "too_long"),
        ({"body": "a\x00b"}, "control"),
        ({"body": "\ud800"}, "surrogate"),
        ({"body": "a\u202eb"}, "bidi"),
        ({"body": "[" * 301}, "brackets"),
    ],
)
def test_words_that_cannot_be_kept_are_refused(world: factories.World, changes: dict, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        edit(world.clause, world.drafter, **changes)
    assert refusal.value.code == code


# ── Nature ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_obligation_is_lowered_with_a_written_reason_only(world: factories.World) -> None:
    clause = edit(world.clause, world.drafter, nature=Nature.OBLIGATION)
    with pytest.raises(BadInput) as refusal:
        edit(clause, world.drafter, nature=Nature.INFORMATION)
    assert refusal.value.code == "reason"
    clause = factories.fresh(clause)
    lowered = edit(clause, world.drafter, nature=Nature.INFORMATION, reason="Not justified by the task.")
    entry = last(lowered)
    assert entry.detail.reason == "Not justified by the task."
    assert entry.detail.payload["nature_before"] == Nature.OBLIGATION
    assert lowered.history.first().history_change_reason == "Not justified by the task."


def test_raising_a_nature_needs_no_reason(world: factories.World) -> None:
    assert edit(world.clause, world.drafter, nature=Nature.OBLIGATION).nature == Nature.OBLIGATION


# ── Place ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (0, ["Clause 1.3", "Clause 1.1", "Clause 1.2"]),
        (1, ["Clause 1.1", "Clause 1.3", "Clause 1.2"]),
        (99, ["Clause 1.1", "Clause 1.2", "Clause 1.3"]),
    ],
)
def test_a_clause_moves_within_its_section(world: factories.World, index: int, expected: list[str]) -> None:
    moved = world.sections[0].clauses.get(title="Clause 1.3")
    move_clause(clause=moved, by=world.drafter, section=world.sections[0], index=index)
    assert titles(world.sections[0]) == expected


def test_a_clause_keeps_its_identity_threads_and_history_across_sections(world: factories.World) -> None:
    consultation = factories.consultation_in(world.charter, factories.ConsultationState.COMMENTING)
    clause = factories.first_clause(consultation)
    thread = factories.thread(consultation, world.participant, clause)
    states = clause.history.count()
    moved = move_clause(clause=clause, by=world.drafter, section=world.sections[1], index=0)
    assert (moved.pk, moved.key, moved.section_id) == (clause.pk, clause.key, world.sections[1].pk)
    assert titles(world.sections[1])[0] == clause.title
    assert list(moved.threads.all()) == [thread]
    assert moved.history.count() == states + 1
    assert last(moved).detail.payload["number"] == f"{world.sections[1].prefix}1"


def test_a_clause_stays_in_its_charter(world: factories.World) -> None:
    elsewhere = factories.section(factories.charter(world.administrator))
    with pytest.raises(BadInput) as refusal:
        move_clause(clause=world.clause, by=world.administrator, section=elsewhere, index=0)
    assert refusal.value.code == "other_charter"


def test_many_moves_into_one_place_spread_the_positions_again(world: factories.World) -> None:
    section = world.sections[0]
    for _ in range(30):
        clause = section.clauses.order_by("position").last()
        move_clause(clause=clause, by=world.drafter, section=section, index=1)
    assert len(titles(section)) == 3


# ── Out and back ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_clause_taken_out_comes_back_to_its_place(world: factories.World) -> None:
    section = world.sections[0]
    second = section.clauses.get(title="Clause 1.2")
    gone = remove_clause(clause=second, by=world.drafter)
    assert titles(section) == ["Clause 1.1", "Clause 1.3"]
    with pytest.raises(WrongState):
        edit(gone, world.drafter, body="Too late.")
    back = restore_clause(clause=gone, by=world.administrator)
    assert titles(section) == ["Clause 1.1", "Clause 1.2", "Clause 1.3"]
    verbs = Activity.objects.filter(object_type="clause", object_id=back.pk).values_list("verb", flat=True)
    assert list(verbs)[:2] == [Verb.CLAUSE_RESTORE, Verb.CLAUSE_REMOVE]


def test_a_clause_whose_place_was_taken_comes_back_at_the_end(world: factories.World) -> None:
    section = world.sections[0]
    gone = remove_clause(clause=section.clauses.get(title="Clause 1.3"), by=world.drafter)
    add_clause(section=section, by=world.drafter, title="Newcomer", body="", nature=Nature.INFORMATION, references="")
    restore_clause(clause=gone, by=world.drafter)
    assert titles(section) == ["Clause 1.1", "Clause 1.2", "Newcomer", "Clause 1.3"]


def test_a_clause_does_not_come_back_into_a_section_taken_out(world: factories.World) -> None:
    gone = remove_clause(clause=world.clause, by=world.drafter)
    remove_section(section=world.sections[0], by=world.drafter)
    with pytest.raises(WrongState):
        restore_clause(clause=gone, by=world.drafter)


# ── Earlier states ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_restoring_a_state_is_a_new_save_that_can_be_undone(world: factories.World) -> None:
    first = world.clause.history.first()
    newer = edit(world.clause, world.drafter, body="Newer.", title="Newer title")
    present = newer.history.first()
    back = revert_clause(clause=newer, by=world.administrator, version=newer.version, history_id=first.history_id)
    assert (back.title, back.body) == (first.title, first.body)
    again = revert_clause(clause=back, by=world.drafter, version=back.version, history_id=present.history_id)
    assert (again.title, again.body) == ("Newer title", "Newer.")
    assert again.history.count() == 4


def test_restoring_over_a_newer_text_is_refused(world: factories.World) -> None:
    first = world.clause.history.first()
    seen = edit(world.clause, world.drafter, body="Seen.")
    edit(factories.fresh(seen), world.administrator, body="Unseen.")
    with pytest.raises(StaleVersion):
        revert_clause(clause=seen, by=world.drafter, version=seen.version, history_id=first.history_id)


def test_a_state_of_another_clause_is_not_restored(world: factories.World) -> None:
    other = world.sections[1].clauses.first()
    with pytest.raises(Clause.history.model.DoesNotExist):
        revert_clause(
            clause=world.clause, by=world.drafter, version=world.clause.version,
            history_id=other.history.first().history_id,
        )  # fmt: skip


def test_restoring_a_weaker_nature_needs_its_reason_too(world: factories.World) -> None:
    first = world.clause.history.first()
    raised = edit(world.clause, world.drafter, nature=Nature.OBLIGATION)
    with pytest.raises(BadInput):
        revert_clause(clause=raised, by=world.drafter, version=raised.version, history_id=first.history_id)


# ── Rights ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PARTICIPANT])
def test_only_drafters_write(world: factories.World, role: Role) -> None:
    somebody = factories.member(world.charter, role)
    acts = [
        lambda: edit(world.clause, somebody, body="Mine."),
        lambda: add_clause(section=world.sections[0], by=somebody, title="x", body="", nature=Nature.INFORMATION),
        lambda: move_clause(clause=world.clause, by=somebody, section=world.sections[0], index=1),
        lambda: remove_clause(clause=world.clause, by=somebody),
        lambda: revert_clause(clause=world.clause, by=somebody, version=1, history_id=1),
        lambda: move_section(section=world.sections[0], by=somebody, index=1),
        lambda: remove_section(section=world.sections[0], by=somebody),
    ]
    states = Clause.history.count()
    for act in acts:
        with pytest.raises(NotPermitted):
            act()
    assert Clause.history.count() == states


# ── Sections ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_section_is_renamed_over_the_version_that_was_seen(world: factories.World) -> None:
    seen = world.sections[0]
    edit_section(section=seen, by=world.administrator, version=seen.version, title="Theirs", summary="")
    with pytest.raises(StaleVersion):
        edit_section(section=seen, by=world.drafter, version=seen.version, title="Mine", summary="")
    assert factories.fresh(seen).title == "Theirs"
    assert seen.history.first().history_user == world.administrator


def test_a_section_comes_back_with_its_clauses_and_another_letter_if_its_own_is_taken(world: factories.World) -> None:
    section = world.sections[0]
    remove_section(section=section, by=world.drafter)
    taker = factories.section(world.charter, kind=factories.SectionKind.CONDITIONS)
    back = restore_section(section=section, by=world.drafter)
    assert taker.prefix == section.prefix
    assert back.prefix != taker.prefix
    assert len(titles(back)) == 3
