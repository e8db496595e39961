"""Being written."""

from django.http import HttpRequest, HttpResponse


def members(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def invite(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def change(request: HttpRequest, membership: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def leave(request: HttpRequest, membership: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
