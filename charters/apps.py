"""The one application."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def install_guards(using: str, **_: object) -> None:
    """After every migrate: a table rebuilt by SQLite has lost its triggers."""
    from charters.models import guards  # noqa: PLC0415 (models are not loaded when this module is)

    guards.install(connections[using])


class ChartersConfig(AppConfig):
    """Connects the guards to migrate, and registers the checks."""

    name = "charters"
    verbose_name = _("Charters")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the checks and connect the guards."""
        from charters import checks  # noqa: F401, PLC0415

        post_migrate.connect(install_guards, sender=self, dispatch_uid="charters_guards")
