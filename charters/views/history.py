"""Being written."""

from django.http import HttpRequest, HttpResponse


def clause_history(request: HttpRequest, clause: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def revert(request: HttpRequest, clause: int, state: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
