"""Close what is due: ends of comments, counts of votes. Harmless to repeat; the first request after a close does the same."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from charters.actions.closing import close_due


class Command(BaseCommand):
    """`manage.py tick`, once or every so many seconds."""

    help = "Close what is due by the clock, in every charter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--every", type=int, metavar="SECONDS", help="repeat for ever, at this interval")

    def handle(self, *args: Any, **options: Any) -> None:
        """Close, say what was done, and wait if asked to."""
        self._once()
        while options["every"]:
            time.sleep(max(1, options["every"]))
            close_old_connections()
            self._once()

    def _once(self) -> None:
        due = close_due()
        stamp = timezone.localtime().isoformat(timespec="seconds")
        self.stdout.write(f"{stamp} closed: {due}" if due else f"{stamp} nothing due")
