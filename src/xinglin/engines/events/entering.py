"""Entries of the epidemic pack: half hours with a limit of visitors, reservations, flags, checks, deletion."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.policy import Refusal, Verdict, require
from xinglin.kernel.refs import Ref
from xinglin.kernel.scheduler import nightly
from xinglin.mechanics.booking.holding import cancel, confirm, hold, left
from xinglin.mechanics.booking.models import Item
from xinglin.mechanics.booking.setting import change_item, open_item, open_pool, rename_item, set_capacity
from xinglin.mechanics.booking.values import NotBooked, Refused, Waitlisted
from xinglin.shell.operations.night import LABELS

from .admission import HALF_HOUR, admit, rules_on
from .epidemics import Entry, EntryCheck, RiskList
from .meetings import Event

FORGETTING = "events.forget_entries"
LABELS[FORGETTING] = _("Delete contact logs whose purpose is over")


class PackOff(Refusal):
    """The pack is not in force."""


class RiskRefused(Refusal):
    """The visitor comes from an area of risk."""

    field = "region"
    regulation = "C08.risk_refused"


@dataclass(frozen=True, kw_only=True)
class HalfHour:
    """One half hour: when it begins, how many places it has and how many are left."""

    item: int
    at: datetime
    capacity: int
    left: int


def _code(at: datetime) -> str:
    return f"entry/{timezone.localtime(at):%Y%m%dT%H%M}"


@transaction.atomic
def open_half_hours(*, event: Event, from_time: time, until_time: time, places: int | None = None, at: datetime) -> int:
    """Set up, or set anew, the half hours of each day with as many places as C08.flow allows; return how many."""
    if not event.pack:
        raise PackOff(_("The epidemic pack is not in force for this event."))
    capacity = places or int(regulations.value("C08.flow", on=event.from_on))
    known = {one.code: one for one in _items(event)}
    number = 0
    for day in event.days:
        begin = timezone.make_aware(datetime.combine(day, from_time))
        end = timezone.make_aware(datetime.combine(day, until_time))
        while begin < end:
            _put(event, begin, capacity, known, at)
            number, begin = number + 1, begin + HALF_HOUR
    return number


def _put(event: Event, begin: datetime, capacity: int, known: Mapping[str, Item], at: datetime) -> None:
    """Open a half hour, or open it again, with so many places."""
    if item := known.get(_code(begin)):
        change_item(item=item.pk, until_at=begin + HALF_HOUR, at=at)  # the event may have been moved away
        [pool] = item.needs.values_list("pool", flat=True)
        answer = set_capacity(pool=pool, capacity=capacity, at=at)
        if isinstance(answer, Refused):
            raise answer.refusal(field="places")
    else:
        pool = open_pool(owner=event.ref, code=_code(begin), capacity=capacity)
        open_item(owner=event.ref, code=_code(begin), needs={pool: 1}, until_at=begin + HALF_HOUR)


def half_hours(*, event: Event, at: datetime) -> list[HalfHour]:
    """Return the half hours of the days of an event with what is left of each."""
    items = {one.pk: moment for one in _items(event) if (moment := _moment(one.code)).date() in event.days}
    free = left(items=items, at=at)
    return [HalfHour(item=key, at=moment, capacity=free[key].capacity, left=free[key].left)
            for key, moment in items.items()]


def _items(event: Event) -> QuerySet[Item]:
    return Item.objects.filter(owner=event.ref, code__startswith="entry/").order_by("code")


def move_half_hours(*, event: Event, step: timedelta, at: datetime) -> list[Ref]:
    """Move half hours and reservations along with an event; return whose day falls away, and is given back."""
    items = list(_items(event))
    live = {_moment(one.code) + step for one in items if one.until_at == _moment(one.code) + HALF_HOUR}
    for item in reversed(items) if step > timedelta(0) else items:  # each to a moment that is free by then
        moment = _moment(item.code) + step
        rename_item(item=item.pk, code=_code(moment))
        event.entries.filter(slot_at=moment - step).update(slot_at=moment)
        change_item(item=item.pk, until_at=moment + HALF_HOUR if moment.date() in event.days else at, at=at)
    gone = [one for one in event.entries.all() if timezone.localdate(one.slot_at) not in event.days]
    for entry in gone:
        give_back(entry=entry, at=at)
    if live and event.pack:
        _fill_days(event, live, at)
    return [Ref(one.who) for one in gone]


def _fill_days(event: Event, live: Collection[datetime], at: datetime) -> None:
    """Give the days that came to an event the half hours of the last one it had, each with as many places."""
    known, last = {one.code: one for one in _items(event)}, max(live).date()
    for day in sorted(set(event.days) - {one.date() for one in live}):
        for moment in (one for one in live if one.date() == last):
            [capacity] = known[_code(moment)].needs.values_list("pool__capacity", flat=True)
            _put(event, moment + (day - last), capacity, known, at)


def _moment(code: str) -> datetime:
    return timezone.make_aware(datetime.strptime(code.removeprefix("entry/"), "%Y%m%dT%H%M"))  # noqa: DTZ007


@transaction.atomic
def reserve_entry(*, event: Event, item: int, who: Ref, name: str, region: str, at: datetime) -> Entry:
    """Reserve a half hour for a visitor: never one more than its places (NotBooked), nobody from an area of risk."""
    if not event.pack:
        raise PackOff(_("The epidemic pack is not in force for this event."))
    risks, on = RiskList.objects.newest(), timezone.localdate(at)
    risk = risks.risk_of(region) if risks else ""
    if risk in rules_on(on=on).refused:
        raise RiskRefused(_("Visitors from this area are not received at present."))
    held = hold(item=item, who=who, key=f"entry/{event.pk}/{who}", at=at)
    if isinstance(held, Waitlisted):
        raise NotBooked(_("This half hour is full; choose another."), field="item", regulation="C08.flow")
    if isinstance(held, Refused):
        raise held.refusal(field="item")
    if held.state != "confirmed":
        sure = confirm(token=held.token, at=at)
        if isinstance(sure, Refused):
            raise sure.refusal(field="item")
    slot = _moment(Item.objects.get(pk=item, owner=event.ref).code)
    row, made = Entry.objects.get_or_create(event=event, who=who, slot_at=slot, defaults={
        "name": name, "region": region, "token": held.token, "booked_at": at, "risk": risk,
        "flagged_on": on if risk else None})
    if made:  # one half hour a person and day: an earlier one of that day goes back
        day = timezone.localtime(slot).date()
        for other in Entry.objects.filter(event=event, who=who, slot_at__date=day).exclude(pk=row.pk):
            give_back(entry=other, at=at)
    return row


def reserve_now(*, event: Event, who: Ref, name: str, at: datetime) -> Entry:
    """Reserve the half hour that is on for whoever stands at the gate, where it has a place left (NotBooked)."""
    now = next((one for one in half_hours(event=event, at=at) if one.at <= at < one.at + HALF_HOUR), None)
    if now is None:
        raise NotBooked(_("Nobody is let in during this half hour."), regulation="C08.reservation")
    return reserve_entry(event=event, item=now.item, who=who, name=name, region="", at=at)  # the gate asks where from


@transaction.atomic
def give_back(*, entry: Entry, at: datetime) -> None:
    """Give a reserved half hour back."""
    cancel(token=entry.token, at=at)
    entry.delete()


def release_entries(*, event: Event, who: Ref, at: datetime) -> None:
    """Give back what somebody reserved who does not come."""
    for entry in Entry.objects.filter(event=event, who=who) if event.pack else ():
        give_back(entry=entry, at=at)


def flag_entries(*, risks: RiskList, on: date) -> dict[Event, int]:
    """Mark those who reserved for today or later by the list in force; return how many are new by event."""
    coming = Entry.objects.filter(slot_at__gte=timezone.make_aware(datetime.combine(on, time()))).order_by("pk")
    changed: list[Entry] = []
    flagged: dict[Event, int] = {}
    for entry in coming.select_related("event__organisation").iterator(chunk_size=2000):
        risk = risks.risk_of(entry.region)
        if risk != entry.risk:
            if risk and not entry.risk:
                flagged[entry.event] = flagged.get(entry.event, 0) + 1
            entry.flagged_on = (entry.flagged_on or on) if risk else None
            entry.risk = risk
            changed.append(entry)
    Entry.objects.bulk_update(changed, ["risk", "flagged_on"], batch_size=500)
    return flagged


@transaction.atomic
def check_entry(
    *, event: Event, who: Ref, at: datetime, temperature: Decimal | None, code: str, key: str = ""
) -> Verdict:
    """Decide at the gate and write down what was measured; the same key twice is one check."""
    on = timezone.localdate(at)
    entry = Entry.objects.filter(event=event, who=who, slot_at__date=on).order_by("slot_at").first()
    verdict = admit(at=at, slot_at=entry.slot_at if entry else None, risk=entry.risk if entry else "",
                    temperature=temperature, code=code, rules=rules_on(on=on))
    EntryCheck.objects.get_or_create(key=key or uuid.uuid4().hex, defaults={
        "event": event, "who": who, "at": at, "temperature": temperature, "code": code, "admitted": bool(verdict),
        "reason": str(verdict.reason or "")[:200]})
    return verdict


def require_entry(*, event: Event, who: Ref, at: datetime, temperature: Decimal | None, code: str) -> None:
    """Refuse a visitor whom the pack does not let in (NotAllowed)."""
    require(check_entry(event=event, who=who, at=at, temperature=temperature, code=code))


@nightly(FORGETTING, at="03:55")
def forget_entries(*, on: date) -> int:
    """Delete reservations and checks of events that ended more than C08.log_days ago; return how many rows."""
    before = on - timedelta(days=int(regulations.value("C08.log_days", on=on)))
    gone = 0
    for model in (Entry, EntryCheck):
        rows = model.objects.filter(event__until_on__lte=before)
        gone += rows.count()
        rows.delete()
    return gone
