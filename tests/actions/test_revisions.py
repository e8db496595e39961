"""Revisions: numbered, replaced, withdrawn, and frozen whatever becomes of the working text."""

from itertools import pairwise

import pytest

from charters.actions import clauses as clause_acts
from charters.actions.consultations import cancel_consultation
from charters.actions.editions import Take, adopt_edition
from charters.actions.polls import open_polls
from charters.actions.revisions import submit_revision, withdraw_revision
from charters.actions.sections import edit_section, move_section, remove_section, restore_section
from charters.documents.canonical import canonical_text, digest
from charters.documents.snapshots import revision_text
from charters.enums import Choice, ConsultationState, PollState, RevisionKind, RevisionState
from charters.exceptions import BadInput, WrongState
from charters.models import Clause, Consultation, Edition, Revision, Section, Vote
from tests import factories

pytestmark = pytest.mark.django_db
C = ConsultationState


@pytest.fixture
def consultation() -> Consultation:
    return factories.consultation_in(factories.charter(), C.COMMENTING)


def first_section(consultation: Consultation) -> Section:
    return consultation.charter.sections.order_by("position").first()


def resubmit(consultation: Consultation, section: Section, body: str) -> Revision:
    factories.rewrite(section.clauses.filter(removed_at=None).order_by("position").first(), body)
    return submit_revision(section=section, consultation=consultation, by=consultation.charter.created_by)


# ── Numbers and ends ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_revisions_are_numbered_by_section_and_replace_each_other(consultation: Consultation) -> None:
    section = first_section(consultation)
    made = [section.revisions.get(), resubmit(consultation, section, "One."), resubmit(consultation, section, "Two.")]
    assert [revision.number for revision in made] == [1, 2, 3]
    assert [revision.kind for revision in made] == ["new", "changed", "changed"]
    for before, after in pairwise(made):
        end = factories.fresh(before).end
        assert (end.state, end.replaced_by) == (RevisionState.REPLACED, after)
    assert not hasattr(factories.fresh(made[-1]), "end")
    assert consultation.revisions.filter(end=None).count() == 2  # this one, and the other section's


