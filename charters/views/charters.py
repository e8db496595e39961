"""Creating a charter; who may do what in it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from charters.actions.charters import create_charter
from charters.enums import Role, Verb
from charters.exceptions import BadInput
from charters.forms.charters import CharterForm
from charters.policy import NOBODY, ORDER, RULES
from charters.views.loading import allow, load_charter, person, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Create a charter from the template or blank."""
    allow(request, Verb.CHARTER_CREATE)
    form = CharterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        names = {name: data[name] for name in ("title", "language", "college")}
        try:
            charter = create_charter(by=person(request), from_template=data["start"] == "template", **names)
        except BadInput as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The charter is created. Invite the people who will write it with you."))
            return redirect("member_read", charter.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "charters/home/create.html", {"form": form, "active": "home"}, status=status)


@signed_in
@require_safe
def rights(request: HttpRequest, charter: int) -> HttpResponse:
    """The table that the application applies, shown to everyone."""
    found = load_charter(request, charter)
    allow(request, Verb.RIGHTS_READ, found)
    roles = list(Role)
    rows = [(rule, [ORDER.index(role) >= ORDER.index(rule.shown_from) for role in roles]) for rule in RULES.values()]
    context = {"roles": roles, "rows": rows, "nobody": NOBODY, "active": "members"}
    return render(request, "charters/rights/rights.html", context)
