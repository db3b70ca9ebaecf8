"""Registers the shell with Django."""

from importlib import import_module

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Chrome: templates, components, tables, navigation."""

    name = "xinglin.shell"
    label = "shell"

    def ready(self) -> None:
        """Register the shell's own facts and its entries."""
        import_module("xinglin.shell.facts")
        import_module("xinglin.shell.entries")
        import_module("xinglin.shell.tidying")
