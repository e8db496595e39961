"""Adopting: what an edition holds and on what ground; publishing: one sealed file, made of a text that still holds."""

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from charters.actions.clauses import move_clause
from charters.actions.editions import Take, adopt_edition, publish_edition
from charters.actions.sections import remove_section
from charters.documents.canonical import digest
from charters.documents.edition_data import edition_document
from charters.enums import Basis, Choice, CollegeKind, ConsultationState, Nature, Role, Verb
from charters.exceptions import BadInput, FrozenText, NotPermitted, WrongState
from charters.jobs.publishing import publish
from charters.models import Activity, Clause, Consultation, Edition, EditionFile, Person
from tests import factories, needs

pytestmark = pytest.mark.django_db
FOR, AGAINST = Choice.FOR, Choice.AGAINST


def concluded(sections: int = 2, choice: Choice | None = FOR, **options: object) -> Consultation:
    charter = factories.charter(sections=sections, **options)
    consultation = factories.consultation_in(charter, ConsultationState.VOTING)
    return factories.concluded(consultation, {charter.created_by: choice} if choice else {})


def again(consultation: Consultation, choice: Choice = FOR) -> Consultation:
    """The next round on the same charter, on everything that has changed."""
    charter = consultation.charter
    following = factories.consultation_in(charter, ConsultationState.VOTING)
    return factories.concluded(following, {charter.created_by: choice})


def adopt(consultation: Consultation, takes: dict[int, Take] | None = None, **options: Any) -> Edition:
    takes = takes if takes is not None else all_of(consultation)
    options = {"by": consultation.charter.created_by, "effective_date": factories.in_two_months()} | options
    return adopt_edition(consultation=consultation, takes=takes, **options)


def all_of(consultation: Consultation, reason: str = "") -> dict[int, Take]:
    return {r.section_id: Take(adopt=True, reason=reason) for r in consultation.revisions.all()}


def bases(edition: Edition) -> list[str]:
    return [row.basis for row in edition.sections.order_by("position")]


# ── When and who ──────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("state", [s for s in ConsultationState if s is not ConsultationState.CONCLUDED])
def test_only_a_concluded_consultation_is_adopted(state: ConsultationState) -> None:
    consultation = factories.consultation_in(factories.charter(sections=1), state)
    with pytest.raises(WrongState):
        adopt(consultation)


def test_once_and_by_administrators_only() -> None:
    consultation = concluded()
    with pytest.raises(NotPermitted):
        adopt(consultation, by=factories.member(consultation.charter, Role.DRAFTER))
    adopt(consultation)
    with pytest.raises(WrongState):
        adopt(consultation)


def test_the_date_is_ahead() -> None:
    with pytest.raises(BadInput) as refusal:
        adopt(concluded(), effective_date=timezone.localdate() - timedelta(days=1))
    assert refusal.value.code == "past"


# ── On what ground ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_favourable_opinion_needs_no_reason() -> None:
    edition = adopt(concluded())
    assert bases(edition) == [Basis.ADVISED, Basis.ADVISED]
    assert all(row.count for row in edition.sections.all())


@pytest.mark.parametrize(("choice", "basis"), [(AGAINST, Basis.AGAINST), (None, Basis.UNVOTED)])
def test_departing_from_a_vote_needs_the_written_reason(choice: Choice | None, basis: Basis) -> None:
    consultation = concluded(choice=choice)
    with pytest.raises(BadInput) as refusal:
        adopt(consultation)
    assert refusal.value.code == "reason"
    assert not Edition.objects.exists()
    edition = adopt(consultation, all_of(consultation, "The company decides so."))
    assert bases(edition) == [basis, basis]
    assert {row.reason for row in edition.sections.all()} == {"The company decides so."}
    entry = Activity.objects.select_related("detail").get(verb=Verb.EDITION_ADOPT)
    assert "The company decides so." in entry.detail.reason


def test_an_edition_without_a_section_is_refused() -> None:
    consultation = concluded()
    for takes in ({}, {pk: Take(adopt=False) for pk in all_of(consultation)}):
        with pytest.raises(BadInput) as refusal:
            adopt(consultation, takes)
        assert refusal.value.code == "nothing"


# ── From one edition to the next ──────────────────────────────────────────────────────────────────────────────────────
def test_what_is_not_taken_stays_as_in_the_previous_edition() -> None:
    first = adopt(concluded())
    one, two = first.sections.order_by("position")
    for row in (one, two):
        factories.rewrite(row.revision.clauses.first().clause, "Other words.")
    following = again(first.consultation)
    second = adopt(following, {one.section_id: Take(adopt=True)})
    kept, new = second.sections.get(section=two.section), second.sections.get(section=one.section)
    assert (kept.revision, kept.basis, kept.count) == (two.revision, Basis.PREVIOUS, two.count)
    assert (new.revision.number, new.basis) == (2, Basis.ADVISED)
    assert second.number == 2


def test_a_section_that_did_not_change_stays() -> None:
    first = adopt(concluded())
    one, two = first.sections.order_by("position")
    factories.rewrite(one.revision.clauses.first().clause, "Other words.")
    second = adopt(again(first.consultation))
    assert bases(second) == [Basis.ADVISED, Basis.PREVIOUS]
    assert second.sections.get(section=two.section).revision == two.revision


def test_a_removed_section_leaves_the_text_when_its_removal_is_taken() -> None:
    first = adopt(concluded())
    one, two = first.sections.order_by("position")
    remove_section(section=two.section, by=first.adopted_by)
    following = again(first.consultation)
    second = adopt(following)
    assert [s["title"] for s in json.loads(second.canonical_text)["sections"]] == [one.revision.title]
    assert second.sections.get(section=two.section).revision.kind == "removed"
    factories.rewrite(one.revision.clauses.first().clause, "Other words.")
    third = adopt(again(following))
    assert {row.section_id for row in third.sections.all()} == {one.section_id}


