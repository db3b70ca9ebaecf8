"""Registers account security with Django."""

from importlib import import_module

from django.apps import AppConfig


class SecurityConfig(AppConfig):
    """Sign-in, grants, sensitive fields and the records of all three."""

    name = "xinglin.directory.security"
    label = "security"

    def ready(self) -> None:
        """Load what registers itself: facts, acts, the actor source, navigation, night work."""
        for part in ("facts", "actions", "registration", "merging"):
            import_module(f"{self.name}.{part}")
