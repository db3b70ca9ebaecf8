"""Registers the directory with Django."""

from importlib import import_module

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """People, organisations, posts and terms, accounts."""

    name = "xinglin.directory"
    label = "directory"

    def ready(self) -> None:
        """Register facts, refs and whatever others look up by name."""
        for module in ("facts", "refs", "movers", "importing.jobs", "wiring"):
            import_module(f"xinglin.directory.{module}")
