"""Sections of the working text: add, rename, move, take out, bring back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from charters.actions.sections import add_section, edit_section, move_section, remove_section, restore_section
from charters.enums import SectionKind, Verb
from charters.exceptions import BadInput, StaleVersion
from charters.forms.clauses import MoveForm
from charters.forms.sections import NewSectionForm, SectionForm
from charters.models import Section
from charters.views.drafting import working_charter, working_section
from charters.views.loading import allow, person, signed_in


def to_section(section: Section, query: str = "") -> HttpResponse:
    """Back to the working text, at this section."""
    return redirect(f"{reverse('working_text_read', args=[section.charter_id])}{query}#section-{section.pk}")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, charter: int) -> HttpResponse:
    """A section at the end."""
    found = working_charter(request, charter)
    allow(request, Verb.SECTION_ADD, found)
    form = NewSectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        section = add_section(
            charter=found, by=person(request),
            kind=SectionKind(data["kind"]), title=data["title"], summary=data["summary"],
        )  # fmt: skip
        return to_section(section)
    context = {"charter": found, "form": form, "active": "text"}
    return render(request, "charters/drafting/section_add.html", context, status=_status(request))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, section: int) -> HttpResponse:
    """Rename a section or rewrite its summary; over somebody's newer words only knowingly."""
    found = working_section(request, section)
    allow(request, Verb.SECTION_EDIT, found)
    form = SectionForm(
        request.POST if request.method == "POST" else None,
        initial={f: getattr(found, f) for f in ("title", "summary", "version")},
    )
    context = {"charter": found.charter, "section": found, "form": form, "active": "text"}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            return to_section(
                edit_section(section=found, by=person(request), **data | {"version": data["version"] or 0})
            )
        except StaleVersion:
            form.data = form.data.copy()
            form.data["version"] = str(found.version)  # saving again is then done knowingly
            return render(request, "charters/drafting/section_edit.html", {**context, "newer": found}, status=409)
    return render(request, "charters/drafting/section_edit.html", context, status=_status(request))


@signed_in
@require_POST
def move(request: HttpRequest, section: int) -> HttpResponse:
    """Put a section at a rank."""
    found = working_section(request, section)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("This place does not exist."), code="place")
    return to_section(move_section(section=found, by=person(request), index=form.place))


@signed_in
@require_POST
def remove(request: HttpRequest, section: int) -> HttpResponse:
    """Take a section out; the page that follows offers to undo it."""
    found = remove_section(section=working_section(request, section), by=person(request))
    return redirect(f"{reverse('working_text_read', args=[found.charter_id])}?gone=section-{found.pk}#gone")


@signed_in
@require_POST
def restore(request: HttpRequest, section: int) -> HttpResponse:
    """Bring a section back."""
    found = restore_section(section=working_section(request, section), by=person(request))
    messages.success(request, _("“%(title)s” is back in the working text.") % {"title": found.title})
    return to_section(found)


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
