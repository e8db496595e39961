"""Being written."""

from django.http import HttpRequest, HttpResponse


def open_all(request: HttpRequest, consultation: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def index(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def poll(request: HttpRequest, poll: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def vote(request: HttpRequest, poll: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def extend(request: HttpRequest, poll: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def cancel(request: HttpRequest, poll: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
