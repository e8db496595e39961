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
SIGNS = r"+ * ** *** _ __ - ` ``` # --- === | |---| ! ![ ~~ : . • [ ] ]( ) ( < > &amp; <b> </b> <!-- _a_ **b** a b é 5"
PIECES = st.sampled_from(
    [
        *SIGNS.split(),
        *("mot ", " ", "  ", "   ", "    ", "\t", "\n", "\n\n", "  \n", "\\", "\\\n", "\u00a0", "\u202f", "\u3000"),
        *("- ", "+ ", "1. ", "2) ", "10. ", "2024. ", "> ", "| a | b |\n|---|---|\n", "|---|\n"),
        *("https://x.y", "](https://x.y)", "](#a)", "](http://x)", '](https://x.y "t")', "[](https://x.y)"),
    ]
)
TYPED = st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60)).filter(
    lambda text: not re.search("[\0\r\ud800-\udfff]", text)
)


@pytest.mark.parametrize(("code", "language", "body"), BODIES)
def test_the_template_is_written_as_it_is_stored(code, language, body):
    assert canonicalise(body) == body
    assert word_count(body) > 20


def test_the_template_has_34_clauses():
    assert len(BODIES) == 2 * 34


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("__gras__ et _italique_", "**gras** et *italique*"),
        ("Exemples :\n* un\n* deux", "Exemples :\n\n- un\n- deux"),
        ("* un\n\n+ deux", "- un\n- deux"),
        ("- un\n  - deux\n    - trois", "- un\n  - deux\n    - trois"),
        ("1) un\n1) deux", "1. un\n2. deux"),
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
        ("*fran**ç**ais*", "*fran**ç**ais*"),
        ("- un\n\n  suite\n- deux", "- un\n\n  suite\n\n- deux"),
        ('[*a*](https://x.y "t") **b**', '\\[*a*\\](https://x.y "t") **b**'),
        ("\\![a](https://x.y)", "\\![a](https://x.y)"),
        (r"a \\\| b | c" + "\n--|--", r"| a \\\| b | c |" + "\n| --- | --- |"),
        ("__a_***> a***", "_a> a"),
        ("-", "\\-"),
        ("", ""),
    ],
)
def test_each_construct_is_written_one_way(typed, canonical):
    assert canonicalise(typed) == canonical
    assert canonicalise(canonical) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "# Titre",
        "Titre\n===",
        "---",
        "```\ncode\n```",
        "`code`",
        "    quatre espaces",
        "<b>gras</b>",
        "<script>alert(1)</script>",
        "<!-- note -->",
        "![photo](https://x.y/a.png)",
        "[texte]: https://x.y",
        "[lien](http://x.y)",
        "[lien](//x.y)",
        "[lien](/interne)",
        "[lien](javascript:alert(1))",
        "[lien](https://moi@x.y)",
        '[lien](https://x.y "bulle")',
        "[](https://x.y)",
        "<ftp://x.y>",
        "<javascript:alert(1)>",
        "~~rayé~~",
        "R&amp;D &copy;",
    ],
)
def test_what_is_not_in_the_subset_is_shown_as_it_was_typed(typed):
    html = render(typed)
    assert not re.search(r"<(?!/?p>)", html)
    shown = unescape(re.sub(r"</?p>", "", html)).split()
    assert shown == typed.split()
    assert plain(typed).split() == typed.split()


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=300)
@given(TYPED)
def test_canonical_text_is_stable_keeps_every_word_and_reads_the_same_to_any_commonmark_parser(typed):
    try:
        canonical = canonicalise(typed)
    except BadInput:
        return
    assert canonicalise(canonical) == canonical
    assert plain(canonical) == plain(typed)
    assert markdown_tree.blocks(markdown_grammar.COMMONMARK.parse(canonical)) == markdown_tree.read(canonical)
    assert _letters(plain(typed)) == _letters(unescape(re.sub(r"<[^>]*>", " ", render(typed))))


def _letters(text):
    return [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    "payload",
    [
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        '[x](https://x.y/"onmouseover=alert(1))',
        '[x](#"onclick=alert(1))',
        '<https://x.y/"onclick=alert(1)>',
        "**<b onclick=alert(1)>**",
        "| <img src=x onerror=alert(1)> |\n| --- |\n| [x](javascript:1) |",
        "1000000000000. x",
        '<math><mtext></table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_typed_becomes_active(payload):
    html = render(payload)
    for tag in re.findall(r"<[^>]*>", html):
        assert re.fullmatch(
            r"</?(p|br|strong|em|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|a)>"
            r'|<th scope="col">|<ol start="\d+">|<a href="(https://|mailto:|#)[^"\s]*" rel="noopener noreferrer">',
            tag,
        ), tag


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("https://x.y", True),
        ("HTTPS://x.y/a?b#c", True),
        ("mailto:rh@exemple.fr", True),
        ("mailto:rh@exemple.fr?subject=Charte", True),
        ("#clause-3", True),
        ("http://x.y", False),
        ("https://", False),
        ("https://moi:secret@x.y", False),
        ("ftp://x.y", False),
        ("//x.y", False),
        ("/a", False),
        ("#", False),
        ("mailto:", False),
        ("https://x.y/a b", False),
    ],
)
def test_where_a_link_may_lead(target, allowed):
    assert markdown_grammar.is_allowed_target(target) is allowed


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
TRAPS += ["<https://a.b> " * 700, "| a\n" * 2500, "a  \n" * 3300]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap[:8])
def test_no_text_of_ten_thousand_characters_takes_a_second(trap):
    started = time.process_time()
    assert canonicalise(trap)
    assert time.process_time() - started < 1


def test_plain_words_for_search():
    text = "**Un** [compte](https://x.y)  \nici\n\n- l’entreprise\n- le *reste*\n\n| a | b |\n| --- | --- |\n| c | d |"
    assert plain(text) == "Un compte\nici\nl’entreprise\nle reste\na b\nc d"
    assert word_count(text) == 10
