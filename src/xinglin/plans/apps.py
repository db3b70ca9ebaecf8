"""Registers plans with Django."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Documents, commitments, measures, supervision and reports."""

    name = "xinglin.plans"
    label = "plans"

    def ready(self) -> None:
        """Load the facts and register what plans show elsewhere."""
        from xinglin.kernel.notices import register_notice  # noqa: PLC0415  Django forbids importing models earlier

        from . import facts, files, merging, promised, reminding, resolving, telling  # noqa: F401, PLC0415
        from .web import entries  # noqa: PLC0415

        for code in (telling.SUPERVISION, telling.TALK, *reminding.NOTICES):
            register_notice(code, app="xinglin.plans")
        entries.register()
        merging.register_movers()
