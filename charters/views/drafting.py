"""The working text, and how the screens of drafting find what they work on: not visible is a 404."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from charters.actions.closing import close_due
from charters.actions.wording import clause_body
from charters.documents.snapshots import drafts
from charters.exceptions import BadInput
from charters.models import Charter, Clause, Section
from charters.queries import visible
from charters.queries.drafting import working_text
from charters.views.loading import load_charter, person, signed_in


def working_charter(request: HttpRequest, pk: int) -> Charter:
    """A charter whose working text the person reads, or 404."""
    charter = load_charter(request, pk)
    if not visible.reads_working_text(person(request), charter):
        raise Http404
    return charter


def working_section(request: HttpRequest, pk: int) -> Section:
    """A section of a working text, or 404; what fell due in its charter is closed first."""
    section = visible.section(person(request), pk)
    close_due(section.charter)
    request.charter = section.charter  # type: ignore[attr-defined]
    return section


def working_clause(request: HttpRequest, pk: int) -> Clause:
    """A clause of a working text, or 404; what fell due in its charter is closed first."""
    clause = visible.clause(person(request), pk)
    close_due(clause.section.charter)
    request.charter = clause.section.charter  # type: ignore[attr-defined]
    return clause


@signed_in
@require_safe
def text(request: HttpRequest, charter: int) -> HttpResponse:
    """The whole working text; with htmx, the text alone."""
    found = working_charter(request, charter)
    page = working_text(found, person(request), drafts(found))
    # what an act just took out, so that it can be undone where it was done
    undo = page.removed(request.GET.get("gone", ""))
    context = {
        "charter": found,
        "page": page,
        "active": "text",
        "undo": undo,
        "saved": request.GET.get("saved", "")[:40],
    }
    context["undo_verb"] = f"{undo._meta.model_name}_restore" if undo else ""
    template = "_text.html" if request.htmx else "text.html"  # type: ignore[attr-defined]
    return render(request, f"charters/drafting/{template}", context)


@signed_in
@require_POST
def preview(request: HttpRequest, charter: int) -> HttpResponse:
    """How a text being written will look; nothing is stored."""
    found = working_charter(request, charter)
    context: dict[str, object] = {"charter": found, "active": "text"}
    try:
        context["preview"] = clause_body(request.POST.get("body", "")).html
    except BadInput as refusal:
        context["refusal"] = str(refusal)
    template = "_preview.html" if request.htmx else "preview.html"  # type: ignore[attr-defined]
    return render(request, f"charters/drafting/{template}", context, status=422 if "refusal" in context else 200)
