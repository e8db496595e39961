"""What every test may ask for: a database it can share with other processes, a browser, the system's PDF programs."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from scripts import chromium
from tests.guards import flush_despite_guards
from tests.parallel import Outcome, run_in_processes

# Playwright keeps an event loop in the thread of the tests, in which Django would refuse to query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# The same examples on every run and machine; a failure is printed in a form that reproduces it.
hypothesis_settings.register_profile(
    "cocharte", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "cocharte"))

BROWSER_TIMEOUT = 15_000  # milliseconds


def absent(what: str) -> None:
    """Skip for want of something that this machine lacks; with CI=true its absence is a failure."""
    message = f"{what} is not on this machine"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{message}, and CI=true wants it", pytrace=False)
    pytest.skip(message)


def pytest_report_header() -> str:
    """Say at the top on which database the suite runs."""
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


# ── Database ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Before the test database goes, end the sessions that a thread of the live server may still hold on PostgreSQL."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}")


@pytest.fixture(scope="session", autouse=True)
def _flush() -> Iterator[None]:
    with flush_despite_guards():
        yield


@pytest.fixture
def parallel(transactional_db: None) -> Callable[..., list[Outcome]]:
    """Run a function in several processes on this test's database: see tests/parallel.py."""
    return run_in_processes


# ── Programs ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """Give the path of a program of the system (pdfsig, pdffonts, pdftoppm), or skip."""

    def find(name: str) -> str:
        return shutil.which(name) or absent(name)  # type: ignore[func-returns-value]

    return find


# ── Browser ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the system's Chromium with a fresh profile, one per process of the suite."""
    path = chromium.find()
    if path is None:
        absent("Chromium")
    try:
        manager = sync_playwright()
        playwright = manager.start()
    except (Error, OSError) as error:  # its own Node does not start: libatomic
        absent(f"what Playwright needs ({error})")
    try:
        with playwright.chromium.launch(executable_path=path, headless=True, args=chromium.FLAGS) as browser:
            yield browser
    finally:
        playwright.stop()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser contexts, one per person of the test; they speak French unless told otherwise.

    The test fails if a script of ours raised, or if a page broke its own Content-Security-Policy.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**({"locale": "fr-FR", "viewport": {"width": 1280, "height": 900}} | options))
        context.set_default_timeout(BROWSER_TIMEOUT)
        context.on("weberror", lambda event: complaints.append(str(event.error)))
        context.on("console", lambda event: _note(complaints, event.text))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not complaints


def _note(complaints: list[str], text: str) -> None:
    if "Content Security Policy" in text:
        complaints.append(text)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """Give one page of one person."""
    return new_context().new_page()
