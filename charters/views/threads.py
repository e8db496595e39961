"""Being written."""

from django.http import HttpRequest, HttpResponse


def clause_threads(request: HttpRequest, charter: int, clause: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def thread(request: HttpRequest, key: str) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def comment(request: HttpRequest, key: str) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def reply(request: HttpRequest, key: str) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def resolve(request: HttpRequest, key: str) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def reopen(request: HttpRequest, key: str) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
