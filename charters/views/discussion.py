"""What the views of threads share: taking words without ever losing them, and showing a thread where it was."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from charters.exceptions import BadInput, WrongState
from charters.forms.threads import CommentForm
from charters.models import Charter, Clause, Comment, Thread
from charters.queries import visible
from charters.queries.clause_page import clause_page, one_thread
from charters.queries.reading import reading
from charters.views.errors import STATUS
from charters.views.loading import load, person

T = TypeVar("T")
PLACES = ("margin", "sheet", "page")


def place_of(request: HttpRequest) -> str:
    """Where on the page htmx asks from: the margin, the sheet of a phone, the page of a clause; "" for a whole page."""
    place = request.GET.get("place", "")
    return place if request.htmx and place in PLACES else ""  # type: ignore[attr-defined]


def clause_of(request: HttpRequest, charter: Charter, pk: int) -> Clause:
    """A clause that readers were shown in this charter, or 404."""
    clause = visible.submitted_clause(person(request), pk)
    if clause.section.charter_id != charter.pk:
        raise Http404
    return clause


def thread_of(request: HttpRequest, **where: str) -> Thread:
    """A visible thread by its key, or by a comment's, or 404."""
    rows = visible.threads(person(request))
    return load(request, rows, get_object_or_404(rows, **where).pk)


def attempt(form: CommentForm, act: Callable[[dict[str, Any]], T]) -> tuple[T | None, int]:
    """Do `act` with what was typed. A refusal stays on the form with every word of it; the number is the HTTP status."""
    if not form.is_valid():
        return None, STATUS[BadInput]
    try:
        return act(form.cleaned_data), 200
    except BadInput as refusal:
        form.refuse(refusal, "body")
    except WrongState as refusal:
        form.too_late = refusal.message
        return None, STATUS[WrongState]
    return None, STATUS[BadInput]


def see(request: HttpRequest, address: str, said: object) -> HttpResponse:
    """After a plain form: on to where the result is seen (303), with a word about it."""
    messages.success(request, str(said))
    return HttpResponse(status=303, headers={"Location": address})


def permalink(comment: Comment) -> str:
    """Where a comment is found for good."""
    return reverse("comment", args=[comment.key])


def show_clause(
    request: HttpRequest, charter: Charter, clause: Clause, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A clause with its threads: as a margin, as a sheet, or as a page. `requested`: a thread to unfold."""
    place, who = place_of(request), person(request)
    requested = context.get("requested", request.GET.get("thread", ""))
    found: dict[str, Any] = {"active": "read", "place": place, "said": "", **context}
    if place == "margin" or found["said"]:
        page = reading(who, charter, requested)
        found |= {"page": page, "clause": page.clause(clause.pk), "covered": page.overlapping(clause.pk)}
    if place == "margin" and found["clause"]:
        return render(request, "charters/reading/_fragment.html", found, status=status)
    number, leaf = (_number(request.GET.get(name)) for name in ("consultation", "page"))
    found["item"] = clause_page(who, charter, clause, requested=requested, number=number, page=leaf or 1)
    template = "_sheet" if place else "clause"
    return render(request, f"charters/threads/{template}.html", found, status=status)


def show_thread(request: HttpRequest, thread: Thread, *, status: int = 200, **context: Any) -> HttpResponse:
    """A thread put back where it was (htmx), or on a page with the form that is asked for."""
    place = place_of(request)
    talk, found = one_thread(person(request), thread, whole=place != "margin")
    context |= {"active": "read", "place": place, "talk": talk, "thread": found}
    if place in {"margin", "sheet"} and context.get("said"):
        context["page"] = reading(person(request), thread.consultation.charter)
    return render(request, f"charters/threads/{'_one' if place else 'form'}.html", context, status=status)


def _number(raw: str | None) -> int:
    return int(raw) if raw and raw.isdecimal() and len(raw) < 7 else 0  # noqa: PLR2004 (no database takes more digits)
