"""Names what the worklog keeps, for anyone who holds a ref."""

from xinglin.kernel.refs import Shown, resolves

from .entries import Entry
from .registers import Item, Track
from .words import Edition, Kind, Series


def _address(name: str, key: object) -> str:
    return f"/worklog/{name}/{key}/"


@resolves("worklog.entry")
def entries(keys: list[str]) -> dict[str, Shown]:
    """Return titles and pages of entries."""
    rows = Entry.objects.filter(pk__in=keys).values_list("pk", "title")
    return {str(key): Shown(label=title, url=_address("entries", key)) for key, title in rows}


@resolves("worklog.kind")
def kinds(keys: list[str]) -> dict[str, Shown]:
    """Return the names of kinds."""
    rows = Kind.objects.filter(code__in=keys)
    return {one.code: Shown(label=str(one), url=f"/worklog/?kind={one.code}") for one in rows}


@resolves("worklog.series")
def series(keys: list[str]) -> dict[str, Shown]:
    """Return titles and pages of series."""
    rows = Series.objects.filter(pk__in=keys).values_list("pk", "title")
    return {str(key): Shown(label=title, url=_address("series", key)) for key, title in rows}


@resolves("worklog.edition")
def editions(keys: list[str]) -> dict[str, Shown]:
    """Return the names of editions and the page of their series."""
    return {str(one.pk): Shown(label=str(one), url=_address("series", one.series_id))
            for one in Edition.objects.filter(pk__in=keys).select_related("series")}


@resolves("worklog.track")
def tracks(keys: list[str]) -> dict[str, Shown]:
    """Return titles and pages of registers."""
    rows = Track.objects.filter(pk__in=keys).values_list("pk", "title")
    return {str(key): Shown(label=title, url=_address("registers", key)) for key, title in rows}


@resolves("worklog.item")
def items(keys: list[str]) -> dict[str, Shown]:
    """Return titles and pages of items."""
    rows = Item.objects.filter(pk__in=keys)
    return {str(one.pk): Shown(label=str(one), url=_address("items", one.pk)) for one in rows}
