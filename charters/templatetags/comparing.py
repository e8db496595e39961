"""Texts of clauses as people compare them: by words, with what was added and deleted marked and spoken."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from charters.documents.comparison import comparison_html
from charters.documents.markdown import plain, render

register = template.Library()


@register.simple_tag
def compared(old: str, new: str) -> SafeString:
    """What changed between two bodies, as it reads; where only the formatting differs, with its signs."""
    before, after = plain(old), plain(new)
    return comparison_html(before, after) if before != after or old == new else comparison_html(old, new)


@register.simple_tag
def compared_line(old: str, new: str) -> SafeString:
    """What changed between two titles, or two lists of references, without a paragraph around it."""
    html = comparison_html(old.replace("\n", " · "), new.replace("\n", " · "))
    return mark_safe(html.removeprefix("<p>").removesuffix("</p>"))  # noqa: S308 (escaped parts, less its own tag)


@register.filter
def rendered(body: str) -> SafeString:
    """A stored body as HTML, for states whose HTML is not kept."""
    return mark_safe(render(body))  # noqa: S308 (`render` allows a short list of tags and no other)


@register.filter
def clock(value: datetime) -> SafeString:
    """« à 10 h 42 » for today, otherwise « le 12 décembre 2025 à 18 h 00 », with its machine-readable form."""
    local = timezone.localtime(value)
    # Translators: a time of day as Django writes formats (https://docs.djangoproject.com/en/stable/ref/templates/builtins/#date)
    hour = date_format(local, pgettext("format of a time of day", "H:i"))
    said = _("at %(hour)s") if local.date() == timezone.localdate() else _("on %(day)s at %(hour)s")
    words = said % {"hour": hour, "day": date_format(local, "DATE_FORMAT")}
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), words)


@register.filter
def thousands(value: int) -> str:
    """« 10 000 »: a number with its thousands apart."""
    return number_format(value, force_grouping=True)
