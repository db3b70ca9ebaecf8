"""The office drops its plan in, corrects, binds and assigns it; facts arrive, the light turns, the report is drawn."""

import re
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

from .office import Office, report_work, verify_work
from .papers import plan_lines, write_text, write_word

YEAR = date.today().year
# How the paper is written, what it promises, and the kind of work that counts it.
PLANS = [
    pytest.param(write_word, "组织专家咨询会不少于2场", "专家咨询会", "expert_consultation", "2场", id="docx"),
    pytest.param(write_text, "召开秘书长办公会不少于2次", "秘书长办公会", "secretariat_meeting", "2次", id="txt"),
]


def words_of(path: Path) -> str:
    """Return all words of a Word or PDF file without white space and without the marks of its notes."""
    if path.suffix == ".docx":
        made = Document(str(path))
        cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
        text = "".join([one.text for one in made.paragraphs] + cells)
    else:
        with pypdfium2.PdfDocument(path) as pages:
            text = "".join(page.get_textpage().get_text_range() for page in pages)
    return re.sub(r"\[\d+\]", "", "".join(text.split()))


@pytest.mark.parametrize(("write", "promise", "words", "work", "figure"), PLANS)
def test_a_plan_goes_in_is_corrected_and_counts_by_itself(visit, tmp_path, write, promise, words, work, figure):
    name = f"重点工作补充要点（{words}）"
    office = Office(desk=visit("shenzhiwei"))
    office.upload(path=write(folder=tmp_path, name=name, lines=plan_lines(year=YEAR, name=name, promise=promise)))
    assert office.page.locator("article.x-commit").count() == 5
    assert promise in office.page.inner_text("#read-original")

    office.accept(words)
    office.undo()
    assert office.tab("waiting") == 5
    office.accept(words)
    office.edit("举办安全演练", figure=4)
    office.split("党课和组织生活会", parts=[("举办党课4次", 4, "次"), ("召开组织生活会2次", 2, "次")])
    office.tab("waiting")
    office.accept("案例汇编", ticked=False)  # no kind of work says 汇编 and nothing else
    office.page.locator("article.x-commit [data-act=accept]").click()
    assert office.tab("words") == 1
    office.discard("专题研究")
    assert office.tab("waiting") == 0
    assert office.bind("举办党课") == "party_lecture"
    office.desk.look()

    office.assign_all(lead="学术部", responsible="尹疏桐")
    office.adopt(meeting="第四届理事会第四次会议（演示）")
    _facts_arrive(visit, office, words=words, work=work, target=2, on=date.today())

    files = office.draft_summary(folder=tmp_path)
    for path in files.values():
        assert words in words_of(path)
        assert f"{words}{figure}" in words_of(path), words_of(path)[:2000]
    draft = write_text(folder=tmp_path, name="总结稿", lines=[
        f"江海省医师协会（演示）{YEAR}年工作总结（虚构）", "一、学术工作",
        f"全年组织{words}{figure}，举办党课9次。"])  # fmt: skip
    said = office.check_draft(path=draft, year=YEAR)
    assert "相符" in said


def _facts_arrive(visit, office, *, words, work, target, on):
    """The clerk reports on a phone, the head verifies, and within seconds the commitment says so."""
    page = office.commitment(words)
    office.desk.go(page)
    before = office.light()
    assert before != "done"
    title = f"{words}（演示 {office.key}）"
    report_work(phone=visit("academic.clerk", width=390), kind=work, title=title, on=on, count=target)
    verify_work(head=visit("yinshutong"), title=title)
    office.desk.until(page, title)
    assert office.light() == "done"
