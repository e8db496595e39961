"""The pages of refusals and failures."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from charters.exceptions import BadInput, DomainError, FrozenText, NotPermitted, StaleVersion, WrongState

STATUS: dict[type[DomainError], HTTPStatus] = {
    NotPermitted: HTTPStatus.FORBIDDEN,
    WrongState: HTTPStatus.CONFLICT,
    StaleVersion: HTTPStatus.CONFLICT,
    FrozenText: HTTPStatus.CONFLICT,
    BadInput: HTTPStatus.UNPROCESSABLE_ENTITY,
}


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal with its reason: a whole page, or a notice for htmx to put where the button is."""
    status = STATUS.get(type(error), HTTPStatus.CONFLICT)
    return _page(request, status, reason=str(error))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: too much was sent, or something no browser sends. Always a whole page."""
    return render(request, "errors/400.html", {"status": 400}, status=HTTPStatus.BAD_REQUEST)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or not visible to you; the page does not say which."""
    return _page(request, HTTPStatus.NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 raised by Django itself."""
    return _page(request, HTTPStatus.FORBIDDEN)


def busy(request: HttpRequest) -> HttpResponse:
    """503: too many people write at once. Nothing was saved, and trying again in a moment works."""
    response = _page(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        reason=_(
            "Too many people are writing at this moment. Nothing was saved: go back and try again in a few seconds."
        ),
    )
    response["Retry-After"] = "5"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The template needs neither the database nor a session."""
    return render(request, "errors/500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token: usually a session that ended while the page was open."""
    why = _("Your session ended while this page was open. Go back, copy what you wrote, and reload the page.")
    return _page(request, HTTPStatus.FORBIDDEN, reason=why)


def _page(request: HttpRequest, status: HTTPStatus, **context: object) -> HttpResponse:
    fragment = getattr(request, "htmx", False) and not getattr(request.htmx, "boosted", False)
    template = "errors/_fragment.html" if fragment else f"errors/{status.value}.html"
    return render(request, template, {"status": status.value, **context}, status=status)
