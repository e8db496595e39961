import json
import re
import time
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from charters.documents import markdown_grammar, markdown_tree
from charters.documents.markdown import canonicalise, plain, render, word_count
from charters.exceptions import BadInput

TEMPLATE = json.loads(Path("charters/content/template.json").read_text())
BODIES = [
    (clause["code"], language, clause["body"][language])
    for section in TEMPLATE["sections"]
    for clause in section["clauses"]
    for language in ("fr", "en")
]
SIGNS = r"+ * ** *** _ __ - ` ``` # --- === | |---| ! ![ ~~ : . • [ ] ]( ) ( < > &amp; <b> </b> <!-- _a_ **b** ***c*** a b é 5"
PIECES = st.sampled_from(
    [
        *SIGNS.split(),
        *("mot ", " ", "  ", "   ", "    ", "\t", "\n", "\n\n", "  \n", "\\", "\\\n", "\u00a0", "\u202f", "\u3000"),
        *("- ", "+ ", "1. ", "2) ", "10. ", "100. ", "2024. ", "> ", "| a | b |\n|---|---|\n", "|---|\n", "|   \n"),
        *("\n- ", "\n    - ", "\n3. ", "\n> ", "\n  ", "\n    ", "\n\n    "),
        *(
            "https://x.y",
            "](https://x.y)",
            "](#a)",
            "[a *b*](#a)",
            "](https://x.y/*a*?b&c&amp;d)",
            "](http://x)",
            '](https://x.y "t")',
            "[](https://x.y)",
        ),
    ]
)
TYPED = st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60)).filter(
    lambda text: not re.search("[\0\2\3\r\ud800-\udfff]", text)  # `clean_text` lets none of them in
)


@pytest.mark.parametrize(("code", "language", "body"), BODIES)
def test_the_template_is_written_as_it_is_stored(code, language, body, by_both_readers):
    assert canonicalise(body) == body
    assert len(set(by_both_readers(body))) == 1
    assert word_count(body) > 20


def test_the_template_has_34_clauses():
    assert len(BODIES) == 2 * 34


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("__gras__ et _italique_", "**gras** et *italique*"),
        ("Exemples :\n* un\n* deux", "Exemples :\n\n- un\n- deux"),
        ("* un\n\n+ deux", "- un\n- deux"),
        ("- un\n  - deux\n    - trois", "- un\n    - deux\n        - trois"),
        ("1) un\n1) deux", "1. un\n2. deux"),
        ("1. un\n   suite\n   - deux", "1. un suite\n    - deux"),
        ("100. un\n     - deux", "100. un\n     - deux"),
        ("- - un\n  - deux", "-   - un\n    - deux"),
        ("- > un\n  > - deux", "-   > un\n    >\n    > - deux"),
        ("- un\n\n  3. deux", "- un\n\n    3. deux"),
        ("- un\n- deux\n\n  | a |\n  |---|", "- un\n\n- deux\n\n    | a |\n    | --- |"),
        ("- un  \n  suite", "- un  \n    suite"),
        ("- \\--", "- \\--"),
        ("1. un\n   - |  \n| -", "1. un\n    - \\|  \n        \\| -"),
        ("> un\n\n> deux", "> un\n\n> deux"),
        ("3. un\n4. deux", "3. un\n4. deux"),
        ("1. un\n\n1) autre liste", "1. un\n\n1) autre liste"),
        ("2024. Une année", "2024\\. Une année"),
        ("une\nligne", "une ligne"),
        ("une\\\nautre", "une  \nautre"),
        ("> cité\nsuite", "> cité suite"),
        ("> un\n>\n> - deux", "> un\n>\n> - deux"),
        ("a | b\n--|:-:\nc\\|d | **e**", "| a | b |\n| --- | --- |\n| c\\|d | **e** |"),
        ("[site]( <https://x.y/é> )", "[site](https://x.y/%C3%A9)"),
        ("<https://x.y>", "[https://x.y](https://x.y)"),
        ("le [référent] de l’entreprise", "le [référent] de l’entreprise"),
        ("nom_de_fichier et 5 * 3", "nom_de_fichier et 5 * 3"),
        ("Signature : ______", "Signature : ______"),
        ("**Attention :** suite", "**Attention :** suite"),
        ("**Attention :**suite", r"\*\*Attention :\*\*suite"),
        ("***un*** et *deux*", "**_un_** et _deux_"),
        ("*fran**ç**ais*", "*fran**ç**ais*"),
        ("[un [deux]](#a)", r"[un \[deux\]](#a)"),
        ("[a](https://x.y?b&c=1&amp;d)", "[a](https://x.y?b&c=1&d)"),
        ("- un\n\n  suite\n- deux", "- un\n\n    suite\n\n- deux"),
        ('[*a*](https://x.y "t") **b**', '\\[*a*\\](https://x.y "t") **b**'),
        ("\\![a](https://x.y)", "\\![a](https://x.y)"),
        (r"a \\\| b | c" + "\n--|--", r"| a \\\| b | c |" + "\n| --- | --- |"),
        ("__a_***> a***", "_a> a"),
        ("-", "\\-"),
        ("", ""),
    ],
)
def test_each_construct_is_written_one_way(typed, canonical, by_both_readers):
    assert canonicalise(typed) == canonical
    assert canonicalise(canonical) == canonical
    assert len(set(by_both_readers(canonical))) == 1


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=300)
@given(TYPED)
def test_canonical_text_is_stable_keeps_every_word_and_reads_the_same_to_every_reader(by_both_readers, typed):
    try:
        canonical = canonicalise(typed)
    except BadInput:
        return
    assert canonicalise(canonical) == canonical
    assert plain(canonical) == plain(typed)
    assert markdown_tree.blocks(markdown_grammar.COMMONMARK.parse(canonical)) == markdown_tree.read(canonical)
    assert len(set(by_both_readers(canonical))) == 1
    assert _letters(plain(typed)) == _letters(unescape(re.sub(r"<[^>]*>", " ", render(typed))))


