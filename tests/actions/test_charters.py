"""Creating a charter: from the template in both languages, or blank."""

import pytest

from charters.actions.charters import create_charter, template
from charters.actions.journal import verify
from charters.documents.canonical import canonical_text, digest
from charters.documents.snapshots import drafts
from charters.enums import CollegeKind, Language, Nature, Role, SectionKind
from charters.exceptions import BadInput, NotPermitted
from charters.models import Activity, Charter, Clause
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", list(Language))
def test_the_template_is_whole_in_both_languages(language: Language) -> None:
    charter = factories.template_charter(language=language)
    assert charter.language == language
    sections = list(charter.sections.all())
    assert [section.kind for section in sections] == [
        SectionKind.STAKES, SectionKind.CONDITIONS, SectionKind.COMMUNICATION, SectionKind.PRACTICES,
        SectionKind.SANCTIONS,
    ]  # fmt: skip
    assert len({section.prefix for section in sections}) == 5
    clauses = Clause.objects.filter(section__charter=charter)
    assert clauses.count() == 34
    for clause in clauses:
        assert clause.title
        assert clause.body
        assert clause.html.startswith("<")
        assert clause.nature in set(Nature)
    assert verify(charter) == []


def test_both_languages_have_the_same_clauses() -> None:
    texts = {language: drafts(factories.template_charter(language=language)) for language in Language}
    french, english = (
        [[(number, clause.nature, clause.references) for number, clause in draft.clauses] for draft in found]
        for found in texts.values()
    )
    assert french == english
    assert [d.section.title for d in texts[Language.FRENCH]] != [d.section.title for d in texts[Language.ENGLISH]]


def test_the_numbers_are_those_of_the_template() -> None:
    charter = factories.template_charter()
    codes = [content["code"] for part in template()["sections"] for content in part["clauses"]]
    assert [number for draft in drafts(charter) for number, _clause in draft.clauses] == codes


def test_what_the_template_holds_is_written_the_canonical_way() -> None:
    """Else the first save of a clause that changes nothing would change its hash."""
    charter = factories.template_charter()
    before = {draft.section.pk: draft.sha256 for draft in drafts(charter)}
    entries = Activity.objects.count()
    for clause in Clause.objects.filter(section__charter=charter):
        factories.rewrite(clause, clause.body)
    assert {draft.section.pk: digest(canonical_text(draft.text)) for draft in drafts(charter)} == before
    assert Activity.objects.count() == entries


def test_two_charters_of_one_template_share_nothing() -> None:
    first = factories.template_charter()
    second = factories.template_charter(first.created_by)
    assert first.key != second.key
    keys = [
        set(Clause.objects.filter(section__charter=charter).values_list("key", flat=True))
        for charter in (first, second)
    ]
    assert not keys[0] & keys[1]


def test_a_blank_charter_has_its_colleges_and_its_administrator() -> None:
    by = factories.person(is_superuser=True)
    charter = create_charter(
        by=by,
        title="  A   charter\n",
        language=Language.ENGLISH,
        college=CollegeKind.COMMUNICATIONS,
        from_template=False,
    )
    assert charter.title == "A charter"
    assert [college.kind for college in charter.colleges.all()] == [
        "hr", "communications", "employees", "representatives",
    ]  # fmt: skip
    row = charter.memberships.get()
    assert (row.person, row.role, row.college.kind) == (by, Role.ADMINISTRATOR, "communications")
    assert not charter.sections.exists()
    assert charter.history.get().history_user == by
    assert Activity.objects.filter(charter=charter).count() == 1


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\x00b", "\u202eevil", "\ud800", "\u200b"])
def test_a_title_that_cannot_be_taken_leaves_no_charter(title: str) -> None:
    by = factories.person(is_superuser=True)
    with pytest.raises(BadInput):
        create_charter(by=by, title=title, language=Language.FRENCH, college=CollegeKind.HR)
    assert not Charter.objects.exists()


def test_who_administers_nothing_creates_nothing() -> None:
    w = factories.world()
    for person in (w.drafter, w.participant, w.observer, w.former):
        with pytest.raises(NotPermitted):
            create_charter(by=person, title="Mine", language=Language.FRENCH, college=CollegeKind.HR)
    made = create_charter(by=w.administrator, title="Mine", language=Language.FRENCH, college=CollegeKind.EMPLOYEES)
    assert made.created_by == w.administrator


def test_a_college_that_is_not_standard_is_refused() -> None:
    """Colleges of the company's own come later: nobody founds a charter in one that it has not."""
    by = factories.person(is_superuser=True)
    with pytest.raises(BadInput):
        create_charter(by=by, title="Mine", language=Language.FRENCH, college=CollegeKind.CUSTOM_1)
