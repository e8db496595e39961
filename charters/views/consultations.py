"""Being written."""

from django.http import HttpRequest, HttpResponse


def index(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def overview(request: HttpRequest, consultation: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def open_one(request: HttpRequest, consultation: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def end(request: HttpRequest, consultation: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def conclude(request: HttpRequest, consultation: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def cancel(request: HttpRequest, consultation: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
