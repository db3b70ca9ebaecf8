"""Each row of the systems list that the worklog answers for: its “It works when” sentence, as a test."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from xinglin.engines.worklog import answers
from xinglin.engines.worklog.actions.registers import SiteInAnotherCounter, StageNeedsMore, move_item
from xinglin.engines.worklog.actions.series import WrongEdition, open_series, plan_edition
from xinglin.engines.worklog.actions.verifying import verify_work
from xinglin.engines.worklog.actions.work import log_work, withdraw_work
from xinglin.engines.worklog.editions import propose
from xinglin.engines.worklog.expecting import flags
from xinglin.engines.worklog.paths import finishes
from xinglin.kernel import files
from xinglin.kernel.actions.files import attach_file
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import Refusals

from .conftest import ACADEMIC, CLERK, DAY, HEAD, OFFICE

pytestmark = pytest.mark.django_db
YEAR = {"from_on": date(2024, 1, 1), "until_on": date(2025, 1, 1)}
COMMISSION = "directory.organisation:commission"


def attach(to, name="验收报告.txt"):
    kept = files.keep(content=ContentFile("验收合格（演示）".encode(), name=name))
    attach_file(by=OFFICE, on=DAY, file=kept, to=to.ref)


def ledger(kind, field="count", until=date(2025, 1, 1)):
    """Sum over sealed, uncorrected facts: what the plan reads."""
    corrected = set(SealedFact.objects.exclude(corrects=None).values_list("corrects", flat=True))
    rows = SealedFact.objects.filter(type="worklog.work.verified", happened_on__lt=until)
    return sum(
        Decimal(one.body.get(field) or 0) for one in rows if one.key not in corrected and kind in one.body["kinds"]
    )


def test_g10_a_figure_of_the_summary_equals_the_sum_over_its_records_and_opens_down_to_them(verified, sealed):
    made = [
        verified(kind, title=f"第{n}场", format="hybrid", people_on_site=100 + n, people_online=2000)
        for n, kind in enumerate(["annual_meeting", "forum", "topic_meeting", "academic_meeting"])
    ]
    verified("training_course", format="on_site", people_on_site=50)
    withdrawn = verified("forum", title="误登", format="on_site", people_on_site=9999)
    withdraw_work(by=HEAD, on=DAY, entry=withdrawn, reason="误登")
    sealed()
    found = answers.summary(kind="meeting", **YEAR)
    assert (found.entries, found.count, found.people_on_site, found.people_online) == (4, 4, 406, 8000)
    rows = answers.counted(kind="meeting", **YEAR)
    assert sorted(one.pk for one in rows) == sorted(one.pk for one in made)
    assert sum(one.people_on_site for one in rows) == found.people_on_site == ledger("meeting", "people_on_site")
    assert ledger("meeting", "people_online") == 8000


def test_g13_each_assignment_shows_who_entrusted_it_its_due_date_and_document_and_an_unowned_one_is_flagged(
    track, listed, verified
):
    tasks = track("entrusted", "2024 年委托与交办工作")
    owned = listed(
        tasks, title="临床路径开展情况汇总", party=COMMISSION, organisation=ACADEMIC, due_on=date(2024, 12, 1)
    )
    lone = listed(tasks, title="卫生行政部门委托的其他工作", party_name="市卫健委（演示）", due_on=date(2024, 12, 1))
    assert (owned.party, owned.due_on, flags(owned, on=DAY)) == (COMMISSION, date(2024, 12, 1), [])
    assert len(flags(lone, on=DAY)) == 1
    move_item(by=CLERK, on=DAY, item=owned, stage="doing")
    with pytest.raises(StageNeedsMore) as refusal:
        move_item(by=CLERK, on=DAY, item=owned, stage="delivered")
    assert refusal.value.field == "evidence"
    verified("entrusted_delivered", title="口头交付", item=owned)
    with pytest.raises(StageNeedsMore):
        move_item(by=CLERK, on=DAY, item=owned, stage="delivered")
    attach(owned, "汇总报告.txt")
    move_item(by=CLERK, on=DAY, item=owned, stage="delivered")
    assert [one.name for one in files.attachments(to=owned.ref)] == ["汇总报告.txt"]
    entry = verified("entrusted_delivered", title="交付临床路径汇总", item=owned)
    assert entry.entrusted_by == COMMISSION


def test_g14_the_study_record_of_any_member_and_year_can_be_drawn(verified, submitted):
    me, other = "directory.person:li", "directory.person:wang"
    verified("party_study", title="理论学习", people=(me, other), hours=Decimal("2.0"), people_on_site=12)
    verified("party_lecture", title="专题党课", people=(me,), hours=Decimal("1.5"), happened_on=date(2024, 3, 1))
    verified("party_study", title="去年学习", people=(me,), hours=Decimal(3), happened_on=date(2023, 11, 1))
    verified("forum", title="学术论坛", people=(me,))
    submitted("party_study", title="待核实", people=(me,), hours=Decimal(9))
    found = answers.study_record(person=me, year=2024)
    assert [(one.title, one.hours) for one in found] == [("专题党课", Decimal("1.5")), ("理论学习", Decimal(2))]
    assert [one.title for one in answers.study_record(person=me, year=2023)] == ["去年学习"]
    assert len(answers.study_record(person=other, year=2024)) == 1
    assert answers.study_record(person="directory.person:nobody", year=2024) == []


def test_g15_each_criterion_has_evidence_or_an_owner_for_the_gap(track, listed):
    campaign = track("campaign", "全国文明单位创建")
    lone = listed(campaign, title="1.1 志愿服务")
    owned = listed(campaign, title="1.2 诚信建设", organisation=ACADEMIC)
    proven = listed(campaign, title="1.3 环境整治")
    assert [bool(flags(one, on=DAY)) for one in (lone, owned, proven)] == [True, False, True]
    with pytest.raises(StageNeedsMore):
        move_item(by=OFFICE, on=DAY, item=proven, stage="evidenced")
    attach(proven)
    proven = move_item(by=OFFICE, on=DAY, item=proven, stage="evidenced")
    assert flags(proven, on=DAY) == []


def test_g16_each_pilot_shows_place_term_and_result_and_one_institution_in_three_pilots_is_visible(track, listed):
    hospital = "directory.organisation:h1"
    term = {"region": "310101", "from_on": date(2024, 1, 1), "until_on": date(2026, 1, 1)}
    items = [
        listed(track("pilot", name), title=f"{name}（一院）", subject=hospital, **term)
        for name in ("国际医疗旅游试点", "成果转化试点", "紧密型城市医疗集团试点")
    ]
    listed(items[0].track, title="二院", subject="directory.organisation:h2", **term)
    bare = listed(items[1].track, title="三院", subject="directory.organisation:h3")
    with pytest.raises(StageNeedsMore):
        move_item(by=OFFICE, on=DAY, item=bare, stage="running")
    move_item(by=OFFICE, on=DAY, item=items[0], stage="running")
    with pytest.raises(StageNeedsMore) as refusal:
        move_item(by=OFFICE, on=DAY, item=items[0], stage="concluded")
    assert refusal.value.field == "result"
    done = move_item(by=OFFICE, on=DAY, item=items[0], stage="concluded", result="接诊境外患者 1,200 人次")
    assert (done.region, done.finish_on, done.result) == ("310101", date(2025, 12, 31), "接诊境外患者 1,200 人次")
    [(subject, found)] = answers.listed_often().items()
    assert subject == hospital
    assert sorted((one.register, one.stage) for one in found) == [
        ("国际医疗旅游试点", "已结束"),
        ("成果转化试点", "已申报"),
        ("紧密型城市医疗集团试点", "已申报"),
    ]


def test_g16_three_pilots_of_one_institution_in_one_register_are_visible_too(track, listed):
    hospital, pilots = "directory.organisation:h1", track("pilot", "各类国家级试点")
    made = [listed(pilots, title=title, subject=hospital) for title in ("转化", "旅游", "集团")]
    listed(pilots, title="另一家", subject="directory.organisation:h2")
    found = answers.listed_often()
    assert {subject: [one.item for one in rows] for subject, rows in found.items()} == {
        hospital: [one.ref for one in made]
    }


def test_g18_each_visit_or_exchange_points_to_the_agreement_clause_it_fulfils(track, listed, work, verified):
    agreement = track("agreement", "长三角合作备忘录（演示）")
    clause = listed(agreement, title="每年互访一次", number="3.2", party_name="江浙皖医院协会")
    with pytest.raises(Refusals) as refusal:
        log_work(by=CLERK, on=DAY, work=work("exchange_visit", title="赴浙江考察"), submit=True)
    assert [one.field for one in refusal.value.problems] == ["item"]
    entry = verified("exchange_visit", title="赴浙江考察", item=clause)
    assert entry.item == clause
    assert [one.pk for one in clause.entries.counted()] == [entry.pk]
    clause = move_item(by=CLERK, on=DAY, item=clause, stage="fulfilled")
    withdraw_work(by=OFFICE, on=DAY, entry=entry, reason="未成行")
    clause.refresh_from_db()
    assert (clause.stage, clause.done_on) == ("agreed", None)
    other = track("entrusted", "委托")
    with pytest.raises(Refusals):
        log_work(by=CLERK, on=DAY, work=work("exchange_visit", item=listed(other, title="x", party_name="y")))


def test_c04_the_counter_of_branded_meetings_held_against_the_target_is_right_at_any_date(
    track, listed, submitted, sealed
):
    plan = track("meeting_plan", "2024 年“东方”会议", target=3, on=date(2024, 1, 2), due_on=date(2024, 12, 31))
    planned = [
        listed(plan, on=date(2024, 1, 2), title=f"东方{name}", organisation=ACADEMIC, due_on=date(2024, 11, 30))
        for name in ("肝病", "心脏", "影像")
    ]
    held = [(planned[0], date(2024, 3, 9), "on_site"), (planned[1], date(2024, 5, 18), "online")]
    for item, day, how in held:
        entry = submitted("brand_meeting", title=item.title, happened_on=day, item=item, format=how)
        verify_work(by=OFFICE, on=DAY, entries=[entry])
    move_item(by=OFFICE, on=DAY, item=planned[2], stage="cancelled", reason="专家冲突")
    sealed()
    at = {
        day: answers.standing(plan, on=day).done
        for day in (date(2024, 3, 8), date(2024, 3, 9), date(2024, 5, 17), date(2024, 5, 18), date(2024, 12, 31))
    }
    assert list(at.values()) == [0, 1, 1, 2, 2]
    assert [
        ledger("brand_meeting", until=date(2024, 3, 9)),
        ledger("brand_meeting", until=date(2024, 3, 10)),
        ledger("brand_meeting"),
    ] == [0, 1, 2]
    assert list(plan.items.order_by("pk").values_list("stage", flat=True)) == ["held", "held_online", "cancelled"]
    withdraw_work(by=OFFICE, on=DAY, entry=planned[1].entries.get(), reason="实际未开")
    assert answers.standing(plan, on=date(2024, 12, 31)).done == 1
    planned[1].refresh_from_db()
    assert planned[1].stage == "planned"


def test_c05_the_next_edition_is_proposed_and_a_gap_or_repeat_is_refused(kinds):
    series = open_series(by=OFFICE, on=DAY, title="上海医院发展论坛", kind=kinds["forum"], organisation=ACADEMIC)
    plan_edition(by=OFFICE, on=DAY, series=series, year=2024, number=11, role="host")
    assert (propose(series=series, year=2025).number, propose(series=series, year=2025).year) == (12, 2025)
    for wrong in (11, 13):
        with pytest.raises(WrongEdition):
            plan_edition(by=OFFICE, on=DAY, series=series, year=2025, number=wrong, role="host")
    assert plan_edition(by=OFFICE, on=DAY, series=series, year=2025, role="organiser").number == 12


def test_r21_each_centres_stage_is_known_and_a_strive_target_is_no_miss_as_a_must_is(track, listed):
    due = date(2024, 12, 31)
    must = track("centre", "5 家国家医学中心达到建设目标", target=2, due_on=due)
    strive = track("centre", "力争新增国家医学中心", target=1, due_on=due, modality="strive")
    for one in (must, strive):
        listed(one, title="一中心", subject=f"directory.organisation:c{one.pk}", organisation=ACADEMIC)
    assert [one.at.code for one in must.items.all()] == ["preparing"]
    assert [answers.standing(one, on=due).word for one in (must, strive)] == ["running", "running"]
    after = date(2025, 1, 1)
    found = [answers.standing(one, on=after) for one in (must, strive)]
    assert [(one.word, one.light, one.missed) for one in found] == [("missed", "bad", True), ("strived", "off", False)]
    item = strive.items.get()
    attach(item)
    move_item(by=OFFICE, on=due, item=item, stage="reached")
    assert answers.standing(strive, on=after).word == "reached"


def test_r21_a_centre_that_is_only_striven_for_is_not_shown_overdue_as_a_must_is(track, listed):
    centres = track("centre", "国家医学中心")
    given = {"organisation": ACADEMIC, "due_on": date(2024, 6, 1)}
    must, strive = (
        listed(centres, title=one, subject=f"directory.organisation:{one}", modality=one, **given)
        for one in ("must", "strive")
    )
    assert [[one.light for one in flags(item, on=DAY)] for item in (must, strive)] == [["bad"], ["warn"]]


def test_p03_the_counters_equal_the_sites_accepted_and_a_site_is_never_in_two(track, listed, sealed):
    counters = {
        name: track("facility", name, target=target)
        for name, target in (("护理中心", 30), ("示范性康复中心", 15), ("中医药巡诊站点", 50), ("慢病支持中心", 56))
    }
    number = 0
    for one in counters.values():
        for _n in range(3):
            number += 1
            item = listed(one, title=f"站点{number}", subject=f"directory.organisation:s{number}", region="310101")
            if _n:
                attach(item)
                move_item(by=OFFICE, on=DAY, item=item, stage="accepted")
    sealed()
    assert [answers.standing(one, on=DAY).done for one in counters.values()] == [2, 2, 2, 2]
    done = SealedFact.objects.filter(type="worklog.item.completed")
    by_track = {
        one.ref: [fact.body["subject"] for fact in done if fact.body["track"] == one.ref] for one in counters.values()
    }
    assert [len(set(sites)) for sites in by_track.values()] == [2, 2, 2, 2]
    sites = [site for named in by_track.values() for site in named]
    assert len(sites) == len(set(sites)) == 8
    with pytest.raises(SiteInAnotherCounter):
        listed(counters["护理中心"], title="站点重复", subject="directory.organisation:s12", region="310101")


def test_a08_each_asset_is_replaced_planned_or_has_a_recorded_reason(track, listed):
    assets = track("it_asset", "信创改造清单")
    names = ("邮件服务器", "财务终端", "影像工作站", "门禁主机")
    items = [listed(assets, title=name, grade="can", organisation=ACADEMIC, due_on=date(2024, 12, 1)) for name in names]
    attach(items[0])
    move_item(by=OFFICE, on=DAY, item=items[0], stage="replaced")
    move_item(by=OFFICE, on=DAY, item=items[1], stage="planned")
    move_item(by=OFFICE, on=DAY, item=items[2], stage="kept", reason="厂商无国产版本")
    open_ = [one.title for one in assets.items.all() if flags(one, on=DAY)]
    assert open_ == ["门禁主机"]


def test_a09_the_next_due_date_of_each_system_is_known_and_no_high_risk_finding_is_open_when_it_passes(track, listed):
    systems, findings = track("assessment", "等保测评"), track("finding", "测评问题")
    site = listed(systems, title="协会网站", grade="level3", organisation=ACADEMIC, due_on=date(2024, 7, 1))
    finding = listed(
        findings, title="弱口令", grade="high", parent=site, organisation=ACADEMIC, due_on=date(2024, 6, 30)
    )
    attach(site, "测评报告.txt")
    assert any("高风险" in one.message or "high-risk" in one.message for one in flags(site, on=DAY))
    with pytest.raises(StageNeedsMore):
        move_item(by=OFFICE, on=DAY, item=site, stage="certified")
    attach(finding, "整改说明.txt")
    move_item(by=OFFICE, on=DAY, item=finding, stage="closed")
    site = move_item(by=OFFICE, on=DAY, item=site, stage="certified")
    assert site.due_on == date(2025, 6, 14)
    assert flags(site, on=DAY) == []
    assert [one.light for one in flags(site, on=date(2025, 6, 15))] == ["bad"]


def test_a11_the_critical_path_shows_whether_both_end_in_time_and_each_object_has_an_old_and_a_new_place(track, listed):
    works = track("construction", "P3 实验室与浦东校区工程", on=date(2024, 1, 1), due_on=date(2024, 12, 31))
    campus = listed(works, title="校区工程", days=150, from_on=date(2024, 7, 1), organisation=ACADEMIC)
    lab = listed(works, title="P3 装修", days=120, from_on=date(2024, 8, 1), organisation=ACADEMIC)
    trial = listed(works, title="试运行", days=20, after=(campus.pk, lab.pk), organisation=ACADEMIC)
    found = finishes(works.items.all(), on=DAY)
    ends = {key: found[key].finishes_on for key in (campus.pk, lab.pk, trial.pk)}
    assert ends == {campus.pk: date(2024, 11, 27), lab.pk: date(2024, 11, 28), trial.pk: date(2024, 12, 18)}
    assert all(day <= works.due_on for day in ends.values())
    late = finishes(works.items.all(), on=date(2024, 9, 1))
    assert late[trial.pk].finishes_on > works.due_on
    moves = track("removal", "搬迁清单")
    with pytest.raises(Refusals):
        listed(moves, title="低温冰箱 A-017", from_place="旧楼 301")
    moved = listed(moves, title="低温冰箱 A-017", from_place="旧楼 301", to_place="浦东 B2-115")
    assert (moved.from_place, moved.to_place) == ("旧楼 301", "浦东 B2-115")
