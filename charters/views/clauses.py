"""Clauses of the working text: write, move, take out, bring back. Collisions are in `collisions`."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from charters.actions.clauses import add_clause, edit_clause, move_clause, remove_clause, restore_clause
from charters.actions.wording import clause_body
from charters.enums import Nature, Verb
from charters.exceptions import BadInput, StaleVersion, WrongState
from charters.forms.clauses import ClauseForm, MoveForm
from charters.models import Clause, Section
from charters.queries.editing import last_save, number_of, remarks, sections_of, seen_version
from charters.views import collisions
from charters.views.drafting import working_clause, working_section
from charters.views.loading import allow, person, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, section: int) -> HttpResponse:
    """A clause at the end of a section."""
    found = working_section(request, section)
    allow(request, Verb.CLAUSE_ADD, found)
    form = ClauseForm(
        request.POST if request.method == "POST" else None, initial={"nature": Nature.RECOMMENDATION.value}
    )
    if request.method == "POST" and form.is_valid() and not _previews(request):
        try:
            clause = add_clause(section=found, by=person(request), **form.content)
        except BadInput as refusal:
            form.refuse(refusal, "body")
        else:
            return saved(request, clause, kept=f"new-{found.pk}")
    return _editor(request, form, section=found)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, clause: int) -> HttpResponse:
    """Save over the version the form was opened on; a newer one is never overwritten unknowingly."""
    found = working_clause(request, clause)
    if request.method != "POST":
        allow(request, Verb.CLAUSE_EDIT, found)
        names = ("title", "body", "nature", "references", "version")
        return _editor(request, ClauseForm(initial={name: getattr(found, name) for name in names}), clause=found)
    if "settle" in request.POST:
        return collisions.settle(request, found, saved)
    form = ClauseForm(request.POST)
    if _previews(request) or not form.is_valid():
        return _editor(request, form, clause=found)
    return _save(request, found, form)


def _save(request: HttpRequest, clause: Clause, form: ClauseForm) -> HttpResponse:
    """Save, or show why not with every word still in the form."""
    words = form.content | {"reason": form.cleaned_data["reason"]}
    version, status = seen_version(clause, form.saved_version), 422
    try:
        return saved(request, edit_clause(clause=clause, by=person(request), version=version, **words))
    except BadInput as refusal:
        form.refuse(refusal, "reason" if refusal.code == "reason" else "body")
    except WrongState as refusal:
        form.refuse(refusal)
        status = 409
    except StaleVersion:
        try:
            return collisions.collide(request, clause, form)
        except BadInput as refusal:
            form.refuse(refusal, "body")
    return _editor(request, form, clause=clause, status=status)


@signed_in
@require_POST
def move(request: HttpRequest, clause: int) -> HttpResponse:
    """Put a clause at a rank of its section, or of another."""
    found = working_clause(request, clause)
    form = MoveForm(request.POST, sections=sections_of(found))
    if not form.is_valid():
        raise BadInput(_("This place does not exist."), code="place")
    section = form.cleaned_data["section"] or found.section
    moved = move_clause(clause=found, by=person(request), section=section, index=form.place)
    return redirect(_in_text(moved.section, f"#clause-{moved.pk}"))


@signed_in
@require_POST
def remove(request: HttpRequest, clause: int) -> HttpResponse:
    """Take a clause out; the page that follows offers to undo it."""
    found = remove_clause(clause=working_clause(request, clause), by=person(request))
    return redirect(_in_text(found.section, f"?gone=clause-{found.pk}#gone"))


@signed_in
@require_POST
def restore(request: HttpRequest, clause: int) -> HttpResponse:
    """Bring a clause back."""
    found = restore_clause(clause=working_clause(request, clause), by=person(request))
    messages.success(request, _("“%(title)s” is back in the working text.") % {"title": found.title})
    return redirect(_in_text(found.section, f"#clause-{found.pk}"))


def saved(request: HttpRequest, clause: Clause, kept: str = "") -> HttpResponse:
    """After a save: on with the writing, or back to the text. `kept`: the local draft that is no longer needed."""
    done = request.POST.get("then") == "done"
    key = kept or f"clause-{clause.pk}"
    text, editor = (
        _in_text(clause.section, f"?saved={key}#clause-{clause.pk}"),
        reverse("clause_edit", args=[clause.pk]),
    )
    address = text if done else f"{editor}?saved={key}"
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(address)
    if done or kept or "settle" in request.POST:
        return HttpResponseClientRedirect(address)
    return render(
        request, "charters/drafting/_saved.html", {"clause": clause, "save": last_save(clause), "fresh": True}
    )


def _editor(
    request: HttpRequest,
    form: ClauseForm,
    *,
    clause: Clause | None = None,
    section: Section | None = None,
    status: int = 0,
) -> HttpResponse:
    """The editor, whole or as a fragment that replaces the present one."""
    place = clause.section if clause else section
    assert place is not None  # noqa: S101 (one of the two is given)
    context = {
        "form": form, "clause": clause, "section": place, "charter": place.charter, "active": "text",
        "preview": _preview(form, clause), "saved": request.GET.get("saved", "")[:40],
    }  # fmt: skip
    if clause:
        context |= {"number": number_of(clause), "save": last_save(clause), "remarks": remarks(clause)}
    status = status or (422 if form.errors else 200)
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "charters/drafting/editor.html", context, status=status)
    response = render(request, "charters/drafting/_editor.html", context, status=status)
    return reswap(retarget(response, "#editor"), "outerHTML")


def _preview(form: ClauseForm, clause: Clause | None) -> str:
    if not form.is_bound:
        return clause.html if clause else ""
    try:
        return clause_body(form.data.get("body", "")).html
    except BadInput:
        return ""


def _previews(request: HttpRequest) -> bool:
    return request.POST.get("then") == "preview"


def _in_text(section: Section, rest: str) -> str:
    return reverse("working_text_read", args=[section.charter_id]) + rest
