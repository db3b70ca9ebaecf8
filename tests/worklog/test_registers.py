"""Registers: items are listed, amended, moved; each stage change is a fact, and what counts can be undone."""

from datetime import date

import pytest

from xinglin.engines.worklog.actions.registers import (
    GoesRound,
    ItemWords,
    NothingAmended,
    SameStage,
    SiteInAnotherCounter,
    StageNeedsMore,
    TrackTaken,
    UnknownPattern,
    amend_item,
    change_track,
    close_track,
    list_items,
    move_item,
    open_track,
)
from xinglin.engines.worklog.expecting import flags
from xinglin.engines.worklog.paths import finishes
from xinglin.engines.worklog.registers import Item, Track
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed, Refusals

from .conftest import ACADEMIC, BRANCH, CHAIR, CLERK, DAY, HEAD, MEMBER, OFFICE, SECRETARY

pytestmark = pytest.mark.django_db


def facts(type_):
    return list(SealedFact.objects.filter(type=f"worklog.{type_}").order_by("position"))


def test_a_register_is_opened_by_office_or_head_once_per_title(kinds):
    assert open_track(by=HEAD, on=DAY, pattern="entrusted", title="2024 年委托任务", organisation=ACADEMIC).stages
    for by, organisation in ((CLERK, ACADEMIC), (HEAD, BRANCH), (MEMBER, ACADEMIC)):
        with pytest.raises(NotAllowed):
            open_track(by=by, on=DAY, pattern="entrusted", title="另一", organisation=organisation)
    with pytest.raises(TrackTaken):
        open_track(by=OFFICE, on=DAY, pattern="entrusted", title="2024 年委托任务", organisation=ACADEMIC)
    with pytest.raises(UnknownPattern):
        open_track(by=OFFICE, on=DAY, pattern="none", title="x", organisation=ACADEMIC)


def test_items_are_listed_amended_and_moved_with_a_fact_each(track, listed, sealed):
    tasks = track("entrusted", "委托任务")
    item = listed(tasks, title="临床路径汇总", party_name="市卫健委")
    amend_item(
        by=CLERK,
        on=DAY,
        item=item,
        words=ItemWords(title="临床路径汇总", party_name="市卫健委", organisation=ACADEMIC, due_on=date(2024, 9, 30)),
    )
    move_item(by=CLERK, on=DAY, item=item, stage="doing")
    sealed()
    assert [len(facts(name)) for name in ("item.listed", "item.amended", "item.moved", "item.completed")] == [
        1,
        1,
        1,
        0,
    ]
    assert facts("item.amended")[0].corrects == facts("item.listed")[0].key
    assert (facts("item.moved")[0].body["before"], facts("item.moved")[0].body["stage"]) == ("received", "doing")
    assert "市卫健委" not in facts("item.listed")[0].content


def test_who_owns_an_item_keeps_it_and_others_do_not(track, listed):
    item = listed(track("campaign", "文明单位创建"), title="志愿服务", organisation=BRANCH)
    with pytest.raises(NotAllowed):
        move_item(by=MEMBER, on=DAY, item=item, stage="waived", reason="不适用")
    assert move_item(by=SECRETARY, on=DAY, item=item, stage="waived", reason="不适用").stage == "waived"
    with pytest.raises(NotAllowed):
        list_items(by=CHAIR, on=DAY, track=item.track, items=[ItemWords(title="x")])


def test_a_stage_refuses_what_it_lacks_and_names_it(track, listed, sealed):
    item = listed(track("it_asset", "信创改造"), title="邮件服务器", grade="should")
    with pytest.raises(StageNeedsMore) as refusal:
        move_item(by=OFFICE, on=DAY, item=item, stage="planned")
    assert refusal.value.field == "organisation"
    with pytest.raises(StageNeedsMore):
        move_item(by=OFFICE, on=DAY, item=item, stage="kept")
    with pytest.raises(SameStage):
        move_item(by=OFFICE, on=DAY, item=item, stage="undecided")
    item.refresh_from_db()
    assert item.stage == "undecided"
    sealed()
    assert facts("item.moved") == []


def test_leaving_a_stage_that_counts_corrects_its_completion(track, listed, sealed):
    item = listed(track("removal", "搬迁"), title="冰箱", from_place="旧楼 301", to_place="新楼 501")
    move_item(by=OFFICE, on=DAY, item=item, stage="moved")
    assert item.__class__.objects.get(pk=item.pk).done_on == DAY
    move_item(by=OFFICE, on=DAY, item=item, stage="listed")
    sealed()
    assert facts("item.reopened")[0].corrects == facts("item.completed")[0].key
    assert item.__class__.objects.get(pk=item.pk).done_on is None


