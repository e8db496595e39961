"""Being written."""

from django.http import HttpRequest, HttpResponse


def text(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def preview(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
