"""The journal of a charter, a page at a time, in sentences."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from charters import labels
from charters.enums import CollegeKind, Nature, Outcome, ResponseKind, Role, Verb
from charters.models import Activity, Charter, Person, Voice
from charters.policy import RULES
from charters.queries import visible
from charters.queries.voices import speakers

PER_PAGE = 50
SPOKEN = {Verb.THREAD_OPEN, Verb.THREAD_REPLY}
"""Acts of a voice: the minute at which a pseudonym wrote would say more than a reader needs."""
WORKING_TEXT = {verb for verb in Verb if verb.startswith(("section_", "clause_"))}
"""Acts on the text that its drafters keep to themselves until they submit it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: when (to the day where a voice speaks), who (as it may be shown), what, why."""

    at: datetime
    to_the_day: bool
    who: str
    what: object
    about: str
    reason: str
    hash: str


@dataclass(frozen=True, slots=True)
class Journal:
    """A page of entries, newest first."""

    page: Page
    entries: list[Entry]


def journal(charter: Charter, person: Person, *, page: str | int = 1, verb: str = "") -> Journal:
    """A page of the journal. A constant number of queries: people and voices are read once for the page.

    Votes cast are in the chain, and not on the page: counted there, they would be a turnout before the close, and after
    it the number of voters that a small college hides. For the same reason no entry shows its rank in the chain.
    Who does not read the working text reads here that it was worked on, not what it says.
    """
    rows = Activity.objects.filter(charter=charter).exclude(verb=Verb.VOTE_CAST.value)
    rows = rows.select_related("detail").order_by("-sequence")
    if verb:
        rows = rows.filter(verb=verb)
    found = Paginator(rows, PER_PAGE).get_page(page)
    who = _actors(found.object_list)
    hidden = set() if visible.reads_working_text(person, charter) else WORKING_TEXT
    entries = [_entry(row, who, hidden) for row in found.object_list]
    return Journal(found, entries)


def _actors(rows: Iterable[Activity]) -> dict[str, str]:
    """Names by key; a voice shows as its pseudonym."""
    keys = {row.actor_key for row in rows} | {row.detail.payload.get("person", "") for row in rows}
    names = dict(Person.objects.filter(key__in=keys).values_list("key", "name"))
    voices = list(Voice.objects.filter(key__in=keys - names.keys()).select_related("consultation"))
    for consultation in {voice.consultation for voice in voices}:
        names |= {speaker.key: speaker.name for speaker in speakers(consultation).values()}
    return names | {"system": _("The system")}


def _entry(row: Activity, who: dict[str, str], hidden: AbstractSet[Verb]) -> Entry:
    verb = Verb(row.verb)
    name = who.get(row.actor_key) or _("Somebody")
    title = RULES[verb].title
    reason = _("(redacted)") if row.detail.redacted_at else row.detail.reason
    about = _about(row.detail.payload, who)
    if verb in hidden:
        about = reason = ""
    return Entry(row.at, verb in SPOKEN, name, title, about, reason, row.hash)


def _about(payload: dict[str, Any], who: dict[str, str]) -> str:
    """The object of an act in a few words, from the payload as it was then."""
    parts = [who.get(payload.get("person", ""), "")]
    parts += [str(payload[name]) for name in ("section", "number", "title") if payload.get(name)]
    tables: dict[str, tuple[Any, Any]] = {
        "role": (Role, labels.ROLE),
        "college": (CollegeKind, labels.COLLEGE),
        "outcome": (Outcome, labels.OUTCOME),
        "kind": (ResponseKind, labels.RESPONSE),
        "nature_before": (Nature, labels.NATURE),
    }
    parts += [str(table[kind(payload[name])]) for name, (kind, table) in tables.items() if payload.get(name)]
    return " · ".join(part for part in parts if part)
