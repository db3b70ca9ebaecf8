"""Somebody applies on a phone; two members recommend, the branch passes on, the office verifies, the council admits."""

import json
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.membership.bank import csv, receipt
from xinglin.lib.identity import check_digit

from .joining import MEMBERS, SECRETARY, letters
from .renewing import WHO
from .test_membership_portal import scanned

NAME, MAIL = "令狐杏", "linghu@mail.example"
BODY = "32010219880214217"


@pytest.fixture(scope="module")
def known(house):
    """Tiers, recommenders and a branch with its secretary, entered through acts in the house itself."""
    done = subprocess.run([sys.executable, "-m", "tests.journeys.joining"], env=house.environment, check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def letter(house, page, to, words=""):
    """Wait for a letter and return the path of the address in it."""
    for _each in range(60):
        for body in letters(folder=house.var / "mail", to=to):
            if words in body and (found := re.search(r"https?://\S+", body)):
                return urlsplit(found.group()).path
        page.wait_for_timeout(1000)
    raise AssertionError(f"no letter to {to}")


def fill_in(phone, known):
    page = phone.page
    phone.go("/members/apply/")
    page.get_by_role("button", name="以个人申请").click()
    page.wait_for_url(re.compile(r"/members/apply/[\w-]{20,}/$"))
    phone.look()
    page.get_by_label(known["tier"], exact=True).check()
    page.select_option("[name=branch]", label=known["branch"])
    page.fill("[name=name]", NAME)
    page.select_option("[name=document]", "resident_id")
    expect(page.locator("[data-ask=country]")).to_be_hidden()


def test_from_the_phone_to_the_number_the_bank_and_the_exit(visit, house, known):
    phone = visit(width=390, theme="dark")
    page = phone.page
    fill_in(phone, known)
    page.fill("[name=number]", "320102201401010017")  # somebody of twelve, and the check digit is wrong too
    page.press("[name=number]", "Tab")
    expect(page.locator("#said-number .x-err")).to_be_visible()
    right = BODY + check_digit(body=BODY)
    page.fill("[name=number]", right)
    page.press("[name=number]", "Tab")
    expect(page.locator("#said-number .x-err")).to_have_count(0)
    page.fill("[name=mobile]", "13900001288")
    page.fill("[name=email]", MAIL)
    page.get_by_role("button", name="保存，以后再填").click()
    expect(page.locator(".x-toast").last).to_contain_text("续填链接")
    here = letter(house, page, MAIL, "续填")

    again = visit(width=390)  # another telephone, by the link in the letter
    page = again.go(here)
    expect(page.locator("[name=number]")).to_have_value(right)
    page.locator("[name=occupation][value=physician]").check()
    page.fill("[name=employer]", "江海省第一人民医院")
    page.fill("[name=licence]", "旧证第0123号")
    page.press("[name=licence]", "Tab")
    expect(page.locator("#said-licence")).to_contain_text("请核对原件")
    for place, (number, name) in enumerate(known["recommenders"]):
        page.fill(f"[name=recommenders_{place}_number]", number)
        page.fill(f"[name=recommenders_{place}_name]", name)
    page.check("[name=agreed]")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("h1")).to_contain_text("我的入会申请")
    again.look()

    for place, name in enumerate(MEMBERS):
        page = again.go(letter(house, page, f"member{place}@jianghai.example", NAME))
        assert name in again.text() and right not in again.text()
        page.locator("button[value=yes]").click()
        expect(page.locator(".x-s").first).to_contain_text("已推荐")

    branch = visit(SECRETARY)
    page = branch.go("/members/applications/")
    page.get_by_role("link", name=NAME).click()
    branch.look()
    assert right not in branch.text()
    page.fill("[name=pass-reason]", "执业情况属实")
    page.locator("[data-pass]").click()
    expect(page.locator(".x-toast").last).to_contain_text(NAME)

    office = visit("shenzhiwei")
    page = office.go("/members/applications/")
    page.get_by_role("link", name=NAME).click()
    office.look()
    page.locator("[data-verify]").click()
    expect(page.locator(".x-toast").last).to_contain_text(NAME)
    office.go("/members/applications/batch/")
    for one in page.locator("input[name=key]").all():
        one.set_checked(False)
    page.get_by_label(NAME).check()
    page.fill("[name=decision]", "江医协常〔2026〕5号（演示）")
    page.fill("[name=held_on]", known["today"])
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/members/applications/**")
    office.look()

    page = again.go(here)
    expect(page.locator("main")).to_contain_text(re.compile(r"会员号 \d{4}-\d{6}"))
    number = re.search(r"\d{4}-\d{6}", again.text()).group()
    assert number in letters_of(house, page)
    member, before = the_fee_comes_with_the_banks_file_and_the_plan_has_moved(office, known)
    the_member_shows_the_certificate_is_reminded_and_leaves(visit, house)
    office.until(member, "已退会")
    assert commitment_of(office) == before  # who was gained was gained, whoever leaves later


def letters_of(house, page):
    """Return everything the house wrote to the applicant once the last letter is there."""
    letter(house, page, MAIL, "已成为会员")
    return "".join(letters(folder=house.var / "mail", to=MAIL))


def commitment_of(office):
    """Open the plan's promise to gain members and return how many it counts."""
    page = office.go("/plans/commitments/?q=吸收个人会员")
    page.locator("table").get_by_role("link", name=re.compile("吸收个人会员")).first.click()
    page.wait_for_load_state()
    return int(re.search(r"([\d,]+)\s*/\s*1,200", office.text()).group(1).replace(",", ""))


