"""Being written."""

from django.http import HttpRequest, HttpResponse


def add(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def edit(request: HttpRequest, section: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def move(request: HttpRequest, section: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def remove(request: HttpRequest, section: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def restore(request: HttpRequest, section: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
