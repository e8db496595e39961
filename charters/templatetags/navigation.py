"""What the frame of every page needs: the charter one is in, and its main links."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from charters.enums import Verb
from charters.models import Charter
from charters.policy import decide, membership_in


def context(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. `request.charter` is set by `views.loading` when a page belongs to a charter."""
    charter: Charter | None = getattr(request, "charter", None)
    found: dict[str, Any] = {"demo": settings.DEMO, "nav": [], "here": charter, "membership": None}
    if charter is not None and request.user.is_authenticated:
        found["membership"] = membership_in(request.user, charter)
        found["nav"] = _links(request, charter)
    return found


def _links(request: HttpRequest, charter: Charter) -> list[dict[str, Any]]:
    links = [
        ("home", _("Home"), reverse("home")),
        ("read", _("Read and comment"), reverse("charter_read", args=[charter.pk])),
    ]
    if decide(request.user, Verb.WORKING_TEXT_READ, charter):
        links.append(("text", _("Working text"), reverse("working_text_read", args=[charter.pk])))
    links += [
        ("consultations", _("Consultations"), reverse("consultations", args=[charter.pk])),
        ("polls", _("Votes"), reverse("polls", args=[charter.pk])),
        ("editions", _("Editions"), reverse("editions", args=[charter.pk])),
        ("members", _("Members"), reverse("member_read", args=[charter.pk])),
        ("journal", _("Journal"), reverse("journal_read", args=[charter.pk])),
    ]
    return [{"key": key, "title": title, "href": href} for key, title, href in links]
