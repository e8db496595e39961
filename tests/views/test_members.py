"""Inviting people, changing what they may do, and ending it."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from charters.enums import CollegeKind, Role
from charters.models import Membership, Person
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def charter() -> object:
    return factories.charter()


def form(charter: object, **changes: object) -> dict:
    college = factories.college(charter, CollegeKind.COMMUNICATIONS)
    return {"name": "Ada Roy", "email": "Ada.Roy@Example.org", "college": college.pk, "role": "drafter"} | changes


def test_an_administrator_invites(client: Client, charter: object, django_capture_on_commit_callbacks: object) -> None:
    client.force_login(charter.created_by)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        response = client.post(reverse("member_invite", args=[charter.pk]), form(charter))
    assert response.status_code == 302
    membership = Membership.objects.get(person__email="ada.roy@example.org")
    assert (membership.role, membership.college.kind) == (Role.DRAFTER, CollegeKind.COMMUNICATIONS)
    (message,) = mail.outbox
    assert message.to == ["ada.roy@example.org"]
    assert charter.title in message.subject
    assert membership.person.key not in message.body


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"name": "Ada\x00Roy"},
        {"email": "nobody"},
        {"email": ""},
        {"role": "emperor"},
        {"college": "999999"},
        {"college": "x"},
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_done(
    client: Client, charter: object, changes: dict
) -> None:
    client.force_login(charter.created_by)
    people = Person.objects.count()
    response = client.post(reverse("member_invite", args=[charter.pk]), form(charter, **changes))
    assert response.status_code == 422
    assert response.context["form"].errors
    assert Person.objects.count() == people


def test_a_member_is_not_invited_twice(client: Client, charter: object) -> None:
    already = factories.member(charter)
    client.force_login(charter.created_by)
    response = client.post(reverse("member_invite", args=[charter.pk]), form(charter, email=already.email.upper()))
    assert response.status_code == 422
    assert already.name in str(response.context["form"].non_field_errors())


def test_changing_role_and_college(client: Client, charter: object) -> None:
    membership = factories.membership(charter)
    client.force_login(charter.created_by)
    hr = factories.college(charter, CollegeKind.HR)
    client.post(reverse("member_change", args=[membership.pk]), {"college": hr.pk, "role": "drafter"})
    membership.refresh_from_db()
    assert (membership.role, membership.college) == (Role.DRAFTER, hr)


def test_the_last_administrator_stays(client: Client, charter: object) -> None:
    mine = Membership.objects.get(charter=charter, person=charter.created_by)
    client.force_login(charter.created_by)
    response = client.post(reverse("member_leave", args=[mine.pk]), follow=True)
    mine.refresh_from_db()
    assert mine.left_at is None
    assert [message.level_tag for message in response.context["messages"]] == ["danger"]


def test_leaving_ends_access_at_once(client: Client, charter: object) -> None:
    membership = factories.membership(charter)
    other = Client()
    other.force_login(membership.person)
    assert other.get(reverse("member_read", args=[charter.pk])).status_code == 200
    client.force_login(charter.created_by)
    client.post(reverse("member_leave", args=[membership.pk]))
    assert other.get(reverse("member_read", args=[charter.pk])).status_code == 404


def test_search_and_group(client: Client, charter: object) -> None:
    factories.member(charter, who=factories.person("Zoé Ànnette"))
    factories.member(charter, kind=CollegeKind.REPRESENTATIVES, who=factories.person("Paul"))
    client.force_login(charter.created_by)
    address = reverse("member_read", args=[charter.pk])
    found = client.get(address, {"q": "zoe anne"}).context["members"].page.object_list
    assert [m.person.name for m in found] == ["Zoé Ànnette"]
    found = client.get(address, {"college": "representatives"}).context["members"].page.object_list
    assert [m.person.name for m in found] == ["Paul"]
    assert client.get(address, {"q": "nobody at all"}).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_a_constant_number_of_queries(
    client: Client, charter: object, django_assert_num_queries: object, number: int
) -> None:
    factories.members(charter, number)
    client.force_login(charter.created_by)
    with django_assert_num_queries(9):  # type: ignore[operator]
        client.get(reverse("member_read", args=[charter.pk]))
