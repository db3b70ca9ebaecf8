"""Puts rows of events into the words of their facts."""

import json
from typing import Any

from xinglin.kernel.refs import Code, Ref

from .meetings import BudgetLine, Event


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
        "abstracts_until": event.abstracts_until, "moved_on": event.moved_on,
        "title": event.title, "title_en": event.title_en, "place": event.place, "summary": event.summary,
        "summary_en": event.summary_en, "partners": partners_said(event), "budget": budget_said(event)}


def kinds_said(event: Event) -> tuple[Code, ...]:
    """Return the kind and what it is also counted as."""
    return tuple(Code(one) for one in event.sort.lineage)


def partners_said(event: Event) -> str:
    """Return who else holds, organises or sponsors an event, as JSON."""
    return _packed([[one.part, one.name, one.organisation.ref if one.organisation else None,
                     str(one.amount) if one.amount is not None else None]
                    for one in event.partners.select_related("organisation")])


def budget_said(event: Event) -> str:
    """Return what each line of a budget plans, as JSON."""
    return _packed([[one.side, one.code, one.note, f"{one.planned:.2f}"] for one in event.budget.all()])


def actual_said(lines: list[BudgetLine]) -> str:
    """Return what each line of a budget came to, as JSON."""
    return _packed([[one.side, one.code, one.note, f"{one.actual:.2f}"] for one in lines])


def _packed(rows: list[list[Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False) if rows else ""
