"""An act as a page offers it: possible, refused for now with its reason, or not this person's and so not shown."""

from typing import Any

from charters.enums import Verb
from charters.models import Person
from charters.policy import Allowed, Denied, decide


def offer(person: Person, verb: Verb, obj: Any) -> Allowed | Denied | None:
    """The verdict to show beside a button; None where the act is never this person's."""
    verdict = decide(person, verb, obj)
    return None if isinstance(verdict, Denied) and not verdict.wrong_state else verdict
