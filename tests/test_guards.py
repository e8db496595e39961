"""What must never change is refused by the database itself, whatever writes: the ORM, SQL, a replacement, a cascade.

Each test runs on the engine of the suite, so on both. A refusal must be the guard's own (its sentence), unless another
rule of the database stands before it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations import AlterField, Migration
from django.db.migrations.state import ProjectState
from django.db.models import Model, ProtectedError, UniqueConstraint

from charters import checks
from charters.actions.editions import Take, adopt_edition, publish_edition
from charters.actions.polls import open_polls
from charters.actions.revisions import submit_revision
from charters.actions.sections import edit_section
from charters.enums import Choice, ConsultationState
from charters.models import guards
from tests import factories
from tests.guards import lifted

SQLITE = connection.vendor == "sqlite"
GUARDED = {
    "Revision", "RevisionClause", "RevisionEnd", "CountRecord", "Edition", "EditionSection", "EditionFile", "Activity",
}  # fmt: skip
MODELS = [apps.get_model("charters", name) for name in sorted(GUARDED)]
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


def make_rows() -> None:
    """Two rows at least in every guarded table, with every kind of end of a revision but withdrawal."""
    charter = factories.charter()
    consultation = factories.consultation_in(charter, ConsultationState.REVISING)
    by, section = charter.created_by, charter.sections.order_by("position").first()
    for turn in range(2):
        section = edit_section(section=section, by=by, version=section.version, title=f"Title {turn}", summary="")
        submit_revision(section=section, consultation=consultation, by=by)
    open_polls(consultation=consultation, by=by)
    first = factories.concluded(factories.fresh(consultation), {by: Choice.FOR})
    publish_edition(edition=factories.adopted(first), by=by, content=factories.PDF)
    factories.rewrite(section.clauses.first(), "Other words.")
    second = factories.concluded(factories.consultation_in(charter, ConsultationState.VOTING), {by: Choice.FOR})
    takes = {section.pk: Take(adopt=True)}
    edition = adopt_edition(consultation=second, by=by, takes=takes, effective_date=factories.in_two_months())
    publish_edition(edition=edition, by=by, content=factories.PDF + b"2")


@pytest.fixture
def rows(db: None) -> None:
    make_rows()
    connection.check_constraints()  # on PostgreSQL nothing is pending any more, which would stop a TRUNCATE by itself


@pytest.fixture
def untouched(rows: None) -> Iterator[None]:
    """Compare every guarded row after the test with what it was before."""
    before = contents()
    assert all(len(held) >= 2 for held in before.values())
    yield
    assert contents() == before


def contents() -> dict[str, list[tuple[Any, ...]]]:
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in MODELS}


def refused(act: Callable[[], object], *, by: str = guards.MESSAGE) -> None:
    with pytest.raises(DatabaseError, match=by), transaction.atomic():
        act()


def run(sql: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or [])


def table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def columns(model: type[Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


def quoted(names: list[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def plain_column(model: type[Model]) -> str:
    """A column that no unique key holds, and that refers to nothing."""
    keys = {name for key in unique_keys(model) for name in key}
    fields = model._meta.concrete_fields
    return next(field.column for field in fields if field.column not in keys and not field.is_relation)


def unique_keys(model: type[Model]) -> list[list[str]]:
    """Every unique key of the table as the database itself has it, the primary key first."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
    keys = [c["columns"] for c in found if c["unique"] and not c["primary_key"] and c["columns"]]
    return [[model._meta.pk.column], *sorted(set(map(tuple, keys)))]


def raw_row(model: type[Model], key: list[str] | None = None) -> dict[str, Any]:
    """The first row whose `key` is not null, as the driver gives it."""
    where = " AND ".join(f"{connection.ops.quote_name(name)} IS NOT NULL" for name in key or [model._meta.pk.column])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted(columns(model))} FROM {table(model)} WHERE {where} ORDER BY id LIMIT 1")
        values = cursor.fetchone()
    row = dict(zip(columns(model), values, strict=True))
    if not SQLITE and model.__name__ == "CountRecord":
        row["results"] = "[]"
    return row


