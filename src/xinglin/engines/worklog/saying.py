"""Turns rows into facts: the one place that knows which columns go where in the chain."""

import json
from typing import Any

from xinglin.kernel.refs import Code, Ref, ref
from xinglin.lib.regions import prefecture_of

from .entries import Entry
from .facts import ItemCompleted
from .registers import Item, Track
from .words import QUANTITIES, Kind, Series


def _ref(text: str) -> Ref | None:
    return Ref(text) if text else None


def _code(text: str) -> Code | None:
    return Code(text) if text else None


def kind_said(kind: Kind) -> dict[str, Any]:
    """Return the fields of a fact that says everything about a kind."""
    words = {"zh": kind.zh, "en": kind.en, "units": kind.units, "nouns": kind.nouns, "regulations": kind.regulations}
    return {
        "kind": ref("worklog.kind", kind.code), "parent": _code(kind.parent.code if kind.parent else ""),
        "group": kind.group, "quantities": tuple(map(Code, kind.quantities)), "uses": tuple(map(Code, kind.uses)),
        "numbered": kind.numbered, "pattern": _code(kind.pattern), "order": kind.order, "from_on": kind.from_on,
        "words": json.dumps(words, ensure_ascii=False, sort_keys=True),
    }


def series_said(series: Series) -> dict[str, Any]:
    """Return the fields of a fact that says everything about a series."""
    return {"series": series.ref, "kind": Code(series.kind.code), "organisation": Ref(series.organisation),
            "per_year": series.per_year, "title": series.title,
            "aliases": json.dumps(series.aliases, ensure_ascii=False)}


def work_said(entry: Entry) -> dict[str, Any]:
    """Return the fields of a fact that says everything about an entry."""
    item = entry.item
    return {
        "entry": entry.ref, "kind": Code(entry.kind.code), "kinds": tuple(map(Code, entry.kind.lineage())),
        "organisation": Ref(entry.organisation), "until_on": entry.until_on, "count": entry.count,
        "format": _code(entry.format), "region": _code(entry.region), "city": _code(prefecture_of(code=entry.region)),
        "place": _ref(entry.place), "people": tuple(map(Ref, entry.people)),
        "partners": tuple(map(Ref, entry.partners)),
        **{name: getattr(entry, name) for name in QUANTITIES},
        "series": entry.series.ref if entry.series else None, "edition": entry.edition, "role": _code(entry.role),
        "item": item.ref if item else None, "track": item.track.ref if item else None,
        "pattern": _code(item.track.pattern_code if item else ""), "stage": _code(item.stage if item else ""),
        "entrusted_by": _ref(entry.entrusted_by),
        "logged_by": Ref(entry.logged_by), "changed_by": Ref(entry.changed_by),
        "title": entry.title, "unit": entry.unit, "description": entry.description, "place_name": entry.place_name,
        "partner_names": entry.partner_names,
    }


def entry_named(entry: Entry) -> dict[str, Any]:
    """Return the fields by which the smaller facts name an entry."""
    return {"entry": entry.ref, "kind": Code(entry.kind.code), "organisation": Ref(entry.organisation)}


def track_said(track: Track) -> dict[str, Any]:
    """Return the fields of a fact that says everything about a register."""
    return {"track": track.ref, "pattern": Code(track.pattern_code), "organisation": Ref(track.organisation),
            "target": track.target, "modality": Code(track.modality), "from_on": track.from_on, "due_on": track.due_on,
            "title": track.title}


def item_said(item: Item) -> dict[str, Any]:
    """Return the fields of a fact that says everything about an item."""
    return {
        **item_named(item), "stage": Code(item.stage), "parent": item.parent.ref if item.parent else None,
        "subject": _ref(item.subject), "region": _code(item.region), "city": _code(prefecture_of(code=item.region)),
        "grade": _code(item.grade), "modality": Code(item.modality), "organisation": _ref(item.organisation),
        "owner": _ref(item.owner), "party": _ref(item.party), "from_on": item.from_on, "until_on": item.until_on,
        "due_on": item.due_on, "days": item.days,
        "after": tuple(one.before.ref for one in item.befores.select_related("before").order_by("before_id")),
        "number": item.number, "title": item.title, "party_name": item.party_name, "from_place": item.from_place,
        "to_place": item.to_place, "result": item.result,
    }


def item_named(item: Item) -> dict[str, Any]:
    """Return the fields by which the smaller facts name an item."""
    return {"item": item.ref, "track": item.track.ref, "pattern": Code(item.track.pattern_code)}


def completion_of(item: Item) -> ItemCompleted:
    """Return the fact that an item reached a stage that counts."""
    return ItemCompleted(
        **item_named(item), stage=Code(item.stage), modality=Code(item.modality), grade=_code(item.grade),
        subject=_ref(item.subject), region=_code(item.region), city=_code(prefecture_of(code=item.region)),
        organisation=_ref(item.organisation), party=_ref(item.party),
    )
