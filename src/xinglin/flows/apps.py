"""Loads every flow once the engines they join are ready."""

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    """One sentence per file: a fact here becomes an act there."""

    name = "xinglin.flows"
    label = "flows"

    def ready(self) -> None:
        """Import each flow, which registers itself."""
        from . import __path__ as folder  # noqa: PLC0415  the package is read when Django is ready

        for one in iter_modules(folder):
            if one.name != "apps":
                import_module(f"{self.name}.{one.name}")
