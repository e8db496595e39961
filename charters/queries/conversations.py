"""Threads as they are shown: messages under voices, the drafters' answer, what the reader may do. Never who is behind.

Dates are written here, once each, and to the day: two date filters a comment cost half of a page's rendering, and the
minute at which a pseudonym wrote says more than a reader needs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape

from django.db.models import Count, F, Prefetch, Q, Window, prefetch_related_objects
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags

from charters.enums import AnchorState, ResponseKind, ThreadState, Verb
from charters.models import Anchor, Comment, Membership, Response, Thread
from charters.policy import Allowed, Denied, decide
from charters.queries.threads import Talk
from charters.queries.voices import Speaker

LAST_REPLIES = 2
"""Replies of a thread that the margin shows, besides its first message."""
EXTRACT = 180
NOBODY = Speaker("", "")


@dataclass(frozen=True, slots=True)
class Message:
    """A comment; or, where `kind` is set, a drafters' response. `stands`: the response that holds now."""

    at: datetime
    who: Speaker
    html: str
    day: str
    iso: str
    key: str = ""
    mine: bool = False
    kind: ResponseKind | None = None
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread as it is shown. `hidden`: replies left out here, between `first` and `rest`."""

    key: str
    clause: int
    resolved: bool
    first: Message
    extract: str
    rest: tuple[Message, ...]
    replies: int
    hidden: int
    answer: Message | None
    anchor: AnchorState
    number: str
    title: str
    section: int | None
    reply: Allowed | Denied
    answering: Allowed | Denied
    resolve: Allowed | Denied
    reopen: Allowed | Denied
    open: bool = False

    @property
    def messages(self) -> int:
        """How many people's messages, the first included."""
        return self.replies + 1

    @property
    def changed(self) -> bool:
        """Whether the clause reads otherwise than when the thread began."""
        return self.anchor is AnchorState.CHANGED

    @property
    def gone(self) -> bool:
        """Whether the clause left the text since."""
        return self.anchor is AnchorState.REMOVED

    def opened(self) -> "Conversation":
        """The same, unfolded."""
        return replace(self, open=True)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a thread holds: its state in the text shown, and the clause's last number, title and section."""

    state: AnchorState = AnchorState.REMOVED
    number: str = ""
    title: str = ""
    section: int | None = None


def conversations(
    talk: Talk, threads: Sequence[Thread], *, shown: Mapping[int, int], whole: bool
) -> list[Conversation]:
    """The threads as they are shown to `talk.person`. Four queries.

    `shown`: by clause id, the id of the revision whose wording readers have. `whole`: every message and every response;
    otherwise the first message, the last replies and the standing response.
    """
    if not threads or talk.consultation is None:
        return []
    for thread in threads:
        thread.consultation = talk.consultation
    prefetch_related_objects(threads, Prefetch("responses", Response.objects.select_related("by")))
    groups = _groups(talk, threads)
    comments, places = _comments(talk, threads, whole=whole), _places(threads, shown)
    return [_conversation(talk, t, comments[t.pk], places.get(t.pk, _Place()), groups, whole=whole) for t in threads]


def _conversation(
    talk: Talk,
    thread: Thread,
    found: tuple[int, list[Message]],
    place: _Place,
    groups: dict[int, Membership],
    *,
    whole: bool,
) -> Conversation:
    total, (first, *replies) = found
    responses = [_response(row, groups) for row in thread.responses.all()]
    answer = replace(responses[-1], stands=True) if responses else None
    kept = [*responses[: -1 if whole else 0], answer] if answer else []
    answers = talk.may_answer
    return Conversation(
        key=thread.key,
        clause=thread.clause_id,
        resolved=thread.state == ThreadState.RESOLVED,
        first=first,
        extract=_extract(first.html),
        rest=tuple(sorted([*replies, *kept], key=lambda message: message.at)),
        replies=total - 1,
        hidden=total - 1 - len(replies),
        answer=answer,
        anchor=place.state,
        number=place.number,
        title=place.title,
        section=place.section,
        reply=talk.reply,
        answering=talk.answer,
        resolve=decide(talk.person, Verb.THREAD_RESOLVE, thread) if answers else Denied(""),
        reopen=decide(talk.person, Verb.THREAD_REOPEN, thread) if answers else Denied(""),
    )


def _comments(talk: Talk, threads: Iterable[Thread], *, whole: bool) -> dict[int, tuple[int, list[Message]]]:
    """By thread id: how many comments it has, and those to show."""
    rows = Comment.objects.filter(thread__in=[thread.pk for thread in threads]).annotate(
        turn=Window(RowNumber(), partition_by=F("thread"), order_by=[F("created_at").asc(), F("pk").asc()]),
        back=Window(RowNumber(), partition_by=F("thread"), order_by=[F("created_at").desc(), F("pk").desc()]),
        total=Window(Count("pk"), partition_by=F("thread")),
    )
    if not whole:
        rows = rows.filter(Q(turn=1) | Q(back__lte=LAST_REPLIES))
    found: dict[int, tuple[int, list[Message]]] = {}
    columns = rows.order_by("thread", "turn").values_list("thread", "total", "key", "voice", "html", "created_at")
    for thread, count, key, voice, html, at in columns:
        _, messages = found.setdefault(thread, (count, []))
        who = talk.voices.get(voice, NOBODY)
        messages.append(Message(at, who, html, *_day(at), key=key, mine=voice == talk.own_voice))
    return found


def _response(row: Response, groups: dict[int, Membership]) -> Message:
    membership = groups.get(row.by_id)
    who = Speaker("", row.by.name)
    if membership:
        college = membership.college
        who = Speaker("", row.by.name, college.kind, str(college.initials), str(college.name))
    return Message(row.created_at, who, row.html, *_day(row.created_at), kind=ResponseKind(row.kind))


def _groups(talk: Talk, threads: Iterable[Thread]) -> dict[int, Membership]:
    """The memberships of those who answered, by person id: drafters answer under their own name and group."""
    authors = {row.by_id for thread in threads for row in thread.responses.all()}
    rows = Membership.objects.filter(charter=talk.charter, person__in=authors).select_related("college")
    return {row.person_id: row for row in rows}


def _places(threads: Iterable[Thread], shown: Mapping[int, int]) -> dict[int, _Place]:
    """By thread id. A clause shown in a wording that the thread has no anchor in reads otherwise than when it began."""
    clause_of = {thread.pk: thread.clause_id for thread in threads}
    found: dict[int, _Place] = {}
    rows = Anchor.objects.filter(thread__in=clause_of).exclude(snapshot=None).order_by("pk")
    columns = ("thread", "revision", "state", "snapshot__number", "snapshot__title", "revision__section")
    for thread, revision, state, number, title, section in rows.values_list(*columns):
        present = shown.get(clause_of[thread])
        before = found[thread].state if thread in found else AnchorState.CHANGED if present else AnchorState.REMOVED
        found[thread] = _Place(AnchorState(state) if revision == present else before, number, title, section)
    return found


def _extract(html: str) -> str:
    text = " ".join(unescape(strip_tags(html.replace("</p>", " "))).split())
    return text if len(text) <= EXTRACT else text[:EXTRACT].rsplit(" ", 1)[0] + "…"


def _day(at: datetime) -> tuple[str, str]:
    """« 18 nov. », with the year when it is another one; and the same for machines."""
    local = timezone.localtime(at)
    return date_format(
        local, "j\u00a0N" if local.year == timezone.localdate().year else "j\u00a0N Y"
    ), local.date().isoformat()
