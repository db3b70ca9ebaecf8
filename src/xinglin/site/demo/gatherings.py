"""The events of the fictional year: a branded series in all states, forums, a celebration, tours, clinics, visits."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from xinglin.directory import answers as directory
from xinglin.directory.models import Organisation, Person
from xinglin.engines.events.actions.agenda import lay_out_agenda
from xinglin.engines.events.actions.caring import Visit, give_care
from xinglin.engines.events.actions.closing import Figures, answer_check, hold_event, report_event, settle_event
from xinglin.engines.events.actions.deciding import cancel_event, decide_event, file_event, open_registration
from xinglin.engines.events.actions.healthdays import assign_health_day
from xinglin.engines.events.actions.proposing import Beside, Line, Plan, draft_event, propose_event
from xinglin.engines.events.actions.series import open_series
from xinglin.engines.events.checklists import points_of
from xinglin.engines.events.gate_lists import midnight
from xinglin.engines.events.healthdays import kept_days
from xinglin.engines.events.meetings import Event, State
from xinglin.engines.events.rules import is_large
from xinglin.engines.events.series import Series
from xinglin.engines.worklog.actions.words import retire_kind
from xinglin.engines.worklog.words import Kind
from xinglin.kernel.actors import Actor
from xinglin.kernel.actors import house as part
from xinglin.kernel.files import Kept, keep
from xinglin.lib.regions import RegionLevel, parts_of

from .houses import House
from .invented import PLACES, TOPICS, person_name
from .people import Cast

BRAND, FORUM, YOUNG, CLINICS = "东方系列会议（演示）", "江海医师论坛", "青年医师论坛", "健康行（演示）"
# Kinds of work whose doings are events from this year on: counted there and here they would be counted twice.
TAKEN_OVER = ("brand_meeting", "annual_meeting", "forum", "young_forum", "grassroots_teaching", "free_clinic",
              "condolence")
PROVINCE = "320000"  # the codes of a real province, for want of codes of an invented one
BRANDED, TOURS, CLINIC_DAYS, VISITS = 30, 17, 20, 38


@dataclass
class Stage:
    """What the year of events needs."""

    house: House
    cast: Cast
    today: date
    rng: random.Random
    paper: Kept
    branches: list[Organisation]
    chairs: dict[int, Actor] = field(default_factory=dict)
    known: dict[str, Actor] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """The year that is told."""
        return self.today.year

    def actor(self, username: str) -> Actor:
        """Return somebody of the cast, looked up once: their posts last all year."""
        if username not in self.known:
            self.known[username] = self.cast.actor(username, self.today)
        return self.known[username]

    def unit(self, code: str) -> Organisation:
        """Return a department."""
        return Organisation.objects.get(pk=self.house.units[code].key)


def open_programmes(*, house: House, on: date) -> None:
    """Open the series of the year, and let go of the kinds of work that events count from now on."""
    by, association = part("demo"), Organisation.objects.get(pk=house.association.key)
    open_series(by=by, on=on, title=BRAND, organisation=association, branded=True, numbered=False,
                aliases=["“东方”系列会议", "东方会议"])
    open_series(by=by, on=on, title=FORUM, organisation=association, known_edition=11, known_year=on.year - 1)
    open_series(by=by, on=on, title=YOUNG, organisation=association, numbered=False)
    open_series(by=by, on=on, title=CLINICS, organisation=association, numbered=False)
    for kind in Kind.objects.filter(code__in=TAKEN_OVER):
        retire_kind(by=by, on=on, kind=kind, until_on=date(on.year, 1, 1))


def gather(*, house: House, cast: Cast, today: date, seed: int) -> None:
    """Let the events of the year be proposed, agreed to, filed, held, looked over and settled as far as it has come."""
    branches = Organisation.objects.in_bulk([int(ref.key) for ref in house.branches])
    stage = Stage(house=house, cast=cast, today=today, rng=random.Random(seed + 11), branches=[
        branches[int(ref.key)] for ref in house.branches], paper=keep(content=ContentFile(
            "合成的佐证材料，仅供演示。".encode(), name="佐证材料（合成）.txt")))
    for plan, figures in [*_branded(stage), *_forums(stage), *_tours(stage), *_clinics(stage)]:
        carry(stage, plan, figures)
    _exceptions(stage)
    _ahead(stage)
    _health_days(stage)
    _visits(stage)


def carry(stage: Stage, plan: Plan, figures: Figures) -> Event:
    """Draft an event with the year's programme in January and take it as far as today has come."""
    today, first = stage.today, date(stage.year, 1, 8)
    clerk = stage.actor(stage.cast.clerks["academic"])
    organiser = clerk if plan.organisation == stage.unit("academic") else part("demo")
    event = draft_event(by=organiser, on=first, plan=plan, budget=_budget(plan))

    def day(before: int) -> date:
        return max(plan.from_on - timedelta(days=before), first)

    if day(72) > today:
        return event
    lay_out_agenda(by=organiser, on=day(72), event=event)
    if day(70) > today:
        return event
    event = propose_event(by=organiser, on=day(70), event=event)
    event = _agree(stage, event)
    if event.state != State.APPROVED or day(35) > today:
        return event
    office = stage.actor("shenzhiwei")
    if is_large(event):
        event = file_event(by=office, on=day(35), event=event, number=f"江医报〔{stage.year}〕{event.pk}号（演示）",
                           papers=[stage.paper])
    if day(30) > today:
        return event
    event = open_registration(by=organiser, on=day(30), at=midnight(day(30)), event=event)
    return _after(stage, event, organiser, figures)


