"""Races: one function in several processes at once, each with its own connection to the test's database.

    outcomes = parallel(8, cast_ballot, poll.pk, voter.pk)      # calls cast_ballot(number, poll.pk, voter.pk)
    assert [o.error for o in outcomes].count("StaleVersion") == 7

The function stands at the top of a test module (it is imported by name), takes its own number first, and gets keys, not
objects. What the test wrote is visible to it because the test's database access is transactional: really committed.
"""

import multiprocessing
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from django.conf import settings
from django.db import connections

from tests import preload  # noqa: F401 (a child needs Django before it can read what it is asked to call)

# A server process loads Django once and forks from there: no thread of the test, no connection, no browser is inherited.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.preload"])


@dataclass(frozen=True)
class Outcome:
    """What one process returned, or the name and text of what it raised."""

    value: Any = None
    error: str = ""
    text: str = ""


def run_in_processes(n: int, func: Callable[..., Any], *args: Any, timeout: float = 60) -> list[Outcome]:
    """Call `func(number, *args)` in `n` processes that start together; return their outcomes in order.

    A process that dies or takes more than `timeout` seconds counts as an error of its own: « Died » or « Late ».
    """
    start = CONTEXT.Barrier(n)
    pipes = [CONTEXT.Pipe(duplex=False) for _ in range(n)]
    database = settings.DATABASES["default"]["NAME"]
    jobs = [
        CONTEXT.Process(target=_job, args=(sender, start, database, func, (number, *args)), daemon=True)
        for number, (_, sender) in enumerate(pipes)
    ]
    for job, (_, sender) in zip(jobs, pipes, strict=True):
        job.start()
        sender.close()  # the child has its own end: when it dies, ours sees the end of the file
    outcomes = [_receive(receiver, timeout) for receiver, _ in pipes]
    for job in jobs:
        job.join(1)
        if job.is_alive():
            job.kill()
            job.join()
    return outcomes


def _receive(receiver: Connection, timeout: float) -> Outcome:
    if not receiver.poll(timeout):
        return Outcome(error="Late", text=f"no answer in {timeout} s")
    try:
        return receiver.recv()
    except EOFError:
        return Outcome(error="Died", text="ended without an answer")


def _job(sender: Connection, start: Any, database: str, func: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Run in the child: point Django at the test's database, wait for the others, call."""
    settings.DATABASES["default"]["NAME"] = database
    connections["default"].settings_dict["NAME"] = database
    connections["default"].ensure_connection()
    start.wait(60)
    try:
        outcome = Outcome(value=func(*args))
    except Exception as error:  # noqa: BLE001 (whatever it is, the test wants to know)
        outcome = Outcome(error=type(error).__name__, text="".join(traceback.format_exception(error)))
    finally:
        connections.close_all()
    sender.send(outcome)
    sender.close()
