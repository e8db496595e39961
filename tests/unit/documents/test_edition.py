import dataclasses
import re
from html import unescape
from pathlib import Path

import pytest
from django.utils.html import strip_tags
from fontTools.ttLib import TTFont

from charters.documents import glyphs
from charters.documents.edition import EditionResultDocument, edition_html
from charters.documents.glyphs import printable
from charters.documents.portrait import COLOURS, HEIGHT, Stroke, portrait

STATIC = Path("static")


def _words(html):
    return " ".join(unescape(strip_tags(html)).split())


def test_every_clause_is_printed_once_with_its_nature_and_references(edition):
    document = edition()
    html = edition_html(document)
    assert html.count("<article ") == 34
    for section in document.sections:
        for rank, clause in enumerate(section.clauses, start=1):
            assert html.count(f'id="{section.anchor}-{rank}"') == 1
            assert html.count(f'href="#{section.anchor}-{rank}"') == 1
            assert clause.html in html
    natures = [clause.nature for section in document.sections for clause in section.clauses]
    assert html.count("side-nature--obligation") == natures.count("obligation") > 0


def test_no_count_of_a_small_or_unanimous_group_is_printed(edition):
    record = edition_html(edition()).partition('id="record"')[2]
    cells = [_words(cell) for cell in re.findall(r'<td class="n">(.*?)</td>', record, re.DOTALL)]
    assert cells[0].startswith("5 / 1 / 0")
    assert cells[2].startswith("121 / 18 / 5")
    for index in (1, 3):
        assert cells[index].count("*") == 1
        assert re.findall(r"\d+", cells[index]) == [["37"], ["11"]][index // 2]
    assert len(cells) == 5 * 4


def test_fewer_than_five_votes_are_withheld_whatever_the_caller_says():
    result = EditionResultDocument(
        kind="hr", roll_size=40, marked=4, votes_for=3, votes_against=1, votes_abstain=0, decision="approved",
        disclosed=True,
    )  # fmt: skip
    assert not result.shown
    assert dataclasses.replace(result, marked=5, votes_against=2).shown
    assert not dataclasses.replace(result, marked=9, votes_for=9, votes_against=0).shown


@pytest.mark.parametrize(
    ("language", "day", "first"),
    [("fr", "1er février 2026", "16 mars 2026"), ("en", "1 February 2026", "16 March 2026")],
)
def test_dates_are_those_of_the_place_in_the_language_of_the_text(edition, language, day, first):
    words = _words(edition_html(edition(language)))
    assert day in words
    assert first in words


def test_a_text_without_obligations_speaks_of_no_formality(edition):
    assert "L1321-4" in _words(edition_html(edition()).partition('id="record"')[2])
    plain = edition_html(edition(works_rules=False)).partition('id="record"')[2]
    assert "L1321" not in plain


def test_the_written_reason_is_printed_with_the_section_it_is_about(edition):
    record = edition_html(edition()).partition('id="record"')[2]
    row = next(row for row in re.findall(r"<tr>.*?</tr>", record, re.DOTALL) if "service juridique" in row)
    assert "Politique de communication" in row
    assert record.count("service juridique") == 1


@pytest.mark.parametrize("name", ["</style><script>alert(1)</script>", '"><img src=x>', "{{ x }}{% y %}", "a & b"])
def test_names_stay_text(edition, name):
    section = dataclasses.replace(edition().sections[0], title=name, summary=name, reason=name)
    html = edition_html(edition(company=name, charter_title=name, sections=(section,), polls=(), adopted_by_title=name))
    assert "<script" not in html
    assert "<img" not in html
    assert name in _words(html)


def test_a_group_that_had_nobody_on_the_roll_has_no_decision(edition):
    empty = EditionResultDocument(
        kind="hr", roll_size=0, marked=0, votes_for=0, votes_against=0, votes_abstain=0, decision="no_quorum",
        disclosed=False,
    )  # fmt: skip
    poll = dataclasses.replace(edition().polls[0], results=(empty,))
    record = edition_html(edition(polls=(poll,))).partition('id="record"')[2]
    assert '<td class="n">–</td>' in record
    assert "*" not in record


def test_an_edition_without_vote_date_or_comment_is_whole(edition):
    bare = edition(polls=(), colleges=(), effective_date=None, works_rules=False, comments=0, answered_threads=0)
    html = edition_html(bare)
    assert '<table class="votes">' not in html
    assert "None" not in html


# ── Characters ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_signs_are_those_that_every_text_font_has():
    fonts = [TTFont(STATIC / "fonts" / name) for name in (
        "source-sans-3-latin-wght-normal.woff2", "source-sans-3-latin-wght-italic.woff2",
        "source-serif-4-latin-opsz-normal.woff2", "source-serif-4-latin-wght-italic.woff2",
    )]  # fmt: skip
    shared = set.intersection(*(set(font.getBestCmap()) for font in fonts))
    spaces = set(TTFont(STATIC / "fonts" / "cocharte-espaces.woff2").getBestCmap())
    assert {ord(sign) for sign in glyphs.SIGNS} <= shared | spaces
    assert set(range(0x20, 0x7F)) <= shared


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("l’été « oui\u202f! » – 3 × 2 = 6 €…", "l’été « oui\u202f! » – 3 × 2 = 6 €…"),
        ("non\u2011lu", "non-lu"),
        ("A → B", "A › B"),
        ("✓ 🎉", "[check mark] [party popper]"),
        ("👩\u200d🔧\ufe0f", "[woman][wrench]"),
        ("\uf0b7 point", "• point"),
        ("Ελλάδα Łódź", "Ελλάδα Łódź"),
        ('<p class="x">a\u2003b</p>', '<p class="x">a b</p>'),
    ],
)
def test_a_sign_without_a_glyph_is_named(text, printed):
    assert printable(text) == printed


# ── Portrait ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_portrait_has_one_stroke_per_clause_and_a_bounded_size():
    drawing = portrait([[Stroke("<p>un deux</p>", "obligation")], [Stroke("<p>un</p>", "information")] * 2])
    assert drawing.content.count("<rect") == drawing.clauses == 3
    assert (drawing.colleges, drawing.unit) == (0, 1)
    crowded = portrait([[Stroke("<p>un</p>", "obligation", (("hr", 900), ("employees", 1)))] * 300])
    assert crowded.height <= HEIGHT
    assert crowded.content.count("<circle") <= 300 * 6
    assert crowded.unit > 100
    assert portrait([]).content == ""


def test_the_colours_of_paper_are_those_of_the_screen():
    tokens, edition_css = ((STATIC / "css" / f"{name}.css").read_text() for name in ("tokens", "edition"))
    light = tokens.partition("@media")[0]
    for kind, colour in COLOURS.items():
        assert f"--college-{kind}: {colour};" in light
    for token in re.findall(r"--[\w-]+: #\w+;", edition_css):
        assert token in light


def test_the_styles_of_paper_use_nothing_that_the_engine_draws_badly():
    for name in ("edition", "document"):
        css = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / f"{name}.css").read_text(), flags=re.DOTALL)
        assert not re.search(r"display:\s*(flex|grid|inline-flex|inline-grid)|float:", css)
