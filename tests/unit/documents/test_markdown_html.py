import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import markdown as python_markdown
import pytest

from charters.documents import markdown_grammar, markdown_html
from charters.documents.markdown import plain, render


def test_every_construct_has_its_html(by_both_readers):
    text = """Un **mot**, _un_ **_autre_**  \nR&D [ici](https://x.y?a&b)

3. trois
    - un
    - deux

4) quatre

    > cité

| a | b\\|c |
| --- | --- |
| 1 |  |"""
    assert (
        render(text)
        == """<p>Un <strong>mot</strong>, <em>un</em> <strong><em>autre</em></strong><br>\
R&amp;D <a href="https://x.y?a&amp;b" rel="noopener noreferrer">ici</a></p>
<ol start="3">
<li>trois<ul>
<li>un</li>
<li>deux</li>
</ul>
</li>
</ol>
<ol start="4">
<li>
<p>quatre</p>
<blockquote>
<p>cité</p>
</blockquote>
</li>
</ol>
<table>
<thead>
<tr>
<th scope="col">a</th>
<th scope="col">b|c</th>
</tr>
</thead>
<tbody>
<tr>
<td>1</td>
<td></td>
</tr>
</tbody>
</table>"""
    )
    assert len(set(by_both_readers(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "- un\n    - deux\n        - trois\n- quatre",
        "1. un\n    - deux\n2. trois",
        "- un\n\n    suite",
        "> un\n>\n> - deux",
    ],
)
def test_python_markdown_reads_what_is_written_without_our_extensions_too(text, by_both_readers):
    html = python_markdown.markdown(text, extensions=["sane_lists"])
    assert {html.replace("\n", "")} == set(by_both_readers(text))


def test_threads_do_not_read_each_others_text():
    texts = [f"- **{number}**\n\n    > [{number}](#a{number})" for number in range(200)]
    expected = [markdown_html.to_html(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(markdown_html.to_html, texts)) == expected


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
        'un [lien [à](http://x)](https://x.y "bulle")[',
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
