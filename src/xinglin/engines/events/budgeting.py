"""What the lines of a budget are called."""

from django.utils.translation import gettext_lazy as _

INCOME = {"fees": _("Registration fees"),
          "sponsors": _("Sponsoring and stands"), "grant": _("Public grant"),
          "own": _("Own means"), "other_income": _("Other income")}
EXPENSE = {"venue": _("Venue and equipment"), "lecture": _("Lecture fees"),
           "travel": _("Travel and lodging of faculty"),
           "board": _("Board"), "printing": _("Printing and material"), "stream": _("Streaming service"),
           "gifts": _("Care and gifts"), "other": _("Other expense")}
LINES = {"income": INCOME, "expense": EXPENSE}


def line_label(code: str) -> str:
    """Return what a line is called."""
    return str(INCOME.get(code) or EXPENSE.get(code) or code)
