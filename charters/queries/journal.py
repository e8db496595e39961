"""The journal of a charter, a page at a time, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from charters import labels
from charters.enums import CollegeKind, Nature, Outcome, ResponseKind, Role, Verb
from charters.models import Activity, Charter, Person, Voice
from charters.policy import RULES
from charters.queries.voices import speakers

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: when, who (as it may be shown), what, why."""

    sequence: int
    at: datetime
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


def journal(charter: Charter, *, page: str | int = 1, verb: str = "") -> Journal:
    """A page of the journal. A constant number of queries: people and voices are read once for the page."""
    rows = Activity.objects.filter(charter=charter).select_related("detail").order_by("-sequence")
    if verb:
        rows = rows.filter(verb=verb)
    found = Paginator(rows, PER_PAGE).get_page(page)
    who = _actors(found.object_list)
    entries = [_entry(row, who) for row in found.object_list]
    return Journal(found, entries)


def _actors(rows: Iterable[Activity]) -> dict[str, str]:
    """Names by key. A voice shows as its pseudonym; an elector's key is looked up nowhere: « an elector »."""
    keys = {row.actor_key for row in rows} | {row.detail.payload.get("person", "") for row in rows}
    names = dict(Person.objects.filter(key__in=keys).values_list("key", "name"))
    voices = list(Voice.objects.filter(key__in=keys - names.keys()).select_related("consultation"))
    for consultation in {voice.consultation for voice in voices}:
        names |= {speaker.key: speaker.name for speaker in speakers(consultation).values()}
    return names | {"system": _("The system")}


def _entry(row: Activity, who: dict[str, str]) -> Entry:
    verb = Verb(row.verb)
    name = who.get(row.actor_key) or (_("An elector") if verb is Verb.VOTE_CAST else _("Somebody"))
    title = RULES[verb].title
    reason = _("(redacted)") if row.detail.redacted_at else row.detail.reason
    return Entry(row.sequence, row.at, name, title, _about(row.detail.payload, who), reason, row.hash)


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
