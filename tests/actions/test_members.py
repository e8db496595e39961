"""People of a charter: invited, changed, leaving, coming back; one administrator always stays."""

from typing import Any

import pytest
from django.core import mail

from charters.actions.journal import verify
from charters.actions.members import change_member, invite_member, leave_member
from charters.enums import CollegeKind, ConsultationState, Language, Role, Verb
from charters.exceptions import BadInput, NotPermitted, WrongState
from charters.models import Activity, Charter, Membership, Person
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def charter() -> Charter:
    return factories.charter()


def invite(charter: Charter, email: str = "new@example.org", **options: Any) -> Membership:
    fields = {"name": "Somebody", "college": factories.college(charter), "role": Role.PARTICIPANT} | options
    return invite_member(charter=charter, by=charter.created_by, email=email, **fields)


def administration(charter: Charter) -> Membership:
    return charter.memberships.get(person=charter.created_by)


# ── Inviting ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_new_person_gets_an_account_a_role_and_a_letter(
    charter: Charter, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = invite(charter, "  Élodie@Example.ORG ", name="  Élodie   Martin ", language=Language.FRENCH)
    assert (row.person.name, row.person.email, row.person.language) == ("Élodie Martin", "élodie@example.org", "fr")
    assert (row.role, row.college.kind, row.invited_by) == ("participant", "employees", charter.created_by)
    assert not row.person.has_usable_password()
    assert [letter.to for letter in mail.outbox] == [["élodie@example.org"]]


