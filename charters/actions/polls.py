"""Voting: opening the polls of a consultation, casting, counting once after the close.

How casting and closing meet: a cast locks its own line of the roll, then reads the poll and the clock; the count locks
the poll, then every line of the roll, then reads the votes. So every vote that was acknowledged is counted, and whoever
comes after the count, or after the hour, is refused.
"""

from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charters.actions.journal import record
from charters.actions.locking import lock
from charters.actions.wording import reason_text
from charters.documents.contents import candidates, doubled
from charters.documents.text import clean_text
from charters.enums import Choice, ConsultationState, Decision, Majority, PollState, RevisionState, Role, Verb
from charters.exceptions import BadInput, NotPermitted
from charters.models import (
    Consultation,
    CountRecord,
    Elector,
    Membership,
    Person,
    Poll,
    PollCollege,
    Revision,
    RevisionEnd,
    Vote,
)
from charters.models.poll import REASON_MAX
from charters.policy import require
from charters.workflow import (
    CONSULTATION_MOVES,
    POLL_MOVES,
    CollegeRule,
    decide_college,
    decide_poll,
    next_state,
    quorum_required,
    tally,
)


@transaction.atomic
def open_polls(*, consultation: Consultation, by: Person) -> list[Poll]:
    """Open the vote on the last revision of each section: rolls, rules and hashes are frozen now.

    Raises BadInput when no revision is left, when the text to come would hold a clause twice, or when a binding college
    has no elector.
    """
    consultation = lock(consultation, "charter")
    require(by, Verb.POLL_OPEN, consultation)
    revisions = list(Revision.objects.filter(consultation=consultation, end=None))
    if not revisions:
        raise BadInput(_("No revision is left to vote on."), code="nothing")
    if twice := doubled(candidates(consultation)):
        message = _("A clause moved between these sections: submit each of them first: %(titles)s.")
        raise BadInput(message % {"titles": ", ".join(section.title for section in twice)}, code="linked")
    polls = [_open_poll(revision, consultation, by) for revision in revisions]
    consultation.state = next_state(CONSULTATION_MOVES, ConsultationState(consultation.state), Verb.POLL_OPEN).value
    consultation.save()
    return polls


def _open_poll(revision: Revision, consultation: Consultation, by: Person) -> Poll:
    poll = Poll.objects.create(
        consultation=consultation,
        revision=revision,
        state=PollState.OPEN.value,
        sha256=revision.sha256,
        opened_at=timezone.now(),
        opened_by=by,
        closes_at=consultation.voting_until,
    )
    roll = Membership.objects.filter(charter=consultation.charter, left_at=None).exclude(role=Role.OBSERVER)
    for rule in consultation.rules.select_related("college"):
        members = [m for m in roll if m.college_id == rule.college_id]
        if not members and rule.binding:
            raise BadInput(_("The binding group “%(name)s” has no elector.") % {"name": rule.college.name}, code="roll")
        if not members:
            continue
        poll_college = PollCollege.objects.create(
            poll=poll,
            college=rule.college,
            binding=rule.binding,
            majority=rule.majority,
            quorum_percent=rule.quorum_percent,
            secrecy=rule.secrecy,
            roll_size=len(members),
        )
        Elector.objects.bulk_create(
            Elector(poll=poll, poll_college=poll_college, person_id=member.person_id) for member in members
        )
    record(
        Verb.POLL_OPEN, poll, charter=consultation.charter, by=by,
        section=revision.title, number=revision.number, sha256=revision.sha256,
    )  # fmt: skip
    return poll


@transaction.atomic
def cast_vote(*, poll: Poll, by: Person, choice: Choice, reason: str = "") -> Vote:
    """Cast, or change until the close, the one vote of an elector.

    Raises NotPermitted for who is not on the roll, WrongState once closed, BadInput for the reason's words.
    """
    elector = Elector.objects.select_for_update(no_key=True).filter(poll=poll, person=by).first()
    poll = Poll.objects.select_related("consultation__charter", "revision").get(pk=poll.pk)
    require(by, Verb.VOTE_CAST, poll)
    if elector is None:  # left to the policy's sentence above; this guards the type
        raise NotPermitted
    reason = clean_text(reason, max_length=REASON_MAX)
    now = timezone.now()
    vote, created = Vote.objects.update_or_create(
        elector=elector, defaults={"choice": Choice(choice).value, "reason": reason, "cast_at": now}
    )
    if created:
        elector.marked_at = now
        elector.save(update_fields=["marked_at"])
    record(
        Verb.VOTE_CAST, poll, charter=poll.consultation.charter, by=None, actor_key=elector.key,
        section=poll.revision.title, again=not created,
    )  # fmt: skip
    return vote


