"""What the forms offer: kinds, organisations of the actor, regions, series and register items."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from xinglin.directory import answers as directory
from xinglin.kernel.actors import Actor
from xinglin.lib.regions import RegionLevel, parts_of, provinces, region_of

from ..entries import Entry
from ..policy import EVERYWHERE, identity, scope_of
from ..registers import Item
from ..words import Kind, Series

Options = list[tuple[str, object]]
RECENT = 6


def kind_options(*, on: date) -> Options:
    """Return the kinds under their headings, for a select with groups."""
    kinds = list(Kind.objects.active(on).select_related("parent__parent"))
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in kinds:
        if not one.group:
            groups.setdefault(str(one.parent or one), []).append((one.code, str(one)))
    return list(groups.items())


def recent_kinds(*, actor: Actor, on: date) -> list[Kind]:
    """Return the kinds somebody logged most lately, for one tap."""
    mine = Entry.objects.filter(logged_by=identity(actor)).order_by("-pk").values_list("kind", flat=True)[:60]
    keys = list(dict.fromkeys(mine))[:RECENT]
    found = {one.pk: one for one in Kind.objects.loggable(on).filter(pk__in=keys)}
    if not found:
        used = Kind.objects.loggable(on).annotate(n=Count("entries")).order_by("-n", "order")[:RECENT]
        return list(used)
    return [found[key] for key in keys if key in found]


def organisation_options(*, actor: Actor, on: date) -> list[tuple[str, str]]:
    """Return the departments and branches an actor logs for."""
    offered = [*directory.departments(on=on), *directory.branches(on=on)]
    if not any(actor.has(role) for role in EVERYWHERE):
        mine = scope_of(actor)
        offered = [one for one in offered if one.ref in mine] if mine else offered
    return [(str(one.ref), one.label) for one in offered]


def region_options(*, on: date) -> Options:
    """Return the counties of the association's province under their prefectures, then the other provinces."""
    home = directory.association(on=on)
    province = f"{home.region[:2]}0000" if home and home.region else ""
    answer: Options = [("", "——")]
    for one in parts_of(code=province) if province else ():
        if one.level is RegionLevel.PREFECTURE:
            counties = [(part.code, part.name) for part in parts_of(code=one.code)]
            answer.append((one.name, [(one.code, _("All of %(city)s") % {"city": one.name}), *counties]))
        else:
            answer.append((one.code, one.name))
    answer.append((_("Other provinces"), [(one.code, one.name) for one in provinces() if one.code != province]))
    return answer


def region_name(code: str) -> str:
    """Return a region in words."""
    found = region_of(code=code) if code else None
    return found.name if found else code


def series_options(kind: Kind) -> list[tuple[str, str]]:
    """Return the series of a kind."""
    return [(str(one.pk), one.title) for one in Series.objects.filter(kind=kind, closed_on=None)]


def item_options(patterns: Iterable[str], *, chosen: Item | None = None) -> Options:
    """Return the open items of registers of some patterns, under their registers."""
    rows = Item.objects.filter(track__pattern_code__in=list(patterns), track__closed_on=None).select_related("track")
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in rows:
        if not one.at.closed or (chosen and chosen.pk == one.pk):
            groups.setdefault(one.track.title, []).append((str(one.pk), str(one)))
    return [("", "——"), *groups.items()]