def test_a_removal_that_is_not_taken_leaves_the_section() -> None:
    first = adopt(concluded())
    two = first.sections.order_by("position").last()
    remove_section(section=two.section, by=first.adopted_by)
    second = adopt(again(first.consultation), {two.section_id: Take(adopt=False)})
    assert second.canonical_text == first.canonical_text


def test_sections_that_exchanged_a_clause_are_adopted_together() -> None:
    first = adopt(concluded())
    one, two = (row.section for row in first.sections.order_by("position"))
    moved = Clause.objects.get(pk=one.clauses.order_by("position").first().pk)
    move_clause(clause=moved, by=first.adopted_by, section=two, index=0)
    following = again(first.consultation)
    for half in (one, two):
        with pytest.raises(BadInput) as refusal:
            adopt(following, {half.pk: Take(adopt=True)})
        assert refusal.value.code == "linked"
    second = adopt(following)
    assert [len(s["clauses"]) for s in json.loads(second.canonical_text)["sections"]] == [1, 3]


# ── The text and its fingerprint ──────────────────────────────────────────────────────────────────────────────────────
def test_the_fingerprint_is_that_of_the_canonical_text_whatever_the_order_of_the_choices() -> None:
    consultation = concluded(sections=4)
    takes = list(all_of(consultation).items())
    edition = adopt(consultation, dict(reversed(takes)))
    assert edition.sha256 == digest(edition.canonical_text)
    titles = [section["title"] for section in json.loads(edition.canonical_text)["sections"]]
    assert titles == [f"Section {n}" for n in range(1, 5)]


@pytest.mark.parametrize(("nature", "track"), [(Nature.RECOMMENDATION, False), (Nature.OBLIGATION, True)])
def test_one_obligation_opens_the_works_rules_track(
    nature: Nature,
    *,
    track: bool,
) -> None:
    charter = factories.charter(sections=1)
    factories.clause(charter.sections.get(), nature=nature)
    consultation = factories.consultation_in(charter, ConsultationState.VOTING)
    edition = adopt(factories.concluded(consultation, {charter.created_by: FOR}))
    assert edition.works_rules is track


# ── The document ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_document_holds_counts_only_where_they_may_be_shown_and_no_name() -> None:
    charter = factories.charter(sections=1)
    employees = factories.members(charter, 6)
    factories.members(charter, 2, CollegeKind.REPRESENTATIVES)
    consultation = factories.consultation_in(charter, ConsultationState.VOTING)
    votes = dict(zip(employees, [FOR, FOR, FOR, AGAINST, AGAINST, FOR], strict=True)) | {charter.created_by: FOR}
    edition = factories.adopted(factories.concluded(consultation, votes))
    document = edition_document(edition)
    results = {result.kind: result for result in document.polls[0].results}
    assert (results["employees"].votes_for, results["employees"].disclosed) == (4, True)
    assert (results["hr"].votes_for, results["hr"].marked, results["hr"].disclosed) == (0, 0, False)
    assert [result.kind for result in document.polls[0].results] == [college.kind for college in document.colleges]
    assert not any(who.name in str(document) for who in Person.objects.all())


@pytest.mark.parametrize("field", ["canonical_text", "sha256", "title"])
def test_a_text_that_no_longer_holds_is_not_sealed(field: str) -> None:
    edition = adopt(concluded())
    setattr(edition, field, getattr(edition, field) + "x")
    with pytest.raises(FrozenText):
        edition_document(edition)


# ── Publishing ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_file_is_recorded_once() -> None:
    edition = adopt(concluded())
    file = publish_edition(edition=edition, by=edition.adopted_by, content=factories.PDF)
    assert (file.size, len(file.sha256)) == (len(factories.PDF), 64)
    with pytest.raises(WrongState):
        publish_edition(edition=edition, by=edition.adopted_by, content=b"another")
    assert bytes(EditionFile.objects.get().content) == factories.PDF


def test_participants_do_not_publish() -> None:
    edition = adopt(concluded())
    with pytest.raises(NotPermitted):
        publish(edition, factories.member(edition.charter, Role.DRAFTER))
    assert not EditionFile.objects.exists()


@needs.pdf
def test_the_sealed_file_verifies_and_publishing_again_gives_the_same(
    tmp_path: Path, settings: Any, program: Callable[[str], str]
) -> None:
    settings.AUTHORITY_DIR = tmp_path / "authority"
    edition = adopt(concluded())
    file = publish(edition, edition.adopted_by)
    assert publish(factories.fresh(edition), edition.adopted_by) == file
    path = tmp_path / "edition.pdf"
    path.write_bytes(bytes(EditionFile.objects.get().content))
    said = subprocess.run([program("pdfsig"), str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said


@needs.pdf
@pytest.mark.concurrency
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_get_one_file(parallel: Callable[..., list[Any]]) -> None:
    edition = adopt(concluded(sections=1))
    outcomes = parallel(2, publish_here, edition.pk)
    assert [outcome.error for outcome in outcomes] == ["", ""]
    assert len({outcome.value for outcome in outcomes}) == 1
    assert EditionFile.objects.count() == 1
    assert Activity.objects.filter(verb=Verb.EDITION_PUBLISH).count() == 1


def publish_here(_number: int, pk: int) -> str:
    edition = Edition.objects.select_related("charter", "adopted_by").get(pk=pk)
    return publish(edition, edition.adopted_by).sha256
