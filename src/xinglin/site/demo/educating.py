"""The CME of the fictional year: projects in all states, synthetic attendance, credits, certificates, claims."""

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from xinglin.directory.models import Organisation, Person
from xinglin.engines.learning.actions.attendance import Presence, credit_attendances, record_tests
from xinglin.engines.learning.actions.awards import NothingToIssue, issue_credits
from xinglin.engines.learning.actions.batches import open_batch
from xinglin.engines.learning.actions.certificates import issue_certificates, revoke_certificate
from xinglin.engines.learning.actions.claims import decide_claim, file_claim
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
from xinglin.engines.learning.projects import Project
from xinglin.kernel.actors import house as part
from xinglin.kernel.acts import backfilling
from xinglin.kernel.files import keep
from xinglin.kernel.flows import run_flow
from xinglin.kernel.ledger.sealer import seal_all
from xinglin.kernel.refs import ref

from .houses import House
from .people import Cast

NATIONAL, PROVINCIAL, LEARNERS = 16, 23, 12
PROOF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
# By place in the list, those that go another way than to be held and credited.
# A character of a branch's name → the first-level subject; all others are internal medicine.
SUBJECTS = (("外骨", "04"), ("妇产", "05"), ("儿", "06"), ("眼耳", "07"), ("口", "08"), ("影像超", "09"), ("急", "10"),
            ("检", "11"), ("护", "14"), ("康", "16"), ("全", "17"))
# One project is the hybrid congress of this week: its minutes come through the flow, its timetable is the programme.
CONGRESS, CONGRESS_TITLE = NATIONAL + PROVINCIAL - 1, "医学人工智能临床应用学习班（随江海省数字医学大会举办，演示）"
CONGRESS_HOURS = ((0, "09:00", "10:30", "医学大模型的临床证据"), (0, "10:45", "12:00", "影像组学的质量控制"),
                  (1, "09:00", "11:00", "远程医疗与基层服务"))
ASIDE = {4: "not_held", 9: "cancelled", 17: "cancelled", 30: "not_held"}


@dataclass
class Class:
    """What the year of projects needs."""

    house: House
    cast: Cast
    rng: random.Random
    today: date
    branches: list[Organisation]
    people: list[Person]


def educate(*, house: House, cast: Cast, today: date, seed: int) -> None:
    """Apply for 16 national and 23 provincial projects, hold what the calendar allows, issue credits, review claims."""
    rng = random.Random(seed + 11)
    branches = list(Organisation.objects.filter(pk__in=[one.key for one in house.branches]).order_by("pk"))
    known = [cast.accounts["zhouxingzhou"].person, cast.accounts["linxiaoman"].person]
    people = [*known, *Person.objects.known().filter(accounts=None).order_by("pk")[:160]]
    room = Class(house=house, cast=cast, rng=rng, today=today, branches=branches, people=people)
    _open_batches(room)
    projects = [_apply(room, number) for number in range(NATIONAL + PROVINCIAL)]
    for number, project in enumerate(projects):
        _run(room, project, number)
    _apply_for_next_year(room)
    _claims(room, known)


def congress(*, today: date) -> tuple[date, Project]:
    """Return the first day of this week's congress and the project that it carries."""
    return _congress_on(today), Project.objects.select_related("leader").get(title=CONGRESS_TITLE, year=today.year)


def _congress_on(today: date) -> date:
    return max(today - timedelta(days=3), date(today.year, 1, 4))


def credit_congress(*, today: date) -> None:
    """Take in who attended the congress as the flow does every minute, report it, and make out its certificates."""
    seal_all()
    while run_flow(name="attendance_earns_credit"):
        pass
    _first_day, row = congress(today=today)
    by, last = part("demo"), row.until_on or today
    if row.state != "scheduled" or last >= today:
        return
    row = report_project(by=by, on=today, project=hold_project(by=by, on=last, project=row))
    with suppress(NothingToIssue):
        issue_certificates(by=by, on=today, awards=issue_credits(by=by, on=today, project=row))


