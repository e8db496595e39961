import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from charters.documents.comparison import compare, comparison_html, side_by_side_html
from charters.documents.merging import Collision, three_way

REVISIONS = [path.read_text() for path in sorted(Path("tests/data/civicactions").glob("r*.md"))]
WORDS = st.lists(
    st.sampled_from(["le ", "la ", "charte", "charte ", ", ", ". ", "\n", "\n\n", "l’avis ", "<b>", "12 "])
)
TEXT = WORDS.map("".join)


def _shown(html):
    return re.sub(r'<span class="visually-hidden">.*?</span>', "", str(html))


def _without_spaces(text):
    return "".join(text.split())


def test_only_the_words_that_changed_are_marked():
    old = "n’en demande ni les identifiants ni l’accès. Il transmet les accès lorsqu’il quitte ses fonctions."
    new = "n’en demande ni les identifiants ni l’accès, ni rien d’autre. Il transmet les accès lorsqu’il part."
    assert _shown(comparison_html(old, new)) == (
        "<p>n’en demande ni les identifiants ni l’accès<ins>, ni rien d’autre</ins>. "
        "Il transmet les accès lorsqu’il <del>quitte ses fonctions</del> <ins>part</ins>.</p>"
    )
    comparison = compare(old, new)
    assert (comparison.changed, comparison.deleted_words, comparison.inserted_words) == (True, 3, 4)


def test_marks_are_spoken_in_the_reader_s_language():
    with translation.override("en"):
        assert comparison_html("a", "a b") == (
            '<p>a <ins><span class="visually-hidden">Start of added text: </span>b'
            '<span class="visually-hidden"> End of added text.</span></ins></p>'
        )
        assert "Start of deleted text: " in comparison_html("a b", "a")


@pytest.mark.parametrize(
    ("old", "new", "html"),
    [
        ("A", "A", "<p>A</p>"),
        ("", "", ""),
        ("", "A", "<p><ins>A</ins></p>"),
        ("A\n\nX\n\nB", "A\n\nB", "<p>A</p>\n<p><del>X</del></p>\n<p>B</p>"),
        ("A", "A\n\nX", "<p>A</p>\n<p><ins>X</ins></p>"),
        ("A\n\nB", "A B", "<p>A <del>¶</del></p>\n<p>B</p>"),
        ("A B", "A\n\nB", "<p>A<ins>¶</ins></p>\n<p>B</p>"),
        ("A. C.", "A. B. C.", "<p>A. <ins>B.</ins> C.</p>"),
        ("A. B. C.", "A. C.", "<p>A. <del>B.</del> C.</p>"),
        ("A\n\nC", "A\n\nB\n\nC", "<p>A</p>\n<p><ins>B</ins></p>\n<p>C</p>"),
        ("A fin.", "A fin. Suite.", "<p>A fin. <ins>Suite.</ins></p>"),
        ("<b>x", "<i>x", "<p>&lt;<del>b</del> <ins>i</ins>&gt;x</p>"),
    ],
)
def test_paragraphs_stay_whole(old, new, html):
    assert _shown(comparison_html(old, new)) == html


def test_side_by_side_shows_each_text_with_its_own_marks():
    left, right = side_by_side_html("un deux trois", "un quatre trois")
    assert (_shown(left), _shown(right)) == ("<p>un <del>deux</del> trois</p>", "<p>un <ins>quatre</ins> trois</p>")


@given(TEXT, TEXT)
def test_both_texts_are_in_the_comparison(old, new):
    segments = compare(old, new).segments
    assert "".join(s.text for s in segments if s.op != "delete") == new
    assert _without_spaces("".join(s.text for s in segments if s.op != "insert")) == _without_spaces(old)
    html = str(comparison_html(old, new))
    for paragraph in re.findall(r"<p>(.*?)</p>", html, re.DOTALL):
        for tag in ("ins", "del"):
            assert paragraph.count(f"<{tag}>") == paragraph.count(f"</{tag}>")
    assert "<b>" not in html


