"""Reading statements: whatever the bank calls its columns, each row is a receipt or a reason."""

from datetime import date
from decimal import Decimal

import pytest

from xinglin.lib.tables import TableRefused
from xinglin.mechanics.transfers.bank_sheets import read_bank_sheet

from .bank import FOOTER, csv, paid_out, receipt, xlsx

ROWS = (receipt("20260302", "200.00", "王小明", "会费", serial="A1"),
        receipt("2026-03-03 10:11:12", "5,000.00", "江海省第一医院", "单位会费", serial="A2"),
        paid_out("2026-03-04", "1,200.00", "某某公司"),
        receipt("2026/3/5", "660.00", "李小红", "", serial="A3"))


def said(content):
    return [(row.paid_on, row.amount, row.payer, row.remark) for row in read_bank_sheet(content=content).rows]


EXPECTED = [(date(2026, 3, 2), Decimal("200.00"), "王小明", "会费"),
            (date(2026, 3, 3), Decimal("5000.00"), "江海省第一医院", "单位会费"),
            (date(2026, 3, 5), Decimal("660.00"), "李小红", "")]


@pytest.mark.parametrize("content", [csv(*ROWS), csv(*ROWS, encoding="utf-8-sig"), csv(*ROWS, encoding="utf-16"),
                                     xlsx(*ROWS)], ids=["gbk", "utf-8", "utf-16", "xlsx"])
def test_titles_two_row_headings_groups_and_footers_are_understood(content):
    sheet = read_bank_sheet(content=content)
    assert said(content) == EXPECTED
    assert (sheet.outgoing, sheet.footers, sheet.missing) == (1, len(FOOTER), "")
    assert [row.serial for row in sheet.rows] == ["A1", "A2", "A3"]
    assert sheet.rows[0].account == "6222020200112233445"


@pytest.mark.parametrize("heading", [
    "记账日期,摘要,收入,支出,对方户名", "交易时间,用途,贷方发生额(元),借方发生额(元),付款人名称",
    "入账日期,备注,贷方金额,借方金额,对方单位"])
def test_banks_name_their_columns_differently(heading):
    content = f"{heading}\n2026-03-02,会费 王,200,,王小明\n2026-03-02,电费,,80,电力公司\n".encode("gbk")
    assert said(content) == [(date(2026, 3, 2), Decimal("200.00"), "王小明", "会费 王")]


@pytest.mark.parametrize(("side", "number"), [("贷", 1), ("收入", 1), ("C", 1), ("借", 0), ("支出", 0), ("D", 0)])
def test_one_column_of_amounts_with_a_mark_of_the_side(side, number):
    content = f"日期,借贷标志,发生额,对方户名,附言\n20260302,{side},200.00,王小明,会费\n".encode()
    assert len(read_bank_sheet(content=content).rows) == number


def test_rows_that_cannot_be_booked_say_why():
    content = csv(receipt("2026-13-45", "200.00", "甲"), receipt("2026-03-02", "2,00.00", "乙"),
                  receipt("2026-03-02", "-200.00", "丙"), receipt("2026-03-02", "200.005", "丁"))
    rows = read_bank_sheet(content=content).rows
    assert [bool(row.trouble) for row in rows] == [True] * 4
    assert [row.number for row in rows] == [6, 7, 8, 9]


def test_equal_rows_without_a_serial_are_two_payments_and_the_same_two_next_time():
    twice = csv(receipt("2026-03-02", "200.00", "王小明"), receipt("2026-03-02", "200.00", "王小明"))
    first, second = (row.serial for row in read_bank_sheet(content=twice).rows)
    assert first != second and first.startswith("row-")
    longer = csv(receipt("2026-03-01", "5.00", "甲"), *[receipt("2026-03-02", "200.00", "王小明")] * 2)
    assert [row.serial for row in read_bank_sheet(content=longer).rows][1:] == [first, second]


def test_a_serial_that_the_bank_repeats_is_none():
    rows = read_bank_sheet(content=csv(receipt("2026-03-02", "1.00", "甲", serial="0"),
                                       receipt("2026-03-02", "2.00", "乙", serial="0"))).rows
    assert len({row.serial for row in rows}) == 2 and "0" not in {row.serial for row in rows}


@pytest.mark.parametrize(("content", "missing"), [
    ("姓名,单位,职称\n王,医院,主任\n".encode(), True), ("日期,对方户名,附言\n20260302,王,会费\n".encode(), True)])
def test_a_table_of_something_else_names_what_is_missing(content, missing):
    assert bool(read_bank_sheet(content=content).missing) is missing


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
                                     b"PK\x03\x04broken", b"\x81\x20\xff\xff" * 50, b"\x89PNG\r\n"])
def test_what_is_no_table_is_refused_in_words(content):
    with pytest.raises(TableRefused) as refused:
        read_bank_sheet(content=content)
    assert refused.value.message() and refused.value.message(language="en")