def _open_batches(room: Class) -> None:
    for year in (room.today.year, room.today.year + 1):
        for level in ("national", "provincial"):
            open_batch(by=part("demo"), on=date(year - 1, 6, 20) if year == room.today.year else min(
                date(year - 1, 6, 20), room.today), year=year, level=level, opens_on=date(year - 1, 7, 1),
                closes_on=date(year - 1, 9, 30))


def _plan(room: Class, number: int, year: int, planned_on: date | None) -> Plan:
    level = "national" if number < NATIONAL else "provincial"
    branch = room.branches[number % len(room.branches)]
    leader, field = room.people[20 + number], branch.name.removesuffix("医师分会")
    ours = number == CONGRESS and year == room.today.year
    return Plan(
        title=CONGRESS_TITLE if ours else f"{field}诊疗新进展学习班（第 {number + 1} 期，演示）", level=level,
        year=year, subject=f"{_subject(field)}-{number % 5 + 1:02d}", leader=leader, branch=branch,
        hours=Decimal("4.5") if ours else Decimal(12), heads=120, planned_on=planned_on,
        tested=number % 3 > 0 and not ours,
        sort=("recommended", "promoted", "ordinary", "ordinary")[number % 4] if year >= 2025 else "ordinary",
        teachers=[room.people[60 + number]])


def _subject(field: str) -> str:
    return next((code for words, code in SUBJECTS if set(words) & set(field)), "03")


def _first(room: Class, number: int) -> date:
    """Return the first day of a project: spread from March to December, on Saturdays; of the congress, this week."""
    if number == CONGRESS:
        return _congress_on(room.today)
    day = date(room.today.year, 3, 7) + timedelta(days=number * 7 if number < 36 else 270)
    return day + timedelta(days=(5 - day.weekday()) % 7)


def _apply(room: Class, number: int) -> Project:
    """Apply last summer and publish in December, as entered of old."""
    filed_on, by = date(room.today.year - 1, 8, 3) + timedelta(days=number), part("demo")
    with backfilling():
        row = draft_project(by=by, on=filed_on, plan=_plan(room, number, room.today.year, _first(room, number)))
        row = file_project(by=by, on=filed_on, project=row)
        for after in ("province", "expert"):
            row = move_project(by=by, on=date(room.today.year - 1, 11, 5), project=row, after=after)
        mark = "国" if row.level == "national" else "江"
        return publish_project(by=by, on=date(room.today.year - 1, 12, 20), project=row,
                               number=f"{row.year}-{row.subject}-{number + 1:03d}（{mark}）")


def _run(room: Class, row: Project, number: int) -> None:
    """Take a project as far as the calendar has come; some are cancelled or were not held."""
    by, first = part("demo"), _first(room, number)
    filed_on = first - timedelta(days=9 if number == 6 else 20)  # one timetable comes late
    if number in ASIDE and first <= room.today:
        move_project(by=by, on=min(first, room.today), project=row, after=ASIDE[number], note="讲者行程有变（演示）")
        return
    if filed_on > room.today:
        return
    row = schedule_project(by=by, on=filed_on, project=row, slots=_slots(row, first), place="江海国际会议中心（演示）")
    last = first + timedelta(days=1)
    if last > room.today or number == CONGRESS:
        return
    _attend(room, row, number)
    row = hold_project(by=by, on=last, project=row)
    reported_on = last + timedelta(days=17 if number == 8 else 6)  # one report comes late
    if reported_on > room.today or number == 11:  # one is overdue
        return
    row = report_project(by=by, on=reported_on, project=row)
    if reported_on + timedelta(days=4) > room.today or number == 12:  # one waits for its credits
        return
    with suppress(NothingToIssue):
        awards = issue_credits(by=by, on=reported_on + timedelta(days=4), project=row)
        if number % 2 == 0:
            papers = issue_certificates(by=by, on=reported_on + timedelta(days=5), awards=awards)
            if number == 0:
                revoke_certificate(by=by, on=reported_on + timedelta(days=30), certificate=next(
                    one for one in papers if one.award.person not in room.people[:2]),
                                   reason="经核实由他人代签到（演示）")
    if number < 5:
        row.refresh_from_db()
        if row.state == "credited":
            move_project(by=by, on=min(room.today, reported_on + timedelta(days=40)), project=row, after="audited")


