"""The moments of the process: each function says why an act is not possible now, or None when it is.

Used by `policy.RULES`. A closing is judged by the clock, not only by the stored state: between the hour of the close and
the act that records it, nothing more is taken.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charters.enums import ConsultationState, PollState, ThreadState
from charters.models import Charter, Consultation, Poll

Text = str | Promise
C = ConsultationState


def when(moment: datetime) -> str:
    """« 12 décembre 2025 18:00 », in the company's time zone."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _consultation(obj: Any) -> Consultation | None:
    """The consultation an act is about; for a charter, the one under way."""
    if isinstance(obj, Charter):
        under_way = [C.PLANNED, C.COMMENTING, C.REVISING, C.VOTING]
        return obj.consultations.filter(state__in=under_way).first()
    return obj if isinstance(obj, Consultation) else obj.consultation


def commenting(obj: Any, now: datetime) -> Text | None:
    """Comments are taken while commenting, or while revising when the consultation says so."""
    consultation = _consultation(obj)
    if consultation is None:
        return _("No consultation is open.")
    if consultation.state == C.PLANNED:
        return _("The consultation is not open yet.")
    if consultation.state == C.COMMENTING and now < consultation.comments_until:
        return None
    if consultation.state in {C.COMMENTING, C.REVISING} and consultation.comment_while_revising:
        return None
    return _("Comments closed on %(date)s.") % {"date": when(min(now, consultation.comments_until))}


def poll_open(poll: Poll, now: datetime) -> Text | None:
    """Votes are taken while the poll is open and its close not reached."""
    if poll.state == PollState.OPEN and now < poll.closes_at:
        return None
    if poll.state == PollState.CANCELLED:
        return _("This vote was cancelled: %(reason)s") % {"reason": poll.cancel_reason}
    if poll.state == PollState.PLANNED:
        return _("The vote is not open yet.")
    return _("The vote closed on %(date)s.") % {"date": when(poll.closes_at)}


def countable(poll: Poll, now: datetime) -> Text | None:
    """A count happens once, after the close."""
    if poll.state != PollState.OPEN:
        return _("This vote is not open.")
    if now < poll.closes_at:
        return _("The vote is open until %(date)s; it is counted after that.") % {"date": when(poll.closes_at)}
    return None


def poll_cancellable(poll: Poll, _now: datetime) -> Text | None:
    """Until the count."""
    if poll.state in {PollState.PLANNED, PollState.OPEN}:
        return None
    return _("This vote has been counted or cancelled.")


def nothing_under_way(charter: Charter, _now: datetime) -> Text | None:
    """One consultation at a time in a charter."""
    consultation = _consultation(charter)
    if consultation is None:
        return None
    return _("Consultation no. %(number)s is under way: conclude or cancel it first.") % {"number": consultation.number}


def revisable(obj: Any, _now: datetime) -> Text | None:
    """Further revisions are submitted inside the consultation, before the vote."""
    consultation = _consultation(obj)
    if consultation is None:
        return _("No consultation is under way.")
    if consultation.state in {C.PLANNED, C.COMMENTING, C.REVISING}:
        return None
    if consultation.state == C.VOTING:
        return _("The vote is under way: its text is frozen until %(date)s.") % {
            "date": when(consultation.voting_until)
        }
    return _("This consultation is over.")


def withdrawable(revision: Any, _now: datetime) -> Text | None:
    """A revision that nothing has ended yet, in a consultation that is not over."""
    if hasattr(revision, "end"):
        return _("This revision has been replaced, withdrawn or decided.")
    if revision.consultation.state in {C.CONCLUDED, C.CANCELLED}:
        return _("This consultation is over.")
    return None


def answerable(thread: Any, _now: datetime) -> Text | None:
    """Threads are answered until the consultation is over."""
    if thread.consultation.state in {C.CONCLUDED, C.CANCELLED}:
        return _("This consultation is over.")
    return None


