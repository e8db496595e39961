"""What changed between two texts, by words: what readers see, and how two people's edits of one clause are joined."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate, groupby
from typing import Literal, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

Op = Literal["equal", "insert", "delete"]
Opcode = tuple[str, int, int, int, int]  # as difflib gives them: what, from and to in the old text, and in the new

# A word with the space behind it is one token: spaces as tokens of their own are 60 times slower to compare, and make
# rewritten sentences look shredded. Punctuation stands apart, so that a comma added after a word leaves the word alone.
_TOKEN = re.compile(r"\n+|\w+(?:[-’'.@/]\w+)*[^\S\n]*|[^\w\s]+[^\S\n]*|[^\S\n]+")
_WORD = re.compile(r"\w+(?:[-’'.@/]\w+)*")
# Pairs of equal tokens that one comparison may look at: a rewritten text of 10 000 characters takes about a tenth of it.
_WORK_MAX = 2_000_000


class Segment(NamedTuple):
    """A passage that both texts share, or that one of them has."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The segments in reading order: without the insertions they make the old text, without the deletions the new."""

    segments: tuple[Segment, ...]

    @property
    def changed(self) -> bool:
        """Whether anything differs but spaces at the end of a line."""
        return any(segment.op != "equal" for segment in self.segments)

    @property
    def inserted_words(self) -> int:
        """How many words the new text adds."""
        return self._words("insert")

    @property
    def deleted_words(self) -> int:
        """How many words the new text leaves out."""
        return self._words("delete")

    def _words(self, op: Op) -> int:
        return sum(len(_WORD.findall(segment.text)) for segment in self.segments if segment.op == op)


def tokens(text: str) -> list[str]:
    """Return the words of `text`, each with the space behind it, and its line breaks; joined, they make `text`."""
    return _TOKEN.findall(text)


class _Matcher(SequenceMatcher[str]):
    """difflib's matcher with its work bounded: one word repeated 5 000 times took minutes, and a server with it.

    Past the bound only what two passages begin and end with is common; the rest of them counts as rewritten.
    """

    def __init__(self, before: list[str], after: list[str]) -> None:
        """autojunk=False: difflib otherwise ignores frequent words and reports 4 to 7 times too many changes."""
        super().__init__(None, before, after, autojunk=False)
        self._sides, often = (before, after), Counter(after)
        self._work = [0, *accumulate(often[token] for token in before)]
        self._left = _WORK_MAX

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        a, b = self._sides
        ahi, bhi = len(a) if ahi is None else ahi, len(b) if bhi is None else bhi
        self._left -= self._work[ahi] - self._work[alo]
        if self._left >= 0:
            return super().find_longest_match(alo, ahi, blo, bhi)
        room, same = min(ahi - alo, bhi - blo), 0
        while same < room and a[alo + same] == b[blo + same]:
            same += 1
        if same:
            return Match(alo, blo, same)
        while same < room and a[ahi - same - 1] == b[bhi - same - 1]:
            same += 1
        return Match(ahi - same, bhi - same, same)


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    """Return difflib's opcodes between two lists of tokens; a plain space at the end of a token does not count."""
    before, after = ([token.rstrip(" ") or " " for token in side] for side in (old, new))
    return _slid(_Matcher(before, after).get_opcodes(), before, after)


def _slid(codes: Sequence[Opcode], before: list[str], after: list[str]) -> list[Opcode]:
    """An added sentence starts after the full stop before it, not with it: « A. [B.] C », not « A[. B]. C »."""
    slid: list[Opcode] = []
    equal_from = (0, 0)
    for index, (op, i1, i2, j1, j2) in enumerate(codes):
        if op == "equal":
            continue
        room = codes[index + 1][2] - i2 if index + 1 < len(codes) else 0
        side, start, end = (before, i1, i2) if op == "delete" else (after, j1, j2)
        by = 0
        while (
            by < room and op != "replace" and side[start + by] == side[end + by] and not _WORD.match(side[start + by])
        ):
            by += 1
        slid += [("equal", equal_from[0], i1 + by, equal_from[1], j1 + by), (op, i1 + by, i2 + by, j1 + by, j2 + by)]
        equal_from = (i2 + by, j2 + by)
    slid.append(("equal", equal_from[0], len(before), equal_from[1], len(after)))
    return [code for code in slid if code[1] < code[2] or code[3] < code[4]]


