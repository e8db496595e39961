"""Submitting: the calendar, the voices and the rules of a consultation, and further revisions inside it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from charters.actions.clauses import edit_clause
from charters.enums import CollegeKind, ConsultationState, Nature, Role, VoiceKind
from charters.forms.submissions import evening
from charters.models import Charter, Consultation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    return factories.world(sections=2, clauses=2)


@pytest.fixture
def drafter(client: Client, world: factories.World) -> Client:
    client.force_login(world.drafter)
    return client


def plan(charter: Charter, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "sections": [section.pk for section in charter.sections.all()],
        "comments_until": f"{evening(14):%Y-%m-%dT%H:%M}", "voting_until": f"{evening(21):%Y-%m-%dT%H:%M}",
        "voice_kind": "pseudonym",
    }  # fmt: skip
    for college in charter.colleges.all():
        key = f"college-{college.pk}"
        data |= {f"{key}-binding": "", f"{key}-majority": "relative", f"{key}-quorum": "0"}
    return data | changes


def test_a_consultation_is_planned_with_its_calendar_voices_and_rules(drafter: Client, world: factories.World) -> None:
    href = reverse("consultation_plan", args=[world.charter.pk])
    page = drafter.get(href)
    assert page.status_code == 200
    key = f"college-{factories.college(world.charter, CollegeKind.EMPLOYEES).pk}"
    chosen = {f"{key}-binding": "1", f"{key}-majority": "two_thirds", f"{key}-quorum": "50"}
    named = {"voice_kind": "named", "comment_while_revising": "on", "sections": [world.sections[1].pk]}
    response = drafter.post(href, plan(world.charter, **chosen, **named))
    consultation = Consultation.objects.get()
    assert response["Location"] == reverse("consultation", args=[consultation.pk])
    assert (consultation.voice_kind, consultation.comment_while_revising) == (VoiceKind.NAMED, True)
    assert (consultation.comments_until, consultation.voting_until) == (evening(14), evening(21))
    assert [r.section for r in consultation.revisions.all()] == [world.sections[1]]
    rule = consultation.rules.get(college__kind="employees")
    assert (rule.binding, rule.majority, rule.quorum_percent) == (True, "two_thirds", 50)
    assert consultation.rules.filter(binding=False, majority="relative", quorum_percent=0).count() == 3


def test_a_small_group_is_told_what_is_not_shown(drafter: Client, world: factories.World) -> None:
    page = drafter.get(reverse("consultation_plan", args=[world.charter.pk])).content.decode()
    assert "with fewer than five votes" in page
    assert "Not suitable for professional elections." in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sections": []}, "sections"),
        ({"sections": ["999999"]}, "sections"),
        ({"comments_until": "2020-01-01T18:00"}, "comments_until"),
        ({"comments_until": "soon"}, "comments_until"),
        ({"voting_until": ""}, "voting_until"),
        ({"voting_until": f"{evening(13):%Y-%m-%dT%H:%M}"}, "voting_until"),
        ({"voting_until": "2027-03-28T02:30"}, "voting_until"),  # the hour that Paris skips
        ({"voting_until": "2027-10-31T02:30"}, "voting_until"),  # the hour that Paris lives twice
        ({"voice_kind": "shouting"}, "voice_kind"),
    ],
)
def test_a_calendar_that_cannot_hold_is_refused_beside_its_field(
    drafter: Client, world: factories.World, changes: dict, field: str
) -> None:
    response = drafter.post(reverse("consultation_plan", args=[world.charter.pk]), plan(world.charter, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("value", ["101", "-1", "half", ""])
def test_a_quorum_is_a_share(drafter: Client, world: factories.World, value: str) -> None:
    key = f"college-{factories.college(world.charter).pk}-quorum"
    response = drafter.post(reverse("consultation_plan", args=[world.charter.pk]), plan(world.charter, **{key: value}))
    assert response.status_code == 422
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("drafter", 200),
        ("administrator", 200),
        ("participant", 403),
        ("observer", 403),
        ("stranger", 404),
        ("former", 404),
    ],
)
def test_planning_by_role(client: Client, world: factories.World, who: str, status: int) -> None:
    client.force_login(getattr(world, who))
    assert client.get(reverse("consultation_plan", args=[world.charter.pk])).status_code == status


def test_planning_while_one_is_under_way_says_which(drafter: Client, world: factories.World) -> None:
    factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    response = drafter.get(reverse("consultation_plan", args=[world.charter.pk]))
    assert response.status_code == 409
    assert "Consultation no. 1 is under way" in response.content.decode()


def test_further_revisions_are_submitted_together_and_carry_their_threads(
    drafter: Client, world: factories.World
) -> None:
    consultation = factories.consultation_in(world.charter, ConsultationState.REVISING, comment_while_revising=True)
    first, second = (section.clauses.first() for section in world.sections)
    thread = factories.thread(consultation, world.participant, first)
    factories.thread(consultation, world.participant, world.sections[0].clauses.last())
    for clause in (first, second):
        factories.rewrite(clause, "Other words.", world.drafter)
    href = reverse("revision_submit", args=[consultation.pk])
    one, two = drafter.get(href).context["changed"]
    assert (one.valid, one.changed, one.removed, two.total) == (1, 1, 0, 0)
    response = drafter.post(href, {"sections": [section.pk for section in world.sections]})
    assert response["Location"] == reverse("consultation", args=[consultation.pk])
    assert consultation.revisions.count() == 4
    assert [anchor.state for anchor in thread.anchors.order_by("pk")] == ["valid", "changed"]
    assert drafter.get(href).context["changed"] == []


def test_nothing_chosen_submits_nothing(drafter: Client, world: factories.World) -> None:
    consultation = factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    factories.rewrite(world.clause, "Other words.", world.drafter)
    response = drafter.post(reverse("revision_submit", args=[consultation.pk]), {})
    assert response.status_code == 422
    assert consultation.revisions.count() == 2


@pytest.mark.parametrize(("state", "status"), [(ConsultationState.VOTING, 409), (ConsultationState.CONCLUDED, 409)])
def test_the_text_voted_on_takes_no_revision(
    drafter: Client, world: factories.World, state: ConsultationState, status: int
) -> None:
    consultation = factories.consultation_in(world.charter, state)
    factories.rewrite(world.clause, "Other words.", world.drafter)
    href = reverse("revision_submit", args=[consultation.pk])
    assert drafter.get(href).status_code == status
    assert drafter.post(href, {"sections": [world.sections[0].pk]}).status_code == status


def test_only_drafters_submit_further_revisions(client: Client, world: factories.World) -> None:
    consultation = factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    href = reverse("revision_submit", args=[consultation.pk])
    for role, status in [(Role.PARTICIPANT, 403), (Role.OBSERVER, 403), (Role.DRAFTER, 200)]:
        client.force_login(factories.member(world.charter, role))
        assert client.get(href).status_code == status


def test_a_lowered_obligation_shows_in_what_is_submitted(drafter: Client, world: factories.World) -> None:
    clause = factories.clause(world.sections[0], title="Strong", nature=Nature.OBLIGATION)
    factories.consultation_in(world.charter, ConsultationState.COMMENTING)
    edit_clause(
        clause=clause, by=world.drafter, version=clause.version, reason="Too strong.",
        title=clause.title, body=clause.body, nature=Nature.INFORMATION, references="",
    )  # fmt: skip
    consultation = Consultation.objects.get()
    page = drafter.get(reverse("revision_submit", args=[consultation.pk])).content.decode()
    assert "<del>Obligation</del> <ins>Information</ins>" in page
