"""Registers membership with Django."""

from importlib import import_module

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    """Members from application to exit, tied to what they do."""

    name = "xinglin.engines.membership"
    label = "membership"

    def ready(self) -> None:
        """Load what registers itself: facts, acts, names of refs, the port, entries of the navigation."""
        for part in ("facts", "answers", "merging", "standing", "fee_names", "tariffs", "dues_run",
                     "keeping_statements", "reminding", "lapsing", "applications_shown", "showing",
                     "fees_shown", "mine_shown"):
            import_module(f"{self.name}.{part}")
