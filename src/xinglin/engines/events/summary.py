"""The summary of an event as PDF: every figure comes from its facts, every rule from its regulation."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xinglin.kernel.ledger.models import SealedFact
from xinglin.lib.money import grouped
from xinglin.shell.context import house_name
from xinglin.shell.press import print_pdf

from .event_shown import accounts_of, phases_of
from .figures import figures
from .meetings import Event, Partner
from .policy import role_label
from .regions import region_name

PAGE = Path(__file__).resolve().with_name("summary.typ")
FIGURES = {"people_on_site": "线下人次", "people_online": "线上人次", "hours": "学时", "people_served": "服务基层人次",
           "patients": "义诊患者人次", "doctors": "参加医师人次", "follow_ups": "随访人次"}
GRADES = {"1": "一级", "2": "二级", "3": "三级"}


def summary_values(event: Event) -> dict[str, Any]:
    """Return what the paper says; figures are those of the sealed facts, with their numbers in the ledger."""
    said = figures(event)
    facts = SealedFact.objects.filter(key=event.held_key) if event.held_key else SealedFact.objects.none()
    settled = SealedFact.objects.filter(type="events.event.settled", body__event=str(event.ref)).order_by("-position")
    last = settled.first()
    rows = [(label, str(said[name])) for name, label in FIGURES.items() if said.get(name) is not None]
    parts: dict[str, list[str]] = {}
    for one in event.partners.all():
        parts.setdefault({"host": "主办", "organiser": "承办", "co_organiser": "协办", "supporter": "支持",
                          "sponsor": "赞助"}[Partner.Part(one.part).value], []).append(one.name)
    return {
        "title": event.title, "house": house_name(), "number": event.filing_number,
        "late": event.filed_late, "grade": GRADES.get(event.grade, ""), "planned": event.planned,
        "days": event.from_on.isoformat() if event.from_on == event.last_on
        else f"{event.from_on.isoformat()} 至 {event.last_on.isoformat()}",
        "place": " ".join(filter(None, (region_name(event.region), event.place))),
        "organisation": event.organisation.label,
        "partners": [(part, "、".join(names)) for part, names in parts.items()],
        "edition": f"{event.series}　第 {event.edition} 届" if event.series and event.edition else str(
            event.series or ""), "summary": event.summary,
        "figures": rows, "facts": [str(one) for one in facts.values_list("position", flat=True)] + (
            [str(last.position)] if last else []),
        "sessions": [(one.title, "、".join(who.name for who in one.speakers.all()))
                     for one in event.sessions.prefetch_related("speakers") if one.counts],
        "approvals": [(role_label(one.role), str(one.answered_on or "")) for one in event.approvals.all()],
        "accounts": _accounts(event, last.body if last else None), "checks": [
            (str(one["label"]), f"{one['passed']} / {one['number']}") for one in phases_of(event)],
    }


def _accounts(event: Event, settled: Any) -> dict[str, Any]:
    """Return the lines with plan and actual; the sums are those of the fact of settlement."""
    names = {"income": "收入", "expense": "支出"}
    sides = []
    for side in accounts_of(event)["sides"]:
        sides.append({
            "label": names[side["side"]],
            "lines": [(f"{one.label} {one.note}".strip(), grouped(amount=one.planned),
                       grouped(amount=one.actual) if one.actual is not None else "—") for one in side["lines"]],
            "planned": grouped(amount=side["planned"]),
            "actual": grouped(amount=Decimal(settled[side["side"]])) if settled else "—"})
    return {"sides": sides, "settled": settled is not None}


def summary_pdf(event: Event, *, on: date) -> bytes:
    """Return the summary of an event (NoChineseFace)."""
    return print_pdf(page=PAGE, values=summary_values(event), on=on)
