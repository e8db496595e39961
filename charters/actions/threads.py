"""Discussion: opening a thread on a clause, replying, answering, resolving. Comments speak through a voice."""

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charters.actions.journal import record
from charters.actions.locking import lock
from charters.actions.wording import Wording, comment_body
from charters.enums import ResponseKind, ThreadState, Verb
from charters.exceptions import WrongState
from charters.models import (
    Anchor,
    Clause,
    Comment,
    Consultation,
    Membership,
    Person,
    Response,
    RevisionClause,
    Thread,
    Voice,
)
from charters.policy import membership_in, require
from charters.workflow import THREAD_MOVES, next_state


@transaction.atomic
def open_thread(*, consultation: Consultation, clause: Clause, by: Person, body: str) -> Comment:
    """Begin a discussion on a clause of the consultation's present text.

    Raises WrongState when comments are closed or the clause is not in the present text, BadInput for the words.
    """
    consultation = lock(consultation, "charter")
    require(by, Verb.THREAD_OPEN, consultation)
    words = comment_body(body)
    snapshot = (
        RevisionClause.objects.filter(clause=clause, revision__consultation=consultation, revision__end=None)
        .select_related("revision")
        .first()
    )
    if snapshot is None:
        raise WrongState(_("This clause is not submitted to the consultation under way."), code="clause_gone")
    now = timezone.now()
    thread = Thread.objects.create(consultation=consultation, clause=clause, created_at=now)
    Anchor.objects.create(thread=thread, revision=snapshot.revision, snapshot=snapshot)
    return _comment(Verb.THREAD_OPEN, thread, by, words, snapshot.number)


@transaction.atomic
def reply_thread(*, thread: Thread, by: Person, body: str) -> Comment:
    """Add a message to a thread. Raises WrongState when comments are closed, BadInput for the words."""
    consultation = lock(thread.consultation, "charter")
    thread = lock(thread)
    thread.consultation = consultation
    require(by, Verb.THREAD_REPLY, thread)
    return _comment(Verb.THREAD_REPLY, thread, by, comment_body(body), _number(thread))


@transaction.atomic
def answer_thread(*, thread: Thread, by: Person, kind: ResponseKind, body: str) -> Response:
    """The drafters' published answer, with its reason. A later one stands instead; all are kept. Raises BadInput."""
    thread = lock(thread, "consultation__charter")
    require(by, Verb.THREAD_ANSWER, thread)
    words = comment_body(body)
    response = Response.objects.create(
        thread=thread, kind=ResponseKind(kind).value, body=words.body, html=words.html, by=by, created_at=timezone.now()
    )
    charter = thread.consultation.charter
    record(Verb.THREAD_ANSWER, thread, charter=charter, by=by, number=_number(thread), kind=response.kind)
    return response


@transaction.atomic
def resolve_thread(*, thread: Thread, by: Person) -> Thread:
    """Put an answered thread away; it stays readable."""
    return _turn(thread, by, Verb.THREAD_RESOLVE)


@transaction.atomic
def reopen_thread(*, thread: Thread, by: Person) -> Thread:
    """Take a resolved thread up again."""
    return _turn(thread, by, Verb.THREAD_REOPEN)


def voice_of(consultation: Consultation, by: Person) -> Voice:
    """The voice a person has in a consultation, made at the first word and never changed afterwards.

    The ordinal is drawn at random, so that it tells neither the order of arrival nor the college.
    """
    voice = Voice.objects.filter(consultation=consultation, person=by).first()
    membership = membership_in(by, consultation.charter)
    while voice is None and membership is not None:
        crowd = Membership.objects.filter(charter=consultation.charter_id).count()
        draw = 1 + secrets.randbelow(max(99, 3 * crowd))
        try:
            with transaction.atomic():
                voice = Voice.objects.create(
                    consultation=consultation,
                    person=by,
                    college=membership.college,
                    kind=consultation.voice_kind,
                    ordinal=draw,
                )
        except IntegrityError:  # the number is taken, or this person's other window was faster
            voice = Voice.objects.filter(consultation=consultation, person=by).first()
    if voice is None:
        raise WrongState(_("You are not a member of this charter."))
    return voice


def _comment(verb: Verb, thread: Thread, by: Person, words: Wording, number: str) -> Comment:
    voice = voice_of(thread.consultation, by)
    comment = Comment.objects.create(
        thread=thread,
        voice=voice,
        body=words.body,
        html=words.html,
        created_at=timezone.now(),
    )
    charter = thread.consultation.charter
    record(verb, comment, charter=charter, by=None, actor_key=voice.key, number=number)
    return comment


def _turn(thread: Thread, by: Person, verb: Verb) -> Thread:
    thread = lock(thread, "consultation__charter")
    require(by, verb, thread)
    thread.state = next_state(THREAD_MOVES, ThreadState(thread.state), verb).value
    thread.save(update_fields=["state"])
    record(verb, thread, charter=thread.consultation.charter, by=by, number=_number(thread))
    return thread


def _number(thread: Thread) -> str:
    anchor = thread.anchors.exclude(snapshot=None).order_by("-pk").select_related("snapshot").first()
    return anchor.snapshot.number if anchor and anchor.snapshot else ""
