"""The text that is voted on, adopted and sealed, in the one form that is hashed: JSON as RFC 8785 (JCS) orders it.

Only strings, lists and objects with ASCII keys occur, so JCS comes down to sorted keys, no white space and the shortest
escapes, which is what `json.dumps` writes. The form is versioned: a change of it is a new FORMAT, never a new
hash for a text that was adopted.
"""

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass

FORMAT = "cocharte-text/1"


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause as it is read; `key` stays for life, `number` is what the edition prints, `body` is Markdown."""

    key: str
    number: str
    nature: str
    title: str
    body: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section with its clauses in their order, which is part of the text.

    `state`: present, or removed. Taking a section out and leaving it empty are two questions, with two hashes.
    """

    key: str
    kind: str
    title: str
    summary: str
    clauses: tuple[ClauseText, ...] = ()
    state: str = "present"


@dataclass(frozen=True, slots=True)
class CharterText:
    """A whole charter in one language."""

    title: str
    language: str
    sections: tuple[SectionText, ...] = ()


def canonical_text(value: SectionText | CharterText) -> str:
    """Return the text that is hashed.

    Bodies go in as they are stored: they were written in canonical Markdown when they were saved, and what was adopted
    must keep its hash whatever a later version of the canonicaliser would write.
    """
    tree = {"format": FORMAT, **_normalised(asdict(value))}
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(canonical: str) -> str:
    """Return the SHA-256 of a canonical text's UTF-8, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def short_digest(digest_hex: str) -> str:
    """Return the first 16 digits in groups of four, as people compare them aloud: « 9f3a c41e 07bd 52e8 »."""
    return grouped(digest_hex[:16])


def grouped(digest_hex: str) -> str:
    """Return all digits in groups of four."""
    return " ".join(digest_hex[i : i + 4] for i in range(0, len(digest_hex), 4))


def _normalised(tree: dict) -> dict:
    return {key: _normalised_value(value) for key, value in tree.items()}


def _normalised_value(value: object) -> object:
    if isinstance(value, dict):
        return _normalised(value)
    if isinstance(value, list | tuple):
        return [_normalised_value(item) for item in value]
    return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()
