"""The guards of the database (charters/models/guards.py) against what only tests do: emptying tables.

Django empties every table after a test that really commits, which the guards refuse, as they must. The product has no
way around them; this is the tests' own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.flush import Command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from charters.models import guards


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the guards away for a while, and put them back whatever happens."""
    guards.drop(connection)
    try:
        yield
    finally:
        guards.install(connection)


@contextmanager
def flush_despite_guards() -> Iterator[None]:
    """Let `flush`, and only it, work inside."""
    original = Command.handle

    def handle(self: Command, **options: Any) -> None:
        with lifted(connections[options["database"]]):
            original(self, **options)

    Command.handle = handle  # type: ignore[method-assign]
    try:
        yield
    finally:
        Command.handle = original  # type: ignore[method-assign]
