"""The Markdown subset (`markdown_grammar`), read into a small tree."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from django.utils.translation import gettext as _
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from charters.documents.markdown_grammar import SUBSET
from charters.exceptions import BadInput

MAX_BRACKETS = 300
MAX_DEPTH = 12  # of tokens: a list in a list in a list is 6
MAX_COLUMNS = 8
MAX_NUMBER = 1000
_PARAGRAPH = ["inline", "paragraph_close"]
_BLANK = " \t\n"


class Run(NamedTuple):
    """Words that look alike; a line feed in `text` is a hard break."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""


Runs = tuple[Run, ...]


class Paragraph(NamedTuple):
    """Words of one paragraph."""

    runs: Runs


class Quote(NamedTuple):
    """Quoted blocks."""

    blocks: tuple["Block", ...]


class Bullets(NamedTuple):
    """A list; each item is a tuple of blocks."""

    items: "Items"


class Numbers(NamedTuple):
    """A list that counts from `start`."""

    items: "Items"
    start: int = 1


class Table(NamedTuple):
    """Rows of cells; the first row holds the headers."""

    rows: tuple[tuple[Runs, ...], ...]


class Literal(NamedTuple):
    """Anything else a full CommonMark reader sees; never in the tree of the subset."""

    kind: str


Items = tuple[tuple["Block", ...], ...]
Block = Paragraph | Quote | Bullets | Numbers | Table | Literal


def read(text: str) -> tuple[Block, ...]:
    """Return the blocks of `text`. Raises BadInput, code `brackets`, `depth`, `columns`, `cells` or `numbers`."""
    if text.count("[") > MAX_BRACKETS:
        raise BadInput(_("This text has too many square brackets: 300 at most."), code="brackets")
    tokens = SUBSET.parse(text)
    inner = (child for token in tokens for child in token.children or ())
    if max((token.level for token in (*tokens, *inner)), default=0) > MAX_DEPTH:
        raise BadInput(_("This text has too many levels of lists, quotes or emphasis."), code="depth")
    _refuse_wide_tables(tokens, text.split("\n"))
    return blocks(tokens)


def blocks(tokens: list[Token]) -> tuple[Block, ...]:
    """Return the tree of a parser's tokens."""
    return tuple(_merged(_blocks(iter(tokens), "")))


def runs(inline: Token) -> Runs:
    """Return the words of an inline token, those that look alike joined."""
    found: list[Run] = []
    strong = em = 0
    href = ""
    for token in inline.children or ():
        match token.type:
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "em_open" | "em_close":
                em += token.nesting
            case "link_open":
                href = str(token.attrs["href"]).replace("(", "%28").replace(")", "%29")
            case "link_close":
                href = ""
            case "text" | "text_special" | "softbreak" | "hardbreak":
                text = {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
                found.append(Run(text, strong > 0, em > 0, href))
            case _:
                found.append(Run(f"\0{token.type}"))
    return joined_runs(found)


def reads_as(words: Runs, tokens: list[Token]) -> bool:
    """Tell whether a parser saw one paragraph with these words and nothing else (or nothing at all, for no word)."""
    return not tokens if not words else [t.type for t in tokens][1:] == _PARAGRAPH and runs(tokens[1]) == words


def joined_runs(found: Iterable[Run]) -> Runs:
    """Return `found` with equal neighbours joined and spaces as a reader sees them: single, none around a break."""
    letters: list[tuple[str, tuple[bool, bool, str]]] = []
    for letter, marks in ((letter, run[1:]) for run in found for letter in run.text):
        if not letters and letter.isspace():
            continue
        if letter in _BLANK and letters[-1][0] in _BLANK:
            if letter == "\n":
                letters[-1] = ("\n", letters[-1][1])
            continue
        letters.append((" " if letter == "\t" else letter, marks))
    while letters and letters[-1][0].isspace():
        letters.pop()
    groups = groupby(letters, key=itemgetter(1))
    return tuple(Run("".join(letter for letter, _marks in group), *marks) for marks, group in groups)


def _blocks(tokens: Iterator[Token], end: str) -> Iterator[Block]:
    for token in tokens:
        match token.type:
            case kind if kind == end:
                return
            case "paragraph_open":
                if words := runs(next(tokens)):
                    yield Paragraph(words)
                next(tokens)
            case "blockquote_open":
                yield Quote(tuple(_merged(_blocks(tokens, "blockquote_close"))))
            case "bullet_list_open":
                yield from _bullets(tuple(_items(tokens, "bullet_list_close")))
            case "ordered_list_open":
                yield from _numbers(tuple(_items(tokens, "ordered_list_close")), int(token.attrs.get("start", 1)))
            case kind:
                yield Table(tuple(_rows(tokens))) if kind == "table_open" else Literal(kind)


def _items(tokens: Iterator[Token], end: str) -> Iterator[tuple[Block, ...]]:
    while next(tokens).type != end:
        yield tuple(_merged(_blocks(tokens, "list_item_close")))


def _bullets(items: Items) -> Iterator[Block]:
    """Signs with nothing behind them: beside others they are dropped, alone they are a dash that somebody typed."""
    filled = tuple(item for item in items if item)
    yield Bullets(filled) if filled else Paragraph((Run("-"),))


def _numbers(items: Items, start: int) -> Iterator[Block]:
    if start + len(items) > MAX_NUMBER:
        raise BadInput(_("This list is too long: number 999 at most."), code="numbers")
    if any(items):
        yield Numbers(items, start)
    else:
        yield from (Paragraph((Run(f"{number}."),)) for number in range(start, start + len(items)))


def _rows(tokens: Iterator[Token]) -> Iterator[tuple[Runs, ...]]:
    row: list[Runs] = []
    for token in tokens:
        if token.type == "table_close":
            return
        if token.type == "inline":
            row.append(runs(token))
        elif token.type == "tr_close":
            yield tuple(row)
            row = []


def _merged(found: Iterator[Block]) -> Iterator[Block]:
    """Two bulleted lists in a row are one list, whichever sign begins their items."""
    last: Block | None = None
    for block in found:
        if isinstance(last, Bullets) and isinstance(block, Bullets):
            last = Bullets(last.items + block.items)
            continue
        if last is not None:
            yield last
        last = block
    if last is not None:
        yield last


def _refuse_wide_tables(tokens: list[Token], lines: list[str]) -> None:
    """A cell beyond the first line's would silently disappear."""
    for token in tokens:
        if token.type != "table_open" or token.map is None:
            continue
        rows = [escapedSplit(line.strip().lstrip("> ").strip("|")) for line in lines[token.map[0] : token.map[1]]]
        if len(rows[0]) > MAX_COLUMNS:
            raise BadInput(_("This table is too wide: 8 columns at most."), code="columns")
        if any(len(row) > len(rows[0]) for row in rows):
            raise BadInput(_("A line of this table has more cells than its first line."), code="cells")
