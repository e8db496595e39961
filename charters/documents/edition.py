"""Everything a published edition shows, and nothing else: no voter's name and no voter's reason can reach the file.

The caller fills an `EditionDocument` from rows; this module words it and writes its HTML.
"""

import textwrap
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charters import labels
from charters.documents.canonical import grouped
from charters.documents.glyphs import printable
from charters.documents.portrait import Portrait, Stroke, portrait
from charters.enums import Basis, Decision
from charters.workflow import Tally, disclosed

_LONG = 60  # characters of a title that still fit the cover in large type
DISCLOSED_FROM = (
    5  # votes in a college; below, its decision alone is printed (product.md, « Anonymity that is honest »)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionCollegeDocument:
    """A college: `kind` is its colour (`enums.CollegeKind`), `initials` and `name` are in the document's language."""

    kind: str
    initials: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionClauseDocument:
    """A clause: `html` from `markdown.render`, `comments` as (college kind, number) of the colleges that may be shown."""

    number: str
    nature: str
    nature_label: str
    title: str
    html: str
    references: tuple[str, ...] = ()
    comments: tuple[tuple[str, int], ...] = ()


SHORT_SECTION = 150  # words, the marks of the HTML counted in


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionSectionDocument:
    """A section: `anchor` is unique in the document, `basis` an `enums.Basis`, `reason` the employer's, if one was due."""

    anchor: str
    title: str
    summary: str
    revision_number: int
    basis: str
    reason: str = ""
    clauses: tuple[EditionClauseDocument, ...] = ()

    @property
    def short(self) -> bool:
        """Whether it may follow the section before on the same page: alone on a page, it would leave it empty."""
        return sum(len(clause.html.split()) for clause in self.clauses) < SHORT_SECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionResultDocument:
    """One college's result; its counts are printed only where `disclosed` and the rule of secrecy allows it."""

    kind: str
    roll_size: int
    marked: int
    votes_for: int
    votes_against: int
    votes_abstain: int
    decision: str
    disclosed: bool

    @property
    def shown(self) -> bool:
        """Whether the counts are printed; the rule holds whatever the caller says."""
        tally = Tally(self.roll_size, self.votes_for, self.votes_against, self.votes_abstain)
        return self.disclosed and disclosed([tally])[0]

    @property
    def decision_label(self) -> object:
        """« For », « Against » or « No quorum »."""
        return labels.DECISION[Decision(self.decision)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPollDocument:
    """The vote on one section: `outcome` is the whole sentence (« avis favorable de… »), `results` follow `colleges`."""

    title: str
    revision_number: int
    closes_at: datetime
    outcome: str
    results: tuple[EditionResultDocument, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionDocument:
    """One edition, as its PDF shows it. `adopted_at` and `closes_at` are aware; they are printed in `time_zone`."""

    company: str
    charter_title: str
    edition_number: int
    language: str
    adopted_at: datetime
    adopted_by_title: str
    effective_date: date | None
    works_rules: bool
    sections: tuple[EditionSectionDocument, ...]
    colleges: tuple[EditionCollegeDocument, ...]
    polls: tuple[EditionPollDocument, ...]
    comments: int
    answered_threads: int
    sha256: str
    canonical_text: bytes
    time_zone: str

    @property
    def attachment_name(self) -> str:
        """The name of the canonical text in the file."""
        return f"charte-edition-{self.edition_number}.json"


def edition_html(document: EditionDocument) -> str:
    """Return the edition's HTML, worded in its own language, with every character that the fonts can print."""
    with translation.override(document.language), timezone.override(ZoneInfo(document.time_zone)):
        return printable(render_to_string("edition/edition.html", _context(document)))


def _context(document: EditionDocument) -> dict[str, object]:
    by_kind = {college.kind: college for college in document.colleges}
    return {
        "document": document,
        "adopted_on": _day(timezone.localtime(document.adopted_at).date()),
        "effective_on": _day(document.effective_date) if document.effective_date else "",
        "running_company": Truncator(document.company).chars(60),
        "running_charter": _running_title(document),
        "sections": [
            (section, Truncator(section.title).chars(70), labels.BASIS[Basis(section.basis)])
            for section in document.sections
        ],
        "polls": [
            (poll, _day(timezone.localtime(poll.closes_at).date()), [(by_kind[r.kind], r) for r in poll.results])
            for poll in document.polls
        ],
        "withheld": any(result.roll_size and not result.shown for poll in document.polls for result in poll.results),
        "colleges_named": _listed([college.name for college in document.colleges]),
        "portrait": _portrait(document),
        "contributions": _contributions(document),
        "fingerprint": grouped(document.sha256).split(),
        "title_lines": _balanced(document.charter_title, 24 if len(document.charter_title) <= _LONG else 32),
        "long_title": len(document.charter_title) > _LONG,
    }


def _balanced(title: str, width: int) -> list[str]:
    """The title in as few lines of `width` characters as it takes, as even as they can be: the engine cannot balance."""
    wrapper = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    lines = even = wrapper.wrap(title)
    while wrapper.width > 1 and len(even) == len(lines):
        lines = even
        wrapper.width -= 1
        even = wrapper.wrap(title)
    return lines


def _portrait(document: EditionDocument) -> Portrait:
    return portrait([[Stroke(c.html, c.nature, c.comments) for c in section.clauses] for section in document.sections])


def _running_title(document: EditionDocument) -> str:
    values = {"title": Truncator(document.charter_title).chars(70), "number": document.edition_number}
    return _("%(title)s, edition %(number)s") % values


def _contributions(document: EditionDocument) -> str:
    comments = ngettext("%(n)s comment.", "%(n)s comments.", document.comments) % {"n": _number(document.comments)}
    answered = ngettext(
        "%(n)s discussion was answered, with the reasons.",
        "%(n)s discussions were answered, with the reasons.",
        document.answered_threads,
    ) % {"n": _number(document.answered_threads)}
    return f"{comments} {answered}" if document.answered_threads else comments


def _listed(names: list[str]) -> str:
    if len(names) < 2:  # noqa: PLR2004 (one name is no list)
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _day(day: date) -> str:
    text = formats.date_format(day, "j F Y")
    return f"1er{text[1:]}" if day.day == 1 and translation.get_language() == "fr" else text


def _number(number: int) -> str:
    return formats.number_format(number, use_l10n=True, force_grouping=True)
