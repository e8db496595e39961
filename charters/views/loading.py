"""How every view gets its objects: signed in, visible to the person, and with what was due closed first."""

from contextlib import suppress
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from charters.actions.closing import close_due
from charters.enums import Verb
from charters.exceptions import WrongState
from charters.models import Charter, Person
from charters.policy import charter_of, require
from charters.queries import visible

M = TypeVar("M", bound=Model)

signed_in = login_required


def person(request: HttpRequest) -> Person:
    """The signed-in person (views are behind `signed_in`)."""
    assert isinstance(request.user, Person)  # noqa: S101 (narrows the type)
    return request.user


def load_charter(request: HttpRequest, pk: int) -> Charter:
    """A charter of the person's, or 404; what fell due in it is closed before anything is shown."""
    charter = visible.charter(person(request), pk)
    close_due(charter)
    request.charter = charter  # type: ignore[attr-defined]
    return charter


def load(request: HttpRequest, rows: QuerySet[M], pk: int) -> M:
    """One of `rows` (which are visible rows), or 404; closes what fell due, then reads the object."""
    obj: Any = get_object_or_404(rows, pk=pk)
    charter = charter_of(obj)
    if close_due(charter):
        obj = get_object_or_404(rows, pk=pk)
        charter = charter_of(obj)
    request.charter = charter  # type: ignore[attr-defined]
    return obj


def admit(request: HttpRequest, verb: Verb, obj: object) -> None:
    """Raise NotPermitted for who has no such right at all; the moment is judged by the act, which keeps what was typed."""
    with suppress(WrongState):
        require(person(request), verb, obj)


def allow(request: HttpRequest, verb: Verb, obj: object = None) -> None:
    """Raise NotPermitted or WrongState unless the person may: for pages that show a form before the act."""
    require(person(request), verb, obj)
