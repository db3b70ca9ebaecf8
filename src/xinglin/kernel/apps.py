"""Registers the kernel with Django."""

from importlib import import_module

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Acts, ledger, vocabulary and the other services every engine stands on."""

    name = "xinglin.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Load what registers itself: facts, acts, night work."""
        for part in ("facts_of_kernel", "actions.files"):
            import_module(f"{self.name}.{part}")
