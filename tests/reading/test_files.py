"""Word documents and PDFs are put back together with numbers, tables and broken lines."""

from docx import Document

from tests.reading.documents import add_numbered, bytes_of, numbered, pdf_of
from tests.reading.test_labelled_documents import assert_places_are_true
from xinglin.plans.reading import Reading, read_bytes


def word_plan() -> Reading:
    document = Document()
    document.add_paragraph("溪山市医师协会2026年工作计划", style="Title")
    levels = [
        ("chineseCounting", "%1、"),
        ("chineseCounting", "（%2）"),
        ("decimal", "%3."),
        ("decimalEnclosedCircle", "%4"),
    ]
    list_id = numbered(document, levels=levels)
    add_numbered(document, text="学术交流", list_id=list_id, depth=0)
    add_numbered(document, text="品牌会议", list_id=list_id, depth=1)
    add_numbered(document, text="举办第七届溪山医师论坛，参会不少于500人。", list_id=list_id, depth=2)
    add_numbered(document, text="召开专科年会12场，覆盖会员80%以上。", list_id=list_id, depth=2)
    add_numbered(document, text="继续教育", list_id=list_id, depth=1)
    add_numbered(document, text="申报国家级项目5项；", list_id=list_id, depth=2)
    add_numbered(document, text="组织建设", list_id=list_id, depth=0)
    paragraph = document.add_paragraph()
    paragraph.add_run("换届。").bold = True
    paragraph.add_run("9月底前完成换届，发展会员300名。")
    table = document.add_table(rows=1, cols=5)
    for cell, text in zip(table.rows[0].cells, ("序号", "任务", "目标值", "单位", "完成时限"), strict=True):
        cell.text = text
    rows = (
        ("1", "举办法律培训", "4", "期", "6月底"),
        ("2", "走访基层医师", "200", "人次", "全年"),
        ("3", "义诊", "≥10", "场", "12月底"),
    )
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return read_bytes(content=bytes_of(document), name="计划.docx")


def test_numbers_that_word_generates_are_part_of_the_text() -> None:
    reading = word_plan()
    assert "一、学术交流（一）品牌会议1.举办第七届溪山医师论坛" in reading.text
    assert [("/".join(entry.path), entry.label, entry.role) for entry in reading.outline] == [
        ("一", "一、", "heading"),
        ("一/一", "（一）", "heading"),
        ("一/一/1", "1.", "item"),
        ("一/一/2", "2.", "item"),
        ("一/二", "（二）", "heading"),
        ("一/二/1", "1.", "item"),
        ("二", "二、", "heading"),
        ("二/换届", "", "run_in"),
    ]
    assert_places_are_true(reading)


def test_a_year_after_a_generated_number_belongs_to_the_item() -> None:
    document = Document()
    document.add_paragraph("溪山市医师协会2026年工作计划", style="Title")
    list_id = numbered(document, levels=[("decimal", "%1.")])
    add_numbered(document, text="义诊10场。", list_id=list_id, depth=0)
    add_numbered(document, text="2026年（第4届）溪山辅具博览会，参展80家。", list_id=list_id, depth=0)
    reading = read_bytes(content=bytes_of(document), name="计划.docx")
    assert [(entry.label, entry.title) for entry in reading.outline] == [
        ("1.", "义诊10场"),
        ("2.", "2026年（第4届）溪山辅具博览会"),
    ]
    assert [(each.edition, each.year, each.name) for each in reading.editions] == [(4, 2026, "溪山辅具博览会")]


def test_a_measure_in_the_target_cell_is_of_the_task_named_before_it() -> None:
    document = Document()
    document.add_heading("江海省医师协会（虚构）2026年工作要点", 0)
    rows = (("序号", "重点任务", "工作目标", "责任部门"), ("1", "举办学术会议", "全年不少于30场", "学术部"),
            ("2", "开展义诊", "12场，服务3000人次", "会员部"))
    table = document.add_table(rows=3, cols=4)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    targets = read_bytes(content=bytes_of(document), name="plan.docx").targets
    found = [(one.quote, one.object, one.value_min) for one in targets]
    assert found == [("举办学术会议全年不少于30场", "举办学术会议", 30), ("开展义诊12场", "开展义诊", 12),
                     ("开展义诊12场，服务3000人次", "服务", 3000)]


