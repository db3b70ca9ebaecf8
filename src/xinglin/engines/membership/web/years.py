"""Reads the year that the address of a page asks for."""

from django.http import HttpRequest

from xinglin.kernel import clock

FIRST = 1949


def year_asked(request: HttpRequest) -> int:
    """Return the year of the address, this year when none is asked for or one that cannot be."""
    asked, this = request.GET.get("year", ""), clock.today().year
    return int(asked) if asked.isdecimal() and len(asked) == 4 and FIRST <= int(asked) <= this + 1 else this