def the_fee_comes_with_the_banks_file_and_the_plan_has_moved(office, known):
    page, bill = office.page, office.page.locator("table").get_by_role("link", name=NAME)
    for _each in range(60):  # until the flow has billed the newcomer
        office.go("/members/fees/bills/?q=令狐杏")
        if bill.count():
            break
        page.wait_for_timeout(500)
    bill.first.click()
    page.wait_for_url(re.compile(r"/members/fees/bills/\d+/$"))
    bill, code = urlsplit(page.url).path, page.locator("dl.x-facts dd b").first.inner_text()
    office.look()

    rows = [receipt(known["today"], "100.00", NAME, f"会费 {code}", serial="J2026110001")]
    page = office.go("/members/fees/statements/")
    page.set_input_files("input[type=file]", {"name": "十一月.csv", "mimeType": "text/csv", "buffer": csv(*rows)})
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main")).to_contain_text("附言码相符")
    office.look()
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state()
    office.until(bill, "100.00")
    page = office.page
    page.locator("main form button", has_text="开收据").first.click()
    page.wait_for_load_state()
    office.look()

    member = page.locator("dl.x-facts dd a").first.get_attribute("href")
    page = office.go(member)
    expect(page.locator(".x-head .x-s")).to_contain_text(re.compile("有效|待续费"))
    office.look()
    before = commitment_of(office)
    assert before >= 1

    page = office.go(f"{member}certificates/")
    office.look()
    page = office.go(f"{member}exit/")
    office.look()
    return member, before


def the_member_shows_the_certificate_is_reminded_and_leaves(visit, house):
    done = subprocess.run([sys.executable, "-m", "tests.journeys.renewing", NAME], env=house.environment, check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    phone = visit(WHO, width=390)
    page = phone.go("/members/mine/")
    page.get_by_role("button", name="领取会员证").click()
    expect(page.locator("a.x-qr svg")).to_be_visible()
    address = scanned(phone, house)
    stranger = visit(width=390)
    expect(stranger.go(address).locator("main")).to_contain_text("有效")
    assert NAME not in stranger.text()

    last = done.stdout.split()[-1]
    phone.go(letter(house, page, MAIL, f"会费期到 {last} 为止"))
    phone.go("/members/mine/")
    page.get_by_role("link", name="退会").click()
    page.get_by_role("button", name="退会").click()
    expect(page.locator("main")).to_contain_text("已退会")
    expect(stranger.go(address).locator("main")).to_contain_text("已非会员")
