"""Writing the working text, clause by clause. Every save is in the history with its author; nothing is overwritten."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charters.actions.authorship import save_as
from charters.actions.journal import record
from charters.actions.locking import lock
from charters.actions.positions import STEP, between
from charters.actions.wording import clause_body, line, reason_text, reference_lines
from charters.enums import Nature, Verb
from charters.exceptions import BadInput, StaleVersion
from charters.models import Charter, Clause, Person, Section
from charters.policy import require


def write_clause(section: Section, by: Person, *, position: int, **content: Any) -> Clause:
    """A new row from raw content (title, body, nature, references); no right is checked here."""
    clause = Clause(section=section, position=position, nature=Nature.INFORMATION.value)
    _fill(clause, **content)
    return _save(clause, by)


@transaction.atomic
def add_clause(*, section: Section, by: Person, **content: Any) -> Clause:
    """A clause at the end of a section. `content`: title, body, nature, references. Raises BadInput."""
    charter = lock(section.charter)
    section = lock(section)
    require(by, Verb.CLAUSE_ADD, section)
    positions = list(section.clauses.filter(removed_at=None).values_list("position", flat=True))
    clause = write_clause(section, by, position=between(positions, len(positions)) or STEP, **content)
    _record(Verb.CLAUSE_ADD, clause, charter, by)
    return clause


@transaction.atomic
def edit_clause(*, clause: Clause, by: Person, version: int, reason: str = "", **content: Any) -> Clause:
    """Save over version `version`. A save that changes nothing leaves no trace.

    Raises StaleVersion when somebody saved since (nothing is written; the caller shows both texts), BadInput when the
    input is refused or when an obligation is lowered without a reason (it would leave the works-rules track silently,
    C. trav. L1321-5).
    """
    return _rewrite(Verb.CLAUSE_EDIT, clause, by, version=version, reason=reason, **content)


@transaction.atomic
def settle_clause(
    *, clause: Clause, by: Person, version: int, mine: dict[str, Any], reason: str = "", **final: Any
) -> Clause:
    """End a collision knowingly: `final` is saved over `version`, and `mine` stays in the history even if set aside.

    `mine`: title, body and references as they were typed. Raises like `edit_clause`, and then writes nothing at all.
    """
    if any(mine[name] != final[name] for name in mine):
        clause = edit_clause(clause=clause, by=by, version=version, nature=Nature(clause.nature), **mine)
        version = clause.version
    return edit_clause(clause=clause, by=by, version=version, reason=reason, **final)


@transaction.atomic
def move_clause(*, clause: Clause, by: Person, section: Section, index: int) -> Clause:
    """Put a clause at `index` (0 first) among the clauses of `section`, its own or another of the charter.

    It keeps its identity, threads and history. Raises BadInput when the section is of another charter.
    """
    charter = lock(clause.section.charter)
    clause = lock(clause, "section")
    section = lock(section)
    require(by, Verb.CLAUSE_MOVE, clause)
    require(by, Verb.CLAUSE_ADD, section)
    if section.charter_id != charter.pk:
        raise BadInput(_("A clause moves within its own charter."), code="other_charter")
    others = list(section.clauses.filter(removed_at=None).exclude(pk=clause.pk))
    position = between([other.position for other in others], index)
    if position is None:
        _renumber(others, by, past=clause.position)
        position = between([other.position for other in others], index)
    clause.section, clause.position = section, STEP if position is None else position  # 0 is a place
    _save(clause, by)
    _record(Verb.CLAUSE_MOVE, clause, charter, by, index=index)
    return clause


@transaction.atomic
def remove_clause(*, clause: Clause, by: Person) -> Clause:
    """Take a clause out of the working text: a dated fact, undone by `restore_clause`."""
    clause = lock(clause, "section__charter")
    require(by, Verb.CLAUSE_REMOVE, clause)
    clause.removed_at = timezone.now()
    _save(clause, by)
    _record(Verb.CLAUSE_REMOVE, clause, clause.section.charter, by)
    return clause


@transaction.atomic
def restore_clause(*, clause: Clause, by: Person) -> Clause:
    """Bring a removed clause back where it was, or at the end of its section if its place is taken."""
    charter = lock(clause.section.charter)
    clause = lock(clause, "section")
    require(by, Verb.CLAUSE_RESTORE, clause)
    require(by, Verb.CLAUSE_ADD, clause.section)
    positions = list(clause.section.clauses.filter(removed_at=None).values_list("position", flat=True))
    if clause.position in positions:
        clause.position = between(positions, len(positions)) or STEP
    clause.removed_at = None
    _save(clause, by)
    _record(Verb.CLAUSE_RESTORE, clause, charter, by)
    return clause


@transaction.atomic
def revert_clause(*, clause: Clause, by: Person, version: int, history_id: int, reason: str = "") -> Clause:
    """Give a clause the words and nature of an earlier state, as a new save (so itself undoable).

    Raises StaleVersion like `edit_clause`, and Clause.history.model.DoesNotExist for a state of another clause.
    """
    require(by, Verb.CLAUSE_REVERT, clause)
    then = clause.history.get(history_id=history_id)
    return _rewrite(
        Verb.CLAUSE_REVERT, clause, by, version=version, reason=reason,
        title=then.title, body=then.body, nature=Nature(then.nature), references=then.references,
    )  # fmt: skip


def clause_number(clause: Clause) -> str:
    """« U3 »: the section's prefix and the clause's rank among the present clauses."""
    earlier = clause.section.clauses.filter(removed_at=None, position__lt=clause.position).exclude(pk=clause.pk).count()
    return f"{clause.section.prefix}{earlier + 1}"


def _rewrite(verb: Verb, clause: Clause, by: Person, *, version: int, reason: str, **content: Any) -> Clause:
    clause = lock(clause, "section__charter")
    require(by, verb, clause)
    if clause.version != version:
        raise StaleVersion(_("Somebody saved a newer text of this clause while you were writing."), code="stale")
    before = _content(clause)
    _fill(clause, **content)
    after = _content(clause)
    if after == before:
        return clause
    reason = reason_text(reason)
    if before["nature"] == Nature.OBLIGATION and after["nature"] != Nature.OBLIGATION and not reason:
        raise BadInput(
            _("Say why this clause stops being an obligation: the reason goes into the journal."), code="reason"
        )
    _save(clause, by, reason)
    payload = {"nature_before": before["nature"]} if before["nature"] != after["nature"] else {}
    _record(verb, clause, clause.section.charter, by, reason, **payload)
    return clause


def _fill(clause: Clause, *, title: str, body: str, nature: Nature, references: str = "") -> None:
    wording = clause_body(body)
    clause.title, clause.body, clause.html = line(title), wording.body, wording.html
    clause.nature, clause.references = Nature(nature).value, reference_lines(references)


def _content(clause: Clause) -> dict[str, str]:
    return {name: getattr(clause, name) for name in ("title", "body", "nature", "references")}


def _save(clause: Clause, by: Person, reason: str = "") -> Clause:
    if clause.pk:
        clause.version += 1
    save_as(clause, by, reason)
    return clause


def _renumber(clauses: list[Clause], by: Person, *, past: int) -> None:
    """Spread positions out again, past the present ones and `past`, so that no two rows ever share one."""
    start = max(past, *(clause.position for clause in clauses)) + STEP
    for rank, clause in enumerate(clauses):
        clause.position = start + rank * STEP
        _save(clause, by)


def _record(verb: Verb, clause: Clause, charter: Charter, by: Person, reason: str = "", **payload: Any) -> None:
    number = clause_number(clause)
    record(
        verb, clause, charter=charter, by=by, reason=reason,
        number=number, title=clause.title, section=clause.section.title, **payload,
    )  # fmt: skip
