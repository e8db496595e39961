"""Being written."""

from django.http import HttpRequest, HttpResponse


def journal(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