# ── The list ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_guarded_tables_are_these() -> None:
    assert set(guards.GUARDED) == GUARDED


@pytest.mark.django_db
def test_every_guard_is_installed() -> None:
    assert guards.missing(connection) == []
    guards.install(connection)  # again: nothing happens
    assert guards.missing(connection) == []


@each_model
@pytest.mark.django_db
def test_the_guard_knows_every_unique_key_of_the_table(model: type[Model]) -> None:
    declared = {(model._meta.pk.column,)}
    declared |= {(f.column,) for f in model._meta.concrete_fields if f.unique}
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            assert constraint.fields, "the guard on INSERT does not read expressions"
            assert constraint.condition is None, "the guard on INSERT would be too strict"
            declared.add(tuple(model._meta.get_field(name).column for name in constraint.fields))
    assert {tuple(key) for key in unique_keys(model)} == declared
    assert not model._meta.unique_together


# ── The ORM ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@each_model
def test_saved_through_the_orm(model: type[Model], untouched: None) -> None:
    row = model.objects.first()
    refused(row.save)
    refused(lambda: row.save(force_update=True))
    refused(lambda: row.save_base(raw=True))
    refused(lambda: row.save(update_fields=[model._meta.get_field(field_of(model)).name]))


def field_of(model: type[Model]) -> str:
    column = plain_column(model)
    return next(field.name for field in model._meta.concrete_fields if field.column == column)


@each_model
def test_updated_through_a_queryset(model: type[Model], untouched: None) -> None:
    name = field_of(model)
    value = getattr(model.objects.first(), model._meta.get_field(name).attname)
    refused(lambda: model.objects.update(**{name: value}))
    refused(lambda: model.objects.filter(pk=model.objects.first().pk).update(**{name: models.F(name)}))
    refused(lambda: model.objects.bulk_update(list(model.objects.all()), [name]))
    refused(lambda: model.objects.update_or_create(pk=model.objects.first().pk, defaults={name: value}))


@each_model
def test_deleted_through_the_orm(model: type[Model], untouched: None) -> None:
    """A parent's own protection may come first (ProtectedError); `_raw_delete` passes under it, and meets the guard."""
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        model.objects.first().delete()
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        model.objects.all().delete()
    refused(lambda: model.objects.filter(pk=model.objects.first().pk)._raw_delete("default"))
    refused(lambda: model.objects.all()._raw_delete("default"))


@each_model
def test_replaced_by_a_bulk_insert(model: type[Model], untouched: None) -> None:
    rows, name = list(model.objects.all()), field_of(model)
    refused(lambda: model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["pk"], update_fields=[name]))


# ── SQL ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
@each_model
def test_changed_by_sql(model: type[Model], untouched: None) -> None:
    column = connection.ops.quote_name(plain_column(model))
    refused(lambda: run(f"UPDATE {table(model)} SET {column} = {column}"))
    refused(lambda: run(f"UPDATE {table(model)} SET id = id + 100000"))
    refused(lambda: run(f"DELETE FROM {table(model)}"))
    refused(lambda: run(f"DELETE FROM {table(model)} WHERE id = (SELECT min(id) FROM {table(model)})"))


@each_model
def test_upserted_by_sql_on_every_key(model: type[Model], untouched: None) -> None:
    column = connection.ops.quote_name(plain_column(model))
    for key in unique_keys(model):
        row = raw_row(model, key) if key == ["id"] else raw_row(model, key) | {"id": 999_999}
        insert = f"INSERT INTO {table(model)} ({quoted(list(row))}) VALUES ({', '.join(['%s'] * len(row))})"
        update = f"ON CONFLICT ({quoted(key)}) DO UPDATE SET {column} = excluded.{column}"
        refused(lambda insert=insert, update=update, row=row: run(f"{insert} {update}", list(row.values())))


