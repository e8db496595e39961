"""Texts written, submitted, adopted and published by several at once: one wins, the others are told, nothing is lost."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from charters.actions.clauses import edit_clause
from charters.actions.consultations import plan_consultation
from charters.actions.editions import Take, adopt_edition, publish_edition
from charters.actions.journal import verify
from charters.actions.revisions import submit_revision
from charters.enums import ConsultationState, Nature, RevisionState, Verb
from charters.exceptions import BadInput, StaleVersion
from charters.models import Activity, Charter, Clause, Consultation, Edition, EditionFile, Person, Section
from tests import factories
from tests.concurrency.hands import errors, unexpected

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
Parallel = Callable[..., list[Any]]


# ── One clause ────────────────────────────────────────────────────────────────────────────────────────────────────────
def save_over(number: int, clause: int, version: int, by: int) -> str:
    saved = edit_clause(
        clause=Clause(pk=clause), by=Person.objects.get(pk=by), version=version,
        title="A clause", body=f"The words of number {number}.", nature=Nature.INFORMATION,
    )  # fmt: skip
    return saved.body


def test_one_clause_saved_at_once_by_two_people(parallel: Parallel) -> None:
    charter = factories.charter(sections=1, clauses=1)
    clause = Clause.objects.get()
    outcomes = parallel(4, save_over, clause.pk, clause.version, charter.created_by_id)
    assert errors(outcomes) == {"": 1, "StaleVersion": 3}
    kept = factories.fresh(clause)
    assert kept.body == next(outcome.value for outcome in outcomes if not outcome.error)
    assert kept.version == clause.version + 1
    assert [state.body for state in clause.history.order_by("history_id")] == [clause.body, kept.body]
    assert Activity.objects.filter(verb=Verb.CLAUSE_EDIT).count() == 1


# ── Revisions ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def write_and_submit(number: int, section: int, consultation: int, by: int) -> int:
    """Three times: write, however often somebody was faster, then submit, unless somebody already submitted it."""
    person, made = Person.objects.get(pk=by), 0
    for turn in range(3):
        for _attempt in range(50):
            try:
                factories.rewrite(Clause.objects.get(section=section), f"Words {number}.{turn}.", person)
                break
            except StaleVersion:
                continue
        try:
            submit_revision(section=Section(pk=section), consultation=Consultation(pk=consultation), by=person)
            made += 1
        except BadInput as refused:
            assert refused.code == "unchanged"  # noqa: PT017 (the only refusal there may be)
    return made


def test_revisions_submitted_at_once_are_numbered_without_gap_or_double(parallel: Parallel) -> None:
    charter = factories.charter(sections=1, clauses=1)
    section = charter.sections.get()
    consultation = factories.consultation_in(charter, ConsultationState.COMMENTING)
    outcomes = parallel(6, write_and_submit, section.pk, consultation.pk, charter.created_by_id)
    assert not unexpected(outcomes)
    revisions = list(section.revisions.order_by("number").select_related("end"))
    assert [revision.number for revision in revisions] == list(range(1, 2 + sum(o.value for o in outcomes)))
    for revision, following in pairwise(revisions):
        assert revision.end.state == RevisionState.REPLACED
        assert revision.end.replaced_by == following
    assert not hasattr(revisions[-1], "end")
    assert revisions[-1].clauses.get().body == Clause.objects.get().body
    assert not verify(charter)


def plan(number: int, charter: int, by: int) -> int:
    row = Charter.objects.get(pk=charter)
    consultation = plan_consultation(
        charter=row, by=Person.objects.get(pk=by), sections=list(row.sections.all()),
        comments_until=factories.hours(24), voting_until=factories.hours(48),
    )  # fmt: skip
    return consultation.number


def test_planned_at_once_there_is_one_consultation(parallel: Parallel) -> None:
    charter = factories.charter()
    outcomes = parallel(4, plan, charter.pk, charter.created_by_id)
    assert errors(outcomes) == {"": 1, "WrongState": 3}
    assert charter.consultations.get().revisions.count() == 2


# ── Editions ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def adopt(number: int, consultation: int, by: list[int]) -> int:
    row = Consultation.objects.get(pk=consultation)
    takes = {revision.section_id: Take(adopt=True, reason="So decided.") for revision in row.revisions.all()}
    person = Person.objects.get(pk=by[number])
    return adopt_edition(consultation=row, by=person, takes=takes, effective_date=factories.in_two_months()).number


def two_administrators(charter: Charter) -> list[int]:
    return [charter.created_by_id, factories.member(charter, factories.Role.ADMINISTRATOR).pk]


def test_two_administrators_adopt_at_once_one_edition(parallel: Parallel) -> None:
    charter = factories.charter()
    people = two_administrators(charter)
    consultation = factories.consultation_in(charter, ConsultationState.CONCLUDED)
    outcomes = parallel(2, adopt, consultation.pk, people)
    assert errors(outcomes) == {"": 1, "WrongState": 1}
    assert Edition.objects.get().number == 1
    assert Activity.objects.filter(verb=Verb.EDITION_ADOPT).count() == 1
    assert not verify(charter)


def publish(number: int, edition: int, by: list[int]) -> str:
    person, row = Person.objects.get(pk=by[number]), Edition.objects.get(pk=edition)
    return publish_edition(edition=row, by=person, content=factories.PDF + bytes([number])).sha256


def test_two_administrators_publish_at_once_one_file(parallel: Parallel) -> None:
    charter = factories.charter()
    people, edition = two_administrators(charter), factories.edition(charter)
    outcomes = parallel(2, publish, edition.pk, people)
    assert errors(outcomes) == {"": 1, "WrongState": 1}
    assert EditionFile.objects.get().sha256 == next(o.value for o in outcomes if not o.error)
    assert not verify(charter)
