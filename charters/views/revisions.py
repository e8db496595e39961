"""Submitting: a first consultation on the changed sections, or further revisions inside the one under way."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from charters.actions.consultations import plan_consultation
from charters.actions.revisions import submit_revision
from charters.documents.snapshots import drafts
from charters.enums import Verb, VoiceKind
from charters.exceptions import BadInput
from charters.forms.submissions import PlanForm, RuleForm, SubmissionForm
from charters.models import Charter, Consultation
from charters.queries import visible
from charters.queries.drafting import parts
from charters.queries.submitting import SMALL, carried, groups
from charters.views.loading import allow, load, load_charter, person, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, charter: int) -> HttpResponse:
    """What is submitted, until when, how people speak and how each group is counted."""
    found = load_charter(request, charter)
    allow(request, Verb.CONSULTATION_PLAN, found)
    changed = carried(None, parts(drafts(found)))
    data = request.POST if request.method == "POST" else None
    form = PlanForm(data, charter=found, changed=[item.part.section for item in changed])
    rules = [RuleForm(data, college=college, size=size) for college, size in groups(found)]
    if all([form.is_valid(), *(rule.is_valid() for rule in rules)]) and (
        planned := _planned(request, found, form, rules)
    ):
        messages.success(request, _("The consultation is planned. Participants see it once an administrator opens it."))
        return redirect("consultation", planned.pk)
    context = {"charter": found, "form": form, "rules": rules, "changed": changed, "small": SMALL, "active": "text"}
    return render(request, "charters/submissions/plan.html", context, status=200 if data is None else 422)


def _planned(request: HttpRequest, charter: Charter, form: PlanForm, rules: list[RuleForm]) -> Consultation | None:
    """The consultation, or None when the act refused and the form says why."""
    data = form.cleaned_data | {"voice_kind": VoiceKind(form.cleaned_data["voice_kind"])}
    try:
        return plan_consultation(
            charter=charter, by=person(request), rules={rule.college: rule.rule for rule in rules}, **data
        )
    except BadInput as refusal:
        form.refuse(refusal)
        return None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, consultation: int) -> HttpResponse:
    """Further revisions of the sections that changed; their threads are carried over."""
    found = load(request, visible.consultations(person(request)), consultation)
    allow(request, Verb.REVISION_SUBMIT, found)
    changed = carried(found, parts(drafts(found.charter)))
    data = request.POST if request.method == "POST" else None
    form = SubmissionForm(data, charter=found.charter, changed=[item.part.section for item in changed])
    if request.method == "POST" and form.is_valid() and _submitted(request, found, form):
        return redirect("consultation", found.pk)
    context = {"charter": found.charter, "consultation": found, "form": form, "changed": changed, "active": "text"}
    status = 422 if request.method == "POST" else 200
    return render(request, "charters/submissions/submit.html", context, status=status)


def _submitted(request: HttpRequest, consultation: Consultation, form: SubmissionForm) -> bool:
    """Submit every chosen section or none."""
    chosen = list(form.cleaned_data["sections"])
    try:
        with transaction.atomic():
            for section in chosen:
                submit_revision(section=section, consultation=consultation, by=person(request))
    except BadInput as refusal:
        form.refuse(refusal, "sections")
        return False
    text = ngettext(
        "%(count)s revision submitted; its threads are carried over.",
        "%(count)s revisions submitted; their threads are carried over.",
        len(chosen),
    )
    messages.success(request, text % {"count": len(chosen)})
    return True
