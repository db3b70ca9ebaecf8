"""Documents as associations publish them go through the same loop; XINGLIN_PLANS names the folder that holds them."""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from .office import Office, any_promise, report_work, verify_work
from .test_office_runs_the_year_loop import words_of

FOLDER = os.environ.get("XINGLIN_PLANS", "")
KINDS = {".docx", ".pdf", ".txt", ".md"}
PLANS = sorted(one for one in Path(FOLDER).glob("*") if one.suffix in KINDS) if FOLDER else []

SPARE = ("监事会会议", "委员会会议", "会员代表大会")  # measures nothing else in the demonstration moves


@pytest.mark.skipif(not PLANS, reason="XINGLIN_PLANS names no folder of real documents")
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_real_plan_is_read_corrected_bound_and_counts(visit, tmp_path, path):
    office = Office(desk=visit("shenzhiwei"))
    office.upload(path=path)
    page = office.page
    words = office.tab("words")
    office.desk.look()
    waiting = office.tab("waiting")
    assert waiting + words > 10
    if page.locator("button[hx-post$='/sure/']").count():
        page.click("button[hx-post$='/sure/']")
        page.wait_for_selector(".x-toast")
    for _each in range(office.tab("waiting")):
        page.locator("article.x-commit [data-act=accept]").first.click()
        page.wait_for_selector(".x-toast")
        office.tab("waiting")

    promise, kind = any_promise(office=office, spare=SPARE[PLANS.index(path) % len(SPARE)])
    office.discard_rest(tab="words")
    target = _target(office, promise)
    office.assign_all(lead="学术部", responsible="尹疏桐")
    office.adopt(meeting="会议（演示）")
    address = office.commitment(promise)
    office.desk.go(address)
    assert office.light() != "done"
    title = f"{path.stem}（演示）"
    year = _year(office)
    report_work(phone=visit("academic.clerk", width=390), kind=kind, title=title, count=target,
                on=min(date(year, 6, 1), date.today()))  # fmt: skip
    verify_work(head=visit("yinshutong"), title=title)
    office.desk.until(address, title)
    assert office.light() == "done"
    for paper in office.draft_summary(folder=tmp_path).values():
        assert str(target) in words_of(paper)


def _target(office: Office, promise: str) -> int:
    office.tab("accepted")
    said = office.desk.card(promise).locator(".x-bind b").first.inner_text()
    return max(int(one) for one in re.findall(r"\d+", said))


def _year(office: Office) -> int:
    office.desk.go(f"/year/?plan={office.key}")
    found = re.search(r"20\d\d", office.page.inner_text("h1"))
    assert found
    return int(found[0])
