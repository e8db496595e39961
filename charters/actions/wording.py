"""What every act does to the words it is given: clean, bound, and write them in the one canonical way."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from charters.documents.markdown import canonicalise
from charters.documents.markdown_html import to_html
from charters.documents.text import clean_text
from charters.exceptions import BadInput
from charters.models.clause import BODY_MAX, REFERENCES_MAX, TITLE_MAX
from charters.models.comment import COMMENT_MAX


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in canonical Markdown with its HTML."""

    body: str
    html: str


def line(raw: str, *, max_length: int = TITLE_MAX, required: bool = True) -> str:
    """A single line. Raises BadInput when it is too long, holds refused characters, or is empty though required."""
    text = clean_text(raw, max_length=max_length, multiline=False)
    if required and not text:
        raise BadInput(_("This text cannot be empty."), code="empty")
    return text


def reason_text(raw: str) -> str:
    """A written reason, possibly empty. Raises BadInput."""
    return clean_text(raw, max_length=COMMENT_MAX)


def reference_lines(raw: str) -> str:
    """Legal references, one a line, empty lines dropped. Raises BadInput."""
    text = clean_text(raw, max_length=REFERENCES_MAX)
    return "\n".join(part.strip() for part in text.split("\n") if part.strip())


def clause_body(raw: str) -> Wording:
    """The body of a clause; empty is allowed while drafting. Raises BadInput."""
    body = canonicalise(clean_text(raw, max_length=BODY_MAX))
    return Wording(body, to_html(body))


def comment_body(raw: str) -> Wording:
    """The body of a comment or response, never empty. Raises BadInput."""
    body = canonicalise(clean_text(raw, max_length=COMMENT_MAX))
    if not body:
        raise BadInput(_("Write something first."), code="empty")
    return Wording(body, to_html(body))
