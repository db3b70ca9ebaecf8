"""Registers booking with Django."""

from importlib import import_module

from django.apps import AppConfig


class BookingConfig(AppConfig):
    """Capacity and who holds it; knows nothing of what is booked."""

    name = "xinglin.mechanics.booking"
    label = "booking"

    def ready(self) -> None:
        """Load what registers itself: the sweep and how bookings follow a merge of people."""
        for part in ("sweeping", "merging"):
            import_module(f"{self.name}.{part}")
