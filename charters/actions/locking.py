"""Row locks: read again under the lock, then decide.

PostgreSQL locks the row; SQLite, whose transactions are IMMEDIATE here, holds the whole database: one writer at a time.
Always `no_key` (FOR NO KEY UPDATE): a plain FOR UPDATE also stops inserts that only refer to the row. The journal's entry
refers to its charter, so one act holding the charter and another holding the journal's head waited for each other.
"""

from typing import Any, TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


def lock(obj: M, *related: str) -> M:
    """The same row, read again and locked until the transaction ends. `related` are read along, not locked.

    Raises the model's DoesNotExist when the row is gone.
    """
    manager: Any = type(obj)._default_manager
    return manager.select_related(*related).select_for_update(of=("self",), no_key=True).get(pk=obj.pk)
