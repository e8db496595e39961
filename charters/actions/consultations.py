"""The phases of a consultation: plan, open, end comments, conclude, cancel. Voting is in `polls`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charters.actions.journal import record
from charters.actions.locking import lock
from charters.actions.polls import void_poll
from charters.actions.revisions import freeze
from charters.actions.wording import reason_text
from charters.documents.snapshots import Draft, drafts
from charters.enums import ConsultationState, PollState, RevisionState, Verb, VoiceKind
from charters.exceptions import BadInput
from charters.models import (
    Charter,
    College,
    CollegeRule,
    Consultation,
    Person,
    Revision,
    RevisionEnd,
    Section,
    Thread,
)
from charters.policy import require
from charters.workflow import CONSULTATION_MOVES, linked_sections, next_state, torn_group
from charters.workflow import CollegeRule as Rule


@transaction.atomic
def plan_consultation(  # noqa: PLR0913 (the calendar and the rules are set together, before anyone writes)
    *,
    charter: Charter,
    by: Person,
    sections: Iterable[Section],
    comments_until: datetime,
    voting_until: datetime,
    voice_kind: VoiceKind = VoiceKind.PSEUDONYM,
    comment_while_revising: bool = False,
    rules: Mapping[College, Rule] | None = None,
) -> Consultation:
    """Freeze a revision of each changed section into a new, planned consultation with its calendar and rules.

    `rules`: by college; those left out are advisory, relative majority, no quorum, confidential. Raises WrongState when
    one is under way, BadInput when nothing is submitted, a section has not changed, or the dates are not ahead in order.
    """
    charter = lock(charter)
    require(by, Verb.CONSULTATION_PLAN, charter)
    _check_calendar(comments_until, voting_until)
    wanted = {section.pk for section in sections}
    found = drafts(charter)
    chosen = [d for d in found if d.section.pk in wanted]
    if not chosen or any(not d.changed for d in chosen):
        raise BadInput(_("Choose at least one section that has changed."), code="nothing")
    _keep_moves_whole(found, wanted)
    last = charter.consultations.order_by("-number").first()
    consultation = Consultation.objects.create(
        charter=charter,
        number=last.number + 1 if last else 1,
        voice_kind=voice_kind.value,
        comment_while_revising=comment_while_revising,
        comments_until=comments_until,
        voting_until=voting_until,
        planned_by=by,
    )
    for college in charter.colleges.all():
        rule = (rules or {}).get(college, Rule())
        CollegeRule.objects.create(
            consultation=consultation,
            college=college,
            binding=rule.binding,
            majority=rule.majority.value,
            quorum_percent=int(rule.quorum * 100),
        )
    record(Verb.CONSULTATION_PLAN, consultation, charter=charter, by=by, number=consultation.number)
    for item in chosen:
        freeze(item, consultation, by)
    return consultation


@transaction.atomic
def open_consultation(*, consultation: Consultation, by: Person) -> Consultation:
    """People can read the revisions and comment, from now."""
    consultation = _locked(consultation)
    require(by, Verb.CONSULTATION_OPEN, consultation)
    consultation.opened_at = timezone.now()
    return _move(consultation, Verb.CONSULTATION_OPEN, by)


@transaction.atomic
def end_comments(*, consultation: Consultation, by: Person | None = None) -> Consultation:
    """End the comments; by the system (`by` None) once their date is past. Repeating it does nothing."""
    consultation = _locked(consultation)
    if by is None and consultation.state != ConsultationState.COMMENTING:
        return consultation
    require(by, Verb.CONSULTATION_END_COMMENTS, consultation)
    consultation.comments_until = min(consultation.comments_until, timezone.now())
    return _move(consultation, Verb.CONSULTATION_END_COMMENTS, by)


@transaction.atomic
def conclude_consultation(*, consultation: Consultation, by: Person, reason: str = "") -> Consultation:
    """Conclude. Raises BadInput while a thread has no answer, unless a written reason says why."""
    consultation = _locked(consultation)
    require(by, Verb.CONSULTATION_CONCLUDE, consultation)
    reason = reason_text(reason)
    unanswered = Thread.objects.filter(consultation=consultation, responses=None).count()
    if unanswered and not reason:
        raise BadInput(
            _("Threads without an answer remain: answer them, or say in writing why not."), code="unanswered"
        )
    consultation.concluded_at, consultation.conclusion_reason = timezone.now(), reason
    return _move(consultation, Verb.CONSULTATION_CONCLUDE, by, reason, unanswered=unanswered)


@transaction.atomic
def cancel_consultation(*, consultation: Consultation, by: Person, reason: str) -> Consultation:
    """Stop a consultation: its votes are cancelled and kept as void, its revisions withdrawn; the text goes on."""
    consultation = _locked(consultation)
    require(by, Verb.CONSULTATION_CANCEL, consultation)
    reason = reason_text(reason)
    if not reason:
        raise BadInput(_("Say why: everyone who took part will read it."), code="empty")
    pending = consultation.polls.filter(state__in=[PollState.PLANNED, PollState.OPEN]).order_by("pk")
    for poll in pending.select_for_update(no_key=True):
        void_poll(poll, by, reason)
    now = timezone.now()
    for revision in Revision.objects.filter(consultation=consultation, end=None):
        RevisionEnd.objects.create(revision=revision, state=RevisionState.WITHDRAWN.value, by=by, at=now, reason=reason)
    consultation.conclusion_reason = reason
    return _move(consultation, Verb.CONSULTATION_CANCEL, by, reason)


def _keep_moves_whole(found: list[Draft], wanted: set[int]) -> None:
    """A clause that moved is submitted with both its sections: with one only, it would stand twice or nowhere."""
    before = {d.section.pk: frozenset(d.base.clauses.values_list("clause_id", flat=True)) for d in found if d.base}
    after = {d.section.pk: frozenset(clause.pk for _number, clause in d.clauses) for d in found if d.changed}
    torn = torn_group(linked_sections(before, after), frozenset(wanted))
    if torn:
        titles = ", ".join(d.section.title for d in found if d.section.pk in torn)
        message = _("A clause moved between these sections, submit them together: %(titles)s.")
        raise BadInput(message % {"titles": titles}, code="linked")


def _locked(consultation: Consultation) -> Consultation:
    return lock(consultation, "charter")


def _check_calendar(comments_until: datetime, voting_until: datetime) -> None:
    if comments_until <= timezone.now():
        raise BadInput(_("The end of comments must be ahead."), code="past")
    if voting_until <= comments_until:
        raise BadInput(_("The vote closes after the end of comments."), code="order")


def _move(
    consultation: Consultation,
    verb: Verb,
    by: Person | None,
    reason: str = "",
    **payload: Any,
) -> Consultation:
    consultation.state = next_state(CONSULTATION_MOVES, ConsultationState(consultation.state), verb).value
    consultation.save()
    charter = consultation.charter
    record(verb, consultation, charter=charter, by=by, reason=reason, number=consultation.number, **payload)
    return consultation
