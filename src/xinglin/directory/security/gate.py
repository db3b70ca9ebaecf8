"""Answers lists whether sensitive columns may leave: only with a second person's approval, once."""

from datetime import date

from django.core import signing
from django.urls import reverse

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor

from .actions.exports import fetch_export
from .models import ExportRequest

SALT = "xinglin.export"


class SecondPerson:
    """The gate that the lists ask before a sensitive column leaves unmasked."""

    def granted(
        self, *, actor: Actor, table: str, columns: tuple[str, ...], address: str, rows: int, on: date
    ) -> bool:
        """Use up the approval of exactly this export by this actor; False when there is none."""
        actor = getattr(actor, "_wrapped", None) or actor
        approved = ExportRequest.objects.filter(
            asked_by=actor.ref.key, export=table, query=address, columns=list(columns), rows=rows,
            state=ExportRequest.State.APPROVED, open_until__gt=clock.now(),
        ).first()  # fmt: skip
        if approved is None:
            return False
        fetch_export(by=actor, on=on, asked=approved, rows=rows)
        return True

    def ask_address(self, *, actor: Actor, table: str, columns: tuple[str, ...], address: str, rows: int) -> str:
        """Return the page on which this export is asked for; what is asked travels signed."""
        given = {"table": table, "columns": list(columns), "address": address, "rows": rows}
        return reverse("security:export_ask", args=[signing.dumps(given, salt=SALT, compress=True)])