def _agree(stage: Stage, event: Event) -> Event:
    """Let everybody agree a few days after one another, as far as today has come."""
    for place, step in enumerate(list(event.approvals.filter(answer=""))):
        on = event.from_on - timedelta(days=66 - 4 * place)
        on = max(on, date(stage.year, 1, 8))
        if on > stage.today:
            return event
        event = decide_event(by=_decider(stage, event, step.role), on=on, event=event, order=step.order,
                             answer="yes", reason="同意（演示）。" if place else "")
    return event


def _decider(stage: Stage, event: Event, role: str) -> Actor:
    if role != "branch_chair":
        names = {"office": "shenzhiwei", "secretary_general": "wenxi", "leader": "gulinchuan"}
        return stage.actor(names[role])
    key = event.organisation.pk
    if key not in stage.chairs:
        [first, *_others] = directory.leaders_of(event.organisation.ref, on=stage.today)
        stage.chairs[key] = Actor(
            ref=first.person, person=first.person, name="主任委员（演示）", roles=frozenset({"member", role}),
            scope={role: frozenset({event.organisation.ref})})
    return stage.chairs[key]


def _after(stage: Stage, event: Event, organiser: Actor, figures: Figures) -> Event:
    """Hold it, look it over, report back and settle, as far as today has come."""
    today, last = stage.today, event.last_on
    if last > today:
        return event
    event = hold_event(by=organiser, on=last, event=event, figures=figures)
    office = stage.actor("shenzhiwei")
    ends = {"before": last - timedelta(days=2), "during": last, "after": last + timedelta(days=9)}
    for point in points_of(event):
        if ends[point.phase] <= today:
            answer_check(by=office, on=ends[point.phase], event=event, code=point.code, passed=True,
                         evidence=[stage.paper])
    if is_large(event) and last + timedelta(days=12) <= today:
        event = report_event(by=organiser, on=last + timedelta(days=12), event=event, papers=[stage.paper])
    if last + timedelta(days=38) <= today:
        actual = {line.pk: (line.planned * Decimal(stage.rng.randint(92, 104)) / 100).quantize(Decimal("0.01"))
                  for line in event.budget.all()}
        event = settle_event(by=organiser, on=last + timedelta(days=38), event=event, actual=actual)
    return event


def _budget(plan: Plan) -> list[Line]:
    """Return a budget that fits the scale."""
    heads = Decimal(plan.heads)
    if plan.kind in ("grassroots", "free_clinic"):
        return [Line(side="income", code="own", planned=Decimal(3000)),
                Line(side="expense", code="travel", planned=Decimal(2400)),
                Line(side="expense", code="printing", planned=Decimal(600))]
    return [Line(side="income", code="fees", planned=heads * 400),
            Line(side="income", code="sponsors" if plan.sponsored else "own", planned=heads * 120),
            Line(side="expense", code="venue", planned=heads * 160),
            Line(side="expense", code="lecture", planned=Decimal(24_000)),
            Line(side="expense", code="board", planned=heads * 200),
            Line(side="expense", code="stream", planned=Decimal(8_000))]


def _spread(stage: Stage, number: int, first: tuple[int, int], last: tuple[int, int]) -> Iterator[date]:
    """Yield Saturdays spread over a span of the year."""
    begin, end = date(stage.year, *first), date(stage.year, *last)
    for index in range(number):
        day = begin + timedelta(days=round((end - begin).days * index / max(number - 1, 1)))
        yield day + timedelta(days=(5 - day.weekday()) % 7)


