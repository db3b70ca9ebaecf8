"""Registers the worklog with Django."""

from django.apps import AppConfig


class WorklogConfig(AppConfig):
    """What happened that no other engine covers."""

    name = "xinglin.engines.worklog"
    label = "worklog"

    def ready(self) -> None:
        """Load the facts, the terms and the names of refs; appear in the navigation."""
        from . import answers, editions_port, facts, merging, overdue, resolving, showing  # noqa: F401, PLC0415  Django forbids importing models earlier
        overdue.register()
        editions_port.answer_port()
        merging.register_movers()
        showing.show()
