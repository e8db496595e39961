"""The history of a clause: its states, any two compared, each readable as it was and able to be restored."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from charters.actions.clauses import revert_clause
from charters.enums import Verb
from charters.exceptions import BadInput, StaleVersion
from charters.forms.clauses import RevertForm
from charters.models import Clause
from charters.policy import decide
from charters.queries.editing import number_of
from charters.queries.history import State, is_latest
from charters.queries.history import clause_history as find_history
from charters.queries.history import state as find_state
from charters.views.drafting import working_clause
from charters.views.loading import person, signed_in


@signed_in
@require_safe
def clause_history(request: HttpRequest, clause: int) -> HttpResponse:
    """The states, newest first, and what changed between two of them."""
    found = working_clause(request, clause)
    asked = {name: request.GET.get(name, "")[:20] for name in ("a", "b")}
    history = find_history(found, page=request.GET.get("page", 1), **asked)
    context = {
        "clause": found, "charter": found.section.charter, "number": number_of(found), "history": history,
        "reverts": bool(decide(person(request), Verb.CLAUSE_REVERT, found)), "active": "text",
    }  # fmt: skip
    return render(request, "charters/history/history.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def revert(request: HttpRequest, clause: int, state: int) -> HttpResponse:
    """A state as it was; a POST gives the clause its words and nature again, as a new save."""
    found = working_clause(request, clause)
    then = find_state(found, state)
    if request.method != "POST":
        return _state(request, found, then, RevertForm(initial={"version": found.version}))
    form = RevertForm(request.POST)
    if not form.is_valid():
        return _state(request, found, then, form, status=422)
    try:
        revert_clause(clause=found, by=person(request), history_id=then.id, **form.cleaned_data)
    except StaleVersion as refusal:
        messages.warning(request, str(refusal))
        newer = working_clause(request, clause)
        again = RevertForm(initial=form.cleaned_data | {"version": newer.version})
        return _state(request, newer, then, again, status=409)
    except BadInput as refusal:
        form.refuse(refusal, "reason")
        return _state(request, found, then, form, status=422)
    messages.success(request, _("The earlier state is restored. The one before it is still in this history."))
    return redirect("clause_history", clause)


def _state(request: HttpRequest, clause: Clause, then: State, form: RevertForm, status: int = 200) -> HttpResponse:
    context = {
        "clause": clause, "charter": clause.section.charter, "number": number_of(clause), "then": then, "form": form,
        "verdict": decide(person(request), Verb.CLAUSE_REVERT, clause), "is_latest": is_latest(clause, then), "active": "text",
    }  # fmt: skip
    return render(request, "charters/history/state.html", context, status=status)
