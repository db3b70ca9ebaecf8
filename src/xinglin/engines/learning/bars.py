"""Who may not apply on a day."""

from datetime import date

from xinglin.kernel.refs import Ref

from .credits import Bar


def barred(about: Ref, *, on: date) -> Bar | None:
    """Return the bar that holds for a person or a branch on a day, None when they may apply."""
    return Bar.objects.filter(about=about, from_on__lte=on, until_on__gt=on).order_by("-until_on").first()
