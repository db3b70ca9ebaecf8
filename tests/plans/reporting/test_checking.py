"""Checking a draft: agrees, ledger says N, counted twice, no evidence, not measurable; decoys are left alone."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tests.plans.conftest import CLERK, OFFICE, STRANGER
from xinglin.kernel.ledger.models import UnsealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.plans.actions.reporting import NothingToCheck, keep_check
from xinglin.plans.drafts import SummaryCheck
from xinglin.plans.reading import read_text
from xinglin.plans.reporting.checking import check_draft, counts_of, run_check, year_of
from xinglin.plans.reporting.closeness import Printed, agrees, rounding_of
from xinglin.plans.reporting.finding import Finding

from .conftest import YEAR_END

pytestmark = pytest.mark.django_db

TITLE = "江海省医师协会（演示）2026 年工作总结\n\n"
HEAD = f"{TITLE}一、学术\n\n"
# A fictional summary of a fictional association, in the genre.
DRAFT = """江海省医师协会（演示）2026 年工作总结

2026 年，协会坚持“四个意识”，落实“十四五”规划，完成了年度任务。

一、学术交流

全年举办学术会议 31 场，线下参会人数 9,846 人次，线上参会人数超 1 万人次。举办师资培训班 12 期。

二、服务基层

开展送教下基层活动 4 场。开展义诊 5 场，服务患者 200 人次。走进社区 12 家。

三、宣传工作

