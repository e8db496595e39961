"""The history of a clause: every state it had, by whom, and what kind of change each save was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.shortcuts import get_object_or_404
from django.utils.translation import pgettext

from charters.models import Clause

PER_PAGE = 25
WORDS = ("title", "body", "references")


@dataclass(frozen=True, slots=True)
class State:
    """One state of a clause, as it was saved. `changes` says in words what the save did."""

    id: int
    at: datetime
    by: str
    reason: str
    title: str
    body: str
    nature: str
    references: tuple[str, ...]
    section: str
    removed: bool
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A page of states, newest first, with the two that are compared (`old` None: there is only one state)."""

    page: Page
    states: tuple[State, ...]
    old: State | None
    new: State
    latest: int
    query: str  # what the links to other pages keep: the two states, when they were asked for

    @property
    def elsewhere(self) -> tuple[State, ...]:
        """The compared states that are on another page of the list."""
        here = {state.id for state in self.states}
        return tuple(state for state in (self.new, self.old) if state and state.id not in here)


def clause_history(clause: Clause, *, page: int | str = 1, a: str = "", b: str = "") -> History:
    """A page of the history, and the states to compare: `a` the older id, `b` the newer; by default the last two.

    Ids that are no state of this clause raise Http404. A constant number of queries.
    """
    rows = _rows(clause)
    listed = Paginator(rows, PER_PAGE).get_page(page)
    found = list(listed.object_list)
    before = [*found[1:], *rows[listed.end_index() : listed.end_index() + 1], None]
    states = tuple(_state(row, previous) for row, previous in zip(found, before, strict=False))
    newest = list(rows[:2])
    new = _row(rows, b) if b else newest[0]
    old = _row(rows, a) if a else _before(rows, new) if b else (newest[1] if len(newest) > 1 else None)
    if old and _order(old) > _order(new):
        old, new = new, old
    return History(
        page=listed, states=states, latest=newest[0].history_id,
        old=_state(old, None) if old else None, new=_state(new, None),
        query=f"a={old.history_id}&b={new.history_id}&" if old and (a or b) else "",
    )  # fmt: skip


def state(clause: Clause, pk: int) -> State:
    """One state, or 404."""
    row = get_object_or_404(_rows(clause), history_id=pk)
    return _state(row, _before(_rows(clause), row))


def is_latest(clause: Clause, state: State) -> bool:
    """Whether nothing was saved after this state: there is then nothing to restore."""
    return bool(_rows(clause)[0].history_id == state.id)


def _rows(clause: Clause) -> Any:
    return clause.history.select_related("history_user", "section").order_by("-history_date", "-history_id")


def _row(rows: Any, pk: str) -> Any:
    return get_object_or_404(rows, history_id=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)  # noqa: PLR2004


def _order(row: Any) -> tuple[datetime, int]:
    return row.history_date, row.history_id


def _before(rows: Any, row: Any) -> Any | None:
    return rows.filter(history_date__lte=row.history_date, history_id__lt=row.history_id).first()


def _state(row: Any, before: Any | None) -> State:
    return State(
        id=row.history_id,
        at=row.history_date,
        by=row.history_user.name if row.history_user else "",
        reason=row.history_change_reason or "",
        title=row.title,
        body=row.body,
        nature=row.nature,
        references=tuple(line for line in row.references.split("\n") if line),
        section=row.section.title,
        removed=row.removed_at is not None,
        changes=tuple(_changes(row, before)),
    )


def _changes(row: Any, before: Any | None) -> Iterable[str]:
    if before is None:
        yield pgettext("change of a clause", "written")
        return
    if any(getattr(row, name) != getattr(before, name) for name in WORDS):
        yield pgettext("change of a clause", "words")
    if row.nature != before.nature:
        yield pgettext("change of a clause", "nature")
    if row.section_id != before.section_id:
        yield pgettext("change of a clause", "moved to another section")
    elif row.position != before.position and (row.removed_at is None) == (before.removed_at is None):
        yield pgettext("change of a clause", "moved")
    if row.removed_at and not before.removed_at:
        yield pgettext("change of a clause", "taken out")
    if before.removed_at and not row.removed_at:
        yield pgettext("change of a clause", "brought back")
