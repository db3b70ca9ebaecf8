"""Prints badges 胸牌: sheets of ten for A4 labels, or a single one for the printer at the desk."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xinglin.shell.press import print_pdf

from .meetings import Event
from .registrations import Registration, Role
from .tickets import ticket_square

PAGE = Path(__file__).parent / "badges.typ"


def badges_pdf(*, event: Event, registrations: Sequence[Registration], single: bool, on: date) -> bytes:
    """Return badges as a PDF: name, unit, class, and the ticket as a square code, so that the badge is the ticket."""
    people = [{"name": one.name, "unit": one.unit_name or (one.unit.label if one.unit else ""),
               "class": str(one.ticket), "role": "" if one.role == Role.DELEGATE else str(Role(one.role).label),
               "code": one.code, "square": ticket_square(one).svg()} for one in registrations]
    return print_pdf(page=PAGE, values={"title": event.title, "single": single, "people": people}, on=on)