def test_no_letter_leaves_when_the_invitation_is_undone(
    charter: Charter, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks, pytest.raises(BadInput):
        invite(charter, charter.created_by.email)
    assert not callbacks
    assert not mail.outbox


def test_a_known_address_is_the_known_person_in_any_case(charter: Charter) -> None:
    known = factories.person("Known", email="known@example.org")
    assert invite(charter, "KNOWN@example.org", name="Somebody else").person == known
    known.refresh_from_db()
    assert known.name == "Known"
    assert Person.objects.filter(email__iexact="known@example.org").count() == 1


def test_a_member_is_not_invited_twice(charter: Charter) -> None:
    invite(charter)
    with pytest.raises(BadInput) as refused:
        invite(charter, "NEW@example.org", role=Role.ADMINISTRATOR)
    assert refused.value.code == "member"
    assert charter.memberships.get(person__email="new@example.org").role == Role.PARTICIPANT


def test_who_left_comes_back_with_the_new_role_and_college(charter: Charter) -> None:
    row = invite(charter, role=Role.ADMINISTRATOR)
    leave_member(membership=row, by=charter.created_by)
    again = invite(charter, role=Role.OBSERVER, college=factories.college(charter, CollegeKind.REPRESENTATIVES))
    assert again.pk == row.pk
    assert (again.left_at, again.role, again.college.kind) == (None, Role.OBSERVER, CollegeKind.REPRESENTATIVES)
    assert charter.memberships.filter(person=row.person).count() == 1


@pytest.mark.parametrize("email", ["", "   ", None])
def test_an_address_is_needed(charter: Charter, email: Any) -> None:
    with pytest.raises(BadInput) as refused:
        invite(charter, email)
    assert refused.value.code == "empty"


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\x00b", "\u202eevil"])
def test_a_name_that_cannot_be_taken_leaves_nobody(charter: Charter, name: str) -> None:
    with pytest.raises(BadInput):
        invite(charter, name=name)
    assert not Person.objects.filter(email="new@example.org").exists()


# ── Other charters ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_group_of_another_charter_is_refused(charter: Charter) -> None:
    foreign = factories.college(factories.charter(charter.created_by))
    with pytest.raises(BadInput) as refused:
        invite(charter, college=foreign)
    assert refused.value.code == "other_charter"
    row = invite(charter)
    with pytest.raises(BadInput) as refused:
        change_member(membership=row, by=charter.created_by, college=foreign, role=Role.PARTICIPANT)
    assert refused.value.code == "other_charter"


def test_the_administrator_of_another_charter_has_no_right_here(charter: Charter) -> None:
    other = factories.charter()
    row = invite(charter)
    with pytest.raises(NotPermitted):
        leave_member(membership=row, by=other.created_by)
    with pytest.raises(NotPermitted):
        change_member(membership=row, by=other.created_by, college=row.college, role=Role.ADMINISTRATOR)


# ── The last administrator ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_the_last_administrator_keeps_the_role(charter: Charter, role: Role) -> None:
    invite(charter, role=Role.DRAFTER)
    former = invite(charter, "former@example.org", role=Role.ADMINISTRATOR)
    leave_member(membership=former, by=charter.created_by)  # somebody who left does not count
    row = administration(charter)
    with pytest.raises(BadInput) as refused:
        change_member(membership=row, by=charter.created_by, college=row.college, role=role)
    assert refused.value.code == "last_administrator"
    with pytest.raises(BadInput) as refused:
        leave_member(membership=row, by=charter.created_by)
    assert refused.value.code == "last_administrator"
    assert factories.fresh(row).role == Role.ADMINISTRATOR


def test_the_last_administrator_may_change_college(charter: Charter) -> None:
    row, college = administration(charter), factories.college(charter, CollegeKind.COMMUNICATIONS)
    changed = change_member(membership=row, by=charter.created_by, college=college, role=Role.ADMINISTRATOR)
    assert changed.college == college


def test_one_of_two_administrators_may_go(charter: Charter) -> None:
    second = invite(charter, role=Role.ADMINISTRATOR)
    left = leave_member(membership=administration(charter), by=charter.created_by)
    assert left.left_at is not None
    with pytest.raises(NotPermitted):
        invite_member(
            charter=charter, by=charter.created_by, name="X", email="x@example.org",
            college=second.college, role=Role.OBSERVER,
        )  # fmt: skip
    with pytest.raises(BadInput):
        leave_member(membership=second, by=second.person)


# ── Ended, and the rest ───────────────────────────────────────────────────────────────────────────────────────────────
def test_an_ended_membership_is_not_changed(charter: Charter) -> None:
    row = leave_member(membership=invite(charter), by=charter.created_by)
    with pytest.raises(WrongState):
        change_member(membership=row, by=charter.created_by, college=row.college, role=Role.DRAFTER)
    with pytest.raises(WrongState):
        leave_member(membership=row, by=charter.created_by)


def test_an_open_poll_keeps_the_roll_it_opened_with(charter: Charter) -> None:
    row = invite(charter)
    poll = factories.consultation_in(charter, ConsultationState.VOTING).polls.first()
    change_member(
        membership=row, by=charter.created_by,
        college=factories.college(charter, CollegeKind.REPRESENTATIVES), role=Role.PARTICIPANT,
    )  # fmt: skip
    invite(charter, "late@example.org")
    elector = poll.electors.get(person=row.person)
    assert elector.poll_college.college.kind == CollegeKind.EMPLOYEES
    assert poll.electors.count() == 2
    assert sum(college.roll_size for college in poll.colleges.all()) == 2


def test_people_are_named_in_the_journal_by_their_key(charter: Charter) -> None:
    row = invite(charter)
    leave_member(membership=row, by=charter.created_by)
    entries = Activity.objects.filter(charter=charter, verb__in=[Verb.MEMBER_INVITE, Verb.MEMBER_LEAVE])
    assert {entry.detail.payload["person"] for entry in entries} == {row.person.key}
    assert row.person.email not in repr([entry.detail.payload for entry in entries])
    assert not verify(charter)


def test_nobody_is_made_an_observer_while_on_the_roll_of_an_open_vote() -> None:
    charter = factories.charter(sections=1, clauses=1)
    membership = factories.membership(charter)
    factories.consultation_in(charter, ConsultationState.VOTING)
    with pytest.raises(BadInput):
        change_member(membership=membership, by=charter.created_by, college=membership.college, role=Role.OBSERVER)
    change_member(membership=membership, by=charter.created_by, college=membership.college, role=Role.DRAFTER)
