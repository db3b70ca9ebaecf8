"""Answers the port `Series`: other engines ask which edition of a series was the last."""

from xinglin.kernel.ports import provide
from xinglin.kernel.ports import series as port
from xinglin.kernel.refs import Ref

from .words import Edition


class KeptSeries:
    """Knows the editions in the worklog's register."""

    def last(self, *, series: Ref) -> port.Edition:
        """Return the last edition held or planned: a planned one has taken its number."""
        if series.kind != "worklog.series" or not series.key.isdecimal():
            return port.Edition(series=series)
        living = Edition.objects.filter(series=series.key).exclude(state=Edition.State.CANCELLED)
        last = living.order_by("-number").first()
        return port.Edition(series=series, number=last.number if last else None, year=last.year if last else None)


def answer_port() -> None:
    """Let the worklog answer for series."""
    provide(port.Series, KeptSeries())
