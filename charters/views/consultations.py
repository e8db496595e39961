"""The list of consultations, the overview of one, and the acts that move it from phase to phase."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from charters.actions.consultations import (
    cancel_consultation,
    conclude_consultation,
    end_comments,
    open_consultation,
)
from charters.enums import Verb
from charters.exceptions import BadInput
from charters.forms.consultations import CancelForm, ConcludeForm
from charters.queries import consultations as queries
from charters.queries import visible
from charters.queries.offers import offer
from charters.views.loading import allow, load, load_charter, person, signed_in

ACTIVE = {"active": "consultations"}


@signed_in
@require_GET
def index(request: HttpRequest, charter: int) -> HttpResponse:
    """The consultations of a charter, newest first."""
    found = load_charter(request, charter)
    lines = queries.index(found, person(request))
    plan = offer(person(request), Verb.CONSULTATION_PLAN, found)
    context = ACTIVE | {"charter": found, "lines": lines, "plan": plan}
    return render(request, "charters/consultations/list.html", context)


@signed_in
@require_GET
def overview(request: HttpRequest, consultation: int) -> HttpResponse:
    """Where a consultation stands, and what the reader can do in it."""
    found = load(request, visible.consultations(person(request)), consultation)
    page = queries.overview(found, person(request))
    return render(request, "charters/consultations/overview.html", ACTIVE | {"page": page, "consultation": found})


@signed_in
@require_POST
def open_one(request: HttpRequest, consultation: int) -> HttpResponse:
    """Open the comments."""
    found = load(request, visible.consultations(person(request)), consultation)
    open_consultation(consultation=found, by=person(request))
    messages.success(request, _("The consultation is open: people can read and comment."))
    return redirect("consultation", found.pk)


@signed_in
@require_POST
def end(request: HttpRequest, consultation: int) -> HttpResponse:
    """End the comments now."""
    found = load(request, visible.consultations(person(request)), consultation)
    end_comments(consultation=found, by=person(request))
    messages.success(request, _("Comments are closed. Answer the discussions, revise, then open the vote."))
    return redirect("consultation", found.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def conclude(request: HttpRequest, consultation: int) -> HttpResponse:
    """Conclude: every thread answered, or a written reason."""
    found = load(request, visible.consultations(person(request)), consultation)
    allow(request, Verb.CONSULTATION_CONCLUDE, found)
    page = queries.overview(found, person(request))
    form = ConcludeForm(request.POST if request.method == "POST" else None, waiting=page.waiting)
    if request.method == "POST" and form.is_valid():
        try:
            conclude_consultation(consultation=found, by=person(request), reason=form.cleaned_data["reason"])
            messages.success(request, _("The consultation is concluded."))
            return redirect("consultation", found.pk)
        except BadInput as error:
            form.refuse(error, "reason")
    return _form(request, "conclude", form, page=page, consultation=found)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, consultation: int) -> HttpResponse:
    """Stop a consultation, with the reason that everyone reads."""
    found = load(request, visible.consultations(person(request)), consultation)
    allow(request, Verb.CONSULTATION_CANCEL, found)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        cancel_consultation(consultation=found, by=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("The consultation is cancelled; the working text goes on."))
        return redirect("consultation", found.pk)
    return _form(request, "cancel", form, consultation=found)


def _form(request: HttpRequest, name: str, form: CancelForm | ConcludeForm, **context: object) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, f"charters/consultations/{name}.html", ACTIVE | {"form": form} | context, status=status)