@pytest.mark.parametrize(
    ("pattern", "given", "field"),
    [
        ("entrusted", {}, "party_name"),
        ("facility", {}, "subject"),
        ("assessment", {}, "grade"),
        ("assessment", {"grade": "level9"}, "grade"),
        ("finding", {"grade": "high"}, "parent"),
        ("removal", {}, "to_place"),
        ("campaign", {"title": ""}, "title"),
        ("campaign", {"from_on": DAY, "until_on": DAY}, "until_on"),
    ],
)
def test_an_item_is_not_listed_without_what_its_register_asks(track, pattern, given, field):
    with pytest.raises(Refusals) as refusal:
        list_items(by=OFFICE, on=DAY, track=track(pattern, "台账"), items=[ItemWords(**{"title": "条目", **given})])
    assert [one.field for one in refusal.value.problems] == [field]
    assert Item.objects.count() == 0


def test_a_site_stands_in_one_counter_only_until_it_is_dropped(track, listed):
    nursing, rehab = track("facility", "护理中心"), track("facility", "康复中心")
    site = {"subject": "directory.organisation:site1", "region": "310101", "title": "站点一"}
    first = listed(nursing, **site)
    with pytest.raises(SiteInAnotherCounter) as refusal:
        listed(rehab, **site)
    assert refusal.value.regulation == "WL8.one_counter"
    assert "护理中心" in str(refusal.value)
    move_item(by=OFFICE, on=DAY, item=first, stage="dropped", reason="用地未落实")
    assert listed(rehab, **site)


def test_an_amendment_that_changes_nothing_is_refused(track, listed):
    item = listed(track("campaign", "创建"), title="志愿服务")
    with pytest.raises(NothingAmended):
        amend_item(by=OFFICE, on=DAY, item=item, words=ItemWords(title="志愿服务"))


def test_a_closed_register_is_not_kept(track, listed, sealed):
    one = track("campaign", "创建")
    change_track(by=OFFICE, on=DAY, track=one, title="创建", organisation=ACADEMIC, target=12)
    close_track(by=OFFICE, on=DAY, track=one)
    with pytest.raises(NotAllowed):
        listed(one, title="志愿服务")
    sealed()
    assert [len(facts(f"track.{name}")) for name in ("opened", "changed", "closed")] == [1, 1, 1]


def test_a_page_opened_before_a_register_was_closed_does_not_open_it_again(track):
    one = track("campaign", "创建")
    seen = Track.objects.get(pk=one.pk)
    close_track(by=OFFICE, on=DAY, track=one)
    for act, given in ((change_track, {"title": "改名", "organisation": ACADEMIC}), (close_track, {})):
        with pytest.raises(NotAllowed):
            act(by=OFFICE, on=DAY, track=seen, **given)
    assert Track.objects.get(pk=one.pk).closed_on == DAY


def test_milestones_do_not_wait_for_themselves(track, listed):
    works = track("construction", "P3 实验室")
    first = listed(works, title="设计", days=10)
    second = listed(works, title="装修", days=60, after=(first.pk,))
    with pytest.raises(GoesRound):
        amend_item(by=OFFICE, on=DAY, item=first, words=ItemWords(title="设计", days=10, after=(second.pk,)))


def test_the_critical_path_is_the_chain_that_decides_the_end(track, listed):
    works = track("construction", "工程", on=date(2024, 1, 1))
    design = listed(works, title="设计", days=10, from_on=date(2024, 7, 1))
    build = listed(works, title="施工", days=30, after=(design.pk,))
    order = listed(works, title="采购", days=5, after=(design.pk,))
    trial = listed(works, title="试运行", days=20, after=(build.pk, order.pk))
    found = finishes(works.items.all(), on=date(2024, 6, 14))
    assert found[design.pk].finishes_on == date(2024, 7, 10)
    assert found[build.pk].finishes_on == date(2024, 8, 9)
    assert (found[order.pk].slack, found[order.pk].critical) == (25, False)
    assert (found[trial.pk].finishes_on, found[trial.pk].held_by) == (date(2024, 8, 29), build.pk)
    assert [key for key, one in found.items() if one.critical] == [design.pk, build.pk, trial.pk]
    # A late start pushes the chain.
    late = finishes(works.items.all(), on=date(2024, 8, 1))
    assert late[trial.pk].finishes_on == date(2024, 9, 29)


def test_an_unowned_or_overdue_item_is_flagged(track, listed):
    tasks = track("entrusted", "委托任务")
    lone = listed(tasks, title="无人认领", party_name="市卫健委")
    late = listed(tasks, title="逾期", party_name="市卫健委", organisation=ACADEMIC, due_on=date(2024, 6, 1))
    near = listed(tasks, title="将到期", party_name="市卫健委", organisation=ACADEMIC, due_on=date(2024, 6, 24))
    far = listed(tasks, title="还早", party_name="市卫健委", organisation=ACADEMIC, due_on=date(2024, 12, 24))
    assert [len(flags(one, on=DAY)) for one in (lone, late, near, far)] == [2, 1, 1, 0]
    assert [one.light for one in flags(near, on=DAY)] == ["warn"]
    assert [one.light for one in flags(late, on=DAY)] == ["bad"]
