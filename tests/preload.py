"""Loaded once by the server process from which `tests.parallel` forks: Django ready, no connection open."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
