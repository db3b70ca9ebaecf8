"""The year's summary: exact sentences, every target with its actual, every figure with its facts."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from docx import Document

from tests.plans.conftest import CLERK, HOUSE, OFFICE, STRANGER
from xinglin.kernel.ledger.checkpoints import make_checkpoint
from xinglin.kernel.ledger.models import Checkpoint, SealedFact, UnsealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Code
from xinglin.plans.actions.correcting import add_commitment
from xinglin.plans.actions.evidence import submit_evidence, verify_evidence
from xinglin.plans.actions.reporting import draft_report
from xinglin.plans.actions.running import ask_change, decide_change
from xinglin.plans.documents import Plan
from xinglin.plans.drafts import ReportDraft
from xinglin.plans.reporting.composing import NoCheckpoint, NothingPromised, compose
from xinglin.plans.reporting.figures import facts_behind, value_of
from xinglin.plans.reporting.keeping import paper_from
from xinglin.plans.reporting.laying import paper_of
from xinglin.plans.reporting.paper import Bars, Grid, Heading, Para
from xinglin.plans.reporting.press import pdf_of
from xinglin.plans.reporting.word import docx_of

from .conftest import YEAR_END

pytestmark = pytest.mark.django_db


def sentences(report, number):
    return [one.text for chapter in report.chapters if chapter.number == number for one in chapter.sentences]


def test_the_sentences_say_what_the_ledger_counts(plan, year):
    report = compose(plan=plan, on=YEAR_END)
    assert sentences(report, "三") == [
        "举办学术会议 31 场，到会 9,846 人次，线上参加 12,345 人次；超额完成年度目标（不少于 30 场）。",
        "举办师资培训班 9 期；完成年度目标（9 期）。",
    ]
    assert sentences(report, "四") == [
        "送教下基层活动共 4 场，服务 400 人次；年度目标 10 场，尚差 6 场。",
        "开展义诊 5 场，服务 200 人次；力争目标 20 场，已达 25%。",
        "“6 月底前完成网站改版”：尚无核实记录。",
    ]
    assert [chapter.heading for chapter in report.chapters] == ["三、学术交流", "四、服务基层"]
    assert [chapter.opening for chapter in report.chapters] == [
        "本章任务 2 项，完成 2 项。", "本章任务 4 项，完成 0 项。",
    ]
    assert report.chapters[1].unmeasured == ("弘扬职业精神",)
    assert [one.text for one in report.overview] == [
        "截至 2026-12-20，2026 年工作要点列入的 6 项重点任务中，完成 2 项，黄灯 1 项，红灯 2 项，未设统计口径 1 项。",
        "全年举办学术会议 31 场、举办师资培训班 9 期。",
    ]


def test_every_target_of_the_plan_stands_in_the_table_with_its_actual(plan, year):
    report = compose(plan=plan, on=YEAR_END)
    assert [(one.no, one.target, one.actual.text, one.share, one.word) for one in report.rows] == [
        ("三-1", "不少于 30 场", "31 场", Decimal(100), "已完成"),
        ("三-2", "9 期", "9 期", Decimal(100), "已完成"),
        ("四-1", "10 场", "4 场", Decimal(40), "红灯"),
        ("四-2", "力争 20 场", "5 场", Decimal(25), "黄灯"),
        ("四-3", "2026-06-30 前", "未完成", Decimal(0), "红灯"),
        ("四-4", "—", "—", None, "未设统计口径"),
    ]
    assert len(report.rows) == plan.commitments.accepted().count() == 6


def test_who_only_strives_is_no_problem_but_goes_on(plan, year):
    report = compose(plan=plan, on=YEAR_END)
    assert [one.row.no for one in report.issues] == ["四-1", "四-3"]
    assert report.issues[0].why == "实际进度 40%，应有进度 97%"
    assert report.issues[1].why == "2026-06-30 到期，已逾期 173 天；实际进度 0%，应有进度 100%"
    assert [(one.row.no, one.words) for one in report.carries] == [
        ("四-1", "尚差 6 场"), ("四-2", "继续力争"), ("四-3", "继续办理"), ("四-4", "补设统计口径后继续"),
    ]


def test_the_sum_in_the_summary_is_the_sum_over_its_records(plan, year):
    """Row G10: each figure equals what its own facts add up to, and the annex says so."""
    report = compose(plan=plan, on=YEAR_END, cap=5)
    assert len(report.annex) == len(report.figures) == 9
    for one in report.annex:
        facts = facts_behind(asked=one.figure.asked, size=report.seal.size)
        assert one.facts == facts.count()
        assert sum(line.amount for line in one.months) == one.amount == one.figure.value
        assert sum(line.amount for line in one.lines) + one.rest_amount == one.figure.value
        assert len(one.lines) + one.rest == one.facts
        assert len(one.lines) == min(one.facts, 5)
    people = next(one for one in report.annex if one.figure.label == "学术会议：线下人次")
    assert (people.figure.value, people.facts, people.rest) == (Decimal(9846), 31, 26)
    written = SealedFact.objects.filter(type="worklog.work.verified", body__kind="academic_meeting")
    assert sum(one.body["people_on_site"] for one in written) == 9846


def test_marks_of_the_text_lead_to_figures_of_the_annex(plan, year):
    report = compose(plan=plan, on=YEAR_END)
    paper = paper_of(report=report)
    anchors = {one.anchor for one in paper.blocks if isinstance(one, Heading) and one.anchor}
    assert anchors == {f"figure-{one.number}" for one in report.figures}
    marks = [piece.number for one in report.chapters for said in one.sentences for piece in said.pieces
             if not isinstance(piece, str)]
    assert {*marks} == {one.number for one in report.figures}


def test_a_corrected_fact_no_longer_counts(plan, year, worked, sealed):
    first = SealedFact.objects.filter(type="worklog.work.verified").order_by("position").first()
    worked("academic_meeting", date(2026, 1, 10), people_on_site=300, corrects=first.key)
    sealed()
    make_checkpoint()
    text = sentences(compose(plan=plan, on=YEAR_END), "三")[0]
    assert text.startswith("举办学术会议 31 场，到会 9,810 人次")


def test_only_what_happened_until_the_day_counts(plan, year):
    report = compose(plan=plan, on=date(2026, 3, 31))
    assert sentences(report, "三")[0].startswith("举办学术会议 10 场")
    assert sentences(report, "四")[0].startswith("送教下基层活动共 1 场")


def test_evidence_is_told_with_its_day(plan, year, sealed):
    evidence = submit_evidence(by=OFFICE, on=date(2026, 7, 4), commitment=year["site"], words="改版上线",
                               happened_on=date(2026, 7, 2))
    verify_evidence(by=HOUSE, on=date(2026, 7, 5), evidence=evidence)
    sealed()
    make_checkpoint()
    report = compose(plan=plan, on=YEAR_END)
    assert sentences(report, "四")[2] == "“6 月底前完成网站改版”已于 2026-07-02 完成，迟于完成时限 2026-06-30。"
    assert [one.actual.text for one in report.rows if one.no == "四-3"] == ["2026-07-02"]


def test_a_cancelled_commitment_is_named_and_not_counted(plan, year):
    request = ask_change(by=OFFICE, on=date(2026, 9, 1), commitment=year["visits"], reason="并入义诊", cancel=True)
    decide_change(by=HOUSE, on=date(2026, 9, 2), wish=request, approved=True)
    report = compose(plan=plan, on=YEAR_END)
    row = next(one for one in report.rows if one.standing.commitment.pk == year["visits"].pk)
    assert row.word == "已取消"
    assert [one.row.no for one in report.issues] == ["四-3"]
    assert not any("送教" in one for one in sentences(report, "四"))


def test_without_a_checkpoint_there_is_no_summary(plan, promise):
    promise("弘扬职业精神", kind="words")
    assert not Checkpoint.objects.exists()
    with pytest.raises(NoCheckpoint):
        draft_report(by=OFFICE, on=YEAR_END, plan=plan)
    assert not ReportDraft.objects.exists()


def test_an_empty_plan_has_no_summary(plan, year):
    with pytest.raises(NothingPromised):
        compose(plan=Plan(pk=10**6, year=2026, title="空"), on=YEAR_END)


def test_facts_that_came_too_late_are_said(plan, year, worked, sealed):
    worked("forum", date(2026, 11, 3))
    assert compose(plan=plan, on=YEAR_END).seal.waiting == 1  # committed, not sealed
    sealed()
    report = compose(plan=plan, on=YEAR_END)
    assert report.seal.waiting == 1  # sealed, not under the checkpoint
    assert sentences(report, "三")[0].startswith("举办学术会议 31 场")
    assert "另有 1 条尚未封入检查点" in paper_of(report=report).remark
    make_checkpoint()
    assert compose(plan=plan, on=YEAR_END).seal.waiting == 0
    assert sentences(compose(plan=plan, on=YEAR_END), "三")[0].startswith("举办学术会议 32 场")


def test_the_same_size_gives_the_same_summary_however_late(plan, year, worked, sealed):
    size = compose(plan=plan, on=YEAR_END).seal.size
    before = paper_of(report=compose(plan=plan, on=YEAR_END, size=size))
    worked("forum", date(2026, 11, 3))
    sealed()
    make_checkpoint()
    after = paper_of(report=compose(plan=plan, on=YEAR_END, size=size))
    assert [one for one in after.blocks if not getattr(one, "quiet", False)] == [
        one for one in before.blocks if not getattr(one, "quiet", False)]


def test_drafting_is_a_fact(plan, year, sealed):
    draft, seal = draft_report(by=OFFICE, on=YEAR_END, plan=plan)
    assert (draft.number, draft.size, draft.figures) == (1, seal.size, 9)
    assert paper_from(draft=ReportDraft.objects.get()) == paper_of(report=compose(plan=plan, on=YEAR_END))
    said = json.loads(UnsealedFact.objects.get().content)
    assert said["type"] == "plans.report.drafted"
    assert said["body"] == {"plan": f"plans.plan:{plan.pk}", "year": 2026, "size": seal.size, "figures": 9}
    sealed()
    assert draft_report(by=OFFICE, on=YEAR_END, plan=plan)[0].number == 2


@pytest.mark.parametrize("who", [STRANGER, CLERK])
def test_only_the_office_drafts(plan, year, who):
    with pytest.raises(NotAllowed):
        draft_report(by=who, on=YEAR_END, plan=plan)
    assert not ReportDraft.objects.exists()
    assert not UnsealedFact.objects.exists()


def test_charts_have_a_table_twin(plan, year):
    paper = paper_of(report=compose(plan=plan, on=YEAR_END))
    blocks = list(paper.blocks)
    charts = [at for at, one in enumerate(blocks) if isinstance(one, Bars)]
    assert [blocks[at].title for at in charts] == ["各章完成情况", "逐月进度"]
    for at in charts:
        assert blocks[at + 1] == blocks[at].twin()
    assert blocks[charts[0] + 1].rows == (("三、学术交流", "100.0%", "97.0%"), ("四、服务基层", "21.7%", "98.0%"))


def test_word_opens_again_with_its_outline_tables_and_marks(plan, year):
    paper = paper_of(report=compose(plan=plan, on=YEAR_END))
    content = docx_of(paper=paper)
    assert content == docx_of(paper=paper)
    document = Document(io.BytesIO(content))
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == ["第一部分　总体情况", "第二部分　主要工作", "第三部分　任务完成情况", "第四部分　进度",
                        "第五部分　存在的问题", "第六部分　结转事项", "附录　数字依据"]
    chapters = [one.text for one in document.paragraphs if one.style.name == "Heading 2"]
    assert chapters == ["三、学术交流", "四、服务基层"]
    grids = [one for one in paper.blocks if isinstance(one, Grid)]
    assert len(document.tables) == len(grids)
    assert [cell.text for cell in document.tables[0].rows[1].cells][3:5] == ["不少于 30 场", "31 场[1]"]
    assert len(document.inline_shapes) == 2
    xml = document.element.xml
    assert xml.count('w:anchor="figure_1"') == 3  # overview, chapter, table
    assert xml.count('w:name="figure_1"') == 1
    assert document.core_properties.created.date() == YEAR_END


def test_the_pdf_carries_its_chinese_characters(plan, year):
    import pypdfium2

    paper = paper_of(report=compose(plan=plan, on=YEAR_END))
    content = pdf_of(paper=paper)
    assert content == pdf_of(paper=paper)
    pdf = pypdfium2.PdfDocument(content)
    try:
        text = "".join(pdf[at].get_textpage().get_text_range() for at in range(len(pdf)))
    finally:
        pdf.close()
    plain = "".join(text.split())
    for words in ("工作总结", "举办学术会议31场[1]", "力争目标20场，已达25%", "附录数字依据", "账本位置", "各章完成"):
        assert words in plain
    assert all(one.text.replace(" ", "")[:12].replace("　", "") in plain for one in paper.blocks
               if isinstance(one, Para) and not one.sentences[0].pieces[1:])


def test_a_large_figure_is_capped_and_still_adds_up(plan, promise, term, worked, sealed):
    promise("开展科普活动 300 场", object="科普活动", kind="count", value_min=300, unit="场",
            term=term("science_event"))
    for number in range(310):
        worked("science_event", date(2026, number % 12 + 1, number % 28 + 1), people_on_site=number)
    sealed()
    make_checkpoint()
    report = compose(plan=plan, on=date(2026, 12, 31))
    events, people = report.annex
    assert (events.figure.value, events.facts, len(events.lines), events.rest) == (310, 310, 20, 290)
    assert (people.figure.value, people.facts) == (sum(range(310)), 310)
    assert people.rest_amount + sum(one.amount for one in people.lines) == people.figure.value
    assert value_of(asked=events.figure.asked, size=report.seal.size) == 310


def test_distinct_things_are_each_proven_once(plan, promise, term, worked, sealed):
    reached = term("grassroots_teaching", "region")
    promise("送教下基层覆盖 3 个县区", object="县区", kind="count", value_min=3, unit="个", term=reached)
    for at, region in enumerate(("320102", "320102", "320104", "320105", "320104")):
        worked("grassroots_teaching", date(2026, at + 1, 3), region=Code(region))
    sealed()
    make_checkpoint()
    one = compose(plan=plan, on=date(2026, 12, 31)).annex[0]
    assert (one.figure.value, one.facts, one.amount) == (3, 5, 3)
    assert [line.on.month for line in one.lines] == [1, 3, 4]
    assert [(line.month.month, line.facts, line.amount) for line in one.months] == [
        (1, 1, 1), (2, 1, 0), (3, 1, 1), (4, 1, 1), (5, 1, 0)]


def test_an_added_commitment_of_last_minute_is_in_the_table(plan, year):
    add_commitment(by=OFFICE, on=date(2026, 12, 1), plan=plan, text="承办交办调研", entrusted_by="省卫生健康委")
    assert len(compose(plan=plan, on=YEAR_END).rows) == 7


def test_a_percentage_shown_by_evidence_stands_as_it_was_shown_last(plan, promise, sealed):
    one = promise("项目执行率达到 90% 以上", object="项目执行率", kind="percent", value_min=90, unit="%", evidence=True)
    for month, amount in ((3, 40), (6, 92)):
        evidence = submit_evidence(by=OFFICE, on=date(2026, month, 20), commitment=one, words="财务报表",
                                   amount=Decimal(amount), happened_on=date(2026, month, 15))
        verify_evidence(by=HOUSE, on=date(2026, month, 21), evidence=evidence)
    sealed()
    make_checkpoint()
    report = compose(plan=plan, on=YEAR_END)
    assert [one.actual.text for one in report.rows] == ["92%"]
    words = [one.text for one in paper_of(report=report).blocks if isinstance(one, Para)]
    assert any(one.endswith("92%，依据 2 条，最近一条为准。") for one in words)
    assert "按月：2026-03 计 40，2026-06 计 92；以最近一次为准。" in words
