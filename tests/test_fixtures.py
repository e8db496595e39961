"""The suite's own tools: races on one database, tables emptied despite the guards, the browser."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from playwright.sync_api import Page

from charters.models import Person, guards
from tests.guards import lifted


def add_person(number: int, key: str) -> str:
    """Add one person with a key that everybody wants; called in processes of its own."""
    with transaction.atomic():
        person = Person.objects.create(key=key, name=f"Number {number}", email=f"n{number}@example.org")
    return person.name


def die(number: int) -> None:
    os._exit(number + 1)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_processes_share_the_database(parallel: Callable[..., list[Any]]) -> None:
    outcomes = parallel(4, add_person, "k" * 22)
    assert sorted(outcome.error for outcome in outcomes) == ["", *["IntegrityError"] * 3]
    winner = next(outcome.value for outcome in outcomes if not outcome.error)
    assert [person.name for person in Person.objects.all()] == [winner]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_process_that_dies_is_an_error(parallel: Callable[..., list[Any]]) -> None:
    assert [outcome.error for outcome in parallel(2, die)] == ["Died", "Died"]


@pytest.mark.django_db(transaction=True)
def test_flush_works_and_leaves_the_guards() -> None:
    Person.objects.create(key="k" * 22, name="Somebody")
    call_command("flush", interactive=False, verbosity=0)
    assert not Person.objects.exists()
    assert guards.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_lifted_puts_the_guards_back_after_a_failure() -> None:
    def fail() -> None:
        with lifted(connection), connection.cursor() as cursor:
            assert guards.missing(connection)
            cursor.execute("SELECT nonsense FROM nowhere")

    with pytest.raises(DatabaseError):
        fail()
    assert guards.missing(connection) == []


@pytest.mark.e2e
@override_settings(ROOT_URLCONF="tests.urls_blank")
def test_the_browser_reaches_the_live_server(live_server: Any, page: Page) -> None:
    Person.objects.create(key="k" * 22, name="Somebody")
    page.goto(f"{live_server.url}/count/")
    assert page.text_content("body") == "1 person"
