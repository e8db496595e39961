"""What falls due by the clock: idempotent acts of the system, done by `manage.py tick` or by the first request after."""

from contextlib import suppress
from datetime import datetime

from django.utils import timezone

from charters.actions.consultations import end_comments
from charters.actions.polls import count_poll
from charters.enums import ConsultationState, PollState
from charters.exceptions import WrongState
from charters.models import Charter, Consultation, Poll


def close_due(charter: Charter | None = None, *, now: datetime | None = None) -> int:
    """Close what is due, in one charter or in all. Returns how many closings were due."""
    now = now or timezone.now()
    consultations = Consultation.objects.filter(state=ConsultationState.COMMENTING, comments_until__lte=now)
    polls = Poll.objects.filter(state=PollState.OPEN, closes_at__lte=now)
    if charter is not None:
        consultations = consultations.filter(charter=charter)
        polls = polls.filter(consultation__charter=charter)
    due = 0
    for consultation in consultations.order_by("pk"):
        end_comments(consultation=consultation)
        due += 1
    for poll in polls.order_by("pk"):
        with suppress(WrongState):  # extended or cancelled since it was found due: whoever reads a page is told nothing
            count_poll(poll=poll)
        due += 1
    return due
