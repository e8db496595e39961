"""The e-mail that tells a person they are invited, in their language. A failing mail server never undoes the act."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from charters.models import Charter, Person

logger = logging.getLogger(__name__)


def send_invitation(person: Person, charter: Charter, by: Person) -> None:
    """Tell `person` how to sign in; the address is the way in, so the mail holds no secret."""
    with override(person.language):
        context = {"person": person, "charter": charter, "by": by, "address": settings.SITE_ADDRESS}
        body = render_to_string("mail/invitation.txt", context)
        subject = _("You are invited to write the charter “%(title)s” together") % {"title": charter.title}
    try:
        EmailMessage(subject, body, to=[person.email or ""]).send()
    except (OSError, SMTPException):
        logger.exception("invitation not sent")
