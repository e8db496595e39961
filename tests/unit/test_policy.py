"""Who may do what, and when: every verb × every standing × every state of its object.

The table below is written from the specification (product.md, « Permissions » and « States »), not from policy.py:
the two are compared. A verb that is not in it fails the suite.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from charters.actions.clauses import remove_clause
from charters.actions.consultations import end_comments
from charters.actions.members import change_member, leave_member
from charters.actions.polls import cancel_poll, open_polls
from charters.actions.revisions import submit_revision, withdraw_revision
from charters.actions.sections import remove_section
from charters.actions.threads import resolve_thread
from charters.enums import ConsultationState, Role, Verb
from charters.exceptions import NotPermitted, WrongState
from charters.models import Charter, Consultation, Person, Poll, Revision, Thread
from charters.policy import RULES, Denied, charter_of, decide, membership_in, require
from tests import factories
from tests.factories import World

OBSERVER, PARTICIPANT, DRAFTER, ADMINISTRATOR = "observer", "participant", "drafter", "administrator"
ALL = {OBSERVER, PARTICIPANT, DRAFTER, ADMINISTRATOR}
WRITERS = {PARTICIPANT, DRAFTER, ADMINISTRATOR}
DRAFTERS = {DRAFTER, ADMINISTRATOR}
BUREAU = {ADMINISTRATOR}
OUTSIDERS = {"former", "stranger"}


# ── Objects in every state ────────────────────────────────────────────────────────────────────────────────────────────
C = ConsultationState
Maker = Callable[[World], Any]
MAKERS: dict[str, dict[str, Maker]] = {}


def makes(kind: str, state: str) -> Callable[[Maker], Maker]:
    def register(maker: Maker) -> Maker:
        MAKERS.setdefault(kind, {})[state] = maker
        return maker

    return register


makes("charter", "free")(lambda w: w.charter)
makes("charter", "under_way")(lambda w: factories.consultation_in(w.charter, C.COMMENTING).charter)


@makes("charter", "concluded")
def _concluded_charter(w: World) -> Charter:
    factories.consultation_in(w.charter, C.CONCLUDED)
    return factories.fresh(w.charter)


@makes("charter", "open_drafting")
def _open_charter(w: World) -> Charter:
    Charter.objects.filter(pk=w.charter.pk).update(open_drafting=True)
    return factories.fresh(w.charter)


makes("section", "present")(lambda w: w.sections[0])
makes("section", "removed")(lambda w: remove_section(section=w.sections[0], by=w.drafter))
makes("clause", "present")(lambda w: w.clause)
makes("clause", "removed")(lambda w: remove_clause(clause=w.clause, by=w.drafter))


@makes("clause", "in_removed_section")
def _clause_away(w: World) -> Any:
    remove_section(section=w.sections[0], by=w.drafter)
    return factories.fresh(w.clause)


for _state in C:
    makes("consultation", _state.value)(lambda w, state=_state: factories.consultation_in(w.charter, state))


def late(consultation: Consultation, **dates: float) -> Consultation:
    """The calendar in hours from now, past or ahead."""
    Consultation.objects.filter(pk=consultation.pk).update(
        **{name: timezone.now() + timedelta(hours=hours) for name, hours in dates.items()}
    )
    return factories.fresh(consultation)


@makes("consultation", "planned_late")
def _planned_late(w: World) -> Consultation:
    return late(factories.consultation_in(w.charter, C.PLANNED), comments_until=-1)


@makes("consultation", "comments_due")
def _comments_due(w: World) -> Consultation:
    return late(factories.consultation_in(w.charter, C.COMMENTING), comments_until=-1)


@makes("consultation", "revising_with_comments")
def _revising_with_comments(w: World) -> Consultation:
    return factories.consultation_in(w.charter, C.REVISING, comment_while_revising=True)


@makes("consultation", "vote_date_past")
def _vote_date_past(w: World) -> Consultation:
    return late(factories.consultation_in(w.charter, C.REVISING), comments_until=-2, voting_until=-1)


@makes("consultation", "all_counted")
def _all_counted(w: World) -> Consultation:
    consultation = factories.consultation_in(w.charter, C.VOTING)
    for poll in consultation.polls.all():
        factories.close(poll)
    return consultation


@makes("consultation", "adopted")
def _adopted(w: World) -> Consultation:
    return factories.edition(w.charter).consultation


def thread(w: World, state: ConsultationState, *, answered: bool = False, resolved: bool = False) -> Thread:
    consultation = factories.consultation_in(w.charter, C.COMMENTING)
    made = factories.thread(consultation, w.participant)
    if answered:
        factories.answered(made)
    if resolved:
        resolve_thread(thread=made, by=w.drafter)
    if state in {C.REVISING, C.VOTING, C.CONCLUDED}:
        consultation = end_comments(consultation=consultation, by=w.administrator)
    if state in {C.VOTING, C.CONCLUDED}:
        open_polls(consultation=consultation, by=w.administrator)
    if state is C.CONCLUDED:
        factories.concluded(factories.fresh(consultation))
    return factories.fresh(made)


for _state in (C.COMMENTING, C.REVISING, C.VOTING, C.CONCLUDED):
    makes("thread", f"{_state}_open")(lambda w, state=_state: thread(w, state))
    makes("thread", f"{_state}_answered")(lambda w, state=_state: thread(w, state, answered=True))
    makes("thread", f"{_state}_resolved")(lambda w, state=_state: thread(w, state, answered=True, resolved=True))


def poll(w: World) -> Poll:
    return factories.consultation_in(w.charter, C.VOTING).polls.first()


makes("poll", "open")(poll)
makes("poll", "due")(lambda w: factories.past_its_close(poll(w)))
makes("poll", "counted")(lambda w: factories.close(poll(w)).poll)
makes("poll", "cancelled")(lambda w: cancel_poll(poll=poll(w), by=w.administrator, reason="A wrong text."))


@makes("poll", "planned")
def _planned_poll(w: World) -> Poll:
    """No act leaves a poll planned yet; the state is known to the database."""
    made = poll(w)
    Poll.objects.filter(pk=made.pk).update(state="planned")
    return factories.fresh(made)


def revision(w: World, state: ConsultationState) -> Revision:
    return factories.consultation_in(w.charter, state).revisions.first()


for _state in C:
    makes("revision", f"{_state}")(lambda w, state=_state: revision(w, state))


@makes("revision", "replaced")
def _replaced(w: World) -> Revision:
    before = revision(w, C.COMMENTING)
    factories.rewrite(before.section.clauses.first(), "Other words.")
    submit_revision(section=before.section, consultation=before.consultation, by=w.drafter)
    return factories.fresh(before)


@makes("revision", "withdrawn")
def _withdrawn(w: World) -> Revision:
    return withdraw_revision(revision=revision(w, C.COMMENTING), by=w.drafter, reason="Not ready.")


@makes("revision", "decided")
def _decided(w: World) -> Revision:
    made = revision(w, C.VOTING)
    factories.close(made.poll)
    return factories.fresh(made)


makes("edition", "adopted")(lambda w: factories.edition(w.charter))
makes("edition", "published")(lambda w: factories.edition(w.charter, published=True))
makes("membership", "present")(lambda w: w.charter.memberships.get(person=w.observer))


@makes("membership", "left")
def _left(w: World) -> Any:
    row = w.charter.memberships.get(person=w.observer)
    leave_member(membership=row, by=w.administrator)
    w.observer = factories.member(w.charter, Role.OBSERVER)
    return factories.fresh(row)


# ── The table ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Line:
    """Who, on what, in which of its states (None: any); `system` says in which of those the system may too."""

    roles: set[str]
    on: str
    states: set[str] | None = None
    system: set[str] = field(default_factory=set)


ANY_ANSWER = {
    f"{state}_{kind}" for state in ("commenting", "revising", "voting") for kind in ("open", "answered", "resolved")
}
TABLE: dict[Verb, Line] = {
    # read editions and open revisions: everybody of the charter
    Verb.CHARTER_READ: Line(ALL, "charter"),
    Verb.RIGHTS_READ: Line(ALL, "charter"),
    Verb.MEMBER_READ: Line(ALL, "charter"),
    Verb.JOURNAL_READ: Line(ALL, "charter"),
    Verb.EDITION_READ: Line(ALL, "edition"),
    Verb.EDITION_DOWNLOAD: Line(ALL, "edition", {"published"}),
    # the working text and its history: drafters (everybody where drafting is open: a test of its own)
    Verb.WORKING_TEXT_READ: Line(DRAFTERS, "charter"),
    # comment: participants, while commenting (or revising, if so set)
    Verb.THREAD_OPEN: Line(WRITERS, "consultation", {"commenting", "revising_with_comments"}),
    Verb.THREAD_REPLY: Line(WRITERS, "thread", {"commenting_open", "commenting_answered", "commenting_resolved"}),
    # vote: participants on the roll, while the poll is open
    Verb.VOTE_CAST: Line(WRITERS, "poll", {"open"}),
    # edit the working text, submit or withdraw a revision: drafters
    Verb.SECTION_ADD: Line(DRAFTERS, "charter"),
    Verb.SECTION_EDIT: Line(DRAFTERS, "section", {"present"}),
    Verb.SECTION_MOVE: Line(DRAFTERS, "section", {"present"}),
    Verb.SECTION_REMOVE: Line(DRAFTERS, "section", {"present"}),
    Verb.SECTION_RESTORE: Line(DRAFTERS, "section", {"removed"}),
    Verb.CLAUSE_ADD: Line(DRAFTERS, "section", {"present"}),
    Verb.CLAUSE_EDIT: Line(DRAFTERS, "clause", {"present"}),
    Verb.CLAUSE_MOVE: Line(DRAFTERS, "clause", {"present"}),
    Verb.CLAUSE_REMOVE: Line(DRAFTERS, "clause", {"present"}),
    Verb.CLAUSE_RESTORE: Line(DRAFTERS, "clause", {"removed"}),
    Verb.CLAUSE_REVERT: Line(DRAFTERS, "clause", {"present"}),
    Verb.CONSULTATION_PLAN: Line(DRAFTERS, "charter", {"free", "concluded", "open_drafting"}),
    Verb.REVISION_SUBMIT: Line(
        DRAFTERS,
        "consultation",
        {"planned", "planned_late", "commenting", "comments_due", "revising", "revising_with_comments", "vote_date_past"},
    ),
    Verb.REVISION_WITHDRAW: Line(DRAFTERS, "revision", {"planned", "commenting", "revising", "voting"}),
    # answer threads: drafters, until the consultation is over
    Verb.THREAD_ANSWER: Line(DRAFTERS, "thread", ANY_ANSWER),
    Verb.THREAD_RESOLVE: Line(DRAFTERS, "thread", {"commenting_answered", "revising_answered", "voting_answered"}),
    Verb.THREAD_REOPEN: Line(DRAFTERS, "thread", {"commenting_resolved", "revising_resolved", "voting_resolved"}),
    # administrators open, end, extend and cancel, adopt and publish, and see to the members
    Verb.CONSULTATION_OPEN: Line(BUREAU, "consultation", {"planned"}),
    Verb.CONSULTATION_END_COMMENTS: Line(
        BUREAU, "consultation", {"commenting", "comments_due"}, system={"comments_due", "commenting"}
    ),
    Verb.CONSULTATION_CONCLUDE: Line(BUREAU, "consultation", {"all_counted"}),
    Verb.CONSULTATION_CANCEL: Line(
        BUREAU,
        "consultation",
        {"planned", "planned_late", "commenting", "comments_due", "revising", "revising_with_comments",
         "vote_date_past", "voting", "all_counted"},
    ),
    Verb.POLL_OPEN: Line(BUREAU, "consultation", {"revising", "revising_with_comments"}),
    Verb.POLL_EXTEND: Line(BUREAU, "poll", {"open"}),
    Verb.POLL_CANCEL: Line(BUREAU, "poll", {"planned", "open", "due"}),
    Verb.POLL_COUNT: Line(BUREAU, "poll", {"due"}, system={"due"}),
    Verb.EDITION_ADOPT: Line(BUREAU, "consultation", {"concluded"}),
    Verb.EDITION_PUBLISH: Line(BUREAU, "edition", {"adopted"}),
    Verb.MEMBER_INVITE: Line(BUREAU, "charter"),
    Verb.MEMBER_CHANGE: Line(BUREAU, "membership", {"present"}),
    Verb.MEMBER_LEAVE: Line(BUREAU, "membership", {"present"}),
    # asked of no charter: a test of its own
    Verb.CHARTER_CREATE: Line(BUREAU, ""),
}  # fmt: skip


def test_every_verb_is_in_the_table_and_in_the_policy() -> None:
    assert set(TABLE) == set(Verb) == set(RULES)


def test_every_state_in_the_table_can_be_made() -> None:
    for verb, line in TABLE.items():
        assert (line.states or set()) | line.system <= set(MAKERS.get(line.on, {})), verb
    assert {line.on for line in TABLE.values()} - {""} == set(MAKERS)


def cases() -> Iterator[Any]:
    for kind, states in MAKERS.items():
        for state in states:
            yield pytest.param(kind, state, id=f"{kind}-{state}")


def expected(line: Line, standing: str, state: str) -> type[Exception] | None:
    """What the specification says: the right first, then the moment."""
    roles = ALL if state == "open_drafting" and line is TABLE[Verb.WORKING_TEXT_READ] else line.roles
    if standing not in roles:
        return NotPermitted
    return None if line.states is None or state in line.states else WrongState


def met(person: Person | None, verb: Verb, obj: Any) -> type[Exception] | None:
    """The kind of refusal that an act meets; a refusal always has its sentence and names its verb."""
    refusal: NotPermitted | WrongState | None = None
    try:
        require(person, verb, obj)
    except (NotPermitted, WrongState) as error:
        refusal = error
    assert refusal is None or (str(refusal) and refusal.code == verb)
    return None if refusal is None else type(refusal)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "state"), list(cases()))
def test_matrix(kind: str, state: str) -> None:
    w = factories.world()
    obj = MAKERS[kind][state](w)
    differences = []
    for verb, line in TABLE.items():
        if line.on != kind:
            continue
        for standing in sorted(ALL | OUTSIDERS):
            want, got = expected(line, standing, state), met(getattr(w, standing), verb, factories.fresh(obj))
            if want is not got:
                differences.append(f"{verb} by {standing}: {want} expected, {got} met")
        want, got = None if state in line.system else NotPermitted, met(None, verb, factories.fresh(obj))
        if line.system and state not in line.system:
            want = WrongState
        if want is not got:
            differences.append(f"{verb} by the system: {want} expected, {got} met")
    assert not differences


# ── What the matrix cannot say ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_charters_are_created_by_administrators_of_any_charter_and_by_the_operator() -> None:
    w = factories.world()
    may = {name for name in (*ALL, *OUTSIDERS) if met(getattr(w, name), Verb.CHARTER_CREATE, None) is None}
    assert may == {"administrator", "stranger"}  # the stranger administers another charter
    assert met(factories.person(), Verb.CHARTER_CREATE, None) is NotPermitted
    assert met(factories.person(is_superuser=True), Verb.CHARTER_CREATE, None) is None
    assert met(None, Verb.CHARTER_CREATE, None) is NotPermitted


@pytest.mark.django_db
def test_the_operator_has_no_right_in_a_charter() -> None:
    w = factories.world()
    operator = factories.person(is_superuser=True, is_staff=True)
    for verb, line in TABLE.items():
        if line.on == "charter":
            assert met(operator, verb, w.charter) is NotPermitted, verb


@pytest.mark.django_db
def test_who_joins_after_the_opening_is_not_on_the_roll() -> None:
    w = factories.world()
    open_poll = poll(w)
    late_comer = factories.member(w.charter, Role.ADMINISTRATOR)
    assert met(late_comer, Verb.VOTE_CAST, open_poll) is NotPermitted
    assert met(late_comer, Verb.POLL_EXTEND, open_poll) is None


@pytest.mark.django_db
def test_nobody_learns_a_moment_that_is_not_theirs() -> None:
    w = factories.world()
    closed = factories.close(poll(w)).poll
    verdict = decide(w.stranger, Verb.VOTE_CAST, closed)
    assert isinstance(verdict, Denied)
    assert not verdict.wrong_state
    assert met(w.participant, Verb.VOTE_CAST, closed) is WrongState


@pytest.mark.django_db
def test_a_right_just_lost_is_lost_at_once() -> None:
    w = factories.world()
    assert decide(w.drafter, Verb.SECTION_ADD, w.charter)  # read, and kept on the person for the page
    row = w.charter.memberships.get(person=w.drafter)
    change_member(membership=row, by=w.administrator, college=row.college, role=Role.OBSERVER)
    assert met(w.drafter, Verb.SECTION_ADD, w.charter) is NotPermitted
    leave_member(membership=row, by=w.administrator)
    assert met(w.drafter, Verb.CHARTER_READ, w.charter) is NotPermitted
    assert membership_in(w.drafter, w.charter) is None


@pytest.mark.django_db
def test_a_closing_is_judged_by_the_clock_before_it_is_recorded() -> None:
    w = factories.world()
    open_poll = poll(w)
    at_the_close = open_poll.closes_at
    assert decide(w.participant, Verb.VOTE_CAST, open_poll, now=at_the_close - timedelta(microseconds=1))
    assert not decide(w.participant, Verb.VOTE_CAST, open_poll, now=at_the_close)
    assert decide(None, Verb.POLL_COUNT, open_poll, now=at_the_close)
    assert not decide(None, Verb.POLL_COUNT, open_poll, now=at_the_close - timedelta(microseconds=1))


@pytest.mark.django_db
def test_the_charter_of_everything() -> None:
    w = factories.world()
    edition = factories.edition(w.charter)
    held = edition.sections.first()
    for obj in (
        w.charter, w.clause, w.sections[0], edition, held, edition.consultation, held.revision, held.revision.poll,
        held.revision.poll.electors.first(), w.charter.memberships.first(),
    ):  # fmt: skip
        assert charter_of(obj) == w.charter
    with pytest.raises(TypeError, match="belongs to no charter"):
        charter_of(w.participant)
