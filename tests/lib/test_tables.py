"""Uploaded tables are read as people meant them, or refused by name; downloaded ones run nothing."""

import csv
import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinglin.lib import tables as t
from xinglin.lib.tables import RemarkCode as Code
from xinglin.lib.tables.sheet_cells import BookFormats, SheetCells

HALF_PAST_NINE = datetime.combine(date(2026, 11, 21), time(9, 30))
PEOPLE = "姓名,电话,入会日期\n王明,13800138000,2026-01-02\n"


def workbook(fill, **kept) -> bytes:
    book = openpyxl.Workbook()
    fill(book.active)
    for name, state in kept.items():
        extra = book.create_sheet(name)
        extra.sheet_state = state
        extra.append(["别的", "内容"])
        extra.append(["一", "二"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def appended(*rows):
    def fill(sheet):
        for row in rows:
            sheet.append(row)

    return fill


def cells(table: t.Table) -> list[tuple[t.Cell, ...]]:
    return [row.cells for row in table.rows]


def codes(table: t.Table) -> list[t.RemarkCode]:
    return [remark.code for remark in table.remarks]


def test_values_keep_their_kinds() -> None:
    rows = [
        13800138000,
        3.5,
        0.1 + 0.2,
        True,
        date(2026, 11, 21),
        HALF_PAST_NINE,
        time(8, 15),
        " 王明 ",
    ]
    table = t.read_table(file=workbook(appended([f"列{n}" for n in range(8)], rows)))
    assert table.heading_row == 1
    assert cells(table) == [
        (
            13800138000,
            Decimal("3.5"),
            Decimal("0.3"),
            True,
            date(2026, 11, 21),
            HALF_PAST_NINE,
            time(8, 15),
            "王明",
        )
    ]
    assert [t.as_text(value=value) for value in table.rows[0].cells] == [
        "13800138000",
        "3.5",
        "0.3",
        "TRUE",
        "2026-11-21",
        "2026-11-21 09:30:00",
        "08:15:00",
        "王明",
    ]


def test_numbers_that_should_have_been_text() -> None:
    def fill(sheet):
        appended(["姓名", "身份证号", "编号"], ["王明", 110105194912310020, 7])(sheet)
        sheet["C2"].number_format = "00000"

    table = t.read_table(file=workbook(fill))
    assert cells(table) == [("王明", "110105194912310000", "00007")]
    assert table.remarks == (t.Remark(Code.LOST_DIGITS, row=2, column="B", detail="110105194912310000"),)


def test_merged_titles_headings_and_cells() -> None:
    def fill(sheet):
        appended(
            ["2026 年会员名册", None, None, None],
            ["单位", "联系人", None, "备注"],
            [None, "姓名", "电话", None],
            ["瑞金医院", "王明", "13800138000", None],
            [None, "李丽", "13900139000", "新"],
            ["中山医院", "张三", "13700137000", None],
        )(sheet)
        for area in ("A1:D1", "A2:A3", "B2:C2", "D2:D3", "A4:A5"):
            sheet.merge_cells(area)

    table = t.read_table(file=workbook(fill))
    assert table.columns == ("单位", "联系人/姓名", "联系人/电话", "备注")
    assert table.heading_row == 3
    assert [(row.number, *row.cells) for row in table.rows] == [
        (4, "瑞金医院", "王明", "13800138000", None),
        (5, "瑞金医院", "李丽", "13900139000", "新"),
        (6, "中山医院", "张三", "13700137000", None),
    ]


def test_a_merged_range_creates_no_rows_of_its_own() -> None:
    def fill(sheet):
        appended(["单位", "姓名"], ["瑞金医院", "王明"], [None, "李丽"])(sheet)
        sheet.merge_cells("A2:A900")

    assert cells(t.read_table(file=workbook(fill))) == [("瑞金医院", "王明"), ("瑞金医院", "李丽")]


def test_hidden_rows_columns_and_sheets_are_remarked_upon() -> None:
    def fill(sheet):
        appended(["姓名", "电话"], ["王明", "1"], ["李丽", "2"])(sheet)
        sheet.title = "名单"
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    content = workbook(fill, 字典="hidden", 说明="visible")
    table = t.read_table(file=content)
    assert [row.hidden for row in table.rows] == [False, True]
    assert table.remarks == (
        t.Remark(Code.HIDDEN_ROW, row=3),
        t.Remark(Code.HIDDEN_COLUMN, column="B", detail="电话"),
        t.Remark(Code.HIDDEN_SHEET, detail="字典"),
        t.Remark(Code.OTHER_SHEET, detail="说明"),
    )
    assert t.sheets_of(file=content) == (
        t.SheetNote("名单", False),
        t.SheetNote("字典", True),
        t.SheetNote("说明", False),
    )
    assert t.read_table(file=content, sheet="字典").columns == ("别的", "内容")
    with pytest.raises(t.UnknownSheet, match="没有名为“名册”的工作表，现有：名单、字典、说明"):
        t.read_table(file=content, sheet="名册")


def test_an_empty_first_sheet_is_passed_over() -> None:
    table = t.read_table(file=workbook(lambda sheet: None, 名单="visible"))
    assert (table.sheet, table.columns) == ("名单", ("别的", "内容"))


def test_headings_are_found_under_notes_and_by_expected_names() -> None:
    fill = appended(["填报单位：某某医院"], [], ["序号", "姓名", "姓名", None], [1, "王明", "李丽", "尾"])
    table = t.read_table(file=workbook(fill))
    assert (table.heading_row, table.columns) == (3, ("序号", "姓名", "姓名 (2)"))
    assert codes(table) == [Code.BEYOND_HEADING]
    fill = appended(["甲", "乙"], ["电 话", "姓名"], ["1", "王"])
    assert t.read_table(file=workbook(fill), expected=["姓名", "电话"]).heading_row == 2
    assert t.read_table(file=workbook(fill), heading_row=1).columns == ("甲", "乙")


def test_a_form_above_its_table_is_passed_over() -> None:
    def fill(sheet):
        appended(
            ["附件1"],
            ["2026 年度会员登记表"],
            ["填报单位（盖章）：", None, None, "填报日期：", "2026-11-21"],
            ["序号", "姓名", "性别", "身份证号", "工作单位"],
            [1, "王明", "男", "11010519491231002X", "瑞金医院"],
            [2, "李丽", "女", None, "中山医院"],
            ["合计", "2 人"],
        )(sheet)
        sheet.merge_cells("A2:E2")

    table = t.read_table(file=workbook(fill))
    assert table.columns == ("序号", "姓名", "性别", "身份证号", "工作单位")
    assert [row.number for row in table.rows] == [5, 6, 7]


def test_columns_are_found_by_name() -> None:
    table = t.read_table(file=PEOPLE.encode())
    assert table.place_of(" 电 话 ") == 1
    assert list(table.column("姓名")) == ["王明"]
    assert table.place_of("单位") is None
    with pytest.raises(KeyError):
        table.column("单位")


def test_formulas_and_errors_are_remarked_upon() -> None:
    content = workbook(appended(["甲", "乙"], ["x", "=1+1"], ["y", "#N/A"]))
    table = t.read_table(file=content)
    assert cells(table) == [("x", None), ("y", None)]
    assert [(remark.code, remark.row, remark.column) for remark in table.remarks] == [
        (Code.FORMULA_WITHOUT_VALUE, 2, "B"),
        (Code.ERROR_VALUE, 3, "B"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_in_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    table = t.read_table(file=io.BytesIO(PEOPLE.replace(",", delimiter).encode(encoding)))
    assert table.columns == ("姓名", "电话", "入会日期")
    assert cells(table) == [("王明", "13800138000", "2026-01-02")]
    assert table.delimiter == delimiter


def test_csv_oddities() -> None:
    text = 'sep=;\n姓名;编号;备注\n"王;明";="00123";\'=1+1\n\n李丽;1.10105E+17;"两\n行"\n'
    table = t.read_table(file=text.encode())
    assert cells(table) == [("王;明", "00123", "=1+1"), ("李丽", "1.10105E+17", "两\n行")]
    assert codes(table) == [Code.LOST_DIGITS]
    assert t.read_table(file="姓名\n王明\n李丽\n".encode()).columns == ("姓名",)


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "refusal", "zh"),
    [
        (OLE + "Workbook".encode("utf-16-le"), t.OldExcelFormat, "另存为 .xlsx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), t.PasswordProtected, "打开密码"),
        (b"%PDF-1.7 ...", t.NotATable, "PDF 文档"),
        (b"\x89PNG\r\n", t.NotATable, "图片"),
        (b"<html><table><tr><td>1", t.NotATable, "网页"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            t.OldExcelFormat,
            "XML 2003",
        ),
        (zipped(word__document=b"x"), t.NotATable, "Word 文档"),
        (zipped(a=b"x"), t.NotATable, "压缩包"),
        (zipped(**{"xl__workbook.bin": b"x"}), t.OldExcelFormat, ".xlsb"),
        (zipped(**{"[Content_Types].xml": b"<", "xl__workbook.xml": b"<"}), t.DamagedFile, "已损坏"),
        (b"PK\x03\x04 broken", t.DamagedFile, "已损坏"),
        (bytes(range(256)) * 20, t.NotATable, "二进制文件"),
        (b"\xff\xff\xfe" * 30, t.UnreadableText, "UTF-8 或 GBK"),
        (b"", t.EmptyTable, "没有内容"),
        (b"1,2\n3,4\n", t.EmptyTable, "没有标题行"),
        ("甲,乙\n".encode() + b'"' + b"x\n" * 300, t.DamagedFile, "第 2 行的引号不配对"),
    ],
)
def test_what_is_not_a_table_is_refused_by_name(
    content: bytes, refusal: type[t.TableRefused], zh: str
) -> None:
    with pytest.raises(refusal) as refused:
        t.read_table(file=content)
    assert zh in refused.value.message()
    assert (
        refused.value.message(language="en").isascii()
        or "“" in refused.value.message(language="en")
        or "/" in str(refused.value)
    )


@pytest.mark.parametrize(
    ("limits", "zh"),
    [
        (t.Limits(file_bytes=100), "文件字节数超过 100"),
        (t.Limits(unpacked_bytes=1000), "解压后字节数超过 1000"),
        (t.Limits(parts=3), "文件部件数超过 3"),
        (t.Limits(rows=2), "行数超过 2"),
        (t.Limits(columns=1), "列数超过 1"),
        (t.Limits(cells=3), "单元格数超过 3"),
    ],
)
def test_too_large_is_refused_before_it_hurts(limits: t.Limits, zh: str) -> None:
    content = workbook(appended(["甲", "乙"], ["1", "2"], ["3", "4"]))
    with pytest.raises(t.TooLarge, match=zh):
        t.read_table(file=content, limits=limits)


def test_a_stray_cell_in_the_last_corner_is_refused_and_an_empty_one_ignored() -> None:
    def fill(sheet):
        appended(["甲", "乙"], ["1", "2"])(sheet)
        sheet["XFD1048576"].number_format = "0.00"

    assert cells(t.read_table(file=workbook(fill))) == [("1", "2")]

    def stray(sheet):
        fill(sheet)
        sheet["XFD1048576"] = "x"

    with pytest.raises(t.TooLarge, match="列数超过 256"):
        t.read_table(file=workbook(stray))


def test_declared_entities_are_refused() -> None:
    content = workbook(appended(["甲", "乙"], ["1", "2"]))
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet><sheetData/></worksheet>'
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            new.writestr(part, bomb if part.filename == "xl/worksheets/sheet1.xml" else old.read(part))
    with pytest.raises(t.DamagedFile, match="文件已损坏"):
        t.read_table(file=target.getvalue())
    formats = BookFormats(texts=(), dates=(), durations=(), padded={}, epoch=HALF_PAST_NINE)
    with pytest.raises(t.DamagedFile, match="XML entities"):
        SheetCells(name="名单", formats=formats, limits=t.Limits()).read(part=io.BytesIO(bomb))


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("@cmd", "'@cmd"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-12.5", "-12.5"),
        ("+1,234", "+1,234"),
        ("王明", "王明"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_formulas_are_guarded_and_figures_are_not(text: str, guarded: str) -> None:
    assert t.guarded(text=text) == guarded


ROWS = [
    ("王明", "=1+1", 7, Decimal("3.50"), date(2026, 11, 21), None),
    ("李丽", "两\n行", -7, Decimal("-1"), None, True),
]
HEADING = ("姓名", "备注", "次数", "金额", "日期", "到会")


def test_csv_is_written_with_its_mark_and_read_back() -> None:
    target = io.BytesIO()
    assert t.write_csv(target=target, columns=HEADING, rows=ROWS) == 2
    assert target.getvalue().startswith(b"\xef\xbb\xbf")
    written = list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))
    assert written[1] == ["王明", "'=1+1", "7", "3.50", "2026-11-21", ""]
    table = t.read_table(file=target.getvalue())
    assert (table.encoding, table.columns) == ("utf-8-sig", HEADING)
    assert cells(table)[0] == ("王明", "=1+1", "7", "3.50", "2026-11-21", None)


def test_xlsx_is_written_with_texts_as_texts_and_read_back() -> None:
    target = io.BytesIO()
    long_number = 110105194912310020
    assert t.write_xlsx(target=target, columns=HEADING, rows=[*ROWS, (long_number, "", 0)], sheet="名单") == 3
    sheet = openpyxl.load_workbook(io.BytesIO(target.getvalue()))["名单"]
    assert (sheet["B2"].value, sheet["B2"].data_type, sheet["B2"].quotePrefix) == ("=1+1", "s", True)
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:F4"
    table = t.read_table(file=target.getvalue())
    assert cells(table) == [
        ("王明", "=1+1", 7, Decimal("3.5"), date(2026, 11, 21), None),
        ("李丽", "两\n行", -7, -1, None, True),
        ("110105194912310020", None, 0, None, None, None),
    ]
    assert table.remarks == ()


def test_texts_too_long_for_a_cell_are_refused_not_dropped() -> None:
    with pytest.raises(t.TooLarge, match="32767"):
        t.write_xlsx(target=io.BytesIO(), columns=["甲"], rows=[("x" * 32768,)])


@given(
    st.lists(
        st.tuples(
            st.text(alphabet="王明=+-@'\"\n,;\tab1", max_size=6).map(str.strip), st.integers(-999, 999)
        ),
        max_size=8,
    )
)
def test_what_is_written_as_xlsx_is_read_back(rows: list[tuple[str, int]]) -> None:
    target = io.BytesIO()
    t.write_xlsx(target=target, columns=["姓名", "次数"], rows=rows)
    assert cells(t.read_table(file=target.getvalue())) == [(name or None, count) for name, count in rows]


def test_a_heading_of_two_rows_without_merged_cells_names_its_columns():
    text = "日期,交易金额,,余额,附言\n,借方,贷方,,\n2026-03-02,,200,800,会费\n"
    table = t.read_table(file=text.encode())
    assert table.columns == ("日期", "交易金额/借方", "贷方", "余额", "附言")
    assert [row.cells for row in table.rows] == [("2026-03-02", None, "200", "800", "会费")]


def test_a_first_record_beside_an_unnamed_column_is_no_heading():
    table = t.read_table(file="姓名,单位,,备注\n王小明,第一医院,心内科,组长\n李小红,第二医院,,\n".encode())
    assert table.columns == ("姓名", "单位", "备注")
    assert len(table.rows) == 2
