"""What commands share: Django started once, a word about what is wrong, the end of a process we started."""

import subprocess
import sys

import django
from django.apps import apps

PATIENCE = 60.0  # seconds a process has to end by itself


def boot() -> None:
    """Load settings and apps when a command needs the database."""
    if not apps.ready:
        django.setup()


def fail(words: str) -> int:
    """Print an error and return the status for "found wrong"."""
    print(words, file=sys.stderr)
    return 1


def end(child: subprocess.Popen[bytes], *, patience: float = PATIENCE) -> None:
    """End a process that we started: asked first, then made to."""
    child.terminate()
    try:
        child.wait(timeout=patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