公众推文 136 篇。全年共举办各类交流活动 31 场学术活动。
"""


def found(text, plan, year=2026):
    reading = read_text(text=text)
    return {one.quote: one for one in check_draft(reading=reading, year=year, on=YEAR_END, plan=plan)}


def by_claim(findings):
    return {(one.object, one.claimed): one for one in findings}


def test_each_figure_of_a_draft_is_judged(plan, year):
    reading = read_text(text=DRAFT)
    findings = check_draft(reading=reading, year=year_of(reading=reading), on=YEAR_END, plan=plan)
    told = [(one.object, one.claimed, one.result, one.ledger) for one in findings]
    assert told == [
        ("学术会议", "31 场", "agrees", 31),
        ("线下参会人数", "9,846 人次", "agrees", 9846),
        ("线上参会人数", "≥ 10,000 人次", "agrees", 12345),
        ("师资培训班", "12 期", "ledger_says", 9),
        ("送教下基层活动", "4 场", "agrees", 4),
        ("义诊", "5 场", "agrees", 5),
        ("患者", "200 人次", "agrees", 200),
        ("走进社区", "12 家", "no_evidence", 0),
        ("公众推文", "136 篇", "no_evidence", 0),
        ("学术活动", "31 场", "double_counted", 31),
    ]
    assert findings[-1].others == ("全年举办学术会议31场",)
    assert (findings[-1].why, findings[-1].regulation) == ("same_facts", "W6")
    assert (findings[3].why, findings[3].facts) == ("more", 9)
    assert not any("意识" in one.quote or "十四五" in one.quote for one in findings)
    assert counts_of(findings) == {
        "ledger_says": 1, "double_counted": 1, "no_evidence": 2, "agrees": 6, "not_measurable": 0}


def test_what_the_vocabulary_has_no_word_for_is_said_to_be_unmeasurable(plan, year):
    findings = found("江海省医师协会（演示）2026 年工作总结\n\n一、荣誉\n\n完成院区改造 26 平方米。", plan)
    assert [(one.result, one.why, one.term) for one in findings.values()] == [("not_measurable", "no_word", "")]


def test_people_on_site_and_online_are_never_added(plan, year):
    """K9: 9,846 + 12,345 = 22,191 counts in one figure what is reported in two."""
    text = f"{HEAD}举办学术会议 31 场，线上线下参会 22,191 人次，线上参会 12,345 人次，线下参会 9,846 人次。"
    one = next(one for one in found(text, plan).values() if one.claimed == "22,191 人次")
    assert (one.result, one.why, one.regulation) == ("double_counted", "sum_of", "W6.apart")


def test_a_kind_and_its_sub_kind_in_one_list_count_twice(plan, year, worked, sealed):
    for month in (3, 4):
        worked("forum", date(2026, month, 3))
    sealed()
    listed = by_claim(check_draft(reading=read_text(text=f"{HEAD}举办学术会议 33 场、论坛 2 场。"), year=2026,
                                  on=YEAR_END, plan=plan))
    assert [(*key, one.result, one.why) for key, one in listed.items()] == [
        ("学术会议", "33 场", "agrees", ""), ("论坛", "2 场", "double_counted", "overlap")]
    named = by_claim(found(f"{HEAD}举办学术会议 33 场，其中论坛 2 场。", plan).values())
    assert named["论坛", "2 场"].result == "agrees"
    added = by_claim(found(f"{HEAD}举办学术会议 35 场。举办论坛 2 场。", plan).values())
    assert (added["学术会议", "35 场"].result, added["学术会议", "35 场"].why) == ("double_counted", "sum_of")


def test_a_figure_said_again_is_no_double(plan, year):
    text = f"{TITLE}全年举办学术会议 31 场。\n\n一、学术\n\n我们举办了学术会议 31 场，成效明显。"
    assert [(one.result, one.why) for one in found(text, plan).values()] == [("agrees", ""), ("agrees", "repeated")]


def test_a_part_that_nobody_recorded_apart_has_no_evidence(plan, year):
    one = found(f"{HEAD}举办学术会议 31 场。其间举办学术会议 6 场。", plan)["其间举办学术会议6场"]
    assert (one.result, one.why, one.others) == ("no_evidence", "part_of", ("举办学术会议31场",))


def test_a_verb_holds_for_the_rest_of_its_sentence(plan, year, worked, sealed):
    for kind, times in (("cme_national_filed", 2), ("cme_provincial_filed", 3), ("cme_national", 5)):
        for day in range(times):
            worked(kind, date(2026, 7, day + 1))
    sealed()
    text = f"{HEAD}申报国家级继续教育项目 2 个，省级继续教育项目 3 个。"
    told = [(one.claimed, one.ledger, one.term.rpartition("=")[2])
            for one in check_draft(reading=read_text(text=text), year=2026, on=YEAR_END)]
    assert told == [("2 个", 2, "cme_national_filed"), ("3 个", 3, "cme_provincial_filed")]


def test_a_stock_is_counted_from_the_beginning(plan, year, worked, sealed):
    worked("forum", date(2019, 5, 1))
    sealed()
    one = found(f"{HEAD}论坛总数已达到 1 场。", plan)["论坛总数已达到1场"]
    assert (one.result, one.from_on, one.ledger) == ("agrees", date(1949, 10, 1), 1)


def test_another_year_is_compared_with_that_year(plan, year):
    text = f"{HEAD}2025 年举办学术会议 31 场。"
    one = next(iter(found(text, plan).values()))
    assert (one.result, one.from_on, one.until_on) == ("no_evidence", date(2025, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("low", "high", "words", "counted", "good"),
    [
        (31, 31, "31场", 31, True),
        (31, 31, "31场", 30, False),
        (1000, None, "超1000人次", 1000, False),  # 超过 excludes the figure
        (1000, None, "超1000人次", 1001, True),
        (1000, None, "1000人次以上", 1000, True),
        (400, None, "400多位", 431, True),
        (400, None, "400多位", 900, False),
        (5000, None, "5000余人次", 5400, True),
        (None, 1000, "近千名", 960, True),
        (None, 1000, "近千名", 700, False),
        (None, 1000, "近千名", 1020, False),
        (100000, 100000, "10万人次", 104999, True),
        (100000, 100000, "10万人次", 105000, False),
        (102000, 102000, "10.2万人次", 102345, True),
        (500, 500, "约500人", 540, True),
        (500, 500, "约500人", 560, False),
    ],
)
def test_words_around_a_figure_say_how_near_it_must_be(low, high, words, counted, good):
    bounds = [None if one is None else Decimal(one) for one in (low, high)]
    printed = Printed(low=bounds[0], high=bounds[1], words=words)
    assert agrees(printed=printed, counted=Decimal(counted), on=YEAR_END)[0] is good


def test_rounding_is_read_from_the_figure_itself():
    assert rounding_of(words="10万人次") == 10_000
    assert rounding_of(words="10.25万人次") == 100
    assert rounding_of(words="1062人次") is None


def test_findings_keep_their_values(plan, year):
    for one in check_draft(reading=read_text(text=DRAFT), year=2026, on=YEAR_END, plan=plan):
        assert Finding.from_json(json.loads(json.dumps(one.as_json()))) == one


def test_keeping_a_check_is_a_fact(plan, year, sealed):
    findings = check_draft(reading=read_text(text=DRAFT), year=2026, on=YEAR_END, plan=plan)
    given = {"plan": plan, "name": "总结.docx", "sha256": "0" * 64, "year": 2026, "size": 1, "findings": findings}
    check = keep_check(by=OFFICE, on=YEAR_END, **given)
    assert len(check.findings) == 10
    said = json.loads(UnsealedFact.objects.get().content)
    assert (said["type"], said["body"]) == ("plans.summary.checked", {
        "plan": f"plans.plan:{plan.pk}", "figures": 10, "agreeing": 6, "differing": 2, "unproven": 2})
    sealed()
    for who in (STRANGER, CLERK):
        with pytest.raises(NotAllowed):
            keep_check(by=who, on=YEAR_END, **given)
    with pytest.raises(NothingToCheck):
        keep_check(by=OFFICE, on=YEAR_END, **given | {"findings": []})
    assert SummaryCheck.objects.count() == 1
    assert not UnsealedFact.objects.exists()


def test_the_command_line_gets_plain_values(plan, year, tmp_path):
    file = tmp_path / "总结.txt"
    file.write_text(DRAFT, "utf-8")
    answer = run_check(path=file)
    # The plan is still being read, so it lends no measures.
    assert (answer["year"], answer["plan"], answer["counts"]["agrees"]) == (2026, None, 6)
    assert json.loads(json.dumps(answer))["findings"][3]["ledger"] == 9


def test_small_figures_elsewhere_do_not_make_a_sum(plan, year):
    """15 is 5 clinics and 10 of something else, but nobody said they were its parts."""
    text = f"{TITLE}一、学术\n\n举办论坛 9 场。\n\n二、服务\n\n送教下基层活动 4 场。开展义诊 5 场。"
    assert found(text, plan)["举办论坛9场"].result == "no_evidence"


def test_a_sum_of_kinds_already_counted_is_found(plan, year):
    text = f"{TITLE}二、服务\n\n送教下基层活动 4 场。开展义诊 5 场。开展志愿服务活动 9 场。"
    one = found(text, plan)["开展志愿服务活动9场"]
    assert (one.result, one.why, one.others) == ("double_counted", "sum_of", ("送教下基层活动4场", "开展义诊5场"))
