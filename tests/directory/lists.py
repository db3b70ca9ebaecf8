"""Workbooks of fictional people for the tests of imports."""

import io

from openpyxl import Workbook

from xinglin.directory.importing import running

from .conftest import CLERK, DAY, WANG

HEADERS = [
    "姓名", "性别", "身份证号", "手机", "工作单位", "科室", "职称", "分会", "分会职务", "任期起", "任期止", "届次",
]
NO_POST = {"post": "", "from_on": "", "last_on": "", "session": ""}


def workbook(*rows, headers=HEADERS, above=(), merges=()):
    """Return a workbook of these rows."""
    book = Workbook()
    sheet = book.active
    for row in (*above, headers, *rows):
        sheet.append(row)
    for area in merges:
        sheet.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def kept(content, kind="people", name="名册.xlsx", by=CLERK):
    """Keep a list as an import of the house."""
    return running.keep_file(by=by, on=DAY, kind=kind, name=name, content=content)


def row(name="王小明", sex="女", number=WANG, mobile="13800005678", unit="江海省第一医院", department="心内科",
        title="主任医师", place="心血管内科专业委员会", post="委员", from_on="2024-01-01", last_on="2026-12-31",
        session="第5届"):
    """Return one row of the list."""
    return [name, sex, number, mobile, unit, department, title, place, post, from_on, last_on, session]


def faults(batch):
    """Return row and column of everything that is wrong."""
    return [(one.row, problem["column"]) for one in batch.rejections.all() for problem in one.problems]
