"""What proved a stage can be taken back: the item then leaves the stage, and the counter follows."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.files.base import ContentFile

from xinglin.engines.worklog import answers
from xinglin.engines.worklog.actions.evidence import add_evidence, prove_item
from xinglin.engines.worklog.actions.registers import (
    ItemWords,
    NotYet,
    SiteInAnotherCounter,
    StageNeedsMore,
    amend_item,
    close_track,
    move_item,
)
from xinglin.engines.worklog.actions.verifying import verify_work
from xinglin.engines.worklog.actions.work import correct_work, withdraw_work
from xinglin.engines.worklog.works import Work
from xinglin.kernel.files import keep
from xinglin.kernel.ledger.models import SealedFact

from .conftest import ACADEMIC, DAY, HEAD, OFFICE

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(track, listed):
    """Two meetings of a yearly plan."""
    plan = track("meeting_plan", "2024 年“东方”会议", target=2, on=date(2024, 1, 2))
    return [listed(plan, title=title, organisation=ACADEMIC) for title in ("东方肝病", "东方心脏")]


def stages(items):
    for one in items:
        one.refresh_from_db()
    return [one.stage for one in items]


def test_pointing_a_verified_entry_to_another_item_releases_the_one_it_had_reached(planned, verified, sealed):
    first, second = planned
    entry = verified("brand_meeting", item=first)
    assert stages(planned) == ["held", "planned"]
    entry.refresh_from_db()
    correct_work(by=OFFICE, on=DAY, entry=entry, work=replace(Work.of(entry), item=second))
    assert stages(planned) == ["planned", "planned"]
    verify_work(by=HEAD, on=DAY, entries=[entry])
    assert stages(planned) == ["planned", "held"]
    assert answers.standing(first.track, on=DAY).done == 1
    sealed()
    reopened = SealedFact.objects.get(type="worklog.item.reopened")
    assert reopened.body["item"] == str(first.ref)


def test_an_entry_that_still_counts_keeps_the_item_reached_on_its_own_day(planned, verified):
    item = planned[0]
    early = verified("brand_meeting", item=item, happened_on=date(2024, 3, 9), format="online")
    verified("brand_meeting", item=item, happened_on=date(2024, 5, 18), format="on_site")
    withdraw_work(by=OFFICE, on=DAY, entry=early, reason="误登")
    item.refresh_from_db()
    assert (item.stage, item.done_on) == ("held", date(2024, 5, 18))


def test_a_task_whose_last_report_is_withdrawn_with_its_entry_is_in_hand_again(
    track, listed, verified
):
    task = listed(track("entrusted", "委托任务"), title="汇总", party_name="市卫健委", organisation=ACADEMIC)
    entries = [verified("entrusted_delivered", title=f"交付{n}", item=task) for n in range(2)]
    for one in entries:
        add_evidence(by=OFFICE, on=DAY, entry=one, evidence=[keep(content=ContentFile(b"report\n", name="报告.txt"))])
    move_item(by=OFFICE, on=DAY, item=task, stage="delivered")
    withdraw_work(by=OFFICE, on=DAY, entry=entries[0], reason="报告退回")
    assert stages([task]) == ["delivered"]
    withdraw_work(by=OFFICE, on=DAY, entry=entries[1], reason="报告退回")
    assert stages([task]) == ["doing"]


def test_amending_a_completed_item_says_the_completion_anew_and_keeps_what_its_stage_needs(track, listed, sealed):
    site = {"title": "站点一", "subject": "directory.organisation:site1", "region": "310101"}
    item = listed(track("facility", "护理中心"), **site)
    prove_item(by=OFFICE, on=DAY, item=item, evidence=[keep(content=ContentFile(b"accepted\n", name="验收.txt"))])
    move_item(by=OFFICE, on=DAY, item=item, stage="accepted", happened_on=date(2024, 5, 1))
    with pytest.raises(StageNeedsMore) as refusal:
        amend_item(by=OFFICE, on=DAY, item=item, words=ItemWords(**{**site, "region": ""}))
    assert refusal.value.field == "region"
    amend_item(by=OFFICE, on=DAY, item=item, words=ItemWords(**{**site, "title": "站点一（东区）"}))
    amend_item(by=OFFICE, on=DAY, item=item, words=ItemWords(**{**site, "region": "310104"}))
    sealed()
    first, second = SealedFact.objects.filter(type="worklog.item.completed").order_by("position")
    assert (first.body["region"], second.body["region"], second.corrects) == ("310101", "310104", first.key)
    assert second.happened_on == date(2024, 5, 1)
    move_item(by=OFFICE, on=DAY, item=item, stage="built")
    sealed()
    assert SealedFact.objects.get(type="worklog.item.reopened").corrects == second.key


def test_a_stage_is_reached_on_the_day_given_and_counts_in_that_year(track, listed, sealed):
    moves = track("removal", "搬迁清单", target=1, on=date(2024, 1, 2))
    item = listed(moves, title="冰箱", from_place="旧楼 301", to_place="新楼 501")
    entered = date(2025, 1, 6)
    with pytest.raises(NotYet) as refusal:
        move_item(by=OFFICE, on=entered, item=item, stage="moved", happened_on=date(2025, 1, 7))
    assert refusal.value.field == "happened_on"
    item = move_item(by=OFFICE, on=entered, item=item, stage="moved", happened_on=date(2024, 12, 28))
    assert (item.stage_on, item.done_on) == (date(2024, 12, 28), date(2024, 12, 28))
    assert answers.standing(moves, on=date(2024, 12, 31)).done == 1
    sealed()
    assert SealedFact.objects.get(type="worklog.item.completed").happened_on == date(2024, 12, 28)


def test_a_site_taken_up_again_is_refused_when_another_counter_has_it_by_now(track, listed):
    nursing, rehab = track("facility", "护理中心"), track("facility", "康复中心")
    site = {"subject": "directory.organisation:site1", "region": "310101", "title": "站点一"}
    first = listed(nursing, **site)
    move_item(by=OFFICE, on=DAY, item=first, stage="dropped", reason="用地未落实")
    listed(rehab, **site)
    with pytest.raises(SiteInAnotherCounter):
        move_item(by=OFFICE, on=DAY, item=first, stage="planned")


def test_a_closed_register_stays_as_it_was_closed_whatever_becomes_of_its_entries(planned, submitted, verified):
    reached, open_ = planned
    entry = verified("brand_meeting", item=reached)
    waiting = submitted("brand_meeting", item=open_)
    close_track(by=OFFICE, on=DAY, track=reached.track)
    withdraw_work(by=OFFICE, on=DAY, entry=entry, reason="误登")
    verify_work(by=OFFICE, on=DAY, entries=[waiting])
    assert stages(planned) == ["held", "planned"]
