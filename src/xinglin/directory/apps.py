"""Registers the directory with Django."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """People, organisations, posts and terms, accounts."""

    name = "xinglin.directory"
    label = "directory"
