"""Refusals become pages (or fragments) that explain themselves; private pages are never stored."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from charters.exceptions import DomainError
from charters.views.errors import busy, refusal


class Refusals:
    """A DomainError raised by an action is shown with its own status: 403, 409 or 422."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through; an address with a NUL in it leads nowhere (PostgreSQL takes none in a text)."""
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal, or of a database that is too busy; any other exception goes its way.

        SQLite has no queue: whoever waits for its lock longer than `timeout` gets nothing. Nothing was written then.
        """
        if isinstance(exception, DomainError):
            return refusal(request, exception)
        return busy(request) if isinstance(exception, OperationalError) and "locked" in str(exception) else None


class PrivatePages:
    """What a signed-in person sees stays out of every cache, the browser's back-forward one included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add `no-store` for signed-in people and for the pages that sign in."""
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
