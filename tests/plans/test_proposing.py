"""What a reading becomes: one task for each promise, none for what the document looks back on."""

from xinglin.plans.proposing import propose
from xinglin.plans.reading import read_text


def proposed(text: str):
    return propose(reading=read_text(text=text), year=2026)


def test_an_edition_takes_the_date_printed_beside_it():
    found = proposed("某市医师协会2026年工作计划\n\n一、学术交流\n5月召开第三届江海医师论坛。\n")
    assert [(one.kind, one.edition, one.deadline.isoformat(), one.deadline_printed) for one in found] == [
        ("edition", 3, "2026-05-31", True)
    ]


def test_a_date_without_an_edition_stays_a_task_of_its_own():
    found = proposed("某市医师协会2026年工作计划\n\n一、组织建设\n6月底前完成换届，举办第三届江海医师论坛。\n")
    assert sorted((one.kind, one.deadline.isoformat()) for one in found) == [
        ("date", "2026-06-30"),
        ("edition", "2026-12-31"),
    ]


def test_a_plan_whose_first_chapter_looks_back_proposes_only_what_is_planned():
    found = proposed(
        "某市医师协会2026年工作计划\n\n一、2025年工作回顾\n举办培训班38期，推进各项工作取得成效。\n\n"
        "二、教育培训\n举办培训班40期。\n\n三、其他工作安排\n慰问医师20名。\n"
    )
    assert [(one.chapter_title, one.value_min) for one in found] == [("教育培训", 40), ("其他工作安排", 20)]


def test_a_summary_with_ideas_for_next_year_proposes_only_the_ideas():
    found = proposed(
        "某市医院协会\n2025年工作总结暨2026年工作思路\n\n2025年工作回顾\n（一）会员\n新增会员23家。\n\n"
        "2026年工作打算\n（一）会员\n新增会员30家。\n"
    )
    assert [one.value_min for one in found] == [30]
