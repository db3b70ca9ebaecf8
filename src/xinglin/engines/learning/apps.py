"""Registers learning with Django."""

from importlib import import_module

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Projects of continuing medical education and the ledger of credits."""

    name = "xinglin.engines.learning"
    label = "learning"

    def ready(self) -> None:
        """Load what registers itself: facts, acts, names of refs, night jobs, entries of the navigation."""
        for part in ("facts", "actions.refused", "actions.telling", "answers", "merging", "reminding", "showing"):
            import_module(f"{self.name}.{part}")