def compare(old: str, new: str) -> Comparison:
    """Compare two texts by words, deletions before insertions."""
    before, after = tokens(old), tokens(new)
    found: list[Segment] = []
    codes = opcodes(before, after)
    for index, (op, i1, i2, j1, j2) in enumerate(codes):
        was, now = "".join(before[i1:i2]), "".join(after[j1:j2])
        # a full stop at the end of one text and inside the other: the space behind it stays with the text that has it
        apart = was != now and 0 < index < len(codes) - 1 and not _WORD.search(now) and "\n" not in now
        if op == "equal" and not apart:
            found.append(Segment("equal", now))
        else:
            found += [Segment("delete", was), Segment("insert", now)]
    return Comparison(_tidy([segment for segment in found if segment.text]))


def comparison_html(old: str, new: str) -> SafeString:
    """Return paragraphs with `<del>` and `<ins>`, each with a label for those who listen; all text is escaped."""
    return _paragraphs_html(compare(old, new).segments)


def side_by_side_html(old: str, new: str) -> tuple[SafeString, SafeString]:
    """Return the old text with what was deleted marked, and the new text with what was added marked."""
    segments = compare(old, new).segments
    left = tuple(segment for segment in segments if segment.op != "insert")
    right = tuple(segment for segment in segments if segment.op != "delete")
    return _paragraphs_html(left), _paragraphs_html(right)


def _tidy(segments: list[Segment]) -> tuple[Segment, ...]:
    """A comma that happens to be in both versions of a rewritten sentence is no common ground: it joins its sides."""
    spread: list[Segment] = []
    for index, segment in enumerate(segments):
        inside = 0 < index < len(segments) - 1
        if inside and segment.op == "equal" and not _WORD.search(segment.text) and "\n" not in segment.text:
            spread += [Segment("delete", segment.text), Segment("insert", segment.text)]
        else:
            spread.append(segment)
    tidy: list[Segment] = []
    for unchanged, group in groupby(spread, key=lambda segment: segment.op == "equal"):
        run = list(group)
        ops: tuple[Op, ...] = ("equal",) if unchanged else ("delete", "insert")
        for op in ops:
            text = "".join(segment.text for segment in run if segment.op == op)
            tidy += [Segment(op, text)] if text else []
    return tuple(tidy)


class _Line(NamedTuple):
    """A paragraph as it is shown; `end` tells what became of the line break behind it."""

    pieces: list[Segment]
    end: Op

    @property
    def shared(self) -> bool:
        return any(piece.op == "equal" for piece in self.pieces)


def _lines(segments: tuple[Segment, ...]) -> Iterator[_Line]:
    pieces: list[Segment] = []
    for segment in segments:
        for part in re.split(r"(\n+)", segment.text):
            if part.startswith("\n"):
                yield _Line(pieces, segment.op)
                pieces = []
            elif part.strip():
                pieces.append(Segment(segment.op, part))
    yield _Line(pieces, "equal")


def _paragraphs_html(segments: tuple[Segment, ...]) -> SafeString:
    """No mark crosses a paragraph; a break that joins or splits two kept passages shows as a paragraph sign."""
    lines = [line for line in _lines(segments) if line.pieces]
    shown = []
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        moved = line.end != "equal" and line.shared and following is not None and following.shared
        pieces = [*line.pieces, Segment(line.end, "¶")] if moved else line.pieces
        shown.append((_line_html(pieces),))
    return format_html_join("\n", "<p>{}</p>", shown)


def _line_html(pieces: list[Segment]) -> SafeString:
    html = mark_safe("")
    for index, piece in enumerate(pieces):
        words = piece.text.rstrip()
        space = piece.text[len(words) :]
        if not space and index + 1 < len(pieces) and {piece.op, pieces[index + 1].op} == {"delete", "insert"}:
            space = " "
        html += format_html("{}{}", _marked(piece.op, words), space)
    return mark_safe(html.rstrip())  # noqa: S308 (made of escaped parts; only spaces were taken away)


def _marked(op: Op, words: str) -> SafeString | str:
    if op == "equal":
        return words
    tag = {"insert": "ins", "delete": "del"}[op]
    start = {"insert": _("Start of added text:"), "delete": _("Start of deleted text:")}[op]
    end = {"insert": _("End of added text."), "delete": _("End of deleted text.")}[op]
    return format_html(
        '<{0}><span class="visually-hidden">{1} </span>{2}<span class="visually-hidden"> {3}</span></{0}>',
        mark_safe(tag),  # noqa: S308 (one of the two names above)
        start,
        words,
        end,
    )
