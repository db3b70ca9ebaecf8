"""The outline is right in every style of numbering, and no number inside a sentence opens an entry."""

import pytest

from xinglin.plans.reading import read_text

TITLE = "某学会2025年工作计划\n\n"
CASES = {
    "1-(一)nesting": (
        "某学会2025年工作计划\n\n1.学术工作\n（一）办好年会。继续办好学术年会。\n（二）办好论坛。\n2.科普工作\n（一）开展义诊。\n（二）开展讲座。\n",
        ["1", "1/一", "1/二", "2", "2/一", "2/二"],
    ),
    "inline run": (
        "某学会2025年工作计划\n\n一、工作目标\n认真做好以下工作：1.抓学术，办好年会；2.抓科普，进社区；3.抓组织，发展会员。\n二、工作措施\n（一）加强领导；（二）狠抓落实。\n",
        ["一", "一/1", "一/2", "一/3", "二", "二/一", "二/二"],
    ),
    "first-then": (
        "某学会2025年工作计划\n\n一、总体思路\n首先，抓好学术。其次，抓好科普。最后，抓好组织。\n二、要求\n一要提高站位，二要压实责任，三要注重实效。\n",
        ["一", "一/首先", "一/其次", "一/最后", "二", "二/一", "二/二", "二/三"],
    ),
    "toc": (
        "某学会2025年工作计划\n\n目录\n一、学术交流…………1\n二、科普工作…………3\n\n一、学术交流\n办好年会。\n二、科普工作\n办好活动。\n",
        ["一", "二"],
    ),
    "half brackets": (
        "某医院2025年工作要点\n一、党建\n1)抓学习。\n2)抓作风。\n二、业务\n1)抓质量。\n①抓病历；\n②抓核心制度。\n2)抓安全。\n",
        ["一", "一/1", "一/2", "二", "二/1", "二/1/①", "二/1/②", "二/2"],
    ),
    "arabic dun & bracket": (
        "某医院2025年工作要点\n1、党建\n（1）抓学习。\n（2）抓作风。\n2、业务\n（1）抓质量。\n（2）抓安全。\n",
        ["1", "1/1", "1/2", "2", "2/1", "2/2"],
    ),
    "chapter": (
        "某大学医学院2025年工作计划\n第一章 总体要求\n第一节 指导思想\n以习近平新时代中国特色社会主义思想为指导。\n第二节 目标\n一、"  # noqa: E501
        "近期目标\n建好学科。\n第二章 任务\n第一节 教学\n抓教学。\n",
        ["一", "一/一", "一/二", "一/二/一", "二", "二/一"],
    ),
    "tasks in quotes": (
        "某学会2025年工作计划\n\n（一）学术交流\n1、办好年会\n2、办好论坛\n（二）科学普及\n1、进社区\n2、进校园\n",
        ["一", "一/1", "一/2", "二", "二/1", "二/2"],
    ),
    "one line": (
        "某学会2025年工作计划\n一、学术交流：办好年会，做好论坛。\n二、科普：开展活动。\n三、组织建设：发展会员。\n",
        ["一", "二", "三"],
    ),
    "years as numbers": (
        "某学会2025年工作计划\n\n一、学术\n2025年办好年会。\n12月召开理事会。\n3.5万元经费。\n2.1万名会员。\n二、科普\n",
        ["一", "二"],
    ),
    "md bold": (
        "# 某学会2025年工作计划\n\n**一、学术交流**\n\n办好年会。\n\n**（一）年会**\n\n开好年会。\n\n**二、"
        "科普**\n\n开展活动。\n",
        ["一", "一/一", "二"],
    ),
    "md unnumbered+num list": (
        "# 某学会2025年工作计划\n\n## 学术交流\n\n1. 办好年会。\n2. 办好论坛。\n\n## 科普\n\n1. 进社区。\n2. 进校园。\n\n### 义诊\n\n开展义诊。\n",  # noqa: E501
        ["学术交流", "学术交流/1", "学术交流/2", "科普", "科普/1", "科普/2", "科普/义诊"],
    ),
    "part w chapter": (
        "某学会工作报告\n第一部分 2024年工作回顾\n一、学术\n办好年会。\n二、科普\n活动多。\n第二部分 2025年工作安排\n一、"  # noqa: E501
        "学术\n继续。\n",
        ["第一部分", "第一部分/一", "第一部分/二", "第二部分", "第二部分/一"],
    ),
    "circled top": (
        "某学会2025年工作计划\n一、学术\n①办好年会。\n②办好论坛。\n（一）其他\n1.办班。\n",
        ["一", "一/①", "一/②", "一/一", "一/一/1"],
    ),
    "letters": ("某学会2025年工作计划\n一、学术\nA. 年会。\nB. 论坛。\n二、科普\n", ["一", "一/A", "一/B", "二"]),
    "10+": (
        "某学会2025年工作计划\n一、抓工作\n做好。\n二、抓工作\n做好。\n三、抓工作\n做好。\n四、抓工作\n做好。\n五、抓工作\n做好。\n六、抓工作\n做好。\n七、抓工作\n做好。\n八、抓工作\n做好。\n九、抓工作\n做好。\n十、抓工作\n做好。\n十一、抓工作\n做好。\n十二、抓工作\n做好。\n",
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"],
    ),
    "dun decoy": (
        "某学会2025年工作计划\n一、学术\n二、三级医院要积极参与。\n一、二类学分按规定授予。\n二、科普\n",
        ["一", "二"],
    ),
    "yi-shi paragraphs": (
        "某学会2025年工作计划\n一、学术\n一是办好年会。全力以赴。\n二是办好论坛。\n三是办好培训。\n二、科普\n",
        ["一", "一/一", "一/二", "一/三", "二"],
    ),
    "colon heads": (
        "某学会2025年工作计划\n一、学术交流：\n（一）年会：\n办好年会。\n（二）论坛：\n办好论坛。\n",
        ["一", "一/一", "一/二"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_paths_of_an_outline(case: str) -> None:
    text, paths = CASES[case]
    assert ["/".join(entry.path) for entry in read_text(text=text).outline] == paths


ROLES = {
    "（一）学术活动\n办好年会。": ("学术活动", "heading"),
    "（一）办好年会。继续扩大影响。": ("办好年会", "item"),
    "（一）办好年会，扩大影响。": ("办好年会", "item"),
}


@pytest.mark.parametrize("text", ROLES)
def test_what_an_entry_is_for(text: str) -> None:
    entry = read_text(text=f"某学会2025年工作计划\n\n一、工作\n{text}\n").outline[1]
    assert (entry.title, entry.role) == ROLES[text]


def test_titles_end_where_the_clause_ends_and_places_are_those_of_label_and_title() -> None:
    reading = read_text(text="某学会2025年工作计划\n\n一、 学术 活动\n1．办好年会：开好大会。\n")
    assert [(entry.label, entry.title) for entry in reading.outline] == [("一、", "学术活动"), ("1．", "办好年会")]
    assert [reading.text[entry.start : entry.end] for entry in reading.outline] == ["一、学术活动", "1．办好年会"]


def test_page_numbers_and_running_heads_are_never_read() -> None:
    page = "某学会2025年工作计划\n- {} -\n一、工作\n举办会议30场，\n培训医师\n"
    reading = read_text(text="".join(page.format(number) for number in range(1, 5)))
    furniture = [reading.text[each.start : each.end] for each in reading.paragraphs if each.kind == "furniture"]
    assert "-2-" in furniture and "-4-" in furniture
    assert {each.value_min for each in reading.targets} == {30}


def test_a_report_to_a_meeting_looks_back_on_one_year_and_plans_the_next() -> None:
    reading = read_text(
        text="在某市医师协会第五届理事会第三次会议上的工作报告\n（2026年1月17日）\n\n一、过去一年的工作\n2025年，办会30场。\n"
        "二、今年的主要任务\n2026年是开局之年。\n（一）办好年会。设论坛20个。\n"
    )
    assert (reading.organisation, reading.years, reading.doc_type) == ("某市医师协会", (2025, 2026), "summary+plan")
    assert [each.value_min for each in reading.figures] == [30]
    assert [(each.value_min, each.deadline) for each in reading.targets] == [(20, "2026-12-31")]


def test_a_short_summary_beside_a_plan_is_a_summary() -> None:
    reading = read_text(
        text="某医学会分会2025年工作小结及2026年工作计划\n\n一、2025年工作小结\n办会30场。\n二、2026年工作计划\n办会20场。\n"
    )
    assert (reading.doc_type, len(reading.figures), len(reading.targets)) == ("summary+plan", 1, 1)


def test_the_last_characters_of_a_wrapped_item_belong_to_it() -> None:
    full = "①完成全部专科分会的换届工作并组建青年委员会八个以及若干学组；"
    lines = [full, full.replace("①", "②"), "③三季度上线系统，认证率达到99%以", "上；", full.replace("①", "④")] * 2
    reading = read_text(text="某学会2025年工作计划\n一、工作\n" + "\n".join(lines))
    assert {each.value_min for each in reading.targets if each.unit == "%"} == {99}
    assert {each.value_max for each in reading.targets if each.unit == "%"} == {None}


def test_a_heading_on_how_the_tasks_went_is_no_plan() -> None:
    reading = read_text(text="某市医学会2025年工作总结\n\n一、年度主要任务推进情况\n办会30场。\n")
    assert (reading.doc_type, len(reading.figures), reading.targets) == ("summary", 1, ())


LEADS = (
    "某学会2025年工作计划\n\n去年，学会举办会议9场。\n学术交流。办好年会，参会300人。\n"
    "科学普及。一是进社区，义诊5场；二是进校园。\n{}"
)


def test_plain_leads_open_entries_when_most_paragraphs_have_one() -> None:
    reading = read_text(text=LEADS.format("组织建设。发展会员40名，按期换届。\n"))
    assert [("/".join(entry.path), entry.role) for entry in reading.outline] == [
        ("学术交流", "run_in"),
        ("科学普及", "run_in"),
        ("科学普及/一", "run_in"),
        ("科学普及/二", "run_in"),
        ("组织建设", "run_in"),
    ]
    assert [each.path for each in reading.targets] == [("学术交流",), ("科学普及", "一"), ("组织建设",)]


@pytest.mark.parametrize(
    "rest",
    [
        "学会将发展会员40名，按期换届。\n",  # only two leads
        "一、组织建设\n组织建设。发展会员40名，按期换届。\n",  # the document has numbers
        "组织建设。发展会员。\n" + "学会将发展会员40名，按期完成换届。\n" * 4,  # most paragraphs have none
    ],
)
def test_a_few_short_sentences_open_no_entries(rest: str) -> None:
    outline = read_text(text=LEADS.format(rest)).outline
    assert not [entry for entry in outline if entry.title in ("学术交流", "科学普及")]


def test_shortcomings_and_next_steps_close_a_summary_and_make_no_plan_of_it() -> None:
    text = "某市医师协会2025年工作总结\n\n一、学术\n办会30场。\n二、存在问题和下一步打算\n明年办会20场。\n"
    reading = read_text(text=text)
    assert (reading.doc_type, reading.years) == ("summary", (2025,))
    assert [(each.value_min, each.deadline) for each in reading.targets] == [(20, "2026-12-31")]
    planned = read_text(text=text.replace("存在问题和下一步打算", "2026年工作打算"))
    assert (planned.doc_type, planned.years) == ("summary+plan", (2025, 2026))


def test_ideas_for_a_year_are_a_plan() -> None:
    assert read_text(text="某学会2026年工作设想\n\n一、学术\n办会30场。\n").doc_type == "plan"


def test_a_running_head_above_the_title_is_not_the_title() -> None:
    title, page = "某市医师协会2025年工作总结", "{}\n{}\n- {} -\n"
    bodies = ("一、学术\n办会30场。", "二、科普\n义诊9场。", "三、党建\n上课4次。")
    for head, first in (("某市医师协会2025年年度报告", f"{title}\n"), (title, "")):
        pages = [page.format(head, body, at) for at, body in enumerate((first + bodies[0], *bodies[1:]), 1)]
        reading = read_text(text="".join(pages))
        assert (reading.title, reading.doc_type, len(reading.figures)) == (title, "summary", 3)
