"""Being written."""

from django.http import HttpRequest, HttpResponse


def read(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
