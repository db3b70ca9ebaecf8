"""Registers events with Django."""

from importlib import import_module

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events from proposal to credits."""

    name = "xinglin.engines.events"
    label = "events"

    def ready(self) -> None:
        """Load what registers itself: facts, acts, names of refs, entries of the navigation."""
        for part in ("facts", "facts_orders", "facts_doors", "facts_papers", "facts_services", "answers",
                     "registration_answers", "closing", "telling_registrants", "registration_shown", "door_answers",
                     "addressees", "closing_days", "entering", "reminding", "merging", "showing"):
            import_module(f"{self.name}.{part}")
