"""Owners hear at night of what is past its date: once for each date, after missed nights too."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.directory.conftest import branch, found, register  # noqa: F401  fixtures
from xinglin.directory.actions import terms
from xinglin.engines.worklog import overdue
from xinglin.engines.worklog.actions.registers import ItemWords, amend_item, close_track, move_item
from xinglin.engines.worklog.overdue import tell_of_overdue
from xinglin.kernel import scheduler
from xinglin.kernel.notices import inbox
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.refs import Ref
from xinglin.kernel.scheduler import run_due

from .conftest import ACADEMIC, DAY, HOUSE, OFFICE

pytestmark = pytest.mark.django_db
LATE, OWNER = date(2024, 6, 10), "directory.person:li"


@pytest.fixture
def tasks(track):
    return track("entrusted", "委托任务")


def task(tasks, listed, title="汇总", **given):
    return listed(tasks, **{"title": title, "party_name": "市卫健委", "organisation": ACADEMIC, "owner": OWNER,
                            "due_on": LATE, **given})


def told():
    return sorted(Notice.objects.values_list("to", "about"))


def test_an_item_past_its_date_is_told_once_and_again_only_for_a_new_date(tasks, listed):
    item = task(tasks, listed)
    task(tasks, listed, title="还早", due_on=date(2024, 9, 1))
    assert tell_of_overdue(on=LATE) == 0  # the last day is not yet too late
    assert [tell_of_overdue(on=DAY) for _n in range(2)] == [1, 0]
    assert told() == [(OWNER, str(item.ref))]
    [arrived] = inbox(person=Ref(OWNER), language="zh-hans")
    assert (arrived.subject, arrived.url) == ("逾期：汇总", f"/worklog/items/{item.pk}/")
    assert "2024-06-10" in arrived.body and "已收" in arrived.body
    words = ItemWords.of(item)
    amend_item(by=OFFICE, on=DAY, item=item, words=ItemWords(**{**words.columns(), "due_on": date(2024, 6, 20)}))
    assert tell_of_overdue(on=date(2024, 6, 20)) == 0
    assert tell_of_overdue(on=date(2024, 6, 21)) == 1


def test_what_is_finished_closed_or_only_striven_for_is_not_told(tasks, track, listed):
    ended = task(tasks, listed)
    move_item(by=OFFICE, on=DAY, item=ended, stage="ended", reason="撤销")
    shut = track("entrusted", "旧台账")
    task(shut, listed)
    close_track(by=OFFICE, on=DAY, track=shut)
    listed(track("centre", "中心"), title="一中心", subject="directory.organisation:1", owner=OWNER, due_on=LATE,
           modality="strive")
    assert tell_of_overdue(on=DAY) == 0


def test_without_a_person_the_leaders_of_the_owner_hear_and_without_those_the_keepers(
    tasks, listed, register, branch  # noqa: F811
):
    chair = register("王小明")
    terms.begin_term(by=HOUSE, on=date(2026, 3, 2), person=chair, organisation=branch, title="chair",
                     from_on=date(2024, 1, 1), until_on=date(2027, 1, 1))
    item = task(tasks, listed, owner="", organisation=str(branch))
    lone = task(tasks, listed, title="无人", owner="", organisation="")
    assert tell_of_overdue(on=DAY) == 1
    assert told() == [(str(chair), str(item.ref))]
    assert overdue.answering(item=lone, on=DAY) == []


def test_missed_nights_are_made_up_and_nobody_hears_twice(tasks, listed, monkeypatch):
    monkeypatch.setattr(scheduler, "_schedules",
                        {"worklog.overdue": scheduler.schedules()["worklog.overdue"]})
    first, second = task(tasks, listed), task(tasks, listed, title="问卷", due_on=date(2024, 6, 12))
    night = [datetime(2024, 6, day, 6, tzinfo=ZoneInfo("Asia/Shanghai")) for day in (10, 14, 15)]
    run_due(now=night[0])
    assert told() == []
    assert run_due(now=night[1]) == 4
    run_due(now=night[2])
    assert told() == sorted([(OWNER, str(first.ref)), (OWNER, str(second.ref))])
