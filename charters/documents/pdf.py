"""An edition as a PDF: WeasyPrint draws it (PDF/A-3a, tagged), `pdf_structure` completes it, `sealing` seals it.

Same document and same versions of the libraries give the same bytes: every date is the adoption's.
"""

import gc
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.utils import translation
from django.utils.translation import gettext as _

from charters.documents.edition import EditionDocument, edition_html
from charters.documents.pdf_structure import Field, complete

if TYPE_CHECKING:
    from weasyprint import Document

# A host that cannot exist (RFC 6761): addresses are only names in the table below.
_BASE = "https://assets.invalid/"
_STYLES = ("css/document.css", "css/edition.css")
_FONTS = (
    "fonts/cocharte-espaces.woff2",
    "fonts/source-sans-3-latin-ext-wght-normal.woff2",
    "fonts/source-sans-3-latin-wght-italic.woff2",
    "fonts/source-sans-3-latin-wght-normal.woff2",
    "fonts/source-serif-4-latin-ext-wght-normal.woff2",
    "fonts/source-serif-4-latin-opsz-normal.woff2",
    "fonts/source-serif-4-latin-wght-italic.woff2",
)
_SEAL_WIDTH = 148 / 25.4 * 72  # points; the width of .sealbox in edition.css
_PIXEL = 0.75  # points
_rendering = threading.Lock()


class RenderingError(Exception):
    """The PDF could not be made as promised; the message says which promise."""


@cache
def pdf_available() -> bool:
    """Tell whether WeasyPrint and the Pango library it needs can be loaded; asked once per process."""
    try:
        import weasyprint  # noqa: F401, PLC0415 (0.4 s, and fails without Pango: only when a PDF is wanted)
    except (ImportError, OSError):
        return False
    return True


def render_pdf(document: EditionDocument) -> bytes:
    """Return the edition as PDF/A-3a with tags, its canonical text attached and an empty field for the seal.

    Raises RenderingError when Pango is missing, an address outside the product is asked for, or WeasyPrint warns.
    """
    if not pdf_available():
        raise RenderingError(_("PDF is off: the Pango library is not installed on the server."))
    with _rendering, translation.override(document.language), _without_collector(), _dated(document), _no_warning():
        drawn = _drawn(document)
        field = _seal_field(drawn, document)
        content = drawn.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=bytes.fromhex(document.sha256)[:16],
            attachments=[_attachment(document)],
        )
    with translation.override(document.language):
        return complete(content, field, _link_names(document))


def _drawn(document: EditionDocument) -> "Document":
    from weasyprint import HTML  # noqa: PLC0415 (see pdf_available)
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    fetcher = _fetcher()
    try:
        return HTML(string=edition_html(document), base_url=_BASE, url_fetcher=fetcher).render(pdf_variant="pdf/a-3a")
    except FatalURLFetchingError as error:
        raise RenderingError(str(error)) from error


def _attachment(document: EditionDocument) -> Any:
    from weasyprint import Attachment  # noqa: PLC0415 (see pdf_available)

    return Attachment(
        string=document.canonical_text.decode(),
        name=document.attachment_name,
        description=_("Adopted text, as it was hashed"),
        relationship="Source",
        created=document.adopted_at,
        modified=document.adopted_at,
    )


def _seal_field(drawn: "Document", document: EditionDocument) -> Field:
    """The box printed around #sigbox, in points from the page's lower left corner."""
    for number, page in enumerate(drawn.pages):
        if "sigbox" in page.anchors and "sigbox-end" in page.anchors:
            x, top = (value * _PIXEL for value in page.anchors["sigbox"][:2])
            bottom = page.anchors["sigbox-end"][1] * _PIXEL
            height = page.height * _PIXEL
            name = _("Electronic seal of %(company)s") % {"company": document.company}
            return Field(number, (x, height - bottom, x + _SEAL_WIDTH, height - top), name)
    raise RenderingError(_("The edition has no box for its seal."))


def _link_names(document: EditionDocument) -> dict[str, str]:
    names = {"record": _("Record of adoption")}
    for section in document.sections:
        names[section.anchor] = section.title
        for rank, clause in enumerate(section.clauses, start=1):
            names[f"{section.anchor}-{rank}"] = f"{clause.number} {clause.title}"
    return names


@cache
def _assets() -> dict[str, Path]:
    """The only files that a document may show: our own, by address."""
    found = {name: finders.find(name) for name in (*_STYLES, *_FONTS)}
    if missing := [name for name, path in found.items() if not path]:
        raise RenderingError(_("Missing from the installation: %(names)s") % {"names": ", ".join(missing)})
    return {_BASE + name: Path(path) for name, path in found.items() if path}


def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OwnFiles(URLFetcher):
        """Serves the table above; anything else stops the rendering instead of being left out."""

        def fetch(self, url: str, headers: object = None) -> Any:
            if (path := _assets().get(url)) is None:
                raise FatalURLFetchingError(_("Refused address: %(address)s") % {"address": url[:200]})
            kind = "text/css" if path.suffix == ".css" else "font/woff2"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return OwnFiles()


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _no_warning() -> Iterator[None]:
    """A missing font or an unknown rule is only a warning to WeasyPrint; in a sealed file it is a fault."""
    collector, logger = _Collector(), logging.getLogger("weasyprint")
    logger.addHandler(collector)
    try:
        yield
    finally:
        logger.removeHandler(collector)
    if collector.messages:
        raise RenderingError("; ".join(dict.fromkeys(collector.messages))[:1000])


@contextmanager
def _dated(document: EditionDocument) -> Iterator[None]:
    """The subsets of the fonts carry the date they were made: fontTools takes it from here, else from the clock."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(document.adopted_at.timestamp()))
    try:
        yield
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before


@contextmanager
def _without_collector() -> Iterator[None]:
    """Rendering allocates a great many boxes that live to the end: collecting garbage meanwhile costs a fifth."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