@pytest.mark.skipif(not SQLITE, reason="REPLACE is SQLite's")
@each_model
@pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE"])
def test_replaced_on_every_key(model: type[Model], verb: str, untouched: None) -> None:
    for key in unique_keys(model):
        row = raw_row(model, key)
        variants = [row] if key == ["id"] else [row | {"id": 999_999}, row | {"id": None}]
        variants += [row | {"id": str(row["id"])}, row | {"id": float(row["id"])}] if key == ["id"] else []
        for variant in variants:
            insert = f"{verb} INTO {table(model)} ({quoted(list(row))}) VALUES ({', '.join(['%s'] * len(row))})"
            refused(lambda insert=insert, variant=variant: run(insert, list(variant.values())))
    row = raw_row(model)
    names = ["rowid", *[name for name in row if name != "id"]]
    values = ", ".join(["%s"] * len(names))
    refused(lambda: run(f"{verb} INTO {table(model)} ({quoted(names)}) VALUES ({values})", list(row.values())))
    refused(lambda: run(f"{verb} INTO {table(model)} SELECT * FROM {table(model)}"))


@pytest.mark.skipif(not SQLITE, reason="OR REPLACE is SQLite's")
@each_model
def test_updated_over_another_row(model: type[Model], untouched: None) -> None:
    for pragma in ("ON", "OFF"):  # whether a replacement's hidden delete fires triggers
        run(f"PRAGMA recursive_triggers = {pragma}")
        refused(lambda: run(f"UPDATE OR REPLACE {table(model)} SET id = (SELECT min(id) FROM {table(model)})"))
        refused(lambda: run(f"UPDATE OR IGNORE {table(model)} SET id = (SELECT min(id) FROM {table(model)})"))


@pytest.mark.skipif(SQLITE, reason="TRUNCATE and MERGE are PostgreSQL's")
@each_model
def test_truncated_and_merged(model: type[Model], untouched: None) -> None:
    refused(lambda: run(f"TRUNCATE {table(model)} CASCADE"))
    refused(lambda: run(f"TRUNCATE {table(model)}"), by=f"{guards.MESSAGE}|cannot truncate a table referenced")
    refused(lambda: run(f"TRUNCATE {', '.join(table(other) for other in MODELS)} RESTART IDENTITY CASCADE"))
    refused(lambda: run(f"MERGE INTO {table(model)} USING (SELECT 1) AS x ON true WHEN MATCHED THEN DELETE"))


# ── Parents ───────────────────────────────────────────────────────────────────────────────────────────────────────────
PARENTS = ["Person", "Charter", "Section", "Clause", "Consultation", "Poll", "Revision", "Edition"]


@pytest.mark.parametrize("name", PARENTS)
def test_taken_away_with_their_parent(name: str, untouched: None) -> None:
    parent = apps.get_model("charters", name)
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        parent.objects.all().delete()
    refused(lambda: (run(f"DELETE FROM {table(parent)}"), connection.check_constraints()), by=".")
    if not SQLITE:
        refused(lambda: run(f"TRUNCATE {table(parent)} CASCADE"))


@pytest.mark.django_db
def test_no_foreign_key_of_the_database_cascades() -> None:
    for model in apps.get_app_config("charters").get_models():
        with connection.cursor() as cursor:
            if SQLITE:
                cursor.execute(f"PRAGMA foreign_key_list({table(model)})")
                rules = {(row[5], row[6]) for row in cursor.fetchall()}
            else:
                cursor.execute(
                    "SELECT confupdtype, confdeltype FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
                    [model._meta.db_table],
                )
                rules = set(cursor.fetchall())
        assert rules <= {("NO ACTION", "NO ACTION"), ("a", "a"), (b"a", b"a")}, model


# ── A later migration ─────────────────────────────────────────────────────────────────────────────────────────────────
def alterations(*, null: bool) -> list[AlterField]:
    """One column of each guarded table becomes nullable, or stops being so: SQLite rebuilds the tables."""
    found = []
    for model in MODELS:
        field = model._meta.get_field(field_of(model)).clone()
        field.null = null
        found.append(AlterField(model.__name__, field_of(model), field))
    return found


