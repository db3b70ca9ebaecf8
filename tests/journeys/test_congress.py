"""A conference from its proposal to credits: agreed, filed, sold in a rush, paid, entered offline, watched, settled."""

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.membership.bank import csv, receipt
from xinglin.lib.square_codes import square_code

TITLE = "东方心血管质控大会（演示）"
SERIES, BRANDED, PROJECT = "东方系列会议（演示）", "“东方”系列会议", "心血管质控学习班（演示）"
ORGANISER, OFFICE, SUPERVISOR = "academic.clerk", "shenzhiwei", "hanshouzheng"
HALL, STREAM, TRANSFER = "zhouxingzhou", "linxiaoman", "gulinchuan"


@pytest.fixture(scope="module")
def tell(house):
    """Return the function that works inside the house."""

    def told(*words):
        done = subprocess.run([sys.executable, "-m", "tests.journeys.congress", *words], env=house.environment,
                              check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return told


def paper(name):
    """Return a synthetic file as a browser takes it."""
    return {"name": f"{name}（合成）.txt", "mimeType": "text/plain", "buffer": f"合成{name}".encode()}


def press(window, words):
    """Press the button of this name on the page and wait for what comes."""
    window.page.locator("main").get_by_role("button", name=words, exact=True).first.click()
    window.page.wait_for_load_state()
    window.look()


def branded(window):
    """Return how many conferences of the brand the plan's promise counts."""
    window.go("/plans/commitments/?q=东方")
    window.page.locator("table").get_by_role("link", name=re.compile(BRANDED)).first.click()
    window.page.wait_for_load_state()
    window.look()
    return int(re.search(r"([\d,]+)\s*/\s*30", window.text()).group(1))


def propose(desk, first, stream):
    """Write the proposal down with budget and project, and lay out what is heard in the hall and online."""
    page = desk.go("/events/draft/")
    page.select_option("[name=kind]", label="学术会议")
    page.select_option("[name=organisation]", label="学术部")
    page.fill("[name=title]", TITLE)
    page.select_option("[name=series]", label=SERIES)
    page.fill("[name=from_on]", first)
    page.select_option("[name=format]", "hybrid")
    page.fill("[name=place]", "江海国际会议中心（虚构）")
    page.fill("[name=heads]", "120")
    page.fill("[name=heads_online]", "60")
    field = page.locator("[data-choose][data-name=project]")
    field.locator("input[type=search]").fill("质控学习班")
    field.locator("[role=option]").first.click()
    expect(field.locator(".x-chip")).to_contain_text(PROJECT)
    page.select_option("[name=income-0-code]", "fees")
    page.fill("[name=income-0-planned]", "12000")
    page.select_option("[name=expense-0-code]", "venue")
    page.fill("[name=expense-0-planned]", "8000")
    desk.look()
    page.locator("main form button.btn-primary").last.click()
    page.wait_for_url(re.compile(r"/events/\d+/$"))
    home = urlsplit(page.url).path
    press(desk, "生成常用日程")
    desk.go(f"{home}programme/add/")
    page.fill("[name=title]", "质控指标与改进")
    page.fill("[name=from_at]", "00:01")
    page.fill("[name=until_at]", "23:58")
    page.fill("[name=room]", "一号厅")
    page.check("[name=on_site]")
    page.check("[name=online]")
    page.fill("[name=stream]", stream)
    desk.look()
    page.locator("main form button.btn-primary").last.click()
    page.wait_for_url(re.compile(r"/programme/$"))
    desk.go(home)
    press(desk, "提交审批")
    return home


def agree(office, home):
    """Agree to the proposal as the office, and file it with the authority."""
    page = office.go("/events/approvals/")
    page.locator("main").get_by_role("link", name=TITLE).click()
    page.wait_for_load_state()
    press(office, "同意")
    office.go(f"{home}file/")
    page.fill("[name=number]", "江医报〔2026〕988号（演示）")
    page.set_input_files("input[type=file]", paper("回执"))
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(f"**{home}")
    office.look()


def offer(desk, home):
    """Publish the list of prices: a hall and a stream, a queue at the opening in some seconds; open registration."""
    page = desk.go(f"{home}prices/edit/")
    opens = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(seconds=30)
    page.fill("[name=opens_at]", opens.strftime("%Y-%m-%d %H:%M:%S"))
    page.fill("[name=queue_rate]", "5")
    page.fill("[name=pools-0-capacity]", "2")
    page.fill("[name=tickets-0-amount]", "200")
    page.fill("[name=tickets-1-amount]", "0")
    desk.look()
    press(desk, "公布价目")
    desk.go(home)
    press(desk, "开放报名")


def queue_up(window, home):
    """Take a place in the queue before the opening; a refresh keeps it."""
    page = window.go(f"{home}register/")
    press(window, "取排队号")
    page.reload()
    window.look()
    expect(page.locator("[data-queue]")).to_contain_text("届时抽签定序")


def register(window, ticket, way):
    """Take a place as soon as the page says that it is one's turn, and fill in the form."""
    page = window.page
    expect(page.locator("[data-queue]")).to_contain_text("轮到你了", timeout=60_000)
    page.locator("section.ev-ticket").filter(has_text=ticket).get_by_role("button", name="报名").click()
    page.wait_for_url(re.compile(r"/events/registering/"))
    window.look()
    if not page.input_value("[name=mobile]"):
        page.fill("[name=mobile]", "13900001288")
    if way:
        page.locator(f"[name=way][value={way}]").check()
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_url(re.compile(r"/events/own/"))
    window.look()
    return urlsplit(page.url).path


def pay_online(window, own):
    """Pay at the service, which tells the house three times, and have a ticket that admits."""
    page = window.go(own)
    page.get_by_role("link", name="看订单").click()
    page.wait_for_load_state()
    window.look()
    press(window, "在线支付")
    press(window, "支付，重复通知三次")
    window.go(own)
    expect(page.locator(".x-s").first).to_contain_text("报名成功")


def book_transfer(office, code):
    """Upload what the bank exports and book the row that bears the code of the order."""
    page = office.go("/events/bank/")
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    rows = csv(receipt(today, "200.00", "顾临川", f"会务费 {code}", serial="J2026110988"))
    page.set_input_files("input[type=file]", {"name": "对账单（合成）.csv", "mimeType": "text/csv", "buffer": rows})
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main")).to_contain_text("附言码相符")
    office.look()
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state()
    office.look()


def enrol(desk, visit, home):
    """Give the gate a phone: the code is shown once, the phone keeps the list and works without a network."""
    page = desk.go(f"{home}doors/")
    page.fill("[name=gate]", "东门")
    press(desk, "生成登记码")
    code = page.locator(".x-code").inner_text()
    gate = visit(width=390)
    gate.page.goto(f"/events/door/#{code}")
    gate.page.get_by_role("button", name="登记", exact=True).click()
    expect(gate.page.locator("[data-place]")).to_have_text("东门")
    gate.page.evaluate("() => navigator.serviceWorker.ready")
    expect(gate.page.locator("[data-people]")).to_have_text("3")
    return gate


def scan(gate, text):
    """Hold a ticket before the gate and return what it says."""
    gate.page.locator("[data-answer]").evaluate("(box) => { box.dataset.told = ''; }")
    gate.page.locator("[data-text]").fill(text)
    gate.page.locator("[data-text]").press("Enter")
    gate.page.wait_for_function("() => document.querySelector('[data-answer]').dataset.told")
    return gate.page.locator("[data-answer]").get_attribute("data-told")


def at_the_gate(gate, tickets):
    """Let two people in while the phone has no network, one of them out again, and hand everything in later."""
    gate.context.set_offline(True)
    gate.page.reload()
    expect(gate.page.locator("[data-people]")).to_have_text("3")
    assert [scan(gate, one) for one in (tickets[0], tickets[0], tickets[1])] == ["in", "twice", "in"]
    gate.page.get_by_role("button", name="签退", exact=True).click()
    assert scan(gate, tickets[0]) == "out"
    gate.context.set_offline(False)
    expect(gate.page.locator("[data-waiting]")).to_have_text("0")
    gate.forgive("ERR_INTERNET_DISCONNECTED")


def watch(window, home):
    """Watch the stream on a phone until the page says that the time counts."""
    page = window.go(f"{home}my-day/")
    page.get_by_role("link", name="观看").first.click()
    page.wait_for_load_state()
    window.look()
    page.locator("video").evaluate("one => { one.muted = true; return one.play(); }")
    expect(page.locator("[data-presence]")).to_have_attribute("data-state", "counting")
    page.wait_for_timeout(7_000)
    page.goto("about:blank")  # the last report goes with the page


def look_over(supervisor, home):
    """Look the event over point by point on a phone, each with its evidence."""
    page = supervisor.go(f"{home}checks/")
    codes = [one.split("/")[-2] for one in page.locator("main form").evaluate_all("all => all.map((f) => f.action)")]
    for code in codes:
        point = page.locator(f"li#{code}")
        point.locator("summary").click()
        page.set_input_files(f"[name={code}-evidence]", paper(code))
        point.get_by_role("button", name="合格", exact=True).click()
        expect(page.locator(f"li#{code} .x-s").first).to_contain_text("合格")
    supervisor.look()


def settle(desk, supervisor, home):
    """Write down who came as the doors counted, report back with the summary, have it looked over, and settle."""
    page = desk.go(f"{home}hold/")
    assert (page.input_value("[name=people_on_site]"), page.input_value("[name=people_online]")) == ("2", "1")
    press(desk, "保存")
    desk.go(f"{home}report/")
    page.set_input_files("[name=papers]", paper("总结"))
    press(desk, "提交报告")
    look_over(supervisor, home)
    desk.go(f"{home}settle/")
    for field, spent in zip(page.locator("[name^=line-]").all(), ("400", "380"), strict=True):
        field.fill(spent)
    desk.look()
    press(desk, "结算并归档")
    expect(page.locator("main")).to_contain_text("已结算")


def credit(office, project):
    """Say that the project was held, report it, and issue what everybody earned."""
    office.until(f"/learning/{project}/attendance/", "顾临川")  # the flow has taken in what the doors closed
    page = office.go(f"/learning/{project}/")
    press(office, "已举办")
    press(office, "上报执行情况")
    office.go(f"/learning/{project}/credits/")
    expect(page.locator("main")).to_contain_text("3 人可授分")
    press(office, "授予学分")


def certificate(member, visit):
    """Take the certificate as the learner; a stranger's phone verifies it by its address and reads no full name."""
    page = member.go("/learning/mine/")
    page.locator("li").filter(has_text=PROJECT).get_by_role("button", name="领证书").click()
    page.wait_for_load_state()
    member.look()
    address = page.get_by_role("link", name="他人所见").get_attribute("href")
    stranger = visit(width=390, theme="dark")
    words = stranger.go(address).locator("main")
    expect(words).to_contain_text("有效")
    expect(words).to_contain_text(PROJECT)
    expect(words).not_to_contain_text("周行舟")


def test_from_the_proposal_to_credits_and_the_plan(visit, house, tell):
    known = tell("prepare")
    office, desk = visit(OFFICE), visit(ORGANISER)
    before = branded(office)
    stream = office.go("/presence/try/live/").locator("[data-presence]").get_attribute("data-source")
    home = propose(desk, known["first"], house.url + stream)
    agree(office, home)

    people = {"hall": visit(HALL), "stream": visit(STREAM, width=390), "paid": visit(TRANSFER)}
    offer(desk, home)
    for one in people.values():
        queue_up(one, home)
    own = {"hall": register(people["hall"], "参会代表", "online"), "stream": register(people["stream"], "线上参会", ""),
           "paid": register(people["paid"], "参会代表", "transfer")}
    late = visit(SUPERVISOR)
    expect(late.go(f"{home}register/").locator("section.ev-ticket").first).to_contain_text("已满")
    pay_online(people["hall"], own["hall"])
    book_transfer(office, people["paid"].go(own["paid"]).locator("dl.x-facts dd b").first.inner_text())

    codes = [people[one].go(own[one]).locator(".ev-code").first.inner_text() for one in ("hall", "paid")]
    tell("arrive", TITLE)
    tickets = [tell("ticket", one)["text"] for one in codes]
    assert square_code(tickets[0]).path == people["hall"].go(own["hall"]).locator(".ev-square path").get_attribute("d")
    at_the_gate(enrol(desk, visit, home), tickets)
    watch(people["stream"], home)

    tell("night", TITLE)
    desk.go(f"{home}doors/")
    press(desk, "结转当天")
    expect(desk.page.locator("main")).to_contain_text("线下 2 人次，线上 1 人次")
    credit(office, known["project"])
    certificate(people["hall"], visit)
    settle(desk, late, home)
    for _each in range(10):  # until what was sealed is counted
        if branded(office) > before:
            break
        office.page.wait_for_timeout(500)
    assert branded(office) == before + 1
