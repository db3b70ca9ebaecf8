"""Registers transfers with Django."""

from importlib import import_module

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """Bank statements as they were uploaded; knows nothing of what is paid by them."""

    name = "xinglin.mechanics.transfers"
    label = "transfers"

    def ready(self) -> None:
        """Load what registers itself: the nightly forgetting."""
        import_module(f"{self.name}.keeping")
