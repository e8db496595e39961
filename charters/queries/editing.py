"""What the clause editor shows beside the words: where the clause stands, who saved it last, what people say of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from charters.enums import ThreadState
from charters.models import Clause, Section, Thread
from charters.queries.drafting import COMPARED, under_way
from charters.queries.voices import Speaker, speakers

SHOWN_THREADS = 5


@dataclass(frozen=True, slots=True)
class Remark:
    """An open thread on the clause: its first words, and whether it was answered."""

    thread: Thread
    speaker: Speaker
    words: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Save:
    """When a text was saved and by whom (drafters are named)."""

    at: datetime
    by: str


def sections_of(clause: Clause) -> QuerySet[Section]:
    """Where a clause can be moved: the present sections of its charter."""
    return clause.section.charter.sections.filter(removed_at=None)


def number_of(clause: Clause) -> str:
    """« U3 »: its number among the present clauses of its section."""
    earlier = clause.section.clauses.filter(removed_at=None, position__lt=clause.position).exclude(pk=clause.pk)
    return f"{clause.section.prefix}{earlier.count() + 1}"


def last_save(clause: Clause) -> Save | None:
    """The clause's latest entry of history."""
    row = clause.history.select_related("history_user").first()
    return Save(row.history_date, row.history_user.name if row.history_user else "") if row else None


def base_of(clause: Clause, version: int) -> Any | None:
    """The state of the clause that a form was opened on: its entry of history at `version`."""
    return clause.history.filter(version=version).first()


def seen_version(clause: Clause, version: int) -> int:
    """The version to save over: the present one if the words have not changed since `version`, only the clause's place."""
    if clause.version == version:
        return version
    base = base_of(clause, version)
    same = base is not None and all(getattr(base, name) == getattr(clause, name) for name in COMPARED)
    return clause.version if same else version


def remarks(clause: Clause) -> list[Remark]:
    """The first open threads on a clause in the consultation under way. At most five queries."""
    consultation = under_way(clause.section.charter)
    if consultation is None:
        return []
    rows = Thread.objects.filter(consultation=consultation, clause=clause, state=ThreadState.OPEN)
    threads = list(rows.prefetch_related("comments", "responses")[:SHOWN_THREADS])
    voices = speakers(consultation) if threads else {}
    return [_remark(thread, voices) for thread in threads if thread.comments.all()]


def _remark(thread: Thread, voices: dict[int, Speaker]) -> Remark:
    first = thread.comments.all()[0]
    return Remark(thread, voices[first.voice_id], first.body, bool(thread.responses.all()))
