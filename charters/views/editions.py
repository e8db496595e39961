"""Adopting, reading, publishing and downloading editions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from charters.actions.editions import adopt_edition
from charters.documents.contents import candidates
from charters.documents.edition_data import text_holds
from charters.documents.pdf import pdf_available
from charters.enums import Verb
from charters.exceptions import BadInput
from charters.forms.editions import AdoptionForm
from charters.jobs import publishing
from charters.models import Edition
from charters.queries import editions as queries
from charters.queries import visible
from charters.views.loading import allow, load, load_charter, person, signed_in
from charters.workflow import earliest_effective

ACTIVE = {"active": "editions"}


@signed_in
@require_GET
def index(request: HttpRequest, charter: int) -> HttpResponse:
    """The editions of a charter, newest first."""
    found = load_charter(request, charter)
    context = ACTIVE | {"charter": found, "page": queries.index(found, person(request))}
    return render(request, "charters/editions/list.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, consultation: int) -> HttpResponse:
    """The employer's choice for each section, then the adoption, which cannot be undone."""
    found = load(request, visible.consultations(person(request)), consultation)
    allow(request, Verb.EDITION_ADOPT, found)
    form = AdoptionForm(request.POST if request.method == "POST" else None, found=candidates(found))
    if request.method == "POST" and form.is_valid():
        try:
            day = form.cleaned_data["effective_date"]
            made = adopt_edition(consultation=found, by=person(request), takes=form.takes, effective_date=day)
            messages.success(request, _("Edition %(number)s is adopted.") % {"number": made.number})
            return redirect("edition_read", made.pk)
        except BadInput as error:
            form.refuse(error, "effective_date" if error.code == "past" else None)
    return _adoption(request, form, consultation=found)


@signed_in
@require_GET
def edition(request: HttpRequest, edition: int) -> HttpResponse:
    """An edition: its text, its record, its seal."""
    found = load(request, visible.editions(person(request)), edition)
    page = queries.page(found, person(request))
    context = ACTIVE | {"page": page, "edition": found, "intact": text_holds(found), "pdf": pdf_available()}
    return render(request, "charters/editions/edition.html", context)


@signed_in
@require_POST
def publish(request: HttpRequest, edition: int) -> HttpResponse:
    """Compose and seal the document. Doing it again changes nothing."""
    found = load(request, visible.editions(person(request)), edition)
    publishing.publish(found, person(request))
    messages.success(request, _("The sealed document is published."))
    return redirect("edition_read", found.pk)


@signed_in
@require_GET
def download(request: HttpRequest, edition: int) -> HttpResponse:
    """The sealed file, as it was published."""
    found = load(request, visible.editions(person(request)), edition)
    allow(request, Verb.EDITION_DOWNLOAD, found)
    response = HttpResponse(bytes(found.file.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(found)}"'
    return response


def _adoption(request: HttpRequest, form: AdoptionForm, **context: object) -> HttpResponse:
    context |= {"form": form, "rows": form.rows(), "earliest": earliest_effective(timezone.localdate())}
    return render(request, "charters/editions/adopt.html", ACTIVE | context, status=422 if form.errors else 200)


def _file_name(edition: Edition) -> str:
    """ASCII only: letters, digits and hyphens need no quoting in any header."""
    return f"{slugify(edition.title)[:80] or 'charte'}-edition-{edition.number}.pdf"
