"""What a test may want of the machine. With CI=true nothing is skipped for want of it: the test runs, and fails."""

import os

import pytest

from charters.documents.pdf import pdf_available

NO_PDF = not pdf_available() and os.environ.get("CI") != "true"
pdf = pytest.mark.skipif(NO_PDF, reason="Pango is not on this machine")
