"""Two people changed one text: their edits are joined by words, and only the passages where they meet are asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from charters.documents.comparison import opcodes, tokens

Side = Literal["base", "mine", "theirs"]


@dataclass(frozen=True, slots=True)
class Collision:
    """A passage that both sides changed, differently: as it was, and as each side now has it."""

    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merge:
    """The joined text, in pieces: what is settled, and what collides."""

    pieces: tuple[str | Collision, ...]

    @property
    def collisions(self) -> list[Collision]:
        """The passages to choose, in reading order; empty when the edits joined by themselves."""
        return [piece for piece in self.pieces if isinstance(piece, Collision)]

    @property
    def text(self) -> str:
        """The joined text, with `mine` where the sides collide: the one who is saving keeps their words in sight."""
        return self.resolve(["mine"] * len(self.collisions))

    def resolve(self, choices: Sequence[Side]) -> str:
        """Return the text with each collision settled, in reading order. Raises ValueError if their number differs."""
        chosen = [getattr(collision, side) for collision, side in zip(self.collisions, choices, strict=True)]
        return "".join(piece if isinstance(piece, str) else chosen.pop(0) for piece in self.pieces)


class _Hunk(NamedTuple):
    """Tokens start to end of the base, replaced by `new` on one side."""

    start: int
    end: int
    new: tuple[str, ...]
    side: Side


def three_way(base: str, mine: str, theirs: str) -> Merge:
    """Join two edits of `base` by words. Edits apart from one another join; the same edit made twice counts once."""
    words = tokens(base)
    hunks = sorted([*_hunks(words, mine, "mine"), *_hunks(words, theirs, "theirs")], key=lambda hunk: hunk[:2])
    pieces: list[str | Collision] = []
    position = 0
    for group in _meeting(hunks):
        start, end = group[0].start, max(hunk.end for hunk in group)
        before = "".join(words[start:end])
        versions = {side: _applied(words, start, end, group, side) for side in ("mine", "theirs")}
        pieces += ["".join(words[position:start]), _settled(before, versions["mine"], versions["theirs"])]
        position = end
    return Merge(tuple(piece for piece in [*pieces, "".join(words[position:])] if piece))


def _hunks(base: list[str], text: str, side: Side) -> list[_Hunk]:
    new = tokens(text)
    found = [_Hunk(i1, i2, tuple(new[j1:j2]), side) for op, i1, i2, j1, j2 in opcodes(base, new) if op != "equal"]
    equal = [(i1 + n, j1 + n) for op, i1, i2, j1, _ in opcodes(base, new) if op == "equal" for n in range(i2 - i1)]
    # The same word with another space behind it: words were added after the last one, or taken away.
    spaces = [_Hunk(i, i + 1, (new[j],), side) for i, j in equal if base[i] != new[j]]
    return _glued(sorted(found + spaces))


def _glued(hunks: list[_Hunk]) -> list[_Hunk]:
    glued: list[_Hunk] = []
    for hunk in hunks:
        if glued and glued[-1].end == hunk.start:
            glued[-1] = glued[-1]._replace(end=hunk.end, new=glued[-1].new + hunk.new)
        else:
            glued.append(hunk)
    return glued


def _meeting(hunks: list[_Hunk]) -> list[list[_Hunk]]:
    """Group the edits that overlap, or that insert at one place: their order would be a guess."""
    groups: list[list[_Hunk]] = []
    for hunk in hunks:
        end = max((other.end for other in groups[-1]), default=0) if groups else -1
        insertion = hunk.start == hunk.end or any(other.start == other.end for other in (groups[-1] if groups else []))
        if groups and (hunk.start < end or (hunk.start == end and insertion)):
            groups[-1].append(hunk)
        else:
            groups.append([hunk])
    return groups


def _applied(words: list[str], start: int, end: int, group: list[_Hunk], side: Side) -> str:
    text, position = "", start
    for hunk in group:
        if hunk.side == side:
            text += "".join([*words[position : hunk.start], *hunk.new])
            position = hunk.end
    return text + "".join(words[position:end])


def _settled(base: str, mine: str, theirs: str) -> str | Collision:
    if mine in (theirs, base):
        return theirs
    return mine if theirs == base else Collision(base, mine, theirs)
