"""Many hands at once: threads inside the processes of `tests.parallel`, each with its own connection."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from charters.exceptions import DomainError
from tests.parallel import Outcome


def at_once(number: int, func: Callable[[int], Any]) -> list[Any]:
    """Call `func(0)` … `func(number - 1)` in as many threads, started together; their values in order."""
    start = Barrier(number)

    def hand(index: int) -> Any:
        try:
            connections["default"].ensure_connection()
            start.wait(60)
            return func(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(hand, range(number)))


def refusal(func: Callable[[], object]) -> str:
    """The name of the refusal that `func` meets, or nothing. What is no refusal of ours goes its way."""
    try:
        func()
    except DomainError as error:
        return type(error).__name__
    return ""


def unexpected(outcomes: Iterable[Outcome], *expected: str) -> list[str]:
    """The traces of outcomes whose error is none of those."""
    return [outcome.text for outcome in outcomes if outcome.error not in {"", *expected}]


def errors(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How often each error occurred; success is the empty name."""
    return dict(Counter(outcome.error for outcome in outcomes))
