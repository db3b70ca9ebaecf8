"""Registers the shell with Django."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Chrome: templates, components, tables, navigation."""

    name = "xinglin.shell"
    label = "shell"
