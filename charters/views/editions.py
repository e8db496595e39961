"""Being written."""

from django.http import HttpRequest, HttpResponse


def index(request: HttpRequest, charter: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def adopt(request: HttpRequest, consultation: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def edition(request: HttpRequest, edition: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def publish(request: HttpRequest, edition: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError


def download(request: HttpRequest, edition: int) -> HttpResponse:
    """Being written."""
    raise NotImplementedError
