"""Registers the kernel with Django."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Acts, ledger, vocabulary and the other services every engine stands on."""

    name = "xinglin.kernel"
    label = "kernel"
