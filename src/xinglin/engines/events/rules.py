"""What the rules say of an event: its grade, who must agree, whether it is filed, whether its name may stand."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import calendar, regulations
from xinglin.lib.days import CountedDay, Unit

from .meetings import Event

APPROVALS = {"1": "C03.approvals_first", "2": "C03.approvals_second", "3": "C03.approvals_third"}


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A grade (1 is the highest) and what decided it: the reason in words and its regulation."""

    grade: str
    reason: str | Promise
    regulation: str


def graded(event: Event, *, expense: Decimal = Decimal(0), on: date) -> Graded:
    """Return the grade that scale, sponsors and money give an event; the highest that any rule asks for (C03)."""
    heads, reasons = event.heads + event.heads_online, []
    if heads >= int(regulations.value("C03.large_heads", on=on)):
        reasons.append(Graded(grade="1", reason=_("Scale: %(heads)d people") % {"heads": heads},
                              regulation="C03.large_heads"))
    if event.international:
        reasons.append(Graded(grade=str(regulations.value("C03.international", on=on)), reason=_("International"),
                              regulation="C03.international"))
    if heads >= int(regulations.value("C03.middle_heads", on=on)):
        reasons.append(Graded(grade="2", reason=_("Scale: %(heads)d people") % {"heads": heads},
                              regulation="C03.middle_heads"))
    if expense and expense >= Decimal(regulations.value("C03.middle_budget", on=on)):
        reasons.append(Graded(grade="2", reason=_("Planned expense: ¥%(sum)s") % {"sum": f"{expense:,.0f}"},
                              regulation="C03.middle_budget"))
    if event.sponsored:
        reasons.append(Graded(grade=str(regulations.value("C03.sponsored", on=on)), reason=_("Sponsored"),
                              regulation="C03.sponsored"))
    lowest = Graded(grade="3", reason=_("Below every limit of the higher grades"), regulation="C03.middle_heads")
    return min([*reasons, lowest], key=lambda one: one.grade)


def approvals_of(event: Event, *, grade: str, on: date) -> list[str]:
    """Return the roles that must agree, in order; an event outside the yearly plan needs one more (C03, C06)."""
    roles = _words(regulations.value(APPROVALS[grade], on=on))
    if event.organisation.kind != "branch":
        roles = [one for one in roles if one != "branch_chair"]
    extra = str(regulations.value("C06.ad_hoc", on=on))
    if not event.planned and extra not in roles:
        at = roles.index("leader") if "leader" in roles else len(roles)
        roles.insert(at, extra)
    return roles


def is_large(event: Event, *, on: date | None = None) -> bool:
    """Say whether an event is one of the large ones that are filed one by one (C06, G14)."""
    limit = int(regulations.value("G14.large_heads", on=on or event.from_on))
    return event.sort.large or event.heads + event.heads_online >= limit


def file_by(event: Event) -> CountedDay:
    """Return the last day to file a large event (G14)."""
    days = int(regulations.value("G14.lead_days", on=event.from_on))
    return calendar.latest_before(event_on=event.from_on, count=days, unit=Unit.WORKING_DAYS)


def report_by(event: Event) -> date:
    """Return the last day to report back on a large event (G14)."""
    return event.last_on + timedelta(days=int(regulations.value("G14.report_days", on=event.last_on)))


def settle_by(event: Event) -> date:
    """Return the last day to settle an event (K2)."""
    return event.last_on + timedelta(days=int(regulations.value("K2.settle_days", on=event.last_on)))


def needs_permit(event: Event) -> bool:
    """Say whether a public event is so large that the police must permit it (K1)."""
    return event.public and event.heads >= int(regulations.value("K1.public_heads", on=event.from_on))


def forbidden_words(title: str, *, on: date) -> list[str]:
    """Return the words a title may not bear freely, fixed names left aside (G16)."""
    for fixed in _words(regulations.value("G16.house_words", on=on)):
        title = title.replace(fixed, "")
    return [one for one in _words(regulations.value("G16.words", on=on)) if one in title]


def _words(said: object) -> list[str]:
    return [one.strip() for one in str(said).split(",") if one.strip()]
