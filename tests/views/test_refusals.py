"""What a person sees when an act cannot be done: a page that says why, with its own status."""

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from charters.middleware import Refusals
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_database_that_is_too_busy_is_said_so_and_can_be_tried_again(rf: RequestFactory) -> None:
    request = rf.post("/polls/1/votes/")
    request.user = factories.person()
    request.htmx = False
    answer = Refusals(lambda _request: None).process_exception(request, OperationalError("database is locked"))
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert Refusals(lambda _request: None).process_exception(request, OperationalError("no such table")) is None


@pytest.mark.parametrize(("address", "status"), [("/nowhere/", 404), ("/charters/9999/", 404), ("/polls/0/", 404)])
def test_what_is_not_there_is_a_page_in_our_layout(client: Client, address: str, status: int) -> None:
    client.force_login(factories.person())
    answer = client.get(address)
    assert answer.status_code == status
    assert reverse("home") in answer.content.decode()


def test_a_form_without_its_token_is_explained() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.person())
    answer = strict.post(reverse("charter_create"), {"title": "x"})
    assert answer.status_code == 403
    assert "session" in answer.content.decode()
