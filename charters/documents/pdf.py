"""An edition as a PDF: WeasyPrint draws it, PDF/A-3a with tags and the canonical text attached."""

from functools import cache


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