def migrate(operations: list[AlterField], state: ProjectState) -> ProjectState:
    migration = Migration("0999_later", "charters")
    migration.operations = operations
    with connection.schema_editor(atomic=True) as editor:
        return migration.apply(state, editor)


@pytest.mark.django_db(transaction=True)
def test_still_refused_after_a_later_migration() -> None:
    make_rows()
    before = contents()
    forth, back = alterations(null=True), alterations(null=False)
    state = migrate(forth, ProjectState.from_apps(apps))
    try:
        assert bool(guards.missing(connection)) == SQLITE  # the trap: SQLite's rebuilt tables have lost their triggers
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")  # as the migrate command does
        assert guards.missing(connection) == []
        assert contents() == before
        for model in MODELS:
            column = connection.ops.quote_name(plain_column(model))
            refused(lambda model=model, column=column: run(f"UPDATE {table(model)} SET {column} = {column}"))
            refused(lambda model=model: run(f"DELETE FROM {table(model)}"))
            row = raw_row(model)
            if SQLITE:
                values = ", ".join(["%s"] * len(row))
                sql = f"REPLACE INTO {table(model)} ({quoted(list(row))}) VALUES ({values})"
                refused(lambda sql=sql, row=row: run(sql, list(row.values())))
            else:
                refused(lambda model=model: run(f"TRUNCATE {table(model)} CASCADE"))
        assert contents() == before
    finally:
        with lifted(connection):
            migrate(back, state)
    assert guards.missing(connection) == []


# ── Start-up ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_nothing_is_served_without_the_guards() -> None:
    assert checks.guards_in_place(databases=["default"]) == []
    checks.refuse_without_guards()
    with lifted(connection):
        complaint = checks.guards_in_place(databases=["default"])
        assert [error.id for error in complaint] == ["charters.E001"]
        assert "charters_activity_no_" in complaint[0].msg
        with pytest.raises(ImproperlyConfigured, match="charters_activity_no_"):
            checks.refuse_without_guards()
    checks.refuse_without_guards()


@pytest.mark.django_db(transaction=True)
def test_one_missing_guard_is_enough() -> None:
    on = "" if SQLITE else " ON charters_edition"
    kind = "replace" if SQLITE else "truncate"
    run(f"DROP TRIGGER charters_edition_no_{kind}{on}")
    try:
        assert guards.missing(connection) == [f"charters_edition_no_{kind}"]
        assert checks.guards_in_place(databases=["default"])
        with pytest.raises(ImproperlyConfigured):
            checks.refuse_without_guards()
    finally:
        guards.install(connection)
    checks.refuse_without_guards()


@pytest.mark.skipif(SQLITE, reason="SQLite cannot switch a trigger off")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["DISABLE TRIGGER", "ENABLE REPLICA TRIGGER"])
def test_a_guard_that_is_switched_off_is_missing(how: str) -> None:
    run(f"ALTER TABLE charters_edition {how} charters_edition_no_row")
    try:
        assert guards.missing(connection) == ["charters_edition_no_row"]
        with pytest.raises(ImproperlyConfigured):
            checks.refuse_without_guards()
    finally:
        run("ALTER TABLE charters_edition ENABLE TRIGGER charters_edition_no_row")
    assert guards.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_database_before_its_first_migration_is_not_served() -> None:
    run("ALTER TABLE charters_activity RENAME TO charters_activity_away")
    try:
        assert checks.guards_in_place(databases=["default"]) == []  # migrate itself runs the checks
        with pytest.raises(ImproperlyConfigured, match="not ready"):
            checks.refuse_without_guards()
    finally:
        run("ALTER TABLE charters_activity_away RENAME TO charters_activity")
    assert guards.missing(connection) == []


# ── What may still happen ─────────────────────────────────────────────────────────────────────────────────────────────
def test_new_rows_are_still_taken(rows: None) -> None:
    factories.edition(factories.charter(), published=True)
