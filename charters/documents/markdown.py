"""Markdown, written one way, shown safely. The subset is defined in `markdown_grammar`.

Canonical text: blocks separated by one empty line, `**strong**`, `*emphasis*`, `- ` and `1. ` for lists, four spaces
before what belongs to an item, two before a hard break. A character is escaped only where one of the readers would
take it for something else: markdown-it, which is the editor's grammar, or Python-Markdown, which makes the HTML.
"""

import re

from markdown_it.token import Token

from charters.documents.markdown_grammar import COMMONMARK, SUBSET
from charters.documents.markdown_html import INDENT, clean, to_html
from charters.documents.markdown_tree import (
    Block,
    Bullets,
    Items,
    Literal,
    Numbers,
    Paragraph,
    Quote,
    Run,
    Runs,
    Table,
    joined_runs,
    read,
    reads_as,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<&~]|!\Z)")
_PROSE = re.compile(r"[^\W\d_][^\\`*_\[\]<&~|!\n]*")  # most paragraphs: nothing in them is a sign for any reader
# Behind the sign of an item, dashes alone are a rule, and a line of dashes and bars may make a table of the line above.
_RULE = re.compile(r"\A[- ]+$|\n[-|: ]+$", re.MULTILINE)
_LINE_START = re.compile(r"^(?:([#+\-=:>|])|(\d{1,9})([.)]))")


def canonicalise(text: str) -> str:
    """Return `text` in the one form it is stored, compared and hashed in; doing it twice changes nothing.

    Raises BadInput, code `brackets`, `depth`, `columns`, `cells` or `numbers` (see `markdown_tree.read`).
    """
    return _write_all(read(text), "\n\n")


def render(text: str) -> str:
    """Return safe HTML of `text`: paragraphs, lists, quotes and tables of the subset, nothing else. Raises BadInput."""
    return to_html(canonicalise(text))


def plain(text: str) -> str:
    """Return the words of `text` without any mark: one line per paragraph, item or row. Raises BadInput."""
    return "\n".join(line for block in read(text) for line in _plain(block))


def word_count(text: str) -> int:
    """Return how many words a reader sees; « l’entreprise » is one."""
    return sum(any(c.isalnum() for c in word) for word in plain(text).split())


def _write_all(written: tuple[Block, ...], between: str) -> str:
    """Two numbered lists in a row are told apart by the sign after the number: 1. and 1)."""
    texts, dot = [], ")"
    for block in written:
        dot = "." if dot == ")" or not isinstance(block, Numbers) else ")"
        texts.append(_write(block, dot))
        dot = dot if isinstance(block, Numbers) else ")"
    return between.join(texts)


def _write(block: Block, dot: str) -> str:
    match block:
        case Paragraph(runs):
            return _write_runs(runs)
        case Quote(inner):
            return "\n".join(f"> {line}" if line else ">" for line in _write_all(inner, "\n\n").split("\n"))
        case Bullets(items):
            return _write_items(items, ["- "] * len(items))
        case Numbers(items, start):
            return _write_items(items, [f"{number}{dot} " for number in range(start, start + len(items))])
        case Table(rows):
            lines = [f"| {' | '.join(_write_cell(cell) for cell in row)} |" for row in rows]
            return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])
        case Literal(kind):
            raise AssertionError(kind)


def _write_items(items: Items, markers: list[str]) -> str:
    """A list has empty lines between its items only if one of them has more than a paragraph and lists."""
    between = "\n" if all(map(_is_tight, items)) else "\n\n"
    written = []
    for item, marker in zip(items, markers, strict=True):
        indent = " " * max(INDENT, len(marker))
        first, *rest = _write_all(item, between).split("\n")
        begin = marker if item and isinstance(item[0], Paragraph) else marker.ljust(len(indent))
        lines = [begin + first if item else marker.rstrip(), *(indent + line if line else "" for line in rest)]
        written.append("\n".join(lines))
    return between.join(written)


def _is_tight(item: tuple[Block, ...]) -> bool:
    return all(map(_can_follow_at_once, item[1:]))