def _branded(stage: Stage) -> Iterator[tuple[Plan, Figures]]:
    """Yield the thirty branded conferences of the year (C04): sizes, formats and partners of all sorts."""
    brand = Series.objects.get(title=BRAND)
    for index, day in enumerate(_spread(stage, BRANDED, (2, 28), (12, 12))):
        branch = stage.branches[index % len(stage.branches)]
        name = branch.name.removesuffix("医师分会")
        large, hybrid = index % 9 == 4, index % 3 != 1
        people, online = stage.rng.randint(220, 420) * (3 if large else 1), stage.rng.randint(4_600, 6_400)
        host = stage.house.hospital_names[index % len(stage.house.hospital_names)]
        yield Plan(
            title=f"东方{name}会议（演示）", title_en=f"Oriental meeting {index + 1} (demonstration)",
            kind="annual_meeting" if index % 5 == 2 else "academic", organisation=branch, series=brand,
            from_on=day, until_on=day + timedelta(days=2 if index % 4 == 0 else 1),
            format="hybrid" if hybrid else "on_site", heads=1000 if large else 260,
            heads_online=online if hybrid else 0, sponsored=index % 4 == 0,
            region=_cities()[index % 13], place="江海国际会议中心（虚构）",
            summary=f"{name}诊疗进展、指南解读与病例讨论。本会议、讲者与数字均为虚构。",
            partners=(Beside(name=host, part="organiser"),), abstracts_until=day - timedelta(days=5),
        ), Figures(people_on_site=people, people_online=online if hybrid else 0)


def _forums(stage: Stage) -> Iterator[tuple[Plan, Figures]]:
    """Yield the numbered forum, four forums of young doctors, and the celebration with its oath (C05, C14)."""
    academic, association = stage.unit("academic"), Organisation.objects.get(pk=stage.house.association.key)
    [forum] = _spread(stage, 1, (5, 16), (5, 16))
    yield Plan(title="第十二届江海医师论坛（演示）", kind="forum", organisation=association, from_on=forum,
               until_on=forum + timedelta(days=2), heads=500, heads_online=8000, format="hybrid", region=_cities()[0],
               series=Series.objects.get(title=FORUM), place="江海国际会议中心（虚构）",
               partners=(Beside(name="东江省医师协会（演示）", part="host"),),
               ), Figures(people_on_site=548, people_online=8_412)
    young = Series.objects.get(title=YOUNG)
    for number, day in enumerate(_spread(stage, 4, (3, 28), (10, 17)), start=1):
        yield Plan(title=f"青年医师论坛第{number}场（演示）", kind="forum", organisation=academic, series=young,
                   from_on=day, until_on=day + timedelta(days=1), heads=120, heads_online=700, format="hybrid",
                   region=_cities()[number], place="江海医科大学报告厅（虚构）",
                   ), Figures(people_on_site=stage.rng.randint(90, 150), people_online=stage.rng.randint(600, 900))
    day = date(stage.year, 8, 18)
    yield Plan(title="中国医师节庆祝大会（演示）", kind="celebration", organisation=academic, from_on=day,
               until_on=day + timedelta(days=1), heads=400, region=_cities()[0], place="江海大剧院（虚构）",
               ), Figures(people_on_site=386)


def _tours(stage: Stage) -> Iterator[tuple[Plan, Figures]]:
    """Yield the sessions at the grass roots: some regions are left out, which their page shows (C13)."""
    counties = [parts_of(code=city)[-1] for city in _cities()[:10]]
    counties += [parts_of(code=city)[-2] for city in _cities()[:2]]
    for index, day in enumerate(_spread(stage, TOURS, (3, 7), (12, 19))):
        county = counties[index % len(counties)]
        served, seen = stage.rng.randint(60, 110), stage.rng.randint(25, 55)
        yield Plan(title=f"基层巡讲：{county.name}站（演示）", kind="grassroots", organisation=stage.unit("academic"),
                   from_on=day, until_on=day + timedelta(days=1), heads=90, region=county.code,
                   place=f"{county.name}人民医院（演示）", summary=TOPICS[index % len(TOPICS)], planned=index % 8 != 7,
                   ), Figures(people_on_site=served, people_served=served, patients=seen)


def _clinics(stage: Stage) -> Iterator[tuple[Plan, Figures]]:
    """Yield the free clinics of the year with doctors, patients and follow-ups (W07)."""
    series = Series.objects.get(title=CLINICS)
    for index, day in enumerate(_spread(stage, CLINIC_DAYS, (2, 21), (12, 5))):
        place, doctors = PLACES[index % len(PLACES)], stage.rng.randint(12, 36)
        yield Plan(title=f"大型义诊：{place}（演示）", kind="free_clinic", organisation=stage.unit("publicity"),
                   series=series, from_on=day, until_on=day + timedelta(days=1), heads=40, region=_cities()[index % 13],
                   place=place, public=True), Figures(
                       people_on_site=doctors, doctors=doctors, patients=stage.rng.randint(360, 520),
                       follow_ups=stage.rng.randint(20, 70))


