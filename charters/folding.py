"""Text as searches compare it. Plain Python, so that a model may keep a folded column of its own text."""

import unicodedata

# Letters that Unicode does not decompose, as people without the key type them.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'"})


def fold(text: str) -> str:
    """Return `text` as searches and comparisons of names see it: no case, no accent, single plain spaces.

    SQLite's own lower() and LIKE know ASCII only: what is searched is stored folded, in a column beside the text.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c)).translate(_LETTERS)
    return " ".join(unicodedata.normalize("NFKC", bare).casefold().split())