def resolvable(thread: Any, now: datetime) -> Text | None:
    """An open thread, answered: nobody's question is put away unanswered."""
    if thread.state != ThreadState.OPEN:
        return _("This thread is already resolved.")
    if not thread.responses.exists():
        return _("Answer it first: a thread is not closed without an answer.")
    return answerable(thread, now)


def reopenable(thread: Any, now: datetime) -> Text | None:
    """A resolved thread."""
    if thread.state != ThreadState.RESOLVED:
        return _("This thread is already open.")
    return answerable(thread, now)


def openable(consultation: Consultation, now: datetime) -> Text | None:
    """A planned consultation whose calendar is still ahead."""
    if consultation.state != C.PLANNED:
        return _("This consultation is already open or over.")
    if now >= consultation.comments_until:
        return _("The end of comments, %(date)s, is past.") % {"date": when(consultation.comments_until)}
    return None


def comments_endable(consultation: Consultation, _now: datetime) -> Text | None:
    """While comments are open."""
    return None if consultation.state == C.COMMENTING else _("Comments are not open.")


def votable(consultation: Consultation, now: datetime) -> Text | None:
    """Once comments have ended, with the close of the vote still ahead."""
    if consultation.state != C.REVISING:
        reasons = {
            C.PLANNED: gettext_lazy("The consultation is not open yet."),
            C.COMMENTING: gettext_lazy("Comments are still open: end them first."),
            C.VOTING: gettext_lazy("The vote is already open."),
        }
        return reasons.get(ConsultationState(consultation.state), gettext_lazy("This consultation is over."))
    if now >= consultation.voting_until:
        return _("The planned close of the vote, %(date)s, is past.") % {"date": when(consultation.voting_until)}
    return None


def concludable(consultation: Consultation, _now: datetime) -> Text | None:
    """Every poll counted or cancelled."""
    if consultation.state != C.VOTING:
        return _("The vote has not taken place.")
    pending = consultation.polls.filter(state__in=[PollState.PLANNED, PollState.OPEN])
    if last := pending.order_by("-closes_at").first():  # a vote may have been extended past the planned close
        return _("A vote is still open; it will be counted on %(date)s.") % {"date": when(last.closes_at)}
    return None


def cancellable(consultation: Consultation, _now: datetime) -> Text | None:
    """Any but concluded or cancelled."""
    return _("This consultation is over.") if consultation.state in {C.CONCLUDED, C.CANCELLED} else None


def adoptable(consultation: Consultation, _now: datetime) -> Text | None:
    """A concluded consultation from which no edition was adopted yet."""
    if consultation.state != C.CONCLUDED:
        return _("Conclude the consultation first.")
    if consultation.editions.exists():
        return _("An edition was already adopted from this consultation.")
    if consultation.charter.editions.filter(consultation__number__gt=consultation.number).exists():
        return _("A later consultation has already led to an edition.")
    return None


def publishable(edition: Any, _now: datetime) -> Text | None:
    """An adopted edition that has no sealed file yet."""
    return _("This edition is already published.") if hasattr(edition, "file") else None


def published(edition: Any, _now: datetime) -> Text | None:
    """An edition that has its sealed file."""
    return None if hasattr(edition, "file") else _("This edition is not published yet.")


def not_removed(obj: Any, _now: datetime) -> Text | None:
    """A section or clause that is in the working text, and so is the section that holds it."""
    if isinstance(obj, Charter):
        return None
    if obj.removed_at is None:
        return not_removed(obj.section, _now) if hasattr(obj, "section") else None
    return _("It was removed on %(date)s: bring it back first.") % {"date": when(obj.removed_at)}


def removed(obj: Any, _now: datetime) -> Text | None:
    """A section or clause that was removed."""
    return None if obj.removed_at else _("It is in the working text.")


def still_member(membership: Any, _now: datetime) -> Text | None:
    """A membership that has not ended."""
    return None if membership.left_at is None else _("This person has left the charter.")
