"""Recompute the journal's chain of hashes: says where it does not hold, and fails."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from charters.actions.journal import verify
from charters.models import ActivityHead, Charter


class Command(BaseCommand):
    """`manage.py verify_activity [charter …]`: exit status 1 when a chain is broken."""

    help = "Verify the journal of every charter, or of those given by number."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The charters' numbers, as in their addresses."""
        parser.add_argument("charters", nargs="*", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a charter, then one a fault."""
        wanted = options["charters"]
        found = Charter.objects.filter(pk__in=wanted) if wanted else Charter.objects.all()
        missing = set(wanted) - {charter.pk for charter in found}
        if missing:
            msg = f"No such charter: {', '.join(map(str, sorted(missing)))}"
            raise CommandError(msg)
        if broken := sum(not self._holds(charter) for charter in found.order_by("pk")):
            msg = f"{broken} chain(s) do not hold"
            raise CommandError(msg)

    def _holds(self, charter: Charter) -> bool:
        faults = verify(charter)
        head = ActivityHead.objects.filter(charter=charter).first()
        entries = head.sequence if head else 0
        self.stdout.write(f"{charter.pk} {charter.title}: {'broken' if faults else 'holds'}, {entries} entries")
        for fault in faults:
            self.stdout.write(f"  entry {fault.sequence}: {fault.what}")
        return not faults
