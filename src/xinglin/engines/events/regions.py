"""Regions of the association's province: to choose from, and to see where nobody has been this year."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xinglin.directory import answers as directory
from xinglin.lib.regions import Region, RegionLevel, parts_of, provinces, region_of


def home(*, on: date) -> str:
    """Return the code of the association's province, "" when it is not known."""
    one = directory.association(on=on)
    return f"{one.region[:2]}0000" if one and one.region else ""


def region_choices(*, on: date) -> list[tuple[str, Any]]:
    """Return the counties of the association's province under their prefectures, then the other provinces."""
    answer: list[tuple[str, Any]] = [("", "——")]
    own = home(on=on)
    for one in parts_of(code=own) if own else ():
        parts = [(part.code, part.name) for part in parts_of(code=one.code)]
        if one.level is RegionLevel.PREFECTURE:
            answer.append((one.name, [(one.code, _("The whole of %(city)s") % {"city": one.name}), *parts]))
        else:
            answer.append((one.code, one.name))
    return [*answer, (_("Elsewhere"), [(one.code, one.name) for one in provinces() if one.code != own])]


def cities(*, on: date) -> Sequence[Region]:
    """Return the prefectures of the association's province; where there are none, its counties."""
    own = home(on=on)
    return parts_of(code=own) if own else ()


def region_name(code: str) -> str:
    """Return a region in words."""
    found = region_of(code=code) if code else None
    return found.name if found else code
