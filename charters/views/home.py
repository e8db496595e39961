"""Being written."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
