"""The life of a consultation, as the steps that its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from charters.enums import ConsultationState
from charters.models import Consultation, Edition, Poll

C = ConsultationState
PLACE = {C.PLANNED: 0, C.COMMENTING: 1, C.REVISING: 2, C.VOTING: 3, C.CONCLUDED: 5, C.CANCELLED: -1}


@dataclass(frozen=True, slots=True)
class Step:
    """A phase in the life of a consultation: `state` is done, now, or empty."""

    title: str
    note: str
    state: str
    at: datetime | None = None
    until: datetime | None = None


def phases(consultation: Consultation, polls: Sequence[Poll], edition: Edition | None) -> list[Step]:
    """The six steps, with the present one. `polls`: those still open."""
    state = C(consultation.state)
    here = PLACE[state]
    if state is C.VOTING and not polls:
        here = 4
    if edition is not None:
        here = 6
    close = max([poll.closes_at for poll in polls], default=consultation.voting_until)
    rows = [
        (_("Submit"), _("the revisions, with the calendar and the rules"), consultation.created_at, None),
        (_("Comment"), _("clause by clause"), None, consultation.comments_until),
        (_("Answer and revise"), _("every discussion gets its answer"), None, None),
        (_("Vote"), _("each group counted on its own"), None, close),
        (_("Conclude"), "", consultation.concluded_at, None),
        (_("Adopt"), _("an edition, with its record"), edition.adopted_at if edition else None, None),
    ]
    return [
        Step(title, note, "now" if rank == here else "done" if rank < here else "", at, until)
        for rank, (title, note, at, until) in enumerate(rows)
    ]