def _letters(text):
    return [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("[" * 301, "brackets"),
        ("> " * 50 + "x", "depth"),
        ("- " * 50 + "x", "depth"),
        ("|a" * 9 + "|\n" + "|-" * 9 + "|", "columns"),
        ("| a |\n| --- |\n| b | perdu |", "cells"),
        ("998. a\n999. b\n1000. c\n1. d\n2. e", "numbers"),
    ],
)
def test_what_would_lose_words_or_time_is_refused(typed, code):
    with pytest.raises(BadInput) as refusal:
        canonicalise(typed)
    assert refusal.value.code == code


TRAPS = [
    "[" * 300,
    "[" * 150 + "](https://a)" * 150,
    "*" * 10_000,
    "*a " * 3000,
    "**a*" * 2500,
    "_a_" * 3000,
    "<a" * 5000,
]
TRAPS += ["&amp;" * 2000, "\\" * 9999, "a\n" * 5000, "- a\n" * 900, "[a](https://b.c) " * 290, "`" * 10_000, "![" * 300]
TRAPS += [
    "<https://a.b> " * 700,
    "| a\n" * 2500,
    "a  \n" * 3300,
    "a\n\n" * 3300,
    "*é**à*ç" * 1400,
    "x ***a*** _b_ " * 700,
]
TRAPS += [
    "- *a\n" * 900,
    "- a\n\nb\n\n" * 1200,
    "[a](" * 290 + "b" * 8800,
    "[a" * 290 + "]" * 290 + "](#a)",
    "*a" * 5000,
]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap[:8])
def test_no_text_of_ten_thousand_characters_takes_a_second(trap):
    assert any(_seconds(trap) < 1 for _attempt in range(3))  # on a busy machine, the clock of a process is late too


def _seconds(trap):
    started = time.process_time()
    assert render(trap)
    return time.process_time() - started


def test_plain_words_for_search():
    text = "**Un** [compte](https://x.y)  \nici\n\n- l’entreprise\n- le *reste*\n\n| a | b |\n| --- | --- |\n| c | d |"
    assert plain(text) == "Un compte\nici\nl’entreprise\nle reste\na b\nc d"
    assert word_count(text) == 10
