"""Being written."""

from django.http import HttpRequest, HttpResponse


def plan(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def submit(request: HttpRequest, consultation: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def revision(request: HttpRequest, revision: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def comparison(request: HttpRequest, revision: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def withdraw(request: HttpRequest, revision: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
