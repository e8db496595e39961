"""The ASGI entry point, for hosts that insist on it; WSGI is faster for this application (see docs/adr)."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "charter_project.settings")

application = get_asgi_application()
