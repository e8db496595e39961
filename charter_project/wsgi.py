"""The WSGI entry point. Refuses to serve a database whose guards are missing."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "charter_project.settings")

application = get_wsgi_application()

from charters.checks import refuse_without_guards  # noqa: E402 (needs the app registry)

refuse_without_guards()