@pytest.mark.parametrize(("old", "new"), list(pairwise(REVISIONS)))
def test_real_revisions(old, new):
    comparison = compare(old, new)
    assert comparison.changed
    assert "".join(s.text for s in comparison.segments if s.op != "delete") == new
    assert any(s.op == "equal" for s in comparison.segments)


def test_edits_apart_from_each_other_are_joined():
    base = "Le compte est personnel. Il est fermé au départ."
    mine = "Le compte est privé. Il est fermé au départ."
    theirs = "Le compte est personnel. Il est fermé au départ du salarié."
    merge = three_way(base, mine, theirs)
    assert merge.collisions == []
    assert merge.text == "Le compte est privé. Il est fermé au départ du salarié."


def test_an_edit_inside_a_sentence_and_one_after_its_end_are_joined():
    assert three_way("A b.", "A b. C.", "A z b.").text == "A z b. C."


def test_the_same_edit_twice_counts_once():
    assert three_way("un deux", "un trois", "un trois").text == "un trois"


def test_two_wordings_of_one_passage_collide_and_nothing_is_lost():
    merge = three_way("lorsqu’il quitte ses fonctions.", "lorsqu’il part.", "lorsqu’il change de poste.")
    assert merge.collisions == [Collision("quitte ses fonctions", "part", "change de poste")]
    assert merge.text == "lorsqu’il part."
    assert merge.resolve(["theirs"]) == "lorsqu’il change de poste."
    assert merge.resolve(["base"]) == "lorsqu’il quitte ses fonctions."


def test_two_insertions_at_one_place_collide():
    assert three_way("A. B.", "A. X. B.", "A. Y. B.").collisions == [Collision("", "X. ", "Y. ")]


@given(TEXT, TEXT)
def test_one_side_alone_wins(base, changed):
    assert three_way(base, changed, base).text == changed
    assert three_way(base, base, changed).text == changed
    assert three_way(base, changed, changed).text == changed
    assert three_way(base, changed, base).collisions == []


@settings(max_examples=200)
@given(TEXT, TEXT, TEXT)
def test_each_side_is_had_back_when_it_is_chosen_and_the_other_did_nothing_more(base, mine, theirs):
    merge, mirror = three_way(base, mine, theirs), three_way(base, theirs, mine)
    assert [(c.base, c.mine, c.theirs) for c in merge.collisions] == [
        (c.base, c.theirs, c.mine) for c in mirror.collisions
    ]
    assert merge.resolve(["theirs"] * len(merge.collisions)) == mirror.text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 5_000, "a b " * 2_500),
        ("a b " * 2_500, "b a a " * 1_666),
        ("a," * 5_000, "a,b," * 2_500),
        ("a " * 5_000, "a " * 4_999 + "b"),
    ],
)
def test_one_word_repeated_thousands_of_times_is_compared_at_once(old: str, new: str) -> None:
    start = time.process_time()
    found = compare(old, new)
    joined = three_way(old, new, old)
    assert time.process_time() - start < 5  # minutes without a bound
    assert "".join(s.text for s in found.segments if s.op != "insert").split() == old.split()
    assert "".join(s.text for s in found.segments if s.op != "delete").split() == new.split()
    assert joined.text.split() == new.split()


def test_past_its_bound_a_comparison_keeps_what_both_texts_begin_and_end_with() -> None:
    middle = "a " * 3_000
    found = compare(f"Before. {middle}After.", f"Before. {middle}more After.")
    assert [s.text.strip() for s in found.segments if s.op == "insert"] == ["more"]


def test_the_space_behind_a_full_stop_stays_where_a_text_is_rewritten_and_shorter() -> None:
    found = compare("One word. Two words. Three.", "Another text, late.").segments
    assert "".join(part.text for part in found if part.op != "insert") == "One word. Two words. Three."
