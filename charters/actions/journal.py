"""The journal's chain: one entry per act, appended in the act's own transaction.

hash = SHA-256 over a canonical JSON of the entry with the previous entry's hash. The detail (what, why) is in a side row,
covered by a salted digest, so that it can be redacted later without breaking the chain and without being guessable.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import Model
from django.utils import timezone

from charters.enums import Verb
from charters.models import Activity, ActivityDetail, ActivityHead, Charter, Person

SYSTEM = "system"
GENESIS = "0" * 64


def record(
    verb: Verb,
    obj: Model,
    *,
    charter: Charter,
    by: Person | None,
    reason: str = "",
    actor_key: str | None = None,
    **payload: object,
) -> Activity:
    """Append an entry. `actor_key` replaces the person's key where a voice or an elector acts, so that no name appears.

    `payload`: JSON values that say what the act was about (titles and numbers as they were then).
    """
    head, _ = ActivityHead.objects.select_for_update(no_key=True).get_or_create(charter=charter)
    salt = secrets.token_hex(16)
    entry = Activity(
        charter=charter,
        sequence=head.sequence + 1,
        verb=verb.value,
        actor_key=actor_key or (by.key if by else SYSTEM),
        object_type=obj._meta.model_name or "",
        object_id=obj.pk,
        payload_digest=digest_detail(payload, reason, salt),
        at=timezone.now(),
        previous_hash=head.last_hash,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    ActivityDetail.objects.create(activity=entry, payload=payload, reason=reason, salt=salt)
    head.sequence, head.last_hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "last_hash"])
    return entry


def digest_detail(payload: dict[str, Any], reason: str, salt: str) -> str:
    """SHA-256 hex of the side row, salted."""
    return _sha256({"payload": payload, "reason": reason, "salt": salt})


def entry_hash(entry: Activity) -> str:
    """SHA-256 hex of an entry, which covers its predecessor's hash."""
    return _sha256(
        {
            "charter": entry.charter_id,
            "sequence": entry.sequence,
            "verb": entry.verb,
            "actor": entry.actor_key,
            "object": f"{entry.object_type}:{entry.object_id}",
            "payload": entry.payload_digest,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "previous": entry.previous_hash,
        }
    )


def _sha256(value: dict[str, Any]) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain does not hold, and how."""

    sequence: int
    what: str


def verify(charter: Charter) -> list[Fault]:
    """Recompute a charter's chain from its first entry to its head; an empty list says that it holds."""
    faults: list[Fault] = []
    previous, expected = GENESIS, 1
    entries = Activity.objects.filter(charter=charter).order_by("sequence").select_related("detail")
    for entry in entries.iterator(chunk_size=500):
        if entry.sequence != expected:
            faults.append(Fault(expected, f"entry missing, {entry.sequence} follows"))
        if entry.previous_hash != previous:
            faults.append(Fault(entry.sequence, "does not follow its predecessor"))
        if entry.hash != entry_hash(entry):
            faults.append(Fault(entry.sequence, "changed after it was written"))
        detail = getattr(entry, "detail", None)
        if detail is None:
            faults.append(Fault(entry.sequence, "detail missing"))
        elif detail.redacted_at and (detail.payload or detail.reason):
            faults.append(Fault(entry.sequence, "redacted, and yet it says something"))
        elif (
            not detail.redacted_at and digest_detail(detail.payload, detail.reason, detail.salt) != entry.payload_digest
        ):
            faults.append(Fault(entry.sequence, "detail changed after it was written"))
        previous, expected = entry.hash, entry.sequence + 1
    return faults + _head_faults(charter, expected - 1, previous)


def _head_faults(charter: Charter, last: int, last_hash: str) -> list[Fault]:
    head = ActivityHead.objects.filter(charter=charter).first()
    if head is None:
        return [Fault(last, "the head is missing")]
    if (head.sequence, head.last_hash) != (last, last_hash):
        return [Fault(head.sequence, "the head does not match the last entry")]
    return []
