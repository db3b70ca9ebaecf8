"""The day a page is asked for: today unless the address names another."""

from datetime import date

from django.http import HttpRequest

from xinglin.kernel import clock


def asked_day(request: HttpRequest) -> date:
    """Return the day in the address (`?on=2015-09-01`), or today; nonsense means today."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return clock.today()
