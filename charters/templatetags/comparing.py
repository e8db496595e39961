"""Texts of clauses as people compare them: by words, with what was added and deleted marked and spoken."""

from django import template
from django.utils.safestring import SafeString, mark_safe

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
    """What changed between two titles, without a paragraph around it."""
    html = comparison_html(old, new)
    return mark_safe(html.removeprefix("<p>").removesuffix("</p>"))  # noqa: S308 (escaped parts, less its own tag)


@register.filter
def rendered(body: str) -> SafeString:
    """A stored body as HTML, for states whose HTML is not kept."""
    return mark_safe(render(body))  # noqa: S308 (`render` allows a short list of tags and no other)