def _can_follow_at_once(block: Block) -> bool:
    """CommonMark reads a list right below a paragraph if it starts from 1 and with words."""
    return isinstance(block, Bullets) or (isinstance(block, Numbers) and block.start == 1 and bool(block.items[0]))


def _write_cell(cell: Runs) -> str:
    return _write_runs(cell).replace("|", r"\|")


def _write_runs(runs: Runs) -> str:
    """Plainly if that reads back the same to everyone; else with escapes; the words are never lost.

    Emphasis is, in the rare tangle of marks inside words that can be read but not written in one way.
    """
    if len(runs) == 1 and runs[0] == Run(runs[0].text) and _PROSE.fullmatch(runs[0].text):
        return runs[0].text
    bare = joined_runs(run._replace(strong=False, em=False) for run in runs)
    attempts = (
        *((escape, mark, runs) for escape in (False, True) for mark in ("*", "_")),
        *((escape, "*", bare) for escape in (False, True)),
    )
    tried = ""
    for escape, mark, words in attempts:
        text = _mark_up(words, escape=escape, em=mark)
        if text != tried and not _RULE.search(text) and _is_read_by_all(text, words):
            return text
        tried = text
    return text


def _is_read_by_all(text: str, words: Runs) -> bool:
    """Tell whether `text` reads as one paragraph of these words, and shows as the same HTML, to both readers."""
    tokens = SUBSET.parse(text)
    return reads_as(words, tokens) and reads_as(words, COMMONMARK.parse(text)) and _is_shown_alike(text, tokens)


def _is_shown_alike(text: str, tokens: list[Token]) -> bool:
    """Between blocks and after a break, the two put line feeds in different places: nobody sees them."""
    other = clean(SUBSET.renderer.render(tokens, SUBSET.options, {}))
    return to_html(text).replace("\n", "") == other.replace("\n", "")


def _mark_up(runs: Runs, *, escape: bool, em: str, active: frozenset[str] = frozenset()) -> str:
    """The mark that reaches furthest is written outermost; at equal length, link, then strong, then emphasis."""
    written, start = "", 0
    while start < len(runs):
        marks = [name for name in ("href", "strong", "em") if name not in active and getattr(runs[start], name)]
        if not marks:
            written += _escape(runs[start].text, at_start=not written) if escape else runs[start].text
            start += 1
            continue
        reach = {name: _reach(runs, start, name) for name in marks}
        mark = max(marks, key=lambda name: reach[name])
        inner = _mark_up(runs[start : reach[mark]], escape=escape, em=em, active=active | {mark})
        sign = {"strong": "**", "em": em}.get(mark, "")
        href = runs[start].href.replace("&", r"\&") if escape else runs[start].href
        written += f"{sign}{inner}{sign}" if sign else f"[{inner}]({href})"
        start = reach[mark]
    return written if active else written.replace("\n", "  \n")


def _reach(runs: Runs, start: int, mark: str) -> int:
    end = start
    while end < len(runs) and getattr(runs[end], mark) == getattr(runs[start], mark):
        end += 1
    return end


def _escape(text: str, *, at_start: bool) -> str:
    escaped = _SPECIAL.sub(r"\\\1", text)
    head, *tail = re.split(r"(?<=\n)", escaped) if "\n" in escaped else [escaped]
    lines = [head if not at_start else _escape_start(head), *map(_escape_start, tail)]
    return "".join(lines)


def _escape_start(line: str) -> str:
    return _LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line, count=1)


def _plain(block: Block) -> list[str]:
    match block:
        case Paragraph(runs):
            return [_words(runs)]
        case Quote(inner):
            return [line for child in inner for line in _plain(child)]
        case Bullets(items) | Numbers(items):
            return [line for item in items for child in item for line in _plain(child)]
        case Table(rows):
            return [" ".join(filter(None, map(_words, row))) for row in rows]
        case Literal(kind):
            raise AssertionError(kind)


def _words(runs: Runs | tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)
