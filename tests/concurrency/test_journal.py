"""Everybody does something else at once in one charter: the chain has no fork, and nobody waits for the other for ever."""

from collections.abc import Callable
from typing import Any

import pytest

from charters.actions.clauses import add_clause, move_clause
from charters.actions.journal import verify
from charters.actions.members import change_member, invite_member, leave_member
from charters.actions.sections import edit_section, move_section
from charters.actions.threads import answer_thread, open_thread, reply_thread
from charters.enums import CollegeKind, ConsultationState, Nature, ResponseKind, Role
from charters.exceptions import StaleVersion
from charters.models import (
    Activity,
    ActivityHead,
    Charter,
    Clause,
    Comment,
    Consultation,
    Membership,
    Person,
    Voice,
)
from tests import factories
from tests.concurrency.hands import errors, unexpected

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
Parallel = Callable[..., list[Any]]
TURNS = 6


def act_of(number: int, charter: Charter, by: Person, turn: int) -> None:
    """One of eight different acts, which lock different rows first."""
    section = charter.sections.order_by("pk")[number % 2]
    clause = Clause.objects.filter(section__charter=charter).order_by("pk")[number % 2]
    consultation = charter.consultations.get()
    if number == 0:
        add_clause(section=section, by=by, title=f"Clause {turn}", body="Words.", nature=Nature.INFORMATION)
    elif number == 1:
        factories.rewrite(Clause.objects.get(title="Clause 1.1"), f"Words {turn}.", by)
    elif number == 2:
        move_clause(clause=clause, by=by, section=section, index=turn % 2)
    elif number == 3:
        move_section(section=section, by=by, index=turn % 2)
    elif number == 4:
        edit_section(section=section, by=by, version=section.version, title=f"Title {turn}", summary="")
    elif number == 5:
        factories.member(charter, Role.OBSERVER)
    elif number == 6:
        open_thread(consultation=consultation, clause=factories.first_clause(consultation), by=by, body=f"Why {turn}?")
    else:
        thread = factories.thread(consultation, by)
        answer_thread(thread=thread, by=by, kind=ResponseKind.ANSWERED, body="Because.")


def act(number: int, charter: int, by: int) -> int:
    """Several turns of one act; how often somebody else was faster does not count."""
    done = 0
    for turn in range(TURNS):
        try:
            act_of(number, Charter.objects.get(pk=charter), Person.objects.get(pk=by), turn)
            done += 1
        except StaleVersion:
            continue
    return done


def test_eight_writers_leave_an_unbroken_chain(parallel: Parallel) -> None:
    charter = factories.charter()
    factories.consultation_in(charter, ConsultationState.COMMENTING)
    outcomes = parallel(8, act, charter.pk, charter.created_by_id)
    assert not unexpected(outcomes)
    assert verify(charter) == []
    entries = list(Activity.objects.filter(charter=charter).order_by("sequence").values_list("sequence", flat=True))
    assert entries == list(range(1, len(entries) + 1))
    assert ActivityHead.objects.get(charter=charter).sequence == len(entries)


# ── People ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def invite(number: int, charters: list[int], by: int) -> str:
    charter = Charter.objects.get(pk=charters[number % len(charters)])
    membership = invite_member(
        charter=charter, by=Person.objects.get(pk=by), name="Somebody", email="Somebody@Example.org",
        college=factories.college(charter), role=Role.PARTICIPANT,
    )  # fmt: skip
    return membership.person.key


def test_one_address_invited_at_once_is_one_person_and_one_member(parallel: Parallel) -> None:
    first = factories.charter()
    by = first.created_by
    second = factories.charter(by)
    outcomes = parallel(4, invite, [first.pk, second.pk], by.pk)
    assert errors(outcomes) == {"": 2, "BadInput": 2}
    assert len({outcome.value for outcome in outcomes if not outcome.error}) == 1
    assert Person.objects.filter(email__iexact="somebody@example.org").count() == 1
    assert Membership.objects.filter(person__email="somebody@example.org").count() == 2


def resign(number: int, memberships: list[int]) -> None:
    mine = Membership.objects.select_related("person", "college").get(pk=memberships[number])
    if number % 2:
        leave_member(membership=mine, by=mine.person)
    else:
        change_member(membership=mine, by=mine.person, college=mine.college, role=Role.OBSERVER)


def test_when_all_administrators_resign_at_once_one_stays(parallel: Parallel) -> None:
    charter = factories.charter()
    for _ in range(3):
        factories.membership(charter, Role.ADMINISTRATOR, CollegeKind.HR)
    outcomes = parallel(4, resign, list(charter.memberships.values_list("pk", flat=True)))
    assert errors(outcomes) == {"": 3, "BadInput": 1}
    assert charter.memberships.filter(role=Role.ADMINISTRATOR, left_at=None).count() == 1


# ── Voices ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def speak(number: int, consultation: int, people: list[int]) -> str:
    row = Consultation.objects.get(pk=consultation)
    clause, by = factories.first_clause(row), Person.objects.get(pk=people[number // 2])
    comment = open_thread(consultation=row, clause=clause, by=by, body=f"I say {number}.")
    reply_thread(thread=comment.thread, by=by, body="And again.")
    return comment.voice.key


def test_one_person_in_two_windows_has_one_voice(parallel: Parallel) -> None:
    charter = factories.charter()
    people = [person.pk for person in factories.members(charter, 4)]
    consultation = factories.consultation_in(charter, ConsultationState.COMMENTING)
    outcomes = parallel(8, speak, consultation.pk, people)
    assert not unexpected(outcomes)
    assert len({outcome.value for outcome in outcomes}) == 4
    assert Voice.objects.count() == 4
    assert Comment.objects.count() == 16
    assert not verify(charter)
