"""Print the addresses and the password of the demonstration's people."""

from typing import Any

from django.core.management.base import BaseCommand

from charters.management.demo import PASSWORD, PEOPLE


class Command(BaseCommand):
    """`manage.py demo_accounts`."""

    help = "Print the demonstration's accounts."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One line per kind of person."""
        self.stdout.write(f"Password of every demonstration account: {PASSWORD}")
        for person in PEOPLE:
            if person.shown:
                self.stdout.write(f"  {person.email:<38} {person.name}, {person.college.value}, {person.role.value}")
