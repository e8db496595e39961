"""The reading page: the charter with the conversation in its margin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from charters.queries.reading import reading
from charters.views.loading import load_charter, person, signed_in


@signed_in
@require_safe
def read(request: HttpRequest, charter: int) -> HttpResponse:
    """The whole charter as readers have it; `?thread=` unfolds a thread."""
    found = load_charter(request, charter)
    page = reading(person(request), found, request.GET.get("thread", ""))
    return render(request, "charters/reading/page.html", {"active": "read", "page": page})
