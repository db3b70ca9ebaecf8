"""Registers the kernel with Django."""

from importlib import import_module

from django.apps import AppConfig

ACTIONS = ("calendar", "files", "forgetting", "numbering", "programmes", "regulations")


class KernelConfig(AppConfig):
    """Acts, ledger, vocabulary and the other services every engine stands on."""

    name = "xinglin.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Load what registers itself: facts, acts, night work."""
        for part in ("facts_of_kernel", *(f"actions.{one}" for one in ACTIONS)):
            import_module(f"{self.name}.{part}")
