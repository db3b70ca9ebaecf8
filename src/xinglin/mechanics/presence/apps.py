"""Registers presence with Django."""

from importlib import import_module

from django.apps import AppConfig


class PresenceConfig(AppConfig):
    """Minutes from heartbeats and doors."""

    name = "xinglin.mechanics.presence"
    label = "presence"

    def ready(self) -> None:
        """Load the night work and what follows when two people become one."""
        for part in ("forgetting", "merging"):
            import_module(f"{self.name}.{part}")
