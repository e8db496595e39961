"""Being written."""

from django.http import HttpRequest, HttpResponse


def add(request: HttpRequest, section: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def edit(request: HttpRequest, clause: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def move(request: HttpRequest, clause: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def remove(request: HttpRequest, clause: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def restore(request: HttpRequest, clause: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
