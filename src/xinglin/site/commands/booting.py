"""What every command needs: Django started once, and a way to say that something is wrong."""

import sys

import django
from django.apps import apps


def boot() -> None:
    """Load settings and apps when a command needs the database."""
    if not apps.ready:
        django.setup()


def fail(words: str) -> int:
    """Print an error and return the status for "found wrong"."""
    print(words, file=sys.stderr)
    return 1
