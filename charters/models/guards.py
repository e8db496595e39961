"""What must never change is guarded in the database itself: no UPDATE, DELETE, REPLACE or TRUNCATE gets through.

The triggers are declared here only. They are (re)installed after every `migrate`, because a later AlterField rebuilds a
SQLite table and silently drops its triggers, and checked at start-up (`checks.refuse_without_guards`).
SQLite's `INSERT OR REPLACE` deletes the old row without firing a delete trigger, hence the guard on INSERT, over every
unique key of the table.
"""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, UniqueConstraint

GUARDED = (
    "Revision", "RevisionClause", "RevisionEnd", "CountRecord", "Edition", "EditionSection", "EditionFile", "Activity",
)  # fmt: skip
MESSAGE = "this record is final and cannot be changed"
FUNCTION = "cocharte_refuse_change"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every missing guard; safe to repeat."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{MESSAGE}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for name, statement in _statements(connection).items():
            if name in missing(connection):
                cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Remove every guard. For test databases only, whose tables are emptied between tests."""
    with connection.cursor() as cursor:
        for name, table in _names(connection).items():
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the guards that are not there."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in _names(connection) if name not in present]


def _models() -> list[type[Model]]:
    return [apps.get_model("charters", name) for name in GUARDED]


def _names(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Trigger name → table."""
    kinds = ("row", "truncate") if connection.vendor == "postgresql" else ("update", "delete", "replace")
    return {f"{m._meta.db_table}_no_{kind}": m._meta.db_table for m in _models() for kind in kinds}


def _statements(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Trigger name → the statement that creates it."""
    found = {}
    for model in _models():
        table = model._meta.db_table
        if connection.vendor == "postgresql":
            call = f"EXECUTE FUNCTION {FUNCTION}()"
            found[f"{table}_no_row"] = (
                f'CREATE TRIGGER "{table}_no_row" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW {call}'
            )
            found[f"{table}_no_truncate"] = (
                f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {call}'
            )
        else:
            refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: {table}'); END"
            for kind in ("update", "delete"):
                found[f"{table}_no_{kind}"] = f'CREATE TRIGGER "{table}_no_{kind}" BEFORE {kind} ON "{table}" {refuse}'
            there = f'EXISTS (SELECT 1 FROM "{table}" AS t WHERE {_same_row(model)})'  # noqa: S608 (our own names)
            found[f"{table}_no_replace"] = (
                f'CREATE TRIGGER "{table}_no_replace" BEFORE INSERT ON "{table}" WHEN {there} {refuse}'
            )
    return found


def _same_row(model: type[Model]) -> str:
    """SQL: some unique key of the row `t` equals that of NEW."""
    meta = model._meta
    keys = [(meta.pk.column,)] + [(f.column,) for f in meta.concrete_fields if f.unique and not f.primary_key]
    keys += [
        tuple(meta.get_field(name).column for name in constraint.fields)
        for constraint in meta.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.fields
    ]
    return " OR ".join("(" + " AND ".join(f't."{c}" = NEW."{c}"' for c in key) + ")" for key in keys)
