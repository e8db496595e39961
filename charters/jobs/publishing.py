"""Making the published file of an edition: checked, drawn, sealed, recorded. A job calls actions; it has no right itself."""

import logging

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from charters.actions.editions import publish_edition
from charters.documents.authority import Authority, AuthorityError
from charters.documents.edition_data import edition_document
from charters.documents.pdf import RenderingError, render_pdf
from charters.documents.sealing import SealingError, seal
from charters.enums import Verb
from charters.exceptions import DomainError, WrongState
from charters.models import Edition, EditionFile, Person
from charters.policy import require

logger = logging.getLogger(__name__)


class PublishingError(DomainError):
    """The file could not be made or sealed; nothing was published (HTTP 409)."""


def publish(edition: Edition, by: Person) -> EditionFile:
    """The one sealed file of an edition, made now unless it exists; two at once give one file.

    Drawing and sealing take seconds and happen outside any transaction; the record is one short act, and whoever comes
    second gets the file of the first. Raises NotPermitted, FrozenText, PublishingError.
    """
    try:
        require(by, Verb.EDITION_PUBLISH, edition)
        return publish_edition(edition=edition, by=by, content=sealed_pdf(edition))
    except WrongState:  # the only moment that is refused is « already published »
        return EditionFile.objects.defer("content").get(edition=edition)


def sealed_pdf(edition: Edition) -> bytes:
    """The edition drawn and sealed by the company's internal authority, which is made on first use."""
    document = edition_document(edition)
    try:
        authority = Authority.load_or_create(
            settings.AUTHORITY_DIR, organisation=edition.company, passphrase=settings.AUTHORITY_PASSPHRASE
        )
        with override(edition.language):
            reason = _("Publication of edition %(number)s") % {"number": edition.number}
        return seal(render_pdf(document), authority=authority, reason=reason, name=edition.company)
    except (AuthorityError, RenderingError, SealingError) as error:
        logger.exception("edition %s was not sealed", edition.pk)
        message = _("The document could not be made, and nothing was published: %(error)s")
        raise PublishingError(message % {"error": error}) from error
