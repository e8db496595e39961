"""Frozen revisions: one on its own, two compared, and taking one back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from charters.actions.revisions import withdraw_revision
from charters.documents.changes import changes
from charters.enums import Verb
from charters.exceptions import BadInput
from charters.forms.withdrawal import WithdrawalForm
from charters.models import Revision
from charters.queries import comparisons, visible
from charters.views.loading import allow, load, person, signed_in


@signed_in
@require_safe
def revision(request: HttpRequest, revision: int) -> HttpResponse:
    """A frozen revision: its text, its digest, who submitted it and what became of it."""
    found = load(request, visible.revisions(person(request)), revision)
    sheet = comparisons.sheet(person(request), found)
    return render(request, "charters/revisions/revision.html", {"active": "read", "sheet": sheet, "revision": found})


@signed_in
@require_safe
def comparison(request: HttpRequest, revision: int) -> HttpResponse:
    """A revision beside another of its section: `?with=` a number (0: nothing), `?view=side`, `?to=` a later one."""
    found = load(request, visible.revisions(person(request)), revision)
    wanted, to = (_number(request.GET.get(name)) for name in ("with", "to"))
    if to not in {None, found.number}:
        return _towards(request, found, to)
    pair = comparisons.pair(person(request), found, wanted)
    if pair is None:
        raise Http404
    result = changes(pair.old_clauses, pair.new_clauses, pair.homes, pair.reasons)
    side = request.GET.get("view") == "side"
    context = {"active": "read", "pair": pair, "changes": result, "side": side, "revision": found}
    return render(request, "charters/revisions/comparison.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, revision: int) -> HttpResponse:
    """Take a revision back, with a reason that everyone reads."""
    found = load(request, visible.revisions(person(request)), revision)
    allow(request, Verb.REVISION_WITHDRAW, found)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw_revision(revision=found, by=person(request), reason=form.cleaned_data["reason"])
        except BadInput as refusal:
            form.refuse(refusal, "reason")
        else:
            messages.success(request, _("The revision is withdrawn."))
            return redirect("revision", found.pk)
    status = 422 if form.is_bound else 200
    return render(
        request, "charters/revisions/withdraw.html", {"active": "read", "form": form, "revision": found}, status=status
    )


def _towards(request: HttpRequest, found: Revision, number: int | None) -> HttpResponse:
    """The same comparison, up to another revision of the section."""
    target = comparisons.numbered(person(request), found, number)
    if target is None:
        raise Http404
    query = request.GET.copy()
    del query["to"]
    return redirect(f"{reverse('revision_comparison', args=[target])}?{query.urlencode()}")


def _number(raw: str | None) -> int | None:
    return int(raw) if raw and raw.isdecimal() and len(raw) < 7 else None  # noqa: PLR2004
