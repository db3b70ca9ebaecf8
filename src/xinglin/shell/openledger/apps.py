"""Registers the open ledger with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ..navigation import Entry, register, register_public


class OpenLedgerConfig(AppConfig):
    """Public pages on what the ledger proves and what it does not."""

    name = "xinglin.shell.openledger"
    label = "openledger"

    def ready(self) -> None:
        """Add the page to the navigation of staff and public."""
        entry = Entry(section="open", label=_("Ledger of facts"), icon="link", url_name="ledger:latest", order=90)
        register(entry)
        register_public(entry)
