"""The decomposition table goes out as Excel and comes back in: all or the accepted rows, never half a row."""

import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from tests.plans.conftest import HOUSE, OFFICE, STRANGER
from xinglin.directory.actions.organisations import found_organisation
from xinglin.directory.actions.people import register_person
from xinglin.kernel.ledger.models import UnsealedFact
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.lib.tables import TableRefused
from xinglin.plans.actions.assigning import assign_commitment
from xinglin.plans.actions.correcting import add_commitment
from xinglin.plans.actions.documents import adopt_plan
from xinglin.plans.actions.table import NothingToImport, import_table, preview_table
from xinglin.plans.commitments import Commitment
from xinglin.plans.reporting.columns import COLUMNS
from xinglin.plans.reporting.table_in import NoKeys
from xinglin.plans.reporting.table_out import lists_of, table_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
AT = {one.title: place for place, one in enumerate(COLUMNS, start=1)}


@pytest.fixture
def units(db):
    house_ = found_organisation(by=HOUSE, on=DAY, name="江海省医师协会（演示）", kind="association",
                                from_on=date(2001, 5, 1))
    given = {"by": HOUSE, "on": DAY, "kind": "department", "parent": house_, "from_on": date(2001, 5, 1)}
    return {name: str(found_organisation(name=name, **given)) for name in ("学术部", "会员部", "宣传部")}


@pytest.fixture
def people(units):
    return {name: str(register_person(by=HOUSE, on=DAY, name=name)) for name in ("顾临川", "尹疏桐")}


@pytest.fixture
def table(plan, units, people):
    """Two tasks, one of them led by the academic department."""
    rows = [
        add_commitment(by=OFFICE, on=DAY, plan=plan, text=text, object=text[2:6], kind="count", value_min=Decimal(low),
                       unit="场", chapter="三", chapter_title="学术交流", chapter_order=3)
        for text, low in (("举办学术会议不少于 30 场", 30), ("举办论坛 4 场", 4))
    ]
    assign_commitment(by=OFFICE, on=DAY, commitment=rows[0], lead=units["学术部"], weight=Decimal(2),
                      milestones=[(date(2026, 6, 30), Decimal(50), "中期检查")])
    return [Commitment.objects.get(pk=one.pk) for one in rows]


def opened(plan):
    return openpyxl.load_workbook(io.BytesIO(table_of(plan=plan, on=DAY)))


