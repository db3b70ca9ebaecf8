"""The office brings a list with wrong rows: it sees why, takes the good ones, finds them, and takes the import back."""

import re

from playwright.sync_api import expect

from xinglin.lib.identity import check_digit
from xinglin.lib.tables import write_xlsx

COLUMNS = ("姓名", "性别", "身份证号", "手机")


def number(body: str) -> str:
    """Return a fictional identity number with its right check digit."""
    return body + check_digit(body=body)


def test_a_list_with_wrong_rows(visit, tmp_path):
    good, twice = number("32010219790307004"), number("32010219800511003")
    wrong = good[:-1] + ("1" if good[-1] != "1" else "2")
    path = tmp_path / "新会员名单（虚构）.xlsx"
    with path.open("wb") as target:
        write_xlsx(
            target=target,
            columns=COLUMNS,
            rows=[
                ("欧阳澄", "男", good, "13900001171"),
                ("贺兰秋", "女", wrong, "13900001172"),
                ("", "女", "", "13900001173"),
                ("司徒远", "男", twice, "13900001174"),
                ("司空晚", "女", twice, "13900001175"),
            ],
        )
    desk = visit("shenzhiwei")
    page = desk.go("/imports/new/people/")
    page.set_input_files("input[type=file]", str(path))
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/columns/")
    desk.look()
    page.get_by_role("button", name="逐行核对").click()
    page.wait_for_url("**/check/")
    desk.look()
    reasons = page.locator("main table").first.inner_text()
    for row in ("3", "4"):
        assert re.search(rf"(?m)^\s*{row}\b", reasons), f"row {row} has its reason: {reasons}"
    assert "校验" in reasons, "a wrong identity number is told by its check digit"
    page.locator("main button[value=accepted]").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    desk.until(page.url, "采用")
    found = desk.go("/people/?q=欧阳澄")
    expect(found.locator("main")).to_contain_text("欧阳澄")
    desk.go("/people/?q=贺兰秋")
    assert "没有同时满足这些条件的" in desk.text(), "the row with the wrong number is not in the register"
