"""A member on a phone takes the certificate; a stranger scans its code; the member leaves and the code says so."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from xinglin.lib.square_codes import square_code

from .belonging import NAME, WHO


@pytest.fixture(scope="module")
def number(house):
    """A member entered through acts in the house itself."""
    done = subprocess.run([sys.executable, "-m", "tests.journeys.belonging"], env=house.environment, check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.split()[-1]


def scanned(phone, house):
    """Return the address that the square code on the card holds, after seeing that it is the one drawn."""
    link = phone.page.locator("a.x-qr")
    path = link.get_attribute("href")
    assert link.locator("path").get_attribute("d") == square_code(house.url + path).path
    return path


def test_card_certificate_and_exit(visit, house, number):
    phone = visit(WHO, width=390)
    page = phone.go("/members/mine/")
    expect(page.locator(".x-card")).to_contain_text(number)
    expect(page.locator("main")).to_contain_text("免缴")
    page.get_by_role("button", name="领取会员证").click()
    expect(page.locator("a.x-qr svg")).to_be_visible()
    phone.look()
    address = scanned(phone, house)

    stranger = visit(width=390, theme="dark")
    words = stranger.go(address).locator("main")
    expect(words).to_contain_text("有效")
    expect(words).to_contain_text("HYZ-")
    expect(words.get_by_text(number, exact=True)).to_have_count(0)  # the number is shown by choice only
    expect(words).not_to_contain_text(NAME)

    for path in ("/members/mine/dues/", "/members/mine/branches/", "/members/mine/record/"):
        phone.go(path)
    phone.go("/members/mine/privacy/")
    page.get_by_role("button", name="会员证公开页显示我的姓名").click()
    expect(page.locator("main")).to_contain_text("关闭")
    page.get_by_role("button", name="会员证公开页显示会员号、等级和发证日期").click()
    expect(page.get_by_role("button", name="会员证公开页显示会员号、等级和发证日期　关闭")).to_be_visible()
    words = stranger.go(address).locator("main")
    expect(words).to_contain_text(NAME)
    expect(words.get_by_text(number, exact=True)).to_be_visible()

    phone.go("/members/mine/")
    page.get_by_role("link", name="退会").click()
    phone.look()
    page.get_by_role("button", name="退会").click()
    expect(page.locator("main")).to_contain_text("已退会")
    phone.look()

    words = stranger.go(address).locator("main")
    expect(words).to_contain_text("已非会员")
    expect(words).not_to_contain_text(NAME)
    phone.until("/members/mine/record/", "已退会")


def test_a_mistyped_code_gets_a_clear_page(visit):
    stranger = visit(width=390)
    answer = stranger.page.goto("/members/c/AAAAAAAAAAAAAAAAAAAAAA/")
    assert answer.status == 404
    stranger.forgive("404")
    stranger.look()
    assert "没有这个地址的会员证" in stranger.text()