def test_a_table_of_tasks_is_read_by_its_heads() -> None:
    reading = word_plan()
    rows = [each for each in reading.targets if each.object in ("举办法律培训", "走访基层医师", "义诊")]
    assert [(each.value_min, each.value_max, each.unit, each.deadline) for each in rows] == [
        (4, 4, "期", "2026-06-30"),
        (200, 200, "人次", "2026-12-31"),
        (10, None, "场", "2026-12-31"),
    ]
    assert rows[0].quote == "举办法律培训4"
    assert {paragraph.kind for paragraph in reading.paragraphs} >= {"title", "heading", "item", "para", "table"}


def test_targets_of_a_word_document_are_complete() -> None:
    reading = word_plan()
    found = [(each.value_min, each.unit, each.deadline_source) for each in reading.targets[:6]]
    assert found == [
        (500, "人", "inherited"), (12, "场", "inherited"), (80, "%", "inherited"), (5, "项", "inherited"),
        (None, "", "explicit"), (300, "名", "explicit"),
    ]  # fmt: skip
    assert [(each.edition, each.name) for each in reading.editions] == [(7, "溪山医师论坛")]


def test_heading_styles_make_an_outline_without_numbers() -> None:
    document = Document()
    document.add_heading("溪山市医学会2026年工作要点", 0)
    document.add_heading("学术工作", 1)
    document.add_heading("年会", 2)
    document.add_paragraph("召开年会3次。")
    document.add_heading("科普工作", 1)
    reading = read_bytes(content=bytes_of(document), name="a.docx")
    assert [(entry.path, entry.number, entry.role) for entry in reading.outline] == [
        (("学术工作",), None, "heading"),
        (("学术工作", "年会"), None, "heading"),
        (("科普工作",), None, "heading"),
    ]
    assert reading.targets[0].path == ("学术工作", "年会")


def test_lines_of_a_pdf_are_joined_across_lines_and_pages() -> None:
    pages = [
        [
            "溪山市医学会2026年工作计划",
            "一、学术交流",
            "学会将坚持以会员为中心，搭建线上线下融合的平台，全",
            "年计划召开各类学术会议、专题论坛和病例讨论会二十",
        ],
        [
            "场，培训基层医师不少于600人次，其中偏远地区的学员不",
            "少于一百人次。九月底前完成青年委员会的",
            "换届改选。",
            "二、自身建设",
            "— 2 —",
        ],
    ]
    pages[0].append("— 1 —")
    reading = read_bytes(content=pdf_of(pages=pages), name="a.pdf")
    assert [entry.title for entry in reading.outline] == ["学术交流", "自身建设"]
    found = [(each.value_min, each.unit) for each in reading.targets]
    assert found == [(20, "场"), (600, "人次"), (100, "人次"), (None, "")]
    assert "—1—" in reading.targets[0].quote
    assert_places_are_true(reading)


def test_cells_that_span_columns_keep_the_others_under_their_heads() -> None:
    document = Document()
    document.add_paragraph("溪山市护理学会2026年工作计划")
    table = document.add_table(rows=3, cols=4)
    rows = (
        ("类别", "任务", "数量（场）", "完成时间"),
        ("学术", "专题沙龙", "6", "9月底"),
        ("社区宣教", "", "20", "全年"),
    )
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(2, 0).merge(table.cell(2, 1))
    reading = read_bytes(content=bytes_of(document), name="a.docx")
    found = [(each.object, each.value_min, each.unit, each.deadline) for each in reading.targets]
    assert found == [("专题沙龙", 6, "场", "2026-09-30"), ("社区宣教", 20, "场", "2026-12-31")]
