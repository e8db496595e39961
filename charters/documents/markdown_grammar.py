"""The grammar of the Markdown subset: CommonMark, as the editor's own parser reads it, without what is not in it.

What is not in the subset (headings, images, code, raw HTML, rules, references, links elsewhere than https, mailto or
inside the page) is no error: it stays in the text as it was typed.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import list_block as read_list
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import link as read_link

_YEAR = re.compile(r"\d{4,}[.)]")
_TARGET = re.compile(
    r"https://(?![^/?#]*@)[a-z0-9][^\s/?#]*(?:[/?#]\S*)?|mailto:[^\s@?]+@[^\s@?]+(?:\?\S*)?|#[\w.:%-]+", re.IGNORECASE
)


def is_allowed_target(url: str) -> bool:
    """Tell whether a link may lead there: https, mailto, or an anchor of the page; no user name before the host."""
    return bool(_TARGET.fullmatch(url))


def _link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (the parser's own signature)
    """A link with words in it and no tooltip; anything else stays as typed, so that no word is lost."""
    before, count, metas, pending = state.pos, len(state.tokens), len(state.tokens_meta), state.pending
    if not read_link(state, silent):
        return False
    opening = count + bool(pending)
    if silent or (len(state.tokens) > opening + 2 and "title" not in state.tokens[opening].attrs):
        return True
    state.pos, state.pending = before, pending
    del state.tokens[count:], state.tokens_meta[metas:]
    return False


def _image(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (the parser's own signature)
    """An image stays as typed: without this, the exclamation mark would be followed by a link."""
    if not state.src.startswith("![", state.pos):
        return False
    if not silent:
        state.pending += "!["
    state.pos += 2
    return True


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 (the parser's own signature)
    """A numbered list goes to 999: « 2024. » at the start of a paragraph is a year."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    return not _YEAR.match(line) and read_list(state, start, end, silent)


def _subset() -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": 100})
    parser.enable(["table", "blockquote", "list", "newline", "escape", "emphasis", "link", "autolink", "balance_pairs"])
    parser.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.inline.ruler.at("link", _link)
    parser.inline.ruler.before("link", "image_as_text", _image)
    parser.validateLink = is_allowed_target  # type: ignore[method-assign]
    return parser


SUBSET = _subset()
# Any other reader: the canonical text must mean the same to it.
COMMONMARK = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
