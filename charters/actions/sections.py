"""The sections of the working text: add, rename, move, remove, bring back."""

from string import ascii_uppercase

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charters.actions.authorship import save_as
from charters.actions.journal import record
from charters.actions.locking import lock
from charters.actions.positions import STEP, between
from charters.actions.wording import line
from charters.enums import SectionKind, Verb
from charters.exceptions import BadInput, StaleVersion
from charters.models import Charter, Person, Section
from charters.policy import require

SUMMARY_MAX = 400
PREFIX = {
    SectionKind.PREAMBLE: "P", SectionKind.STAKES: "E", SectionKind.CONDITIONS: "U", SectionKind.COMMUNICATION: "C",
    SectionKind.PRACTICES: "B", SectionKind.SANCTIONS: "X", SectionKind.SITUATIONS: "S",
}  # fmt: skip


@transaction.atomic
def add_section(*, charter: Charter, by: Person, kind: SectionKind, title: str, summary: str = "") -> Section:
    """A section at the end of the charter. Raises BadInput."""
    charter = lock(charter)
    require(by, Verb.SECTION_ADD, charter)
    present = list(charter.sections.filter(removed_at=None))
    section = Section(
        charter=charter,
        kind=SectionKind(kind).value,
        prefix=_free_prefix({s.prefix for s in present}, PREFIX.get(kind)),
        title=line(title),
        summary=line(summary, max_length=SUMMARY_MAX, required=False),
        position=between([s.position for s in present], len(present)) or STEP,
    )
    return _save_and_record(Verb.SECTION_ADD, section, by)


@transaction.atomic
def edit_section(*, section: Section, by: Person, version: int, title: str, summary: str) -> Section:
    """Rename a section or rewrite its summary. Raises StaleVersion, BadInput."""
    section = lock(section, "charter")
    require(by, Verb.SECTION_EDIT, section)
    if section.version != version:
        raise StaleVersion(_("Somebody changed this section while you were writing."), code="stale")
    title, summary = line(title), line(summary, max_length=SUMMARY_MAX, required=False)
    if (title, summary) == (section.title, section.summary):
        return section
    section.title, section.summary = title, summary
    return _save_and_record(Verb.SECTION_EDIT, section, by)


@transaction.atomic
def move_section(*, section: Section, by: Person, index: int) -> Section:
    """Put a section at `index` (0 first) among the sections of its charter."""
    charter = lock(section.charter)
    section = lock(section, "charter")
    require(by, Verb.SECTION_MOVE, section)
    others = list(charter.sections.filter(removed_at=None).exclude(pk=section.pk))
    position = between([other.position for other in others], index)
    if position is None:
        start = max(section.position, others[-1].position) + STEP  # past every row, the moved one included
        for rank, other in enumerate(others):
            other.position = start + rank * STEP
            _save(other, by)
        position = between([other.position for other in others], index)
    section.position = STEP if position is None else position  # 0 is a place, before the first
    return _save_and_record(Verb.SECTION_MOVE, section, by)


@transaction.atomic
def remove_section(*, section: Section, by: Person) -> Section:
    """Take a section, with its clauses, out of the working text: a dated fact, undone by `restore_section`."""
    section = lock(section, "charter")
    require(by, Verb.SECTION_REMOVE, section)
    section.removed_at = timezone.now()
    return _save_and_record(Verb.SECTION_REMOVE, section, by)


@transaction.atomic
def restore_section(*, section: Section, by: Person) -> Section:
    """Bring a removed section back, at the end and with another letter if its own were taken."""
    charter = lock(section.charter)
    section = lock(section, "charter")
    require(by, Verb.SECTION_RESTORE, section)
    present = list(charter.sections.filter(removed_at=None))
    if section.position in {s.position for s in present}:
        section.position = between([s.position for s in present], len(present)) or STEP
    section.prefix = _free_prefix({s.prefix for s in present}, section.prefix)
    section.removed_at = None
    return _save_and_record(Verb.SECTION_RESTORE, section, by)


def _free_prefix(taken: set[str], wanted: str | None) -> str:
    letters = [wanted] if wanted else []
    letters += [letter for letter in reversed(ascii_uppercase) if letter not in {"I", "O"}]
    for letter in letters:
        if letter not in taken:
            return letter
    for first in ascii_uppercase:
        for second in ascii_uppercase:
            if first + second not in taken:
                return first + second
    raise BadInput(_("This charter has too many sections."), code="sections")


def _save(section: Section, by: Person) -> None:
    if section.pk:
        section.version += 1
    save_as(section, by)


def _save_and_record(verb: Verb, section: Section, by: Person) -> Section:
    _save(section, by)
    record(verb, section, charter=section.charter, by=by, section=section.title)
    return section
