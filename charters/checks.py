"""System checks: what must hold before a page is served."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 (Django's own name)
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from charters.documents.pdf import pdf_available
from charters.models import guards


@register(Tags.database)
def guards_in_place(databases: Any = None, **_: object) -> list[CheckMessage]:
    """Every guarded table refuses changes in the database itself."""
    errors: list[CheckMessage] = []
    for alias in databases or []:
        connection = connections[alias]
        if "charters_activity" not in connection.introspection.table_names():
            continue  # before the first migrate
        if absent := guards.missing(connection):
            hint = "Run manage.py migrate: it installs them."
            errors.append(Error(f"Database guards are missing: {', '.join(absent)}", hint=hint, id="charters.E001"))
    return errors


@register()
def pdf_library(**_: object) -> list[CheckMessage]:
    """WeasyPrint needs Pango; without it everything else works and the interface says so."""
    if pdf_available():
        return []
    hint = "On Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    return [Warning("PDF is off: Pango is not installed.", hint=hint, id="charters.W001")]


def refuse_without_guards() -> None:
    """Raise ImproperlyConfigured unless the database is migrated and every guard is there."""
    connection = connections["default"]
    try:
        tables = connection.introspection.table_names()
        absent = guards.missing(connection)
    finally:
        connection.close()
    if "charters_activity" not in tables:
        msg = "The database is not ready: run manage.py migrate first."
        raise ImproperlyConfigured(msg)
    if absent:
        msg = f"Database guards are missing ({', '.join(absent)}): run manage.py migrate, which installs them."
        raise ImproperlyConfigured(msg)
