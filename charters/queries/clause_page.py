"""The page of one clause: its wording, and every thread on it with the whole conversation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Page, Paginator
from django.db.models import Count

from charters.models import Charter, Clause, Consultation, Person, RevisionClause, Thread
from charters.queries.conversations import Conversation, conversations
from charters.queries.current_text import NOT_SHOWN, CurrentText, current_text
from charters.queries.threads import ON_PAGE, Figures, Talk, clause_threads, figures, talk


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another clause that people spoke of."""

    pk: int
    number: str


@dataclass(frozen=True, slots=True)
class Round:
    """A consultation in which the clause was spoken of."""

    pk: int
    number: int
    threads: int


@dataclass(frozen=True, slots=True)
class ClausePage:
    """The page. `gone`: the clause left the text, and `row` is its last wording. `consulted`: the round is about it."""

    charter: Charter
    clause: Clause
    row: RevisionClause
    gone: bool
    consulted: bool
    talk: Talk
    threads: Sequence[Conversation]
    figures: Figures
    pages: Page
    rounds: tuple[Round, ...]
    before: Neighbour | None
    after: Neighbour | None

    @property
    def current(self) -> bool:
        """Whether the threads are those of the round under way, or of the last one."""
        return not self.rounds or self.talk.consultation is None or self.talk.consultation.pk == self.rounds[-1].pk


def clause_page(
    person: Person, charter: Charter, clause: Clause, *, requested: str = "", number: int = 0, page: int = 1
) -> ClausePage:
    """A submitted clause with its threads, those of the last round unless another is asked for by `number`.

    `requested`: the key of a thread to be shown first and unfolded, in whatever round it was opened.
    """
    text = current_text(charter)
    consultation = _round(text, requested, number)
    speech = talk(person, charter, consultation)
    counted = figures(consultation)
    row = text.row(clause.pk)
    rows = clause_threads(consultation, clause, requested) if consultation else Thread.objects.none()
    pages = Paginator(rows, ON_PAGE).get_page(page)
    threads = conversations(speech, list(pages.object_list), shown=text.wordings, whole=True)
    before, after = _beside(text, clause.pk, counted)
    return ClausePage(
        charter=charter,
        clause=clause,
        row=row or _last_wording(clause),
        gone=row is None,
        consulted=any(text.consulted(p) and row in p.clauses for p in text.parts),
        talk=speech,
        threads=[replace(c, open=not c.resolved or c.key == requested) for c in threads],
        figures=counted.get(clause.pk, Figures()),
        pages=pages,
        rounds=_rounds(clause),
        before=before,
        after=after,
    )


def _round(text: CurrentText, requested: str, number: int) -> Consultation | None:
    """Another round than the current one, for a permalink to an older thread, or when it is asked for."""
    rows = text.charter.consultations.exclude(state__in=NOT_SHOWN)
    if requested:
        rows = text.charter.consultations.filter(threads__key=requested)
    elif number:
        rows = rows.filter(number=number)
    else:
        return text.consultation
    found = rows.first() or text.consultation
    return text.consultation if found == text.consultation else found


def _last_wording(clause: Clause) -> RevisionClause:
    rows = RevisionClause.objects.filter(clause=clause).exclude(revision__consultation__opened_at=None)
    return (
        rows.select_related("revision").order_by("-revision").first() or RevisionClause.objects.filter(clause=clause)[0]
    )


def _rounds(clause: Clause) -> tuple[Round, ...]:
    rows = (
        Thread.objects.filter(clause=clause)
        .order_by("consultation__number")
        .values_list("consultation", "consultation__number")
    )
    return tuple(Round(pk, number, threads) for pk, number, threads in rows.annotate(threads=Count("pk")))


def _beside(text: CurrentText, clause: int, counted: dict[int, Figures]) -> tuple[Neighbour | None, Neighbour | None]:
    """The commented clauses before and after one, in the order of the text."""
    if clause not in text.order:
        return None, None
    place = text.order.index(clause)
    before = [pk for pk in text.order[:place] if pk in counted]
    after = [pk for pk in text.order[place + 1 :] if pk in counted]
    return _neighbour(text, before[-1:]), _neighbour(text, after[:1])


def _neighbour(text: CurrentText, found: list[int]) -> Neighbour | None:
    row = text.row(found[0]) if found else None
    return Neighbour(row.clause_id, row.number) if row else None


def one_thread(person: Person, thread: Thread, *, whole: bool) -> tuple[Talk, Conversation]:
    """One thread, unfolded, and what the person may do in it."""
    charter = thread.consultation.charter
    speech = talk(person, charter, thread.consultation)
    found = conversations(speech, [thread], shown=current_text(charter).wordings, whole=whole)
    return speech, found[0].opened()