def test_numbers_go_on_in_the_next_consultation(consultation: Consultation) -> None:
    section = first_section(consultation)
    cancel_consultation(consultation=consultation, by=consultation.charter.created_by, reason="A mistake.")
    second = factories.consultation_in(consultation.charter, C.COMMENTING)
    assert second.number == 2
    assert list(section.revisions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_nothing_changed_is_nothing_to_submit(consultation: Consultation) -> None:
    section = first_section(consultation)
    with pytest.raises(BadInput) as refused:
        submit_revision(section=section, consultation=consultation, by=consultation.charter.created_by)
    assert refused.value.code == "unchanged"
    factories.rewrite(section.clauses.first(), "Other words.")
    factories.rewrite(section.clauses.first(), "Be kind to people.")  # and back
    with pytest.raises(BadInput):
        submit_revision(section=section, consultation=consultation, by=consultation.charter.created_by)


@pytest.mark.parametrize("kind", ["title", "summary", "order", "addition", "removal"])
def test_each_of_these_is_a_change(consultation: Consultation, kind: str) -> None:
    by, section = consultation.charter.created_by, first_section(consultation)
    clause = section.clauses.order_by("position").first()
    if kind == "order":
        clause_acts.move_clause(clause=clause, by=by, section=section, index=1)
    elif kind == "addition":
        factories.clause(section)
    elif kind == "removal":
        clause_acts.remove_clause(clause=clause, by=by)
    else:
        words = {"title": section.title, "summary": section.summary} | {kind: "Other"}
        edit_section(section=section, by=by, version=section.version, **words)
    revision = submit_revision(section=section, consultation=consultation, by=by)
    assert revision.number == 2


def test_the_text_is_frozen_while_voting_and_after() -> None:
    for state in (C.VOTING, C.CONCLUDED, C.CANCELLED):
        consultation = factories.consultation_in(factories.charter(), state)
        with pytest.raises(WrongState):
            resubmit(consultation, first_section(consultation), "Other words.")
        assert Clause.objects.filter(body="Other words.").exists()  # the working text goes on
        Clause.objects.filter(body="Other words.").update(body="Done.")


def test_a_section_of_another_charter_is_refused(consultation: Consultation) -> None:
    by = consultation.charter.created_by
    foreign = factories.charter(by).sections.first()
    with pytest.raises(BadInput) as refused:
        submit_revision(section=foreign, consultation=consultation, by=by)
    assert refused.value.code == "other_charter"


# ── What is frozen ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_revision_keeps_its_words_numbers_and_hash(consultation: Consultation) -> None:
    by, section = consultation.charter.created_by, first_section(consultation)
    revision = section.revisions.get()
    before = revision_text(revision)
    assert [clause.number for clause in before.clauses] == ["U1", "U2"]
    assert digest(canonical_text(before)) == revision.sha256
    first, second = section.clauses.order_by("position")
    factories.rewrite(first, "Other words.")
    clause_acts.move_clause(clause=second, by=by, section=section, index=0)
    edit_section(section=section, by=by, version=section.version, title="Renamed", summary="")
    move_section(section=factories.fresh(section), by=by, index=1)
    remove_section(section=factories.fresh(section), by=by)
    assert revision_text(factories.fresh(revision)) == before


def test_all_sections_of_the_template_are_frozen_as_they_are_hashed() -> None:
    charter = factories.template_charter()
    consultation = factories.planned(charter)
    assert consultation.revisions.count() == 5
    assert sum(revision.clauses.count() for revision in consultation.revisions.all()) == 34
    for revision in consultation.revisions.all():
        assert digest(canonical_text(revision_text(revision))) == revision.sha256


# ── Withdrawing ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_withdrawn_while_voting_its_poll_is_cancelled_and_its_votes_are_void() -> None:
    charter = factories.charter()
    consultation = factories.consultation_in(charter, C.VOTING)
    poll, other = consultation.polls.order_by("pk")
    factories.cast_vote(poll=poll, by=charter.created_by, choice=Choice.FOR)
    withdraw_revision(revision=poll.revision, by=charter.created_by, reason="A wrong figure.")
    poll = factories.fresh(poll)
    assert (poll.state, poll.cancel_reason) == (PollState.CANCELLED, "A wrong figure.")
    assert Vote.objects.filter(elector__poll=poll).count() == 1  # kept
    assert not hasattr(poll, "count")
    assert factories.fresh(other).state == PollState.OPEN
    with pytest.raises(WrongState):
        withdraw_revision(revision=poll.revision, by=charter.created_by, reason="Again.")


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_withdrawing_needs_a_reason(consultation: Consultation, reason: str) -> None:
    revision = consultation.revisions.first()
    with pytest.raises(BadInput):
        withdraw_revision(revision=revision, by=consultation.charter.created_by, reason=reason)
    assert not hasattr(factories.fresh(revision), "end")


def test_after_a_withdrawal_the_section_is_submitted_again_under_the_next_number(consultation: Consultation) -> None:
    by, section = consultation.charter.created_by, first_section(consultation)
    withdraw_revision(revision=section.revisions.get(), by=by, reason="Not ready.")
    again = submit_revision(section=section, consultation=consultation, by=by)
    assert (again.number, again.kind) == (2, RevisionKind.NEW)


def test_without_a_revision_left_no_vote_opens() -> None:
    consultation = factories.consultation_in(factories.charter(), C.REVISING)
    by = consultation.charter.created_by
    for revision in consultation.revisions.all():
        withdraw_revision(revision=revision, by=by, reason="Not ready.")
    with pytest.raises(BadInput) as refused:
        open_polls(consultation=consultation, by=by)
    assert refused.value.code == "nothing"
    assert factories.fresh(consultation).state == C.REVISING


# ── Sections that are removed, and come back ──────────────────────────────────────────────────────────────────────────
def test_the_removal_of_an_adopted_section_is_a_revision_of_its_own() -> None:
    charter = factories.charter()
    factories.edition(charter)
    by, section = charter.created_by, charter.sections.order_by("position").first()
    remove_section(section=section, by=by)
    consultation = factories.consultation_in(charter, C.VOTING)
    revision = consultation.revisions.get()
    assert (revision.kind, revision.clauses.count()) == (RevisionKind.REMOVED, 0)
    edition = factories.adopted(factories.concluded(consultation, {by: Choice.FOR}))
    assert "Section 1" not in edition.canonical_text
    assert "Section 2" in edition.canonical_text
    restore_section(section=section, by=by)
    back = factories.planned(charter)
    assert [revision.section for revision in back.revisions.all()] == [section]


# ── A clause is in one place of an edition ────────────────────────────────────────────────────────────────────────────
def moved(charter: object = None) -> tuple[Clause, Section, Section]:
    """An adopted charter whose first clause then moved to the second section."""
    charter = charter or factories.charter()
    factories.edition(charter)
    here, there = charter.sections.order_by("position")
    clause = here.clauses.order_by("position").first()
    by = charter.created_by
    return clause_acts.move_clause(clause=clause, by=by, section=there, index=0), here, there


def adopt(consultation: Consultation, *chosen: Section) -> Edition:
    takes = {section.pk: Take(adopt=True, reason="So decided.") for section in chosen}
    by = consultation.charter.created_by
    return adopt_edition(consultation=consultation, by=by, takes=takes, effective_date=factories.in_two_months())


def test_sections_between_which_a_clause_moved_are_adopted_together() -> None:
    clause, here, there = moved()
    consultation = factories.consultation_in(here.charter, C.CONCLUDED)
    for one in (here, there):
        with pytest.raises(BadInput) as refused:
            adopt(consultation, one)
        assert refused.value.code == "linked"
    edition = adopt(consultation, here, there)
    assert edition.canonical_text.count(clause.key) == 1


def test_a_choice_without_a_revision_does_not_count_as_adopting_it() -> None:
    """One of the two revisions was withdrawn: the other cannot be adopted, whatever the form says of the first."""
    clause, here, there = moved()
    consultation = factories.consultation_in(here.charter, C.VOTING)
    revision = consultation.revisions.get(section=here)
    withdraw_revision(revision=revision, by=here.charter.created_by, reason="A wrong figure.")
    consultation = factories.concluded(consultation)
    for chosen in ([there], [here, there]):
        with pytest.raises(BadInput) as refused:
            adopt(consultation, *chosen)
        assert refused.value.code == "linked"
    assert not Edition.objects.filter(consultation=consultation).exists()
    assert clause.section == there


def test_a_clause_that_moved_is_voted_on_in_both_sections() -> None:
    _clause, here, there = moved()
    with pytest.raises(BadInput) as refused:
        factories.planned(here.charter, sections=[there])
    assert refused.value.code == "linked"
    consultation = factories.consultation_in(here.charter, C.REVISING, sections=[here, there])
    by = here.charter.created_by
    assert len(open_polls(consultation=consultation, by=by)) == 2


def test_a_clause_moved_before_the_first_edition_is_not_adopted_twice() -> None:
    """It moved inside the consultation, and only its new section was submitted again."""
    charter = factories.charter()
    consultation = factories.consultation_in(charter, C.REVISING)
    by = charter.created_by
    here, there = charter.sections.order_by("position")
    clause_acts.move_clause(clause=here.clauses.order_by("position").first(), by=by, section=there, index=0)
    submit_revision(section=there, consultation=consultation, by=by)
    with pytest.raises(BadInput) as refused:
        open_polls(consultation=consultation, by=by)
    assert refused.value.code == "linked"
    submit_revision(section=here, consultation=consultation, by=by)
    assert len(open_polls(consultation=consultation, by=by)) == 2
