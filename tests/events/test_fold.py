"""The facts alone, folded in order, give the tables of what is proposed, agreed, filed, held and settled."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from xinglin.engines.events.actions.caring import Visit, give_care
from xinglin.engines.events.actions.closing import Figures, answer_check, hold_event, report_event, settle_event
from xinglin.engines.events.actions.deciding import (
    cancel_event,
    close_registration,
    decide_event,
    file_event,
    note_permit,
    open_registration,
)
from xinglin.engines.events.actions.epidemics import list_risk_areas
from xinglin.engines.events.actions.healthdays import assign_health_day
from xinglin.engines.events.actions.programme import Slot, Speaker, arrange_session, remove_session
from xinglin.engines.events.actions.proposing import Beside, amend_event, propose_event
from xinglin.engines.events.actions.series import open_series
from xinglin.engines.events.caring import Care
from xinglin.engines.events.checklists import points_of
from xinglin.engines.events.epidemics import RiskList
from xinglin.engines.events.healthdays import HealthDayOwner
from xinglin.engines.events.meetings import Approval, BudgetLine, Check, Event, Partner, State
from xinglin.engines.events.programme import Session
from xinglin.engines.events.series import Series
from xinglin.kernel.ledger.models import Annex, SealedFact

from .conftest import AFTER, DAY, HOUSE, OFFICE, actor, at, paper

pytestmark = pytest.mark.django_db
LAST = date(2026, 5, 17)
SAID = ("kind", "role", "planned", "format", "heads", "heads_online", "public", "international", "sponsored", "pack")


def day(text):
    return date.fromisoformat(text) if text else None


def facts():
    """Yield every fact of events with its body, its annexed words, and the day it happened."""
    for fact in SealedFact.objects.filter(type__startswith="events.").order_by("position"):
        kept = Annex.objects.filter(key=fact.key).first()
        words = json.loads(kept.text) if kept else {}
        yield fact, fact.type.removeprefix("events."), {**fact.body, **words}


class Fold:
    """Reads the ledger from its first fact."""

    def __init__(self):
        self.events, self.budget, self.partners, self.approvals = {}, {}, {}, {}
        self.sessions, self.checks, self.care, self.days, self.risks, self.series = {}, {}, {}, {}, {}, {}
        for fact, name, body in facts():
            getattr(self, name.replace(".", "_"), lambda *_given: None)(fact, body)

    def series_opened(self, fact, body):
        self.series[body["series"]] = (body["title"], body["branded"], body["numbered"], body["known_edition"])

    def event_drafted(self, fact, body):
        self.events[body["event"]] = {"state": "draft", "grade": None, "filed": ("", None, False), "held_on": None,
                                      "reported_on": None, "settled_on": None}
        self._say(body)

    def event_amended(self, fact, body):
        self._say(body)

    def _say(self, body):
        key = body["event"]
        self.events[key] |= {name: body[name] for name in SAID}
        self.events[key] |= {"title": body["title"], "days": (body["from_on"], body["until_on"]),
                             "edition": body.get("edition"), "series": body.get("series")}
        lines = json.loads(body.get("budget") or "[]")
        self.budget[key] = {(side, code, note): (amount, None) for side, code, note, amount in lines}
        self.partners[key] = [tuple(one) for one in json.loads(body.get("partners") or "[]")]

    def event_proposed(self, fact, body):
        self.events[body["event"]] |= {"state": "proposed", "grade": body["grade"]}
        self.approvals[body["event"]] = {place: [role, "", "", None, None if place else fact.happened_on]
                                         for place, role in enumerate(body["steps"])}

    def event_decided(self, fact, body):
        rows, order = self.approvals[body["event"]], body["order"]
        rows.setdefault(order, [body["role"], "", "", None, None])
        rows[order][1:4] = [body["answer"], body.get("reason", ""), fact.happened_on]
        if body["role"] == "permit":
            return
        if body["answer"] == "yes" and not body["approved"]:
            rows[order + 1][4] = fact.happened_on
        state = {"no": "refused", "back": "draft"}.get(body["answer"], "approved" if body["approved"] else "proposed")
        self.events[body["event"]]["state"] = state

    def event_filed(self, fact, body):
        self.events[body["event"]]["filed"] = (body["number"], fact.happened_on, body["late"])

    def event_moved(self, fact, body):
        self.events[body["event"]]["state"] = body["state"]

    def event_held(self, fact, body):
        self.events[body["event"]] |= {"state": "held", "held_on": fact.happened_on, "grade": body["grade"]}

    def event_reported(self, fact, body):
        one = self.events[body["event"]]
        one["reported_on"] = one["reported_on"] or fact.happened_on

    def event_settled(self, fact, body):
        self.events[body["event"]] |= {"state": "settled", "settled_on": fact.happened_on}
        for side, code, note, amount in json.loads(body.get("actual") or "[]"):
            self.budget[body["event"]][side, code, note] = (self.budget[body["event"]][side, code, note][0], amount)

    def session_arranged(self, fact, body):
        if body["removed"]:
            self.sessions.pop(body["session"])
            return
        self.sessions[body["session"]] = (
            body["event"], body["kind"], body["title"], body["day"], body["from_minute"], body["until_minute"],
            (body.get("room_name", ""), body.get("room_seats")), body["on_site"], body["online"], body.get("places"),
            [(one["name"], one["part"]) for one in json.loads(body.get("names") or "[]")])

    def check_answered(self, fact, body):
        self.checks[body["event"], body["code"]] = (body["phase"], body["passed"], body.get("note", ""),
                                                    fact.happened_on)

    def care_given(self, fact, body):
        self.care[body["care"]] = (body.get("person"), body.get("name", ""), body["reason"], body["year"],
                                   body["money"], body["people"], body.get("voucher", ""), fact.happened_on)

    def healthday_assigned(self, fact, body):
        self.days[body["healthday"], body["held_on"]] = (body["owner"], fact.happened_on)

    def risk_listed(self, fact, body):
        self.risks[body["version"]] = (body["high"], body["medium"], body.get("source", ""))


def _money(value):
    return f"{value:.2f}" if value is not None else None


def table_of_events():
    return {str(one.ref): {
        **{name: getattr(one, name) for name in SAID}, "state": one.state, "title": one.title, "edition": one.edition,
        "series": str(one.series.ref) if one.series else None, "grade": one.grade,
        "days": (one.from_on.isoformat(), one.until_on.isoformat()), "held_on": one.held_on,
        "filed": (one.filing_number, one.filed_on, one.filed_late), "reported_on": one.reported_on,
        "settled_on": one.settled_on} for one in Event.objects.all()}


def table_of_sessions():
    def minute(moment, first):
        local = timezone.localtime(moment)
        return (local.date() - first).days * 1440 + local.hour * 60 + local.minute

    answer = {}
    for one in Session.objects.select_related("room", "event"):
        first = timezone.localtime(one.from_at).date()
        answer[str(one.ref)] = (
            str(one.event.ref), one.kind, one.title, first.isoformat(), minute(one.from_at, first),
            minute(one.until_at, first), (one.room.name, one.room.seats) if one.room else ("", None), one.on_site,
            one.online, one.places,
            [(who.name, who.part) for who in one.speakers.all()])
    return answer


@pytest.fixture
def a_year(draft, plan, approve, someone, association):
    """Several events in all states, visits, health days, two lists of risk areas."""
    forum = open_series(by=OFFICE, on=DAY, title="江海论坛", organisation=association, known_edition=4, known_year=2025)
    lines = [("income", "fees", 24000), ("expense", "venue", 18000)]
    first = draft(series=forum, budget=lines, public=True, heads=1000)
    row = arrange_session(by=HOUSE, on=DAY, event=first, slot=Slot(
        title="甲", from_at=at("13:00"), until_at=at("14:00"), speakers=(Speaker(person=someone("王小明")),)))
    remove_session(by=HOUSE, on=DAY, session=row)
    first = amend_event(by=HOUSE, on=DAY, event=first, plan=plan(
        series=forum, public=True, heads=1000, partners=(Beside(name="某院（虚构）", part="organiser"),)))
    first = approve(first)
    note_permit(by=OFFICE, on=DAY, event=first, number="公安许可3号")
    file_event(by=OFFICE, on=DAY, event=first, number="7号")
    open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=first)
    close_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=first)
    hold_event(by=HOUSE, on=LAST, event=first, figures=Figures(people_on_site=900))
    hold_event(by=HOUSE, on=LAST, event=first, figures=Figures(people_on_site=901))
    report_event(by=HOUSE, on=AFTER, event=first, papers=[paper()])
    for point in points_of(first):
        answer_check(by=OFFICE, on=AFTER, event=first, code=point.code, passed=True, note="齐", evidence=[paper()])
    settle_event(by=HOUSE, on=AFTER + timedelta(days=9), event=first, actual={
        one.pk: one.planned + 5 for one in first.budget.all()})
    back = propose_event(by=HOUSE, on=DAY, event=draft(title="退回", series=forum, from_on=date(2026, 7, 4),
                                                         until_on=date(2026, 7, 5)))
    decide_event(by=actor("branch_chair", where=back.organisation), on=DAY, event=back, order=0, answer="back",
                 reason="补预算")
    gone = draft(title="取消", from_on=date(2026, 8, 1), until_on=date(2026, 8, 2))
    cancel_event(by=HOUSE, on=DAY, at=at("09:00", DAY), event=gone, reason="台风")
    propose_event(by=HOUSE, on=DAY, event=draft(title="待批", heads=400, from_on=date(2026, 9, 1),
                                                  until_on=date(2026, 9, 2)))
    li = someone("李小红")
    care = give_care(by=OFFICE, on=DAY, visit=Visit(person=li, reason="illness", given_on=DAY, gift="花"))
    give_care(by=OFFICE, on=DAY, corrects=care, visit=Visit(person=li, reason="illness", given_on=DAY,
                                                            money=Decimal(500), voucher="记字8号"))
    give_care(by=OFFICE, on=DAY, visit=Visit(name="赵某", unit="某院", reason="hardship", given_on=DAY, gift="信"))
    assign_health_day(by=OFFICE, on=DAY, code="diabetes", year=2026, owner=li)
    assign_health_day(by=OFFICE, on=LAST, code="diabetes", year=2026, owner=someone("王小二"))
    list_risk_areas(by=OFFICE, on=DAY, high=["320106"], medium=[], source="合成")
    list_risk_areas(by=OFFICE, on=LAST, high=[], medium=["320106", "310101"])


def test_the_facts_give_the_tables(a_year, sealed):
    sealed()
    fold = Fold()
    events = table_of_events()
    for key, one in fold.events.items():
        one["grade"] = one["grade"] or events[key]["grade"]  # of a draft the grade is a reckoning, no fact
    assert fold.events == events
    assert {one["state"] for one in events.values()} == {"settled", "draft", "cancelled", "proposed"}
    assert fold.series == {str(one.ref): (one.title, one.branded, one.numbered, one.known_edition)
                           for one in Series.objects.all()}
    for event in Event.objects.all():
        key = str(event.ref)
        assert fold.budget[key] == {(one.side, one.code, one.note): (_money(one.planned), _money(one.actual))
                                    for one in BudgetLine.objects.filter(event=event)}
        assert fold.partners[key] == [(one.part, one.name, None, None) for one in Partner.objects.filter(event=event)]
        assert fold.approvals.get(key, {}) == {
            one.order: [one.role, one.answer, one.reason, one.answered_on, one.asked_on]
            for one in Approval.objects.filter(event=event)}
    assert fold.sessions == table_of_sessions()
    assert fold.checks == {(str(one.event.ref), one.code): (one.phase, one.passed, one.note, one.checked_on)
                           for one in Check.objects.select_related("event")}
    assert Event.objects.filter(state=State.SETTLED).count() == 1


def test_the_facts_give_visits_days_and_lists(a_year, sealed):
    sealed()
    fold = Fold()
    assert fold.care == {str(one.ref): (str(one.person.ref) if one.person else None, one.name, one.reason, one.year,
                                        f"{one.money.normalize():f}", one.people, one.voucher, one.given_on)
                         for one in Care.objects.select_related("person")}
    assert fold.days == {(one.code, one.held_on.isoformat()): (str(one.owner.ref), one.assigned_on)
                         for one in HealthDayOwner.objects.select_related("owner")}
    assert fold.risks == {one.version: (one.high, one.medium, one.source) for one in RiskList.objects.all()}
