"""A small association with a CME department, two branches, people, and projects at any stage."""

import uuid
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from tests.membership.conftest import actor, found, someone  # noqa: F401  the same small directory
from xinglin.directory.security.actions.accounts import open_account
from xinglin.engines.events.facts_doors import AttendanceConfirmed
from xinglin.engines.learning.actions.attendance import Presence, credit_attendances, record_tests
from xinglin.engines.learning.actions.batches import open_batch
from xinglin.engines.learning.actions.projects import Plan, draft_project
from xinglin.engines.learning.actions.stages import (
    Slot,
    file_project,
    hold_project,
    move_project,
    publish_project,
    report_project,
    schedule_project,
)
from xinglin.flows.attendance_earns_credit import carry
from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.kernel.flows import Happened
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.refs import Ref, ref
from xinglin.shell import middleware

FILING = date(2025, 8, 15)
DAY = date(2026, 3, 2)
EVENT = date(2026, 5, 15)
HOUSE = house("test")
OFFICE = actor("office")
STAGES = ("draft", "filed", "province", "expert", "published", "scheduled", "held", "reported")


@pytest.fixture
def association(found):  # noqa: F811
    """The fictional association."""
    return found("江海省医师协会（虚构）", kind="association", from_on=date(2001, 5, 1))


@pytest.fixture
def branch(found, association):  # noqa: F811
    """Its branch of cardiology."""
    return found("心血管内科专业委员会", kind="branch", parent=association.ref, from_on=date(2010, 6, 1))


@pytest.fixture
def surgery(found, association):  # noqa: F811
    """Its branch of surgery."""
    return found("外科专业委员会", kind="branch", parent=association.ref, from_on=date(2010, 6, 1))


@pytest.fixture
def leader(someone):  # noqa: F811
    """Who leads the projects."""
    return someone("沈知微")


@pytest.fixture
def batches(db):
    """The windows of national and provincial projects of 2026, and of municipal ones."""
    for level in ("national", "provincial"):
        open_batch(by=HOUSE, on=date(2025, 6, 1), year=2026, level=level, opens_on=date(2025, 7, 1),
                   closes_on=date(2025, 9, 30))
    open_batch(by=HOUSE, on=date(2025, 6, 1), year=2026, level="municipal", opens_on=date(2026, 1, 1),
               closes_on=date(2026, 1, 31))


def slots(first=EVENT, days=2, lecturer=None, hours=8):
    """Return a timetable: eight hours of teaching a day and half an hour of opening on the first."""
    lines = [Slot(day=first, from_at=time(7, 30), until_at=time(8), kind="ceremony", topic="开幕式")]
    for number in range(days):
        day = first + timedelta(days=number)
        lines.append(Slot(day=day, from_at=time(8), until_at=time(12), topic="上午", lecturer=lecturer))
        lines.append(Slot(day=day, from_at=time(13), until_at=time(13 + hours - 4), topic="下午"))
    return lines


@pytest.fixture
def plan(branch, leader):
    """Return the words of an application."""
    def make(**given):
        return Plan(**{"title": "心力衰竭规范诊治（演示）", "level": "national", "year": 2026, "subject": "03-01",
                       "leader": leader, "branch": branch, "hours": Decimal(16), "heads": 100,
                       "planned_on": EVENT, **given})

    return make


@pytest.fixture
def project(plan, batches):
    """Bring a project to a stage and return it; its numbers go up."""
    serial = [0]

    def make(stage="draft", *, first=EVENT, days=2, lecturer=None, people=(), minutes=480, score=Decimal(80), **given):
        level = given.get("level", "national")
        filed_on = date(2026, 1, 10) if level == "municipal" else FILING
        row = draft_project(by=HOUSE, on=filed_on, plan=plan(**{"planned_on": first, **given}))
        serial[0] += 1
        mark = "国" if level == "national" else "苏"
        for one in STAGES[1 : STAGES.index(stage) + 1]:
            match one:
                case "filed":
                    row = file_project(by=HOUSE, on=filed_on, project=row)
                case "province" | "expert":
                    row = move_project(by=HOUSE, on=filed_on, project=row, after=one)
                case "published":
                    row = publish_project(by=HOUSE, on=DAY, project=row, number=f"2026-03-01-{serial[0]:03d}（{mark}）")
                case "scheduled":
                    row = schedule_project(by=HOUSE, on=DAY, project=row, slots=slots(first, days, lecturer))
                    last = first + timedelta(days=days - 1)
                    attend(row, people, minutes=minutes, days=days)
                    if people and score is not None:
                        record_tests(by=HOUSE, on=last, project=row, scores=dict.fromkeys(people, score), taken_on=last)
                case "held":
                    row = hold_project(by=HOUSE, on=row.until_on, project=row)
                case "reported":
                    row = report_project(by=HOUSE, on=row.until_on + timedelta(days=5), project=row)
        return row

    return make


def attend(project, people, *, minutes=480, days=2, role="learner", channel="on_site", tag="scan"):
    """Let people attend so many minutes each day of a project."""
    presences = [
        Presence(person=one, day=project.from_on + timedelta(days=day), minutes=minutes, role=role, channel=channel,
                 source=Ref(f"events.presence:{tag}-{role}-{project.pk}-{one.pk}-{day}"))
        for one in people for day in range(days)]
    if presences:
        credit_attendances(by=HOUSE, on=project.until_on, project=project, presences=presences)


def confirm(row, person, /, *, version=1, key=7, day=EVENT, on_site=0, online=0, recorded=0, **given):
    """Let the flow hear a version of an attendance that an event confirmed."""
    carry(Happened(position=1, key=uuid.uuid4(), type=AttendanceConfirmed.TYPE, happened_on=day, body={
        "attendance": ref("events.attendance", key), "project": row.ref, "person": person.ref, "version": version,
        "channel": "both" if online else "on_site", "minutes_on_site": on_site, "minutes_online": online,
        "minutes_recorded": recorded, **given}))


@pytest.fixture
def visit(client, db, monkeypatch):
    """Return a client whose actor is the one given, on a day of the tests."""
    with clock.pretending(DAY):
        client.force_login(open_account(by=HOUSE, on=DAY, username="tester", active=True))
        session = client.session
        session["x_gate_passed_on"] = DAY.isoformat()
        session.save()

        def become(who):
            monkeypatch.setattr(middleware, "actor_of", lambda request: who)
            return client

        yield become


@pytest.fixture
def said(sealed):
    """Seal and return the learning facts said since the last call, as (type, body)."""
    seen = [0]

    def since():
        sealed()
        rows = list(SealedFact.objects.filter(position__gt=seen[0]).order_by("position"))
        seen[0] = rows[-1].position if rows else seen[0]
        return [(one.type.removeprefix("learning."), one.body) for one in rows if one.type.startswith("learning.")]

    return since
