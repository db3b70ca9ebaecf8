"""Nearly every counted sentence of the three real plans finds a term among the kinds that are shipped."""

import pytest

from xinglin.kernel.vocabulary import terms

from .conftest import DAY

pytestmark = pytest.mark.django_db

# Sentence of a plan or summary → noun in it, its measure word, the kind it must offer and what is measured.
SENTENCES = [
    ("累计发布推文 136 篇", "推文", "篇", "post", "count"),
    ("全年举办各类会议 31 场", "各类会议", "场", "meeting", "count"),
    ("线下参会人数达 5000 人次", "线下参会人数", "人次", "meeting", "people_on_site"),
    ("线上参会人数超 10 万人次", "线上参会人数", "人次", "meeting", "people_online"),
    ("慰问 3 位医师", "慰问", "位", "condolence", "count"),
    ("送去了慰问信", "慰问信", "封", "condolence_letter", "count"),
    ("授予 52 位医师优秀基层医师奖", "优秀基层医师奖", "位", "award_granted", "count"),
    ("26 人被评为先进个人", "先进个人", "人", "person_honoured", "count"),
    ("9 个集体被评为先进集体", "先进集体", "个", "unit_honoured", "count"),
    ("5 所医院荣获人文爱心医院称号", "人文爱心医院", "所", "unit_honoured", "count"),
    ("推荐了 306 位全国委员候选人", "全国委员候选人", "位", "person_recommended", "count"),
    ("二级机构换届的有 16 个", "二级机构换届", "个", "branch_renewed", "count"),
    ("新成立的有 9 个", "新成立", "个", "branch_founded", "count"),
    ("已完成换届筹备的有 5 个", "换届筹备", "个", "branch_prepared", "count"),
    ("申报国家级继续教育项目 16 个", "申报国家级继续教育项目", "个", "cme_national_filed", "count"),
    ("省级继续教育项目 23 个", "省级继续教育项目", "个", "cme_provincial", "count"),
    ("举办 9 期师资培训班", "师资培训班", "期", "teacher_training", "count"),
    ("培训师资 1062 人次", "培训师资", "人次", "teacher_training", "people_on_site"),
    ("投稿 112 篇", "投稿", "篇", "submission", "count"),
    ("网站 19 篇", "网站文章", "篇", "web_article", "count"),
    ("送教下基层活动共 10 场", "送教下基层活动", "场", "grassroots_teaching", "count"),
    ("覆盖全省 10 个地区", "送教下基层", "个", "grassroots_teaching", "city"),
    ("服务基层医师超 1000 人次", "送教下基层", "人次", "grassroots_teaching", "people_on_site"),
    ("为 400 多位患者提供义诊", "义诊", "位", "free_clinic", "patients"),
    ("走进苏州 12 家社区", "走进社区", "家", "community_visit", "count"),
    ("召开理事会 1 次", "理事会", "次", "council_meeting", "count"),
    ("常务理事会议 2 次", "常务理事会议", "次", "standing_council_meeting", "count"),
    ("会长办公会 3 次", "会长办公会", "次", "president_meeting", "count"),
    ("秘书长办公会 16 次", "秘书长办公会", "次", "secretariat_meeting", "count"),
    ("建立结业考核题库", "结业考核题库", "套", "question_bank", "count"),
    ("计划召开“东方”会议 30 个", "“东方”会议", "个", "brand_meeting", "count"),
    ("完成医疗质量管理等13个届满专业委员会的换届工作", "换届", "个", "branch_renewed", "count"),
    ("完成11个国家级继续教育项目", "国家级继续教育项目", "个", "cme_national", "count"),
    ("25个市级继续教育项目", "市级继续教育项目", "个", "cme_provincial", "count"),
    ("完成 11 类三级专科评审标准送审稿", "评审标准", "类", "standard_issued", "count"),
    ("完成网站三级等保复测评", "三级等保复测评", "次", "security_assessment", "count"),
    ("接受2023年度财务审计，完成2023年年检", "年检", "次", "audit_done", "count"),
    ("临床药师培训（第十四期）", "临床药师培训", "期", "pharmacist_training", "count"),
    ("第十届（2024年）上海市医院品管圈大赛", "品管圈大赛", "届", "contest", "count"),
    ("赴兄弟省市医院考察学习", "考察学习", "次", "exchange_visit", "count"),
    ("筹备成立老年医疗管理专业委员会", "成立专业委员会", "个", "branch_founded", "count"),
    ("举行医师宣誓仪式", "医师宣誓仪式", "场", "oath", "count"),
    ("法律培训", "法律培训", "场", "law_training", "count"),
]


@pytest.mark.parametrize(("sentence", "noun", "unit", "kind", "field"), SENTENCES, ids=[one[0] for one in SENTENCES])
def test_a_sentence_of_the_plans_finds_its_term(kinds, sentence, noun, unit, kind, field):
    found = [one for one in terms(DAY) if noun in one.nouns and unit in one.units]
    assert (kind, field) in [(dict(one.filter).get("kinds"), one.field) for one in found]


def test_every_term_has_words_and_its_key_is_its_own(kinds):
    found = [one for one in terms(DAY) if one.fact.startswith("worklog.")]
    assert len({one.key for one in found}) == len(found) > 250
    assert all(one.nouns and one.units and one.zh and one.en for one in found)