def _exceptions(stage: Stage) -> None:
    """One conference called off, one not agreed to, one that was added after the programme and waits; three ahead."""
    today, academic = stage.today, stage.unit("academic")
    by, on = part("demo"), max(today - timedelta(days=50), date(stage.year, 1, 9))
    ahead = min(today + timedelta(days=45), date(stage.year, 12, 28))
    one = {"kind": "academic", "organisation": academic, "heads": 320, "from_on": ahead,
           "until_on": ahead + timedelta(days=2), "place": "临江饭店（虚构）"}
    gone = draft_event(by=by, on=on, plan=Plan(title="东方海岛医学会议（演示，已取消）", series=Series.objects.get(
        title=BRAND), **one), budget=[])
    cancel_event(by=by, on=today, at=midnight(today), event=gone, reason="台风，场地停用（演示）。")
    for title, answer in (("血管介入临时研讨会（演示）", ""), ("高价设备推广会（演示）", "no")):
        event = draft_event(by=by, on=on, plan=Plan(title=title, planned=False, sponsored=True, **one), budget=[
            Line(side="expense", code="venue", planned=Decimal(60_000))])
        lay_out_agenda(by=by, on=on, event=event)
        event = propose_event(by=by, on=today - timedelta(days=3), event=event)
        if answer:
            decide_event(by=stage.actor("shenzhiwei"), on=today, event=event, order=0, answer=answer,
                         reason="属产品推广，不符合学术活动规定（演示）。")


def _ahead(stage: Stage) -> None:
    """Three meetings to come: one agreed to, one that waits for agreement, one that is still a draft."""
    meetings = {48: "冬季急诊医学研讨会（演示）", 63: "老年医学学术会议（演示）", 110: "春季全科医学大会（演示）"}
    for days, title in meetings.items():
        day = stage.today + timedelta(days=days)
        carry(stage, Plan(title=title, kind="academic", organisation=stage.unit("academic"), from_on=day,
                          until_on=day + timedelta(days=1), heads=320, region=_cities()[0],
                          place="临江饭店（虚构）"), Figures())


def _health_days(stage: Stage) -> None:
    """Give the health days that have come near to somebody (W06)."""
    for place, (day, one) in enumerate(kept_days(year=stage.year, on=stage.today)):
        on = day - timedelta(days=34)
        if on <= stage.today:
            owner = stage.cast.accounts[stage.cast.heads["publicity" if place % 2 else "quality"]].person
            assign_health_day(by=part("demo"), on=max(on, date(stage.year, 1, 8)), code=one.code, year=stage.year,
                              owner=owner, organisation=stage.unit("publicity"))


def _visits(stage: Stage) -> None:
    """Write down visits of care: families in hardship through the year, the front line on doctors' day (C15)."""
    by = part("demo")
    hospitals = [Organisation.objects.get(pk=ref.key) for ref in stage.house.hospitals[:6]]
    counted = round(VISITS * min(stage.today.timetuple().tm_yday / 326, 1))
    for index in range(counted):
        day = date(stage.year, 1, 9) + timedelta(days=round((stage.today - date(stage.year, 1, 9)).days
                                                            * index / max(counted, 1)))
        give_care(by=by, on=day, visit=Visit(
            name=f"{person_name(stage.rng)}（虚构）", unit=hospitals[index % 6].name, reason="hardship", given_on=day,
            money=Decimal(1000), voucher=f"记字〔{stage.year}〕{120 + index}号（演示）", gift="慰问信"))
    for place, hospital in enumerate(hospitals[:3]):
        if (day := date(stage.year, 8, 17 + place)) <= stage.today:
            give_care(by=by, on=day, visit=Visit(organisation=hospital, reason="front_line", given_on=day,
                                                 people=100 + 2 * place, gift="鲜花、慰问品"))
    for person in Person.objects.known().filter(accounts=None).order_by("-pk")[:4]:
        if (day := date(stage.year, 8, 19)) <= stage.today:
            give_care(by=by, on=day, visit=Visit(person=person, reason="doctors_day", given_on=day, gift="纪念证书"))


def _cities() -> list[str]:
    """Return the prefectures of the province."""
    return [one.code for one in parts_of(code=PROVINCE) if one.level is RegionLevel.PREFECTURE]
