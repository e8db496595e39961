"""What people type or paste, cleaned once at the door, so that nothing invisible is ever stored, compared or hashed."""

import re
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charters.exceptions import BadInput
from charters.folding import fold

__all__ = ["clean_text", "fold"]

# Left behind by word processors and by tricks with invisible text: nobody typed them, nobody sees them go.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
# Text that shows in another order than it is stored (Unicode UAX #9): one could sign something else than one reads.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# A joiner is kept between two characters of a script, or of an emoji, that needs it; elsewhere it only hides.
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]*")
_JOINED = re.compile("[\u0590-\u1cff\u2190-\u2bff\ufe0f\U00010000-\U000dffff]")
_SPACES = re.compile(r"[ \n]+")


def clean_text(raw: str, *, max_length: int, multiline: bool = True) -> str:
    """Return `raw` in NFC with LF line ends, trimmed, at most `max_length` characters; cleaning twice changes nothing.

    Tabs become spaces. On a single line, line ends and runs of spaces become one space (U+00A0 and U+202F are
    French typography and stay). Zero-width characters, soft hyphens and marks of direction are dropped.

    Raises BadInput with code `surrogate`, `control`, `bidi` or `too_long`.
    """
    if len(raw) > 4 * max_length + 64:  # before normalising: composing a million combining marks takes minutes
        raise _too_long(max_length)
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", raw).replace("\t", " "))
    _refuse_unreadable(text)
    text = unicodedata.normalize("NFC", _JOINERS.sub(_keep_joiner, text))
    text = (text if multiline else _SPACES.sub(" ", text)).strip()
    if len(text) > max_length:
        raise _too_long(max_length)
    return text


def _refuse_unreadable(text: str) -> None:
    if _SURROGATE.search(text):
        raise BadInput(_("This text has a broken character. Please type it again."), code="surrogate")
    if _CONTROL.search(text):
        raise BadInput(_("This text has a control character. Please paste it as plain text."), code="control")
    if _BIDI.search(text):
        raise BadInput(
            _("This text has a character that changes the order of reading. Please paste it as plain text."),
            code="bidi",
        )


def _keep_joiner(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return match[1] if _JOINED.match(before) and _JOINED.match(after) else ""


def _too_long(max_length: int) -> BadInput:
    message = ngettext(
        "This text is too long: %(limit)s character at most.",
        "This text is too long: %(limit)s characters at most.",
        max_length,
    )
    return BadInput(message % {"limit": max_length}, code="too_long")
