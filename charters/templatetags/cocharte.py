"""Template tags of the interface: icons, badges, rights, dates. They format; they never query beyond `policy`."""

import re
from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from charters import enums, labels
from charters.documents.canonical import short_digest
from charters.policy import Denied, decide

register = template.Library()

NEAR = {0: gettext_lazy("today"), 1: gettext_lazy("tomorrow"), -1: gettext_lazy("yesterday")}
FIRST_OF_MONTH = re.compile(r"\b1\u00a0(?=[^\W\dh])")  # not « 1 h 30 »
NATURE_ICON = {
    enums.Nature.INFORMATION: "info",
    enums.Nature.RECOMMENDATION: "lightbulb",
    enums.Nature.LEGAL_REMINDER: "scale",
    enums.Nature.OBLIGATION: "gavel",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; decorative unless `label` names it."""
    href = f"{static('icons/sprite.svg')}#i-{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def nature(value: str) -> SafeString:
    """The badge of a clause's nature: the heavier the ink, the stronger the rule."""
    member = enums.Nature(value)
    return format_html(
        '<span class="nature nature--{}">{}{}</span>', value, icon(NATURE_ICON[member]), labels.NATURE[member]
    )


@register.simple_tag
def college(kind: str, initials: object, name: object, *, spoken: bool = True) -> SafeString:
    """The monogram of a college. `spoken=False` where its name is written beside it."""
    if spoken:
        return format_html(
            '<span class="college college--{}" role="img" aria-label="{}" title="{}">{}</span>',
            kind, _("Group: %(name)s") % {"name": name}, name, initials,
        )  # fmt: skip
    return format_html('<span class="college college--{}" aria-hidden="true">{}</span>', kind, initials)


@register.filter
def label(value: object, table: str) -> object:
    """`{{ poll.state|label:"POLL_STATE" }}`: the name of a stored value."""
    found = getattr(labels, table)
    return found[type(next(iter(found)))(value)]


@register.filter
def label_help(value: object) -> object:
    """What a nature entails, in a sentence."""
    return labels.NATURE_MEANING[enums.Nature(value)]


@register.simple_tag(takes_context=True)
def can(context: template.Context, verb: str, obj: object = None) -> object:
    """`{% can "thread_open" consultation as verdict %}`: truthy when allowed, else carries `.reason`."""
    return decide(context["request"].user, enums.Verb(verb), obj)


@register.simple_tag(takes_context=True)
def may(context: template.Context, verb: str, obj: object = None) -> bool:
    """Whether the person has this right at all, whatever the moment: otherwise the control is not even shown."""
    verdict = decide(context["request"].user, enums.Verb(verb), obj)
    return bool(verdict) or (isinstance(verdict, Denied) and verdict.wrong_state)


def _spelled(value: date, form: str) -> str:
    """A date; French says « 1er décembre », then counts."""
    text = date_format(value, form)
    return FIRST_OF_MONTH.sub("1er\u00a0", text) if get_language() == "fr" else text


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """« vendredi 12 décembre 2025 à 18 h 00 » with its machine-readable form."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    # Translators: a date format of Django (https://docs.djangoproject.com/en/stable/ref/templates/builtins/#date)
    text = _spelled(local, _(r"l j F Y, H:i"))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), text)


@register.filter
def day(value: datetime | date | None) -> SafeString | str:
    """« 12 décembre 2025 » with its machine-readable form."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), _spelled(local, "DATE_FORMAT"))


@register.filter
def short_day(value: datetime | None) -> SafeString | str:
    """« 12 décembre »: for a diary, where the year is plain."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), _spelled(local, _("j F")))


@register.simple_tag
def zone() -> str:
    """« heure de Paris »: the zone of every date on the page."""
    city = timezone.get_default_timezone_name().rsplit("/", 1)[-1].replace("_", " ")
    return _("%(city)s time") % {"city": city}


@register.filter
def away(value: datetime | None) -> str:
    """« dans 3 jours », « demain », « il y a 2 jours »: days by the calendar; hours on the last day."""
    if value is None:
        return ""
    days = (timezone.localtime(value).date() - timezone.localdate()).days
    hours = int((value - timezone.now()).total_seconds() // 3600)
    if days == 0 and hours > 0:
        return ngettext("in %(count)s hour", "in %(count)s hours", hours) % {"count": hours}
    if days in NEAR:
        return str(NEAR[days])
    if days > 0:
        return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
    return ngettext("%(count)s day ago", "%(count)s days ago", -days) % {"count": -days}


@register.filter
def fingerprint(value: str) -> str:
    """The first digits of a SHA-256, in groups: « 9f3a c41e 07bd 52e8 »."""
    return short_digest(value)
