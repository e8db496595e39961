"""Being written."""

from django.http import HttpRequest, HttpResponse


def create(request: HttpRequest) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def rights(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