def _slots(row: Project, first: date) -> list[Slot]:
    teacher = row.teachers.exclude(person=row.leader).select_related("person").first()
    if row.title == CONGRESS_TITLE:
        return [Slot(day=first + timedelta(days=day), from_at=time.fromisoformat(begins), topic=topic,
                     until_at=time.fromisoformat(ends), lecturer=None if place else row.leader)
                for place, (day, begins, ends, topic) in enumerate(CONGRESS_HOURS)]
    answer = [Slot(day=first, from_at=time(8), until_at=time(8, 30), kind="ceremony", topic="报到与开班仪式")]
    for day in (first, first + timedelta(days=1)):
        answer.append(Slot(day=day, from_at=time(9), until_at=time(12), topic="指南解读", lecturer=row.leader))
        answer.append(Slot(day=day, from_at=time(13, 30), until_at=time(16, 30), topic="病例讨论",
                           lecturer=teacher.person if teacher else None))
    return answer


def _attend(room: Class, row: Project, number: int) -> None:
    """Let a dozen people attend, some too little: all of it synthetic, with scores of the test."""
    by, last = part("demo"), row.until_on
    chosen: Sequence[Person] = room.rng.sample(room.people[2:], LEARNERS)
    learners = [*room.people[: 2 if number % 4 == 0 else 0], *chosen]
    presences = [
        Presence(person=one, day=row.from_on + timedelta(days=day), minutes=_minutes(room, one, room.people),
                 channel="online" if place % 4 == 3 else "on_site",
                 source=ref("demo.presence", f"{row.pk}-{one.pk}-{day}"))
        for place, one in enumerate(learners) for day in range(2)]
    credit_attendances(by=by, on=last, project=row, presences=presences)
    if row.tested:
        record_tests(by=by, on=last, project=row, taken_on=last, scores={
            one: Decimal(max(room.rng.randint(56, 98), 78 if one in room.people[:2] else 0)) for one in learners})


def _minutes(room: Class, one: Person, people: Sequence[Person]) -> int:
    return 360 if one in people[:2] else room.rng.choice((360, 360, 360, 345, 330, 310, 180))


def _apply_for_next_year(room: Class) -> None:
    """Draft applications for next year, and file those that came within the window."""
    by, year = part("demo"), room.today.year + 1
    for number in range(4):
        on = min(room.today, date(room.today.year, 9, 10 + number))
        row = draft_project(by=by, on=on, plan=_plan(room, number + 14, year, None))
        if number < 2 and on >= date(room.today.year, 7, 1):
            file_project(by=by, on=on, project=row)


def _claims(room: Class, known: Sequence[Person]) -> None:
    """Hand in outside credits: one accepted, one refused, the rest wait for somebody to review them."""
    proof = keep(content=ContentFile(PROOF, name="佐证材料（演示）.pdf"))
    asked = [("elsewhere", "东江省国家级项目：心电图规范（演示）", 5, 15), ("paper", "论著一篇（演示）", 3, 9),
             ("self_study", "指南自学并考核（演示）", 4, 12), ("teaching", "住培带教授课（演示）", 2, 6),
             ("degree", "在职博士课程（演示）", 6, 18)]
    day = max(date(room.today.year, 1, 1), room.today - timedelta(days=20))
    for place, (kind, words, credits, hours) in enumerate(asked):
        person = known[0] if place < 3 else room.people[30 + place]
        claim = file_claim(by=part("demo"), on=day, person=person, kind=kind, words=words, completed_on=day,
                           asked=Decimal(credits), hours=Decimal(hours), files=[proof])
        if place < 2:
            decide_claim(by=room.cast.head("cme", room.today), on=room.today, claim=claim,
                         credits=Decimal(credits if place == 0 else 0), answer="" if place == 0 else "未附首页（演示）")
