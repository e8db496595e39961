"""The picture on an edition's cover, drawn from its data: one stroke per clause, dots for the comments it received."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 390, 394  # units of the drawing; the style sheet gives its width on paper
_PITCH, _GAP = 10.0, 14.0
_STROKES, _DOTS_FROM, _DOTS = 290, 326, 6
_WEIGHT = {"information": 0.5, "recommendation": 1.1, "legal_reminder": 2.1, "obligation": 4.2}
_INK = "#1a1c1f"
# The colours of tokens.css on paper: the style sheet of a page does not reach inside a drawing.
COLOURS = {
    "hr": "#8749a8",
    "communications": "#a85500",
    "employees": "#0a7a66",
    "representatives": "#6b1030",
    "custom-1": "#2f4a12",
    "custom-2": "#2f4858",
}


class Stroke(NamedTuple):
    """What the picture needs of a clause."""

    html: str
    nature: str
    comments: tuple[tuple[str, int], ...] = ()

    @property
    def words(self) -> int:
        """How long the stroke is."""
        return len(strip_tags(self.html).split())


@dataclass(frozen=True, slots=True)
class Portrait:
    """The drawing's content and size, and what its caption says: how many clauses and colleges, comments per dot."""

    content: SafeString
    height: int
    clauses: int
    colleges: int
    unit: int


def portrait(sections: Sequence[Sequence[Stroke]]) -> Portrait:
    """Draw the clauses, section by section; a dot stands for as many comments as keeps the fullest line short."""
    strokes = [stroke for section in sections for stroke in section]
    unit = _unit(strokes)
    longest = max((stroke.words for stroke in strokes), default=1) or 1
    rows = len(strokes) * _PITCH + max(len(sections) - 1, 0) * _GAP
    scale = min(1.0, HEIGHT / rows) if rows else 1.0
    drawn, y = [], 0.0
    for section in sections:
        for stroke in section:
            drawn.append(_row(stroke, y * scale, scale, longest, unit))
            y += _PITCH
        y += _GAP
    return Portrait(
        content=format_html_join("", "{}", ((row,) for row in drawn)),
        height=round(rows * scale),
        clauses=len(strokes),
        colleges=len({kind for stroke in strokes for kind, number in stroke.comments if number}),
        unit=unit,
    )


def _unit(strokes: Sequence[Stroke]) -> int:
    unit = 1
    while any(_dot_count(stroke, unit) > max(_DOTS, len(stroke.comments)) for stroke in strokes):
        unit *= 2
    return unit


def _dot_count(stroke: Stroke, unit: int) -> int:
    return sum(-(-number // unit) for _, number in stroke.comments)


def _row(stroke: Stroke, y: float, scale: float, longest: int, unit: int) -> SafeString:
    weight = max(_WEIGHT[stroke.nature] * scale, 0.4)
    width = _STROKES * stroke.words / longest
    line = format_html(
        '<rect x="0" y="{}" width="{}" height="{}" fill="{}"/>', _n(y - weight / 2), _n(width), _n(weight), _INK
    )
    kinds = [kind for kind, number in stroke.comments for _ in range(-(-number // unit))]
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="{}" fill="{}"/>',
        ((_n(_DOTS_FROM + 11 * i), _n(y), _n(3.1 * scale), COLOURS[kind]) for i, kind in enumerate(kinds)),
    )
    return line + dots


def _n(value: float) -> str:
    return f"{value:.2f}"
