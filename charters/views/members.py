"""The members of a charter."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charters.actions.members import change_member, invite_member, leave_member
from charters.enums import Verb
from charters.exceptions import BadInput
from charters.forms.members import InvitationForm, MembershipForm
from charters.queries import visible
from charters.queries.members import members as find_members
from charters.views.loading import allow, load, load_charter, person, signed_in


@signed_in
@require_safe
def members(request: HttpRequest, charter: int) -> HttpResponse:
    """The list, searched and filtered."""
    found = load_charter(request, charter)
    allow(request, Verb.MEMBER_READ, found)
    search, college = request.GET.get("q", "").strip()[:100], request.GET.get("college", "")[:20]
    listed = find_members(found, search=search, college=college, page=request.GET.get("page", 1))
    context = {"charter": found, "members": listed, "search": search, "college": college, "active": "members"}
    return render(request, "charters/members/members.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, charter: int) -> HttpResponse:
    """Invite one person with a group and a role."""
    found = load_charter(request, charter)
    allow(request, Verb.MEMBER_INVITE, found)
    form = InvitationForm(request.POST if request.method == "POST" else None, charter=found)
    if request.method == "POST" and form.is_valid():
        try:
            membership = invite_member(charter=found, by=person(request), **form.cleaned_data)
        except BadInput as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(name)s is invited.") % {"name": membership.person.name})
            return redirect("member_invite" if "another" in request.POST else "member_read", charter)
    status = 422 if request.method == "POST" else 200
    context = {"charter": found, "form": form, "active": "members"}
    return render(request, "charters/members/invite.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, membership: int) -> HttpResponse:
    """Change a member's group or role."""
    found = load(request, visible.memberships(person(request)), membership)
    allow(request, Verb.MEMBER_CHANGE, found)
    initial = {"college": found.college_id, "role": found.role}
    form = MembershipForm(request.POST if request.method == "POST" else None, charter=found.charter, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_member(membership=found, by=person(request), **form.cleaned_data)
        except BadInput as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("member_read", found.charter_id)
    status = 422 if request.method == "POST" else 200
    context = {"found": found, "form": form, "active": "members"}
    return render(request, "charters/members/change.html", context, status=status)


@signed_in
@require_POST
def leave(request: HttpRequest, membership: int) -> HttpResponse:
    """End a membership."""
    found = load(request, visible.memberships(person(request)), membership)
    try:
        leave_member(membership=found, by=person(request))
    except BadInput as refusal:
        messages.error(request, str(refusal))
    else:
        text = _("%(name)s has left the charter. To undo, invite the person again: nothing of theirs is lost.")
        messages.success(request, text % {"name": found.person.name})
    return redirect("member_read", found.charter_id)
