"""The port `Series`: which edition of a recurring thing comes next, 第十一届（2024年）."""

from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from ..policy import YES, Verdict, no
from ..refs import Ref
from . import port


@dataclass(frozen=True, kw_only=True)
class Edition:
    """The last edition held of a recurring thing; number None means that none is known."""

    series: Ref
    number: int | None = None
    year: int | None = None


def follows(*, last: int | None, number: int) -> Verdict:
    """Say whether an edition follows the last one: n + 1, no gap, no repetition; any may be the first known."""
    if number < 1 or (last is not None and number <= last):
        return no(_("Edition %(number)d has been held; the next is %(next)d.") % {
            "number": number, "next": (last or 0) + 1})
    if last is not None and number > last + 1:
        return no(_("Edition %(next)d comes before edition %(number)d.") % {"next": last + 1, "number": number})
    return YES


class NoSeries:
    """Nobody keeps series: no edition is known."""

    def last(self, *, series: Ref) -> Edition:
        """Return an edition without number."""
        return Edition(series=series)


@port(null=NoSeries)
class Series(Protocol):
    """Knows recurring things and their editions."""

    def last(self, *, series: Ref) -> Edition:
        """Return the last edition held; propose the next with `number + 1` and check it with `follows`."""
        ...
