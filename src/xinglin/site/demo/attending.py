"""A hybrid congress of the fictional year: gates, one copied ticket, thousands before the screen, two days closed."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from xinglin.directory.models import Organisation, Person
from xinglin.engines.events.actions.closing import Figures, hold_event
from xinglin.engines.events.actions.deciding import decide_event, file_event, open_registration
from xinglin.engines.events.actions.doors import enrol_device
from xinglin.engines.events.actions.offers import publish_offer
from xinglin.engines.events.actions.programme import Slot, Speaker, arrange_session
from xinglin.engines.events.actions.proposing import Plan, draft_event, propose_event
from xinglin.engines.events.actions.registrations import register
from xinglin.engines.events.closing_days import close_day
from xinglin.engines.events.counted import counted
from xinglin.engines.events.doors import Device, Station
from xinglin.engines.events.gate_lists import millis
from xinglin.engines.events.handing_in import take_in
from xinglin.engines.events.meetings import Event
from xinglin.engines.events.offering import PoolLine, PriceLine, Sheet, TicketLine
from xinglin.engines.events.offers import Ticket
from xinglin.engines.events.places import Party
from xinglin.engines.events.programme import Session
from xinglin.engines.events.registrations import Registration
from xinglin.engines.events.rules import is_large
from xinglin.engines.events.stations import enrol
from xinglin.engines.events.tickets import ticket_text
from xinglin.kernel.actors import house as part
from xinglin.mechanics.booking import holding
from xinglin.mechanics.booking.values import Held
from xinglin.mechanics.presence.film import LIST, PIECE, PIECES
from xinglin.mechanics.presence.models import Sitting, Stretch

from . import educating
from .houses import House
from .people import Cast

HALL, ONLINE = 60, 2000
TITLE = "江海省数字医学大会（演示，线上线下）"


def attend(*, house: House, cast: Cast, today: date, seed: int) -> None:
    """Hold a congress of two days this week, with its doors, its stream and its days closed."""
    rng = random.Random(seed + 29)
    event = _agreed(house, cast, today)
    _first_day, project = educating.congress(today=today)
    crowd = Person.objects.exclude(pk=project.leader.pk).order_by("pk")
    people = list(crowd.filter(email__gt="")[: HALL + ONLINE]) or list(crowd[: HALL + ONLINE])
    number = min(HALL, len(people) // 3)
    in_hall = _register(event, [project.leader, *people[:number]], "full", today)
    online = _register(event, people[number:], "online", today)
    gates = [_gate(event, name) for name in ("东门", "西门")]
    for day in event.days:
        _scans(gates, in_hall, day, rng)
    for session in event.sessions.filter(online=True):
        _watched(session, online, rng)
    for day in event.days:
        _closed(event, day)
    found = counted(event)
    if found is not None:
        hold_event(by=part("demo"), on=event.last_on, event=event,
                   figures=Figures(people_on_site=found.on_site, people_online=found.online))


def _at(day: date, clock: str) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def _agreed(house: House, cast: Cast, today: date) -> Event:
    """Propose the congress, let everybody agree, file it and open its registration."""
    (first, project), by = educating.congress(today=today), part("demo")
    clerk = cast.actor(cast.clerks["academic"], today)
    from_long_ago = max(date(today.year, 1, 4), first - timedelta(days=60))
    plan = Plan(title=TITLE, title_en="Digital Medicine Congress (fictional)", kind="academic",
                organisation=_unit(house), from_on=first, until_on=first + timedelta(days=2), format="hybrid",
                heads=120, heads_online=ONLINE, place="江海国际会议中心（虚构）", project=project.ref)
    event = draft_event(by=clerk, on=from_long_ago, plan=plan)
    film = reverse("presence:film", args=[LIST])
    for place, (ahead, begins, ends, title) in enumerate(educating.CONGRESS_HOURS):
        day = first + timedelta(days=ahead)
        arrange_session(by=clerk, on=from_long_ago, event=event, slot=Slot(
            title=title, from_at=_at(day, begins), until_at=_at(day, ends), room="主会场", online=True, stream="",
            recording=film if place == 0 else "", recording_minutes=None if place else PIECE * PIECES // 60,
            speakers=() if place else (Speaker(
                person=project.leader, name=project.leader.name, unit=project.leader.workplace or ""),)))
    event = propose_event(by=clerk, on=from_long_ago, event=event)
    for step in list(event.approvals.filter(answer="")):
        event = decide_event(by=by, on=from_long_ago, event=event, order=step.order, answer="yes")
    if is_large(event):
        event = file_event(by=by, on=from_long_ago, event=event, number=f"江医报〔{today.year}〕数字（演示）")
    _offer(event, first)
    opens = first - timedelta(days=20)
    return open_registration(by=by, on=opens, at=_at(opens, "09:00"), event=event)


def _offer(event: Event, first: date) -> None:
    """Publish a list on which everything is free."""
    sheet = Sheet(opens_at=_at(first - timedelta(days=20), "09:00"), closes_at=_at(first, "08:00"),
                  pools=(PoolLine(code="hall", title="主会场", capacity=120),
                         PoolLine(code="stream", title="直播", capacity=100_000)),
                  tickets=(TicketLine(code="full", title="现场代表", title_en="On site", pools=("hall",)),
                           TicketLine(code="online", title="线上代表", title_en="Online", channel="online",
                                      pools=("stream",))),
                  prices=(PriceLine(ticket="full", amount=Decimal(0)), PriceLine(ticket="online", amount=Decimal(0))))
    before = first - timedelta(days=21)
    publish_offer(by=part("demo"), on=before, event=event, sheet=sheet, at=_at(before, "09:00"))


def _unit(house: House) -> Organisation:
    return Organisation.objects.get(pk=house.units["academic"].key)


def _register(event: Event, people: list[Person], code: str, today: date) -> list[Registration]:
    """Register people one after another, free of charge."""
    ticket, at, rows = Ticket.objects.get(event=event, code=code), _at(event.from_on - timedelta(days=6), "10:00"), []
    for person in people:
        held = holding.hold(item=ticket.item, who=person.ref, key="demo", at=at)
        if isinstance(held, Held):
            rows.append(register(by=part("demo"), on=at.date(), at=at, token=held.token, party=Party(person=person)))
    return rows


def _gate(event: Event, name: str) -> Device:
    """Enrol a phone in the morning of the first day."""
    opens = _at(event.from_on, "07:30")
    made = enrol_device(by=part("demo"), on=event.from_on, at=opens, event=event, gate=name)
    enrol(code=made.code, at=opens)
    return made.device


def _scans(gates: list[Device], people: list[Registration], day: date, rng: random.Random) -> None:
    """Let two gates scan a day offline and hand in at noon; one ticket was photographed and comes to both."""
    shown: list[list[tuple[int, Registration]]] = [[], []]
    for row in people:
        if rng.random() < 0.9:
            shown[rng.randrange(2)].append((rng.randrange(58), row))
    if shown[0]:
        shown[1].append((59, shown[0][0][1]))
    opens, noon = _at(day, "08:00"), _at(day, "12:30")
    for device, scans in zip(gates, shown, strict=True):
        first = Station.objects.get(pk=device.pk).taken + 1
        take_in(device=device, at=noon, content={"sent": millis(noon), "waiting": 0, "scans": [
            {"n": number, "at": millis(opens + timedelta(minutes=minute)), "way": "in", "told": "in",
             "ticket": ticket_text(row)}
            for number, (minute, row) in enumerate(sorted(scans, key=lambda scan: scan[0]), start=first)]})


def _watched(session: Session, people: list[Registration], rng: random.Random) -> None:
    """Write the evidence of who watched, as the mechanic of presence keeps it; some open the page and leave."""
    sittings, spans = [], []
    for row in people:
        if row.person is None or rng.random() < 0.25:
            continue
        begin = session.from_at + timedelta(seconds=rng.randrange(1200))
        end = begin + timedelta(minutes=3) if rng.random() < 0.05 else min(
            session.until_at, begin + timedelta(minutes=rng.randrange(10, 120)))
        sittings.append(Sitting(person=row.person.ref, session=session.ref, kind="live", opened_at=begin,
                                proof_at=begin, beat_at=end, ended_at=end, ended_why="left"))
        spans.append((begin, end))
    kept = Sitting.objects.bulk_create(sittings, batch_size=500)
    Stretch.objects.bulk_create([Stretch(sitting=sitting, from_at=begin, until_at=end)
                                 for sitting, (begin, end) in zip(kept, spans, strict=True)], batch_size=500)


def _closed(event: Event, day: date) -> None:
    """Close a day as the night after it does."""
    after = day + timedelta(days=1)
    close_day(by=part("demo"), on=after, event=event, day=day, at=_at(after, "01:20"))