def edited(plan, **cells):
    """Return the exported table with cells changed: edited(plan, **{"2 牵头": "会员部"})."""
    book = opened(plan)
    for where, value in cells.items():
        row, _, title = where.partition(" ")
        book["任务分解表"].cell(int(row), AT[title]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def tried(plan, by=OFFICE, **cells):
    return preview_table(by=by, on=DAY, plan=plan, content=edited(plan, **cells))


def take(plan, preview, whole=False):
    return import_table(by=OFFICE, on=DAY, plan=plan, rows=preview.having("change", "add", "same"),
                        rejected=len(preview.having("rejected")), whole=whole)


def test_the_table_offers_lists_and_hides_its_key(plan, table):
    sheet = opened(plan)["任务分解表"]
    assert [cell.value for cell in sheet[1]][:5] == ["键", "编号", "章", "任务", "对象"]
    assert sheet.column_dimensions["A"].hidden
    assert sheet.freeze_panes == "E2"
    assert [sheet.cell(2, AT[name]).value for name in ("编号", "牵头", "权重", "节点", "目标下限", "状态")] == [
        "三-1", "学术部", 2, "2026-06-30 50% 中期检查", 30, "未设统计口径"]
    assert sheet.cell(2, AT["完成时限"]).value.date() == date(2026, 12, 31)
    rules = sheet.data_validations.dataValidation
    assert sorted(one.type for one in rules) == ["date", "decimal", "list", "list", "list"]
    assert any(one.formula1 == "名单!$A$1:$A$4" and one.errorStyle == "warning" for one in rules)
    assert sheet.cell(2, AT["任务"]).alignment.wrap_text


def test_an_untouched_table_changes_nothing(plan, table):
    preview = tried(plan)
    assert [one.state for one in preview.rows] == ["same", "same"]
    assert (preview.missing, preview.unknown) == ((), ())
    with pytest.raises(NothingToImport):
        take(plan, preview)


def test_changed_cells_are_previewed_and_then_taken(plan, table, units, people, sealed):
    sealed()
    preview = tried(plan, **{
        "2 牵头": "会员部", "2 配合": "学术部、宣传部", "2 分管领导": "顾临川",
        "3 目标下限": 6, "3 完成时限": "2026年11月30日", "3 节点": "2026-06-30 50%",
        "4 任务": "编印会刊 4 期", "4 目标下限": 4, "4 单位": "期", "4 章": "三　学术交流", "4 牵头": "宣传部"})
    assert [one.state for one in preview.rows] == ["change", "change", "add"]
    assert [(one.title, one.before, one.after) for one in preview.rows[0].changes] == [
        ("牵头", "学术部", "会员部"), ("配合", "", "学术部、宣传部"), ("分管领导", "", "顾临川")]
    # The preview itself wrote nothing.
    assert not UnsealedFact.objects.exists()
    assert Commitment.objects.count() == 2
    assert take(plan, preview, whole=True) == 3
    first, second, third = plan.commitments.on_the_table()
    assert (first.lead, first.leader) == (units["会员部"], people["顾临川"])
    assert [one.unit for one in first.partners.order_by("pk")] == [units["学术部"], units["宣传部"]]
    assert (second.value_min, second.deadline) == (6, date(2026, 11, 30))
    assert [(one.due_on, one.share) for one in second.milestones.all()] == [(date(2026, 6, 30), 50)]
    assert (third.no, third.text, third.kind, third.value_min, third.lead) == (
        "三-3", "编印会刊 4 期", "count", 4, units["宣传部"])
    said = [json.loads(one.content) for one in UnsealedFact.objects.order_by("pk")]
    assert said[-1]["type"] == "plans.table.imported"
    assert said[-1]["body"] == {"plan": f"plans.plan:{plan.pk}", "rows": 3, "changed": 2, "added": 1, "rejected": 0}
    assert len({one["act"] for one in said}) == 1


def test_rejected_cells_say_row_column_and_what_would_be_right(plan, table):
    preview = tried(plan, **{"2 牵头": "学术", "2 完成时限": "年底", "3 权重": 0, "3 类型": "个数", "4 任务": "新任务",
                             "4 章": "九　未来"})
    told = [(one.row, cell.title, cell.right) for one in preview.having("rejected") for cell in one.problems]
    assert told == [
        (2, "完成时限", "2026-11-21"), (2, "牵头", "学术部"),
        (3, "类型", "数量、比例、日期、清单、届次、文字"), (3, "权重", "1"),
        (4, "章", "三　学术交流"),
    ]


def test_accepted_rows_only_or_none(plan, table, units):
    preview = tried(plan, **{"2 牵头": "会员部", "3 牵头": "没有的部"})
    with pytest.raises(Refusals):
        take(plan, preview, whole=True)
    assert Commitment.objects.get(pk=table[0].pk).lead == units["学术部"]
    assert take(plan, preview) == 1
    assert Commitment.objects.get(pk=table[0].pk).lead == units["会员部"]


def test_what_the_acts_refuse_shows_in_the_preview(plan, table):
    preview = tried(plan, **{"2 配合": "学术部", "3 目标上限": 2, "3 目标下限": 6})
    told = [(one.row, cell.title) for one in preview.having("rejected") for cell in one.problems]
    assert told == [(2, "配合"), (3, "目标上限")]


def test_an_adopted_plan_keeps_its_targets_but_takes_who_does_it(plan, table, units):
    adopt_plan(by=OFFICE, on=DAY, plan=plan)
    plan.refresh_from_db()
    preview = tried(plan, **{"2 目标下限": 20, "3 牵头": "宣传部"})
    assert [one.state for one in preview.rows] == ["rejected", "change"]
    assert take(plan, preview) == 1
    assert Commitment.objects.get(pk=table[0].pk).value_min == 30


def test_a_row_somebody_changed_since_is_not_overwritten(plan, table, units):
    content = edited(plan, **{"2 经费科目": "学术经费", "3 经费科目": "论坛经费"})
    assign_commitment(by=OFFICE, on=DAY, commitment=Commitment.objects.get(pk=table[0].pk), lead=units["宣传部"])
    preview = preview_table(by=OFFICE, on=DAY, plan=plan, content=content)
    assert [one.state for one in preview.rows] == ["rejected", "change"]


def test_two_rows_of_one_task_and_foreign_keys_are_rejected(plan, table):
    key = opened(plan)["任务分解表"].cell(2, 1).value
    preview = tried(plan, **{"3 键": key, "4 键": "C999-0123456789", "4 任务": "别的计划"})
    assert [one.state for one in preview.rows] == ["same", "rejected", "rejected"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"%PDF-1.7", "编号,任务\n".encode()])
def test_what_is_no_table_of_ours_is_refused_with_words(plan, table, content):
    with pytest.raises((TableRefused, NoKeys)):
        preview_table(by=OFFICE, on=DAY, plan=plan, content=content)


def test_strangers_neither_preview_nor_import(plan, table):
    with pytest.raises(NotAllowed):
        tried(plan, by=STRANGER)
    with pytest.raises(NotAllowed):
        import_table(by=STRANGER, on=DAY, plan=plan, rows=tried(plan, **{"2 经费科目": "甲"}).rows)


def test_two_people_of_one_name_are_told_apart_by_unit(plan, table, people):
    register_person(by=HOUSE, on=DAY, name="顾临川")
    preview = tried(plan, **{"2 责任人": "顾临川", "3 责任人": "尹疏"})
    problems = [cell.title for one in preview.having("rejected") for cell in one.problems]
    assert problems == ["责任人", "责任人"]


def test_the_three_lists_share_their_items(plan, table):
    assign_commitment(by=OFFICE, on=DAY, commitment=Commitment.objects.get(pk=table[0].pk), problem="场地未定",
                      duty="会务组负责")
    book = openpyxl.load_workbook(io.BytesIO(lists_of(plan=plan, on=DAY)))
    assert book.sheetnames == ["问题清单", "任务清单", "责任清单"]
    assert [[cell.value for cell in row][:3] for row in book["问题清单"].iter_rows(min_row=2)] == [
        ["三-1", "举办学术会议不少于 30 场", "场地未定"]]
    assert [row[0].value for row in book["任务清单"].iter_rows(min_row=2)] == ["三-1", "三-2"]
    assert [row[2].value for row in book["责任清单"].iter_rows(min_row=2)] == ["会务组负责", None]


def test_a_cell_that_begins_like_a_formula_stays_text(plan, table):
    assign_commitment(by=OFFICE, on=DAY, commitment=Commitment.objects.get(pk=table[0].pk), problem="=1+1")
    cell = opened(plan)["任务分解表"].cell(2, AT["问题"])
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert [one.state for one in tried(plan).rows] == ["same", "same"]
