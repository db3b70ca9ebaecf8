"""What the conference of the journey needs besides what people do: a CME project that is published, and time.

Run in the house's own settings: `python -m tests.journeys.congress prepare | ticket CODE | arrive TITLE | night TITLE`;
prints JSON.
Once arrived, the event is today. The night makes yesterday of it: who came in did so at nine, and was there till noon.
"""

import json
import os
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

PROJECT, NIGHT, AHEAD = "心血管质控学习班（演示）", timedelta(days=1), 60


def prepare() -> dict[str, Any]:
    """Enter a project of this year as published last December."""
    from xinglin.directory.models import Organisation, Person
    from xinglin.engines.learning.actions.projects import Plan, draft_project
    from xinglin.engines.learning.actions.stages import file_project, move_project, publish_project
    from xinglin.kernel import clock
    from xinglin.kernel.actors import house
    from xinglin.kernel.acts import backfilling

    by, today = house("journey"), clock.today()
    filed_on, published_on = date(today.year - 1, 8, 20), date(today.year - 1, 12, 20)
    with backfilling():
        row = draft_project(by=by, on=filed_on, plan=Plan(
            title=PROJECT, level="provincial", year=today.year, subject="03-01", hours=Decimal(3), heads=200,
            leader=Person.objects.known().order_by("pk")[30], planned_on=today, tested=False,
            branch=Organisation.objects.on(today).filter(kind="branch").order_by("pk")[0]))
        row = file_project(by=by, on=filed_on, project=row)
        for after in ("province", "expert"):
            row = move_project(by=by, on=filed_on, project=row, after=after)
        row = publish_project(by=by, on=published_on, project=row, number=f"{today.year}-03-01-988（江）")
    return {"first": (today + timedelta(days=AHEAD)).isoformat(), "project": row.pk}


def arrive(title: str) -> dict[str, Any]:
    """Let the first day of an event be today, and file the timetable of its project as three weeks before."""
    from xinglin.engines.events.meetings import Event
    from xinglin.engines.learning.actions.stages import Slot, schedule_project
    from xinglin.engines.learning.projects import Project
    from xinglin.kernel import clock
    from xinglin.kernel.actors import house

    today = clock.today()
    move(Event.objects.get(title=title), by=timedelta(days=AHEAD))
    schedule_project(by=house("journey"), on=today - timedelta(days=20), project=Project.objects.get(title=PROJECT),
                     place="江海国际会议中心（虚构）",
                     slots=[Slot(day=today, from_at=time(9), until_at=time(12), topic="质控指标与改进")])
    return {"day": today.isoformat()}


def ticket(code: str) -> dict[str, Any]:
    """Return what the square code of a ticket holds."""
    from xinglin.engines.events.registrations import Registration
    from xinglin.engines.events.tickets import ticket_text

    return {"text": ticket_text(Registration.objects.get(code=code))}


def move(event: Any, *, by: timedelta) -> None:
    """Bring an event and its sessions nearer."""
    turn(event, from_on=event.from_on - by, until_on=event.until_on - by)
    for session in event.sessions.all():
        turn(session, from_at=session.from_at - by, until_at=session.until_at - by)


def night(title: str) -> dict[str, Any]:
    """Turn the calendar by a day for one event, its project and everything that was seen there."""
    from django.utils import timezone

    from xinglin.engines.events.doors import DoorScan
    from xinglin.engines.events.meetings import Event
    from xinglin.engines.learning.projects import Project
    from xinglin.mechanics.presence.models import Scan, Sitting, Stretch

    event = Event.objects.get(title=title)
    day = event.from_on - NIGHT
    nine, noon = (timezone.make_aware(datetime.combine(day, time(hour))) for hour in (9, 12))
    move(event, by=NIGHT)
    project = Project.objects.get(title=PROJECT)
    turn(project, from_on=day, until_on=day)
    for lesson in project.sessions.all():
        turn(lesson, day=day)
    for scan in DoorScan.objects.filter(event=event):
        turn(scan, at=noon if scan.way == "out" else nine)
        Scan.objects.filter(key=scan.key).update(at=noon if scan.way == "out" else nine)
    for sitting in Sitting.objects.filter(session__in=[one.ref for one in event.sessions.all()]):
        Stretch.objects.filter(sitting=sitting).delete()
        turn(sitting, from_at=nine, reach_at=noon, proof_at=noon, beat_at=noon, opened_at=nine, ended_at=noon)
    return {"day": day.isoformat()}


def turn(row: Any, **values: Any) -> None:
    """Write values past the acts, as only a test may."""
    from django.db import connection

    names = ", ".join(f"{row._meta.get_field(name).column} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {names} WHERE id = %s", [*values.values(), row.pk])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    import django

    django.setup()
    told = {"prepare": prepare, "ticket": ticket, "arrive": arrive, "night": night}[sys.argv[1]]
    print(json.dumps(told(*sys.argv[2:])))
