"""Registers plans with Django."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Documents, commitments, measures, supervision and reports."""

    name = "xinglin.plans"
    label = "plans"

    def ready(self) -> None:
        """Load the facts and register what plans show elsewhere."""
        from . import facts, resolving  # noqa: F401, PLC0415  Django forbids importing models earlier
