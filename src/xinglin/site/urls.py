"""Assembles the addresses of every floor."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("ledger/", include("xinglin.shell.openledger.urls")),
]
