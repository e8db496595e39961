"""Freezing sections into numbered revisions, and carrying threads over to them."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from charters.actions.journal import record
from charters.actions.locking import lock
from charters.actions.polls import void_poll
from charters.actions.wording import reason_text
from charters.documents.snapshots import Draft, draft
from charters.enums import AnchorState, PollState, RevisionState, Verb
from charters.exceptions import BadInput
from charters.models import (
    Anchor,
    Consultation,
    Person,
    Poll,
    Revision,
    RevisionClause,
    RevisionEnd,
    Section,
    Thread,
)
from charters.policy import require

COPIED = ("title", "body", "html", "nature", "references")


@transaction.atomic
def submit_revision(*, section: Section, consultation: Consultation, by: Person) -> Revision:
    """Submit a further revision of a section inside a consultation; it replaces the one before, threads are carried over.

    Raises WrongState while voting, BadInput when nothing changed since the last revision.
    """
    consultation = lock(consultation, "charter")
    require(by, Verb.REVISION_SUBMIT, consultation)
    section = lock(section)
    if section.charter_id != consultation.charter_id:
        raise BadInput(_("This section belongs to another charter."), code="other_charter")
    before = Revision.objects.filter(section=section, consultation=consultation, end=None).first()
    item = draft(section, before or _adopted(section))
    if not item.changed:
        raise BadInput(_("This section has not changed since its last revision."), code="unchanged")
    revision = freeze(item, consultation, by)
    if before:
        RevisionEnd.objects.create(
            revision=before, state=RevisionState.REPLACED.value, replaced_by=revision, by=by, at=timezone.now()
        )
    carry_threads(revision)
    return revision


@transaction.atomic
def withdraw_revision(*, revision: Revision, by: Person, reason: str) -> Revision:
    """Withdraw a revision: its poll, if any, is cancelled and its votes kept as void; the roll reads why on the poll."""
    lock(revision.consultation)
    # a count under way holds the poll and will decide the revision: it is waited for before anything is judged
    polls = list(Poll.objects.filter(revision=revision).select_for_update(no_key=True))
    revision = Revision.objects.select_related("consultation__charter", "end").get(pk=revision.pk)
    require(by, Verb.REVISION_WITHDRAW, revision)
    reason = reason_text(reason)
    if not reason:
        raise BadInput(_("Say why: everyone who took part will read it."), code="empty")
    for poll in polls:
        if poll.state in {PollState.PLANNED, PollState.OPEN}:
            void_poll(poll, by, reason)
    RevisionEnd.objects.create(
        revision=revision, state=RevisionState.WITHDRAWN.value, by=by, at=timezone.now(), reason=reason
    )
    charter = revision.consultation.charter
    record(
        Verb.REVISION_WITHDRAW, revision, charter=charter, by=by, reason=reason,
        section=revision.title, number=revision.number,
    )  # fmt: skip
    return revision


def freeze(item: Draft, consultation: Consultation, by: Person) -> Revision:
    """Write the immutable snapshot of a draft; no right is checked here."""
    last = Revision.objects.filter(section=item.section).order_by("-number").first()
    revision = Revision.objects.create(
        section=item.section,
        consultation=consultation,
        number=last.number + 1 if last else 1,
        kind=item.kind.value,
        position=item.section.position,
        title=item.section.title,
        summary=item.section.summary,
        prefix=item.section.prefix,
        sha256=item.sha256,
        submitted_by=by,
        submitted_at=timezone.now(),
    )
    RevisionClause.objects.bulk_create(
        RevisionClause(
            revision=revision,
            clause=clause,
            ordinal=rank,
            number=number,
            **{name: getattr(clause, name) for name in COPIED},
        )
        for rank, (number, clause) in enumerate(item.clauses, start=1)
    )
    record(
        Verb.REVISION_SUBMIT, revision, charter=consultation.charter, by=by,
        section=revision.title, number=revision.number, sha256=revision.sha256,
    )  # fmt: skip
    return revision


def carry_threads(revision: Revision) -> None:
    """Anchor every thread of the consultation that this revision concerns: still valid, wording changed, or removed.

    It concerns the threads on its clauses, and those that an earlier revision of its section ever held, also when that
    one was withdrawn or had already lost the clause: no thread drops out of the present text unsaid. The comparison is with the words the thread was opened on, so that « changed » stays said in later revisions.
    """
    now_held = {row.clause_id: row for row in revision.clauses.all()}
    concerned = Q(clause__in=list(now_held)) | Q(anchors__revision__section=revision.section_id)
    threads = Thread.objects.filter(concerned, consultation=revision.consultation).distinct()
    anchors = []
    for thread in threads.prefetch_related("anchors__snapshot"):
        first = min(thread.anchors.all(), key=lambda anchor: anchor.pk)
        row = now_held.get(thread.clause_id)
        state = AnchorState.REMOVED
        if row is not None and first.snapshot is not None:
            same = all(getattr(row, name) == getattr(first.snapshot, name) for name in COPIED)
            state = AnchorState.VALID if same else AnchorState.CHANGED
        anchors.append(Anchor(thread=thread, revision=revision, snapshot=row, state=state.value))
    Anchor.objects.bulk_create(anchors)


def _adopted(section: Section) -> Revision | None:
    held = section.revisions.filter(edition_sections__isnull=False).order_by("-edition_sections__edition__number")
    return held.first()
