"""The first screen: what awaits me."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from charters.actions.closing import close_due
from charters.enums import Verb
from charters.policy import decide
from charters.queries import home as queries
from charters.queries import visible
from charters.views.loading import person, signed_in

STEPS = ("draft", "consult", "vote", "adopt", "publish", "live")


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The agenda of the signed-in person, and where their charters are."""
    close_due()
    me = person(request)
    found = queries.home(me)
    if len(found.memberships) == 1:
        request.charter = visible.charter(me, found.memberships[0].charter_id)  # type: ignore[attr-defined]
    lives = [(m, found.steps[m.charter_id], STEPS.index(found.steps[m.charter_id])) for m in found.memberships]
    context = {"home": found, "lives": lives, "today": timezone.now(), "active": "home", "steps": STEPS}
    context["may_create"] = bool(decide(me, Verb.CHARTER_CREATE))
    return render(request, "charters/home/home.html", context)
