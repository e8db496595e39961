"""Every address × everybody: nobody sees or does what is not theirs, and nothing ever fails.

The table below is written from the specification; the addresses come from the URL resolver. An address that is not in the
table fails the suite. Who has no part in a charter learns nothing of it: 404.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from charters.actions.threads import resolve_thread
from charters.enums import ConsultationState, Role
from charters.models import Charter, Person
from charters.urls import urlpatterns
from tests import factories

OBSERVER, PARTICIPANT, DRAFTER, ADMINISTRATOR = "observer", "participant", "drafter", "administrator"
ALL = {OBSERVER, PARTICIPANT, DRAFTER, ADMINISTRATOR}
WRITERS = {PARTICIPANT, DRAFTER, ADMINISTRATOR}
DRAFTERS = {DRAFTER, ADMINISTRATOR}
BUREAU = {ADMINISTRATOR}
OUTSIDERS = {"former", "stranger"}
STANDINGS = ["anonymous", "stranger", "former", OBSERVER, PARTICIPANT, DRAFTER, ADMINISTRATOR]
NONE: set[str] = set()


@dataclass(frozen=True)
class Line:
    """Who gets the page, who may send the form (none: the address has no such method), on which charter of the scene."""

    get: set[str] = field(default_factory=set)
    post: set[str] = field(default_factory=set)
    on: str = "commenting"


TABLE = {
    "home": Line(ALL | OUTSIDERS),
    "charter_create": Line({ADMINISTRATOR, "stranger"}, {ADMINISTRATOR, "stranger"}),  # each administers a charter
    "rights_read": Line(ALL),
    "member_read": Line(ALL),
    "member_invite": Line(BUREAU, BUREAU),
    "member_change": Line(BUREAU, BUREAU),
    "member_leave": Line(NONE, BUREAU),
    "journal_read": Line(ALL),
    # reading and discussion
    "charter_read": Line(ALL),
    "thread_open": Line(ALL, WRITERS),
    "thread": Line(ALL),
    "comment": Line(ALL),
    "thread_reply": Line(WRITERS, WRITERS),
    "thread_answer": Line(DRAFTERS, DRAFTERS),
    "thread_resolve": Line(NONE, DRAFTERS),
    "thread_reopen": Line(NONE, DRAFTERS, "resolved"),
    # drafting
    "working_text_read": Line(DRAFTERS),
    "section_add": Line(DRAFTERS, DRAFTERS),
    "section_edit": Line(DRAFTERS, DRAFTERS),
    "section_move": Line(NONE, DRAFTERS),
    "section_remove": Line(NONE, DRAFTERS),
    "section_restore": Line(NONE, DRAFTERS),
    "clause_add": Line(DRAFTERS, DRAFTERS),
    "clause_edit": Line(DRAFTERS, DRAFTERS),
    "clause_move": Line(NONE, DRAFTERS),
    "clause_remove": Line(NONE, DRAFTERS),
    "clause_restore": Line(NONE, DRAFTERS),
    "clause_history": Line(DRAFTERS),
    "clause_revert": Line(DRAFTERS, DRAFTERS),
    "preview": Line(NONE, DRAFTERS),
    # consultations and revisions
    "consultations": Line(ALL),
    "consultation_plan": Line(DRAFTERS, DRAFTERS, "concluded"),
    "consultation": Line(ALL),
    "consultation_open": Line(NONE, BUREAU),
    "consultation_end_comments": Line(NONE, BUREAU),
    "consultation_conclude": Line(BUREAU, BUREAU, "counted"),
    "consultation_cancel": Line(BUREAU, BUREAU),
    "revision_submit": Line(DRAFTERS, DRAFTERS),
    "revision": Line(ALL),
    "revision_comparison": Line(ALL),
    "revision_withdraw": Line(DRAFTERS, DRAFTERS),
    # voting
    "poll_open": Line(BUREAU, BUREAU, "revising"),
    "polls": Line(ALL, NONE, "voting"),
    "poll": Line(ALL, NONE, "voting"),
    "vote_cast": Line(NONE, WRITERS, "voting"),
    "poll_extend": Line(BUREAU, BUREAU, "voting"),
    "poll_cancel": Line(BUREAU, BUREAU, "voting"),
    # editions
    "editions": Line(ALL, NONE, "published"),
    "edition_adopt": Line(BUREAU, BUREAU, "concluded"),
    "edition_read": Line(ALL, NONE, "published"),
    "edition_publish": Line(NONE, BUREAU, "published"),  # it is: 409, and no PDF is made here
    "edition_download": Line(ALL, NONE, "published"),
}  # fmt: skip


@pytest.mark.django_db  # the others use the module's scene; this mark is what has the database made
def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(TABLE)


# ── The scene ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class Scene:
    clients: dict[str, Client]
    people: dict[str, Person]
    objects: dict[str, dict[str, Any]]


def same_people(charter: Charter, people: dict[str, Person]) -> None:
    for name in (OBSERVER, PARTICIPANT, DRAFTER):
        factories.member(charter, Role(name), who=people[name])
    factories.former_member(charter, who=people["former"])


def objects_of(charter: Charter) -> dict[str, Any]:
    """What an address may ask for, of one charter."""
    section = charter.sections.order_by("position").first()
    clause = section.clauses.order_by("position").first()
    consultation = charter.consultations.order_by("-number").first()
    found: dict[str, Any] = {
        "charter": charter.pk, "section": section.pk, "clause": clause.pk, "consultation": consultation.pk,
        "membership": charter.memberships.get(role=OBSERVER).pk, "state": clause.history.last().history_id,
    }  # fmt: skip
    thread = consultation.threads.first()
    poll, edition = consultation.polls.first(), charter.editions.first()
    revision = consultation.revisions.filter(section=section).order_by("-number").first()
    found["revision"] = revision.pk if revision else consultation.revisions.first().pk
    found["thread"] = thread.key if thread else ""
    found["comment"] = thread.comments.first().key if thread else ""
    found["poll"] = poll.pk if poll else 0
    found["edition"] = edition.pk if edition else 0
    return found


def charter_for(stage: str, people: dict[str, Person]) -> Charter:
    charter = factories.charter(people[ADMINISTRATOR], title=f"The charter that is {stage}")
    same_people(charter, people)
    states = {"counted": "voting", "resolved": "commenting", "published": "concluded"}
    consultation = factories.consultation_in(charter, ConsultationState(states.get(stage, stage)))
    if stage in {"commenting", "resolved"}:
        thread = factories.answered(factories.thread(consultation, people[PARTICIPANT]))
        if stage == "resolved":
            resolve_thread(thread=thread, by=people[DRAFTER])
    if stage in {"commenting", "concluded"}:
        changed = charter.sections.order_by("position").first().clauses.order_by("position").first()
        factories.rewrite(changed, "Other words.", people[DRAFTER])
    if stage == "counted":
        for poll in consultation.polls.all():
            factories.close(poll)
    if stage == "published":
        edition = factories.adopted(consultation)
        factories.publish_edition(edition=edition, by=people[ADMINISTRATOR], content=factories.PDF)
    return charter


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Several charters with the same people, made once, in a transaction that ends with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        names = [standing for standing in STANDINGS if standing != "anonymous"]
        people = {name: factories.person(f"The {name}") for name in names}
        factories.charter(people["stranger"], sections=1, clauses=1)
        stages = {line.on for line in TABLE.values()}
        objects = {stage: objects_of(charter_for(stage, people)) for stage in sorted(stages)}
        clients = {"anonymous": Client()}
        for name in names:
            clients[name] = Client()
            clients[name].force_login(people[name])
        yield Scene(clients, people, objects)
        transaction.set_rollback(True)


def address(scene: Scene, name: str) -> str:
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    held = scene.objects[TABLE[name].on]
    arguments = {key: held[key] for key in pattern.pattern.converters if key != "key"}
    if "key" in pattern.pattern.converters:
        arguments["key"] = held["comment" if name == "comment" else "thread"]
    return reverse(name, kwargs=arguments)


# ── The matrix ────────────────────────────────────────────────────────────────────────────────────────────────────────
DONE = {200, 204, 302, 303}
TAKEN = DONE | {409, 422}  # a form without data may be refused, with its reason
HIDDEN = {404, 405}
REFUSED = {403, 404, 405}


def expected(line: Line, standing: str, method: str) -> set[int]:
    """The statuses that the specification leaves open to this person."""
    allowed = line.get if method == "get" else line.post
    if standing == "anonymous":
        return {403, 405}
    if not allowed and (line.post if method == "get" else line.get):
        return {405} if standing in ALL else {404, 405}
    if standing in allowed:
        return DONE if method == "get" else TAKEN
    if standing in OUTSIDERS and line is not TABLE["charter_create"]:
        return HIDDEN
    return REFUSED


def asks_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == HTTPStatus.FOUND and response["Location"].startswith(reverse("account_login"))


def ask(client: Client, method: str, path: str, **headers: str) -> HttpResponse | str:
    """The response; a failure comes back as its text, so that one does not hide the next."""
    with transaction.atomic():
        try:
            response = getattr(client, method)(path, headers=headers)
            if response.streaming:
                b"".join(response.streaming_content)
        except Exception as error:  # noqa: BLE001 (whatever it is, it would be a 500)
            response = f"{type(error).__name__}: {error}"
        transaction.set_rollback(True)
    return response


def problem(scene: Scene, name: str, standing: str, method: str, **headers: str) -> str:
    line, path = TABLE[name], address(scene, name)
    response = ask(scene.clients[standing], method, path, **headers)
    said = f"{method} {path} by {standing}{' (htmx)' if headers else ''}"
    if isinstance(response, str):
        return f"{said} failed: {response}"
    if standing == "anonymous" and asks_to_sign_in(response):
        return ""
    wanted = expected(line, standing, method)
    if response.status_code not in wanted or asks_to_sign_in(response):
        return f"{said}: {response.status_code}, not one of {sorted(wanted)}"
    return ""


@pytest.mark.parametrize("name", sorted(TABLE))
def test_an_address_gives_each_person_what_is_theirs(name: str, scene: Scene) -> None:
    problems = [problem(scene, name, standing, method) for standing in STANDINGS for method in ("get", "post")]
    assert not "\n".join(filter(None, problems))


@pytest.mark.parametrize("name", sorted(TABLE))
def test_an_address_gives_no_more_to_htmx(name: str, scene: Scene) -> None:
    htmx = {"HX-Request": "true", "HX-Target": "main"}
    problems = [problem(scene, name, standing, method, **htmx) for standing in STANDINGS for method in ("get", "post")]
    assert not "\n".join(filter(None, problems))


# ── Nothing is found by guessing ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", sorted(name for name in TABLE if name not in {"home", "charter_create"}))
def test_what_does_not_exist_is_not_told_from_what_is_hidden(name: str, scene: Scene) -> None:
    """The administrator asks for what is not there, a stranger for what is: both get the same answer."""
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    nothing = dict.fromkeys(pattern.pattern.converters, 987_654) | (
        {"key": "z" * 22} if "<str:key>" in str(pattern.pattern) else {}
    )
    method = "get" if TABLE[name].get else "post"
    absent = ask(scene.clients[ADMINISTRATOR], method, reverse(name, kwargs=nothing))
    hidden = ask(scene.clients["stranger"], method, address(scene, name))
    assert not isinstance(absent, str), absent
    assert not isinstance(hidden, str), hidden
    assert (absent.status_code, hidden.status_code) == (404, 404)
    assert len(absent.content) > 0


@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1, 2**63, 10**30])
def test_a_number_beyond_any_row_is_not_found(number: int, scene: Scene) -> None:
    for name in ("charter_read", "clause_edit", "poll", "edition_read", "member_change"):
        pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
        response = ask(
            scene.clients[ADMINISTRATOR], "get", reverse(name, kwargs=dict.fromkeys(pattern.pattern.converters, number))
        )
        assert not isinstance(response, str), (name, response)
        assert response.status_code == HTTPStatus.NOT_FOUND


def test_pages_are_never_stored(scene: Scene) -> None:
    for name in ("home", "charter_read", "journal_read", "member_read"):
        response = ask(scene.clients[ADMINISTRATOR], "get", address(scene, name))
        assert not isinstance(response, str), response
        assert "no-store" in response["Cache-Control"]
