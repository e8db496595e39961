"""Sections of the working text: added, renamed, moved, removed, brought back; every place and letter is free."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from charters.actions import clauses as clause_acts
from charters.actions.positions import STEP, between
from charters.actions.sections import add_section, edit_section, move_section, remove_section, restore_section
from charters.documents.snapshots import draft
from charters.enums import SectionKind
from charters.exceptions import BadInput, StaleVersion, WrongState
from charters.models import Charter, Clause, Section
from tests import factories

pytestmark = pytest.mark.django_db


def titles(charter: Charter) -> list[str]:
    return [section.title for section in charter.sections.filter(removed_at=None)]


def clause_titles(section: Section) -> list[str]:
    return [clause.title for clause in section.clauses.filter(removed_at=None)]


def move(charter: Charter, title: str, index: int) -> list[str]:
    section = charter.sections.get(title=title)
    move_section(section=section, by=charter.created_by, index=index)
    return titles(charter)


# ── Places ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@given(st.lists(st.integers(-(2**40), 2**40), unique=True, max_size=8).map(sorted), st.integers(-1, 9))
def test_a_place_between_its_neighbours(positions: list[int], index: int) -> None:
    place = between(positions, index)
    if place is None:
        assert positions[index] - positions[index - 1] == 1
    else:
        assert place not in positions
        assert sorted([*positions, place]).index(place) == max(0, min(index, len(positions)))


def test_a_section_goes_to_the_front_the_middle_and_the_end() -> None:
    charter = factories.charter(sections=3)
    assert move(charter, "Section 3", 0) == ["Section 3", "Section 1", "Section 2"]
    assert move(charter, "Section 2", 0) == ["Section 2", "Section 3", "Section 1"]
    assert move(charter, "Section 2", 1) == ["Section 3", "Section 2", "Section 1"]
    assert move(charter, "Section 3", 2) == ["Section 2", "Section 1", "Section 3"]
    assert move(charter, "Section 2", 99) == ["Section 1", "Section 3", "Section 2"]
    assert move(charter, "Section 2", -5) == ["Section 2", "Section 1", "Section 3"]


def test_a_clause_goes_to_the_front_the_middle_and_another_section() -> None:
    charter = factories.charter(clauses=3)
    here, there = charter.sections.all()
    by = charter.created_by

    def go(title: str, section: Section, index: int) -> list[str]:
        clause_acts.move_clause(clause=Clause.objects.get(title=title), by=by, section=section, index=index)
        return clause_titles(section)

    assert go("Clause 1.2", here, 0) == ["Clause 1.2", "Clause 1.1", "Clause 1.3"]
    assert go("Clause 1.3", here, 1) == ["Clause 1.2", "Clause 1.3", "Clause 1.1"]
    assert go("Clause 1.3", there, 0) == ["Clause 1.3", "Clause 2.1", "Clause 2.2", "Clause 2.3"]
    assert clause_titles(here) == ["Clause 1.2", "Clause 1.1"]


def test_any_number_of_moves_into_one_place() -> None:
    """Twenty use the gap up; then all are spread out again, past the one that moves."""
    charter = factories.charter(sections=5, clauses=0)
    for turn in range(50):
        title = f"Section {2 + turn % 2}"
        assert move(charter, title, 1)[:2] == ["Section 1", title]
    for title in ("Section 5", "Section 4", "Section 5"):
        assert move(charter, title, 1)[:2] == ["Section 1", title]
    assert sorted(titles(charter)) == [f"Section {number}" for number in range(1, 6)]


def test_any_number_of_clause_moves_into_one_place() -> None:
    charter = factories.charter(sections=1, clauses=5)
    section, by = charter.sections.get(), charter.created_by
    for turn in [*range(45), *[3, 2, 3] * 2]:
        title = f"Clause 1.{2 + turn % 2}" if turn > 3 else f"Clause 1.{turn + 2}"
        clause_acts.move_clause(clause=Clause.objects.get(title=title), by=by, section=section, index=1)
        assert clause_titles(section)[1] == title
    assert len(set(clause_titles(section))) == 5


def test_the_moved_one_stands_where_the_others_are_spread_to() -> None:
    """The last of all moves into a place without a gap: the others are not spread over its own place."""
    charter = factories.charter(sections=4, clauses=0)
    for rank, (section, position) in enumerate(zip(charter.sections.all(), (1, 2, 3, 3 + STEP), strict=True)):
        Section.objects.filter(pk=section.pk).update(position=position)
        assert section.title == f"Section {rank + 1}"
    assert move(charter, "Section 4", 1) == ["Section 1", "Section 4", "Section 2", "Section 3"]


class AnyMoves(TestCase):
    """Hypothesis, in a transaction for each example."""

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=8))
    def test_moves_are_those_of_a_list(self, moves: list[tuple[int, int]]) -> None:
        charter = factories.charter(sections=4, clauses=0)
        expected = titles(charter)
        for which, index in moves:
            title = expected.pop(which)
            expected.insert(index, title)
            assert move(charter, title, index) == expected


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_newer_title_is_not_written_over() -> None:
    charter = factories.charter(sections=1)
    section, by = charter.sections.get(), charter.created_by
    edit_section(section=section, by=by, version=section.version, title="Newer", summary="")
    with pytest.raises(StaleVersion):
        edit_section(section=section, by=by, version=section.version, title="Older", summary="")
    assert factories.fresh(section).title == "Newer"
    assert [state.title for state in section.history.all()] == ["Newer", "Section 1"]
    assert {state.history_user for state in section.history.all()} == {by}


@pytest.mark.parametrize(
    ("title", "summary"), [("", ""), ("x" * 201, ""), ("A", "x" * 401), ("a\x00", ""), ("\u200b", "")]
)
def test_words_that_cannot_be_taken(title: str, summary: str) -> None:
    charter = factories.charter(sections=1)
    section, by = charter.sections.get(), charter.created_by
    with pytest.raises(BadInput):
        edit_section(section=section, by=by, version=section.version, title=title, summary=summary)
    with pytest.raises(BadInput):
        add_section(charter=charter, by=by, kind=SectionKind.CUSTOM, title=title, summary=summary)
    assert titles(charter) == ["Section 1"]


# ── Letters ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_each_section_has_its_own_letter() -> None:
    charter = factories.charter(sections=0)
    kinds = [*SectionKind, *SectionKind, *[SectionKind.CUSTOM] * 20]
    prefixes = [factories.section(charter, kind=kind, title=kind).prefix for kind in kinds]
    assert len(set(prefixes)) == len(kinds)
    assert prefixes[:7] == ["P", "E", "U", "C", "B", "X", "S"]
    assert not {"I", "O"} & set(prefixes)  # they look like 1 and 0


def test_a_section_that_comes_back_takes_another_letter_and_the_last_place() -> None:
    charter = factories.charter(sections=2, clauses=1)
    by, section = charter.created_by, charter.sections.get(title="Section 1")
    remove_section(section=section, by=by)
    assert titles(charter) == ["Section 2"]
    replacing = factories.section(charter, kind=SectionKind.CONDITIONS, title="Instead")
    Section.objects.filter(pk=replacing.pk).update(position=section.position)
    back = restore_section(section=section, by=by)
    assert back.prefix != replacing.prefix == "U"
    assert titles(charter) == ["Instead", "Section 2", "Section 1"]
    assert back.clauses.count() == 1  # they went and came with it


def test_a_removed_section_is_not_edited_and_its_clauses_neither() -> None:
    charter = factories.charter()
    by, section = charter.created_by, charter.sections.first()
    clause = section.clauses.first()
    remove_section(section=section, by=by)
    with pytest.raises(WrongState):
        edit_section(section=section, by=by, version=section.version + 1, title="X", summary="")
    with pytest.raises(WrongState):
        move_section(section=section, by=by, index=0)
    with pytest.raises(WrongState):
        factories.rewrite(clause, "Other words.")
    with pytest.raises(WrongState):
        factories.clause(section)
    with pytest.raises(WrongState):
        clause_acts.move_clause(
            clause=Clause.objects.get(title="Clause 2.1"), by=by, section=factories.fresh(section), index=0
        )
    restore_section(section=section, by=by)
    with pytest.raises(WrongState):
        restore_section(section=section, by=by)


def test_a_clause_does_not_move_to_another_charter() -> None:
    charter = factories.charter()
    foreign = factories.charter(charter.created_by).sections.first()
    clause = charter.sections.first().clauses.first()
    with pytest.raises(BadInput) as refused:
        clause_acts.move_clause(clause=clause, by=charter.created_by, section=foreign, index=0)
    assert refused.value.code == "other_charter"


def test_taking_a_section_out_is_not_the_same_question_as_leaving_it_empty() -> None:
    charter = factories.charter(sections=1, clauses=0)
    section = charter.sections.first()
    empty = draft(section, None).sha256
    removed = remove_section(section=section, by=charter.created_by)
    assert draft(removed, None).sha256 != empty
