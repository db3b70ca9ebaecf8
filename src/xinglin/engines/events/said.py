"""Puts rows of events into the words of their facts."""

from typing import Any

from xinglin.kernel.refs import Code, Ref

from .meetings import Event


def event_said(event: Event) -> dict[str, Any]:
    """Return what the facts of drafting and amending say of an event."""
    return {
        "event": event.ref, "kind": Code(event.kind), "specialties": tuple(Code(one) for one in event.specialties),
        "organisation": event.organisation.ref, "role": Code(event.role),
        "series": event.series.ref if event.series else None, "edition": event.edition, "planned": event.planned,
        "from_on": event.from_on, "until_on": event.until_on, "format": Code(event.format),
        "region": Code(event.region) if event.region else None, "heads": event.heads,
        "heads_online": event.heads_online, "public": event.public, "international": event.international,
        "sponsored": event.sponsored, "pack": event.pack, "project": Ref(event.project) if event.project else None,
        "title": event.title, "title_en": event.title_en, "place": event.place, "summary": event.summary,
        "summary_en": event.summary_en}


def kinds_said(event: Event) -> tuple[Code, ...]:
    """Return the kind and what it is also counted as."""
    return tuple(Code(one) for one in event.sort.lineage)
