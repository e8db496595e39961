"""Fill an empty database with a fictional company and a charter under way."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from charters.management.demo import load
from charters.models import Charter, Person


class Command(BaseCommand):
    """`manage.py load_demo [--if-empty]`: refused outside the demonstration and the tests."""

    help = "Load the demonstration into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        """--if-empty: do nothing, quietly, when there already are people."""
        parser.add_argument("--if-empty", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, once."""
        if settings.PRODUCTION:
            msg = "The demonstration is not for a production database (COCHARTE_ENV=demo)."
            raise CommandError(msg)
        if Person.objects.exists() or Charter.objects.exists():
            if options["if_empty"]:
                return
            msg = "This database is not empty: nothing was loaded."
            raise CommandError(msg)
        load()
        self.stdout.write("The demonstration is loaded.")
