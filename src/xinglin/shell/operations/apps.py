"""Registers the screens of the kernel's services with Django."""

from importlib import import_module

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Inbox, files, what runs, rules, document numbers and working days."""

    name = "xinglin.shell.operations"
    label = "operations"

    def ready(self) -> None:
        """Load what registers itself: facts, acts, names of refs, entries of the navigation."""
        for part in ("facts", "actions.jobs", "actions.letters", "actions.days", "resolving", "entries"):
            import_module(f"{self.name}.{part}")
