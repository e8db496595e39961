"""Canonical Markdown to safe HTML: Python-Markdown, with what the subset has and nothing else, then nh3.

What Python-Markdown reads and the subset has not (raw HTML, code, headings, rules, images, references, entities, plain
addresses) is not registered here, so it is shown as it was typed.
"""

import re
import string
import threading
from functools import partial
from xml.etree.ElementTree import Element, SubElement, tostring

import nh3
from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor, EmptyBlockProcessor, ParagraphProcessor
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import (
    ESCAPE_RE,
    LINE_BREAK_RE,
    DelimiterProcessor,
    EscapeInlineProcessor,
    InlineProcessor,
    SubstituteTagInlineProcessor,
)
from markdown.preprocessors import NormalizeWhitespace
from markdown.treeprocessors import InlineProcessor as Inlines
from markdown.treeprocessors import PrettifyTreeprocessor, UnescapeTreeprocessor
from markdown.util import Registry

from charters.documents.markdown_grammar import is_allowed_target

INDENT = 4  # how far in the blocks of an item stand: the least that Python-Markdown asks for, CommonMark takes it too
_TAGS = {
    "p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}


def to_html(canonical: str) -> str:
    """Return safe HTML of a text that is already canonical."""
    return clean(_READER.markdown.reset().convert(canonical))


def clean(html: str) -> str:
    """Return `html` with the tags, attributes and links of the subset only."""
    return nh3.clean(
        html.replace("<th>", '<th scope="col">'),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filter_attribute,
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    ).strip()


def _filter_attribute(tag: str, attribute: str, value: str) -> str | None:
    return None if (tag, attribute) == ("a", "href") and not is_allowed_target(value) else value


class _Lists(BlockProcessor):
    """Lists as the editor reads them: 1) beside 1., the number they start from, no paragraph in an item of one."""

    SIGN = re.compile(r"^(?:(-)|(\d{1,3})([.)]))(?: +|$)", re.MULTILINE)

    def test(self, parent: Element, block: str) -> bool:
        return bool(self.SIGN.search(block))

    def run(self, parent: Element, blocks: list[str]) -> None:
        text = "\n\n".join(blocks)
        sign = next(self.SIGN.finditer(text))
        if before := text[: sign.start()]:
            self.parser.parseBlocks(parent, [before.removesuffix("\n")])
        found = SubElement(parent, "ul" if sign[1] else "ol")
        if sign[2] and int(sign[2]) != 1:
            found.set("start", str(int(sign[2])))
        items, rest = self._items(text[sign.start() :].split("\n"), sign[1] or sign[3])
        blocks[:] = "\n".join(rest).split("\n\n") if rest else []
        for item in items:
            self.parser.parseChunk(SubElement(found, "li"), "\n".join(item).rstrip("\n"))
        self._tighten(found)

    def _items(self, lines: list[str], kind: str) -> tuple[list[list[str]], list[str]]:
        """Return the lines of each item, and those after the list."""
        items: list[list[str]] = []
        width = INDENT
        for position, line in enumerate(lines):
            sign = self.SIGN.match(line)
            if sign and kind in (sign[1], sign[3]):
                width = max(INDENT, sign.end())
                items.append([line[sign.end() :]])
            elif not line or line.startswith(" " * INDENT):
                items[-1].append(line[width:])
            else:
                return items, lines[position:]
        return items, []

    @staticmethod
    def _tighten(found: Element) -> None:
        """Items of one paragraph, with lists below it perhaps, hold it without <p>: the writer leaves no line empty."""
        if not all(map(_can_follow_at_once, (child for item in found for child in item[1:]))):
            return
        for item in found:
            if len(item) and item[0].tag == "p":
                item.text = item[0].text
                item.remove(item[0])


def _can_follow_at_once(block: Element) -> bool:
    """CommonMark reads a list right below a paragraph if it starts from 1 and with words."""
    return block.tag == "ul" or (
        block.tag == "ol" and "start" not in block.attrib and bool(block[0].text or len(block[0]))
    )


class _Quotes(BlockProcessor):
    """A quote ends where its block ends: the next one is another quote."""

    SIGN = re.compile("^> ?", re.MULTILINE)

    def test(self, parent: Element, block: str) -> bool:
        return block.startswith(">")

    def run(self, parent: Element, blocks: list[str]) -> None:
        self.parser.parseChunk(SubElement(parent, "blockquote"), self.SIGN.sub("", blocks.pop(0)))


class _Tables(TableProcessor):
    """Tables as they are written, each row between bars; backquotes protect no bar, for there is no code."""

    HEAD = re.compile(r"\|.*\|\n\|(?: --- \|)+(?:\n|\Z)")

    def test(self, parent: Element, block: str) -> bool:
        self.separator = self._split_row(block.partition("\n")[2].partition("\n")[0])
        return bool(self.HEAD.match(block))

    def _split_row(self, row: str) -> list[str]:
        return [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]]

    def run(self, parent: Element, blocks: list[str]) -> None:
        """A table of headers alone has no body, rather than one of empty cells."""
        alone = blocks[0].count("\n") == 1
        super().run(parent, blocks)
        if alone:
            parent[-1].remove(parent[-1][1])


class _Links(InlineProcessor):
    """A link leads to an allowed place and has words without brackets (others are escaped); no tooltip."""

    def handleMatch(  # noqa: N802 (the library's name)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        href = self.md.treeprocessors["unescape"].unescape(self.unescape(m[2]))
        if not is_allowed_target(href):
            return None, None, None
        link = Element("a", href=href)
        link.text = m[1]
        return link, m.start(), m.end()


class _Lines(PrettifyTreeprocessor):
    """Line feeds between blocks; a no-break space after a hard break stays."""

    def run(self, root: Element) -> None:
        self._prettifyETree(root)


class _Subset(Markdown):
    """Python-Markdown, made of what the subset needs: what is not named here is not read."""

    # Python-Markdown's own serializer leaves « &amp; » alone, as if it had been typed to be an entity.
    output_formats = {"html": partial(tostring, encoding="unicode", method="html")}

    def build_parser(self) -> "_Subset":
        self.ESCAPED_CHARS = list(string.punctuation)
        self.preprocessors = _registry(normalize=NormalizeWhitespace(self))
        self.parser = BlockParser(self)
        self.parser.blockprocessors = _registry(
            empty=EmptyBlockProcessor(self.parser),
            lists=_Lists(self.parser),
            table=_Tables(self.parser, {}),
            quote=_Quotes(self.parser),
            paragraph=ParagraphProcessor(self.parser),
        )
        self.inlinePatterns = _registry(
            escape=EscapeInlineProcessor(ESCAPE_RE, self),
            link=_Links(r"(?<!!)\[([^\[\]]+)\]\(([^\s()]+)\)", self),
            linebreak=SubstituteTagInlineProcessor(LINE_BREAK_RE, "br"),
            emphasis=DelimiterProcessor("*", "strong,em", self),
        )
        self.delimiters.add("_", "strong,em", smart=True)
        self.treeprocessors = _registry(
            inline=Inlines(self), prettify=_Lines(self), unescape=UnescapeTreeprocessor(self)
        )
        self.postprocessors = _registry()
        return self


def _registry(**processors: object) -> Registry:
    """Return the processors in this order."""
    registry = Registry()
    for rank, (name, processor) in enumerate(processors.items()):
        registry.register(processor, name, -rank)
    return registry


class _Reader(threading.local):
    """Python-Markdown keeps what it reads in itself: each thread has its own."""

    def __init__(self) -> None:
        self.markdown = _Subset(output_format="html")


_READER = _Reader()
