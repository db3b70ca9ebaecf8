"""Two people at the same moment on PostgreSQL: an agreement, the next edition, a visit, a health day, a risk list."""

from datetime import date
from decimal import Decimal

import pytest

from tests.kernel.test_concurrency import at_once
from xinglin.engines.events.actions.caring import Visit, give_care
from xinglin.engines.events.actions.deciding import NotWaiting, decide_event
from xinglin.engines.events.actions.epidemics import list_risk_areas
from xinglin.engines.events.actions.faculty import answer_invitation, invite_faculty, pay_faculty
from xinglin.engines.events.actions.healthdays import assign_health_day
from xinglin.engines.events.actions.programme import Slot, Speaker, arrange_session
from xinglin.engines.events.actions.proposing import draft_event, propose_event
from xinglin.engines.events.actions.series import open_series
from xinglin.engines.events.caring import Care
from xinglin.engines.events.epidemics import RiskList
from xinglin.engines.events.faculty import Invitation
from xinglin.engines.events.healthdays import HealthDayOwner
from xinglin.engines.events.meetings import Event, State
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import Refusal
from xinglin.lib.labour_tax import from_net

from .conftest import DAY, FIRST, HOUSE, OFFICE, actor, at

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def attempt(work, *, slower):
    """Return a call that notes a refusal instead of raising it."""
    def call():
        try:
            work()
        except Refusal as refusal:
            slower.append(refusal)

    return call


def test_two_decide_one_step_at_once_and_one_learns_that_it_is_done(draft, association, sealed):
    events = [propose_event(by=HOUSE, on=DAY, event=draft(
        kind="seminar", organisation=association, title=f"专题会{number}",
        from_on=date(2026, 6, 1 + number), until_on=date(2026, 6, 2 + number))) for number in range(8)]
    slower: list[Refusal] = []

    def decider(answer):
        def work():
            for event in events:
                attempt(lambda event=event: decide_event(by=actor("office"), on=DAY, event=event, order=0,
                                                         answer=answer, reason="说明"), slower=slower)()
        return work

    at_once(decider("yes"), decider("no"))
    sealed()
    assert SealedFact.objects.filter(type="events.event.decided").count() == 8
    assert len(slower) == 8 and all(isinstance(one, NotWaiting) for one in slower)
    assert set(Event.objects.values_list("state", flat=True)) <= {State.APPROVED, State.REFUSED}


def test_two_take_the_next_edition_at_once_and_get_two_numbers(plan, association):
    forum = open_series(by=OFFICE, on=DAY, title="江海论坛", organisation=association, known_edition=10)

    def take(title):
        return lambda: [draft_event(by=HOUSE, on=DAY, plan=plan(title=f"{title}{number}", series=forum))
                        for number in range(5)]

    at_once(take("甲"), take("乙"))
    assert sorted(Event.objects.values_list("edition", flat=True)) == list(range(11, 21))


def test_two_ask_for_the_same_edition_at_once_and_one_is_refused(plan, association):
    forum = open_series(by=OFFICE, on=DAY, title="江海论坛", organisation=association, known_edition=10)
    slower: list[Refusal] = []

    def take(title):
        return attempt(lambda: draft_event(by=HOUSE, on=DAY, plan=plan(title=title, series=forum, edition=11)),
                       slower=slower)

    at_once(take("甲"), take("乙"))
    assert Event.objects.count() == 1 and [one.regulation for one in slower] == ["C05.editions"]


def test_two_put_the_first_list_in_force_at_once_and_versions_stay_in_order():
    slower: list[Refusal] = []
    work = attempt(lambda: list_risk_areas(by=OFFICE, on=DAY, high=["320106"], medium=[]), slower=slower)
    at_once(work, work)
    assert sorted(RiskList.objects.values_list("version", flat=True)) == list(range(1, 3 - len(slower)))


def test_two_give_one_health_day_at_once(someone):
    people, slower = [someone("王小明"), someone("李小红")], []
    at_once(*[attempt(lambda one=one: assign_health_day(by=OFFICE, on=DAY, code="diabetes", year=2026, owner=one),
                      slower=slower) for one in people])
    assert HealthDayOwner.objects.count() == 1 and len(slower) <= 1


def test_two_write_down_one_visit_at_once_and_one_is_refused(someone):
    wang = someone("王小明")
    visit = Visit(person=wang, reason="doctors_day", given_on=DAY, gift="花")
    slower: list[Refusal] = []
    work = attempt(lambda: give_care(by=OFFICE, on=DAY, visit=visit), slower=slower)
    at_once(work, work)
    assert Care.objects.count() == 1 and [one.regulation for one in slower] == ["C15.once"]


def test_f9_two_events_pay_one_month_at_once_and_tax_it_together(draft, someone):
    wang, rows = someone(), []
    for number, (start, end) in enumerate((("11:00", "12:30"), ("18:00", "21:00"))):
        event = draft(title=f"会议{number}", sessions=False)
        arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
            title="讲座", from_at=at(start), until_at=at(end), speakers=(Speaker(person=wang),)))
        row = invite_faculty(by=HOUSE, on=DAY, event=event, person=wang, rank="full", net=Decimal(2000))
        rows.append(answer_invitation(by=actor(), on=DAY, key=row.key, accepted=True))
    at_once(*[lambda one=one: pay_faculty(by=OFFICE, on=FIRST, invitation=one) for one in rows])
    assert sum(row.gross for row in Invitation.objects.all()) == from_net(net=Decimal(4000)).gross
