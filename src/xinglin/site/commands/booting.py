"""Starts Django for a command, once."""

import django
from django.apps import apps


def boot() -> None:
    """Load settings and apps when a command needs the database."""
    if not apps.ready:
        django.setup()
