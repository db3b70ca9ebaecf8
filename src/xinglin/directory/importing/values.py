"""Cells as people fill them in, read as text and dates; a reason where that cannot be done."""

import re
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils.datetime import from_excel

from xinglin.lib.text import half_width, squeezed

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?$")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})$")
# Excel keeps fifteen digits of a number: longer ones were cut when somebody typed them.
DIGITS = 10**15
SERIALS = range(1, 80_000)


class WrongCell(ValueError):
    """A cell that cannot be read: the reason, and what would be right."""

    def __init__(self, reason: str, right: str = ""):
        super().__init__(reason)
        self.reason, self.right = reason, right


def text_of(cell: Any) -> str:
    """Return a cell as one line of text; whole numbers lose the .0 a workbook gives them (WrongCell)."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return squeezed(text=cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, int | float):
        if abs(cell) >= DIGITS:
            raise WrongCell(_("The cell is a number, and Excel has dropped its last digits."),
                            _("Format the column as text and type the number again."))
        return str(int(cell)) if cell == int(cell) else str(cell)
    return str(cell)


def day_of(cell: Any) -> date | None:
    """Return a cell as a date; a month alone is its first day (WrongCell)."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and int(cell) in SERIALS:
        return from_excel(int(cell)).date()
    text = half_width(text=text_of(cell)).replace(" ", "")
    if not text:
        return None
    text = text.split("T")[0] if re.match(r"\d{4}-\d\d-\d\dT", text) else text.removesuffix("00:00:00")
    match = _DAY.match(text) or _PACKED.match(text)
    if not match:
        raise WrongCell(_("“%(text)s” is no date.") % {"text": text}, _("Write 2026-03-01."))
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        reason = _("“%(text)s” does not exist in the calendar.") % {"text": text}
        raise WrongCell(reason, _("Write 2026-03-01.")) from None
