"""Voting: opening, the ballot, the results; extending and cancelling a vote."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from charters.actions.polls import cancel_poll, cast_vote, extend_poll, open_polls
from charters.enums import PollState, Verb
from charters.exceptions import BadInput
from charters.forms.consultations import CancelForm
from charters.forms.polls import ExtendForm, VoteForm
from charters.models import Poll
from charters.queries import polls as queries
from charters.queries import visible
from charters.views.loading import allow, load, load_charter, person, signed_in

ACTIVE = {"active": "polls"}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def open_all(request: HttpRequest, consultation: int) -> HttpResponse:
    """What opening the vote freezes; then the opening itself, which cannot be undone."""
    found = load(request, visible.consultations(person(request)), consultation)
    allow(request, Verb.POLL_OPEN, found)
    error = None
    if request.method == "POST":
        try:
            open_polls(consultation=found, by=person(request))
            messages.success(request, _("The vote is open."))
            return redirect("polls", found.charter_id)
        except BadInput as refused:
            error = refused
    context = ACTIVE | {"page": queries.opening(found), "error": error}
    return render(request, "charters/polls/open.html", context, status=422 if error else 200)


@signed_in
@require_GET
def index(request: HttpRequest, charter: int) -> HttpResponse:
    """The votes of a charter: the open ones first, with what the reader has done."""
    found = load_charter(request, charter)
    context = ACTIVE | {"charter": found, "page": queries.index(found, person(request))}
    return render(request, "charters/polls/list.html", context)


@signed_in
@require_GET
def poll(request: HttpRequest, poll: int) -> HttpResponse:
    """The ballot while the vote is open; its result afterwards."""
    found = load(request, visible.polls(person(request)), poll)
    if found.state in {PollState.COUNTED, PollState.CANCELLED}:
        return render(request, "charters/polls/results.html", ACTIVE | {"page": queries.over(found), "poll": found})
    return _ballot(request, found, None)


@signed_in
@require_POST
def vote(request: HttpRequest, poll: int) -> HttpResponse:
    """Cast a vote, or change it until the close. Refused after the close: 409, with its date."""
    found = load(request, visible.polls(person(request)), poll)
    allow(request, Verb.VOTE_CAST, found)
    form = VoteForm(request.POST)
    if form.is_valid():
        try:
            cast_vote(poll=found, by=person(request), choice=form.vote, reason=form.cleaned_data["reason"])
            messages.success(request, _("Vote recorded."))
            return redirect("poll", found.pk)
        except BadInput as error:
            form.refuse(error, "reason")
    return _ballot(request, found, form)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, poll: int) -> HttpResponse:
    """Put the close later, before it is reached."""
    found = load(request, visible.polls(person(request)), poll)
    allow(request, Verb.POLL_EXTEND, found)
    form = ExtendForm(request.POST if request.method == "POST" else None, initial={"closes_at": found.closes_at})
    if request.method == "POST" and form.is_valid():
        try:
            extend_poll(poll=found, by=person(request), closes_at=form.cleaned_data["closes_at"])
            messages.success(request, _("The vote is extended."))
            return redirect("poll", found.pk)
        except BadInput as error:
            form.refuse(error, "closes_at")
    return _form(request, "extend", form, found)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, poll: int) -> HttpResponse:
    """Cancel one vote; what was cast is kept and never counted."""
    found = load(request, visible.polls(person(request)), poll)
    allow(request, Verb.POLL_CANCEL, found)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        cancel_poll(poll=found, by=person(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("The vote is cancelled."))
        return redirect("poll", found.pk)
    return _form(request, "cancel", form, found)


def _ballot(request: HttpRequest, found: Poll, form: VoteForm | None) -> HttpResponse:
    page = queries.ballot(found, person(request))
    form = form or VoteForm(initial={"reason": page.vote.reason if page.vote else ""})
    context = ACTIVE | {"page": page, "poll": found, "form": form}
    return render(request, "charters/polls/ballot.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, name: str, form: ExtendForm | CancelForm, found: Poll) -> HttpResponse:
    context = ACTIVE | {"form": form, "poll": found}
    return render(request, f"charters/polls/{name}.html", context, status=422 if form.errors else 200)
