"""Saving a row of charter text with its author, which is how django-simple-history learns who it was."""

from typing import Any

from charters.models import Person


def save_as(row: Any, by: Person, reason: str = "") -> None:
    """Save `row`; its history entry names `by`, and the first hundred characters of the reason."""
    row._history_user = by
    row._change_reason = reason[:100] or None
    row.save()