@transaction.atomic
def count_poll(*, poll: Poll, by: Person | None = None) -> CountRecord:
    """Count a poll once its close is past. Counting again gives the same record back."""
    poll = lock(poll, "consultation__charter", "revision")
    if poll.state == PollState.COUNTED:
        return poll.count
    require(by, Verb.POLL_COUNT, poll)
    list(Elector.objects.select_for_update(no_key=True).filter(poll=poll).order_by("pk").values_list("pk", flat=True))
    counted = [_count_college(college) for college in poll.colleges.select_related("college")]
    outcome = decide_poll((rule, decision) for rule, decision, _row in counted)
    now = timezone.now()
    count = CountRecord.objects.create(
        poll=poll,
        outcome=outcome.value,
        results=[row for _rule, _decision, row in counted],
        sha256=poll.sha256,
        closed_at=poll.closes_at,
        counted_at=now,
    )
    poll.state = next_state(POLL_MOVES, PollState(poll.state), Verb.POLL_COUNT).value
    poll.save(update_fields=["state"])
    RevisionEnd.objects.create(revision=poll.revision, state=RevisionState.DECIDED.value, by=by, at=now)
    record(
        Verb.POLL_COUNT,
        poll,
        charter=poll.consultation.charter,
        by=by,
        section=poll.revision.title,
        outcome=outcome.value,
    )
    return count


def _count_college(college: PollCollege) -> tuple[CollegeRule, Decision, dict[str, object]]:
    rule = CollegeRule(college.binding, Majority(college.majority), Fraction(college.quorum_percent, 100))
    votes = Vote.objects.filter(elector__poll_college=college).values_list("choice", flat=True)
    counted = tally(college.roll_size, (Choice(choice) for choice in votes))
    decision = decide_college(rule, counted)
    return rule, decision, {
        "college": college.college.kind,
        "initials": {code: college.college.initials_in(code) for code in ("fr", "en")},
        "name": {code: college.college.name_in(code) for code in ("fr", "en")},
        "roll": counted.roll,
        "for": counted.votes_for,
        "against": counted.votes_against,
        "abstain": counted.votes_abstain,
        "binding": rule.binding,
        "majority": rule.majority.value,
        "quorum_percent": college.quorum_percent,
        "quorum_required": quorum_required(counted.roll, rule.quorum),
        "secrecy": college.secrecy,
        "decision": decision.value,
    }  # fmt: skip


@transaction.atomic
def extend_poll(*, poll: Poll, by: Person, closes_at: datetime) -> Poll:
    """Put the close of an open poll later, before it is reached. Raises BadInput for an earlier close."""
    poll = lock(poll, "consultation__charter", "revision")
    require(by, Verb.POLL_EXTEND, poll)
    if closes_at <= poll.closes_at:
        raise BadInput(_("A vote can be extended, not shortened."), code="order")
    poll.closes_at = closes_at
    poll.save(update_fields=["closes_at"])
    record(
        Verb.POLL_EXTEND, poll, charter=poll.consultation.charter, by=by,
        section=poll.revision.title, closes_at=closes_at.isoformat(),
    )  # fmt: skip
    return poll


@transaction.atomic
def cancel_poll(*, poll: Poll, by: Person, reason: str) -> Poll:
    """Cancel one poll; its votes are kept as void, the roll reads why. Raises BadInput without a reason."""
    poll = lock(poll, "consultation__charter", "revision")
    require(by, Verb.POLL_CANCEL, poll)
    reason = reason_text(reason)
    if not reason:
        raise BadInput(_("Say why: everyone who took part will read it."), code="empty")
    void_poll(poll, by, reason)
    return poll


def void_poll(poll: Poll, by: Person, reason: str) -> None:
    """Cancel a locked poll: its votes are kept, and never counted."""
    poll.state = next_state(POLL_MOVES, PollState(poll.state), Verb.POLL_CANCEL).value
    poll.cancel_reason = reason
    poll.save(update_fields=["state", "cancel_reason"])
    charter = poll.consultation.charter
    record(Verb.POLL_CANCEL, poll, charter=charter, by=by, reason=reason, section=poll.revision.title)
