"""The journal: who did what, when, why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from charters.enums import Verb
from charters.policy import RULES
from charters.queries.journal import journal as find_entries
from charters.views.loading import allow, load_charter, person, signed_in


@signed_in
@require_safe
def journal(request: HttpRequest, charter: int) -> HttpResponse:
    """A page of the journal, of one kind of act if asked."""
    found = load_charter(request, charter)
    allow(request, Verb.JOURNAL_READ, found)
    verb = request.GET.get("verb", "")
    verb = verb if verb in set(RULES) else ""
    listed = find_entries(found, person(request), page=request.GET.get("page", 1), verb=verb)
    shown = ((key.value, str(rule.title)) for key, rule in RULES.items() if key is not Verb.VOTE_CAST)
    kinds = sorted(shown, key=lambda pair: pair[1].casefold())
    context = {"charter": found, "journal": listed, "verb": verb, "kinds": kinds, "active": "journal"}
    return render(request, "charters/journal/journal.html", context)
