"""Gate phones in a real browser: enrolled, cut off the network, reloaded, scanning, and calling again at last."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from xinglin.engines.events import tickets
from xinglin.engines.events.actions.doors import enrol_device, revoke_device
from xinglin.engines.events.actions.programme import Slot, arrange_session
from xinglin.engines.events.doors import Device, DoorScan
from xinglin.kernel import clock

from .conftest import DAY, HOUSE
from .phones import crowd

pytestmark = [pytest.mark.journey, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AHEAD = "const real = Date.now; Date.now = () => real.call(Date) + 90061000;"  # a day, an hour, a minute, a second


@pytest.fixture
def event(draft, approve):
    """An event of today, all day long."""
    today = timezone.localdate()
    event = draft(sessions=False, from_on=today, until_on=today + timedelta(days=1), title="江海心血管论坛（演示）")
    begin = timezone.make_aware(datetime.combine(today, time(0, 1)))
    arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
        title="全天讲座", from_at=begin, until_at=begin + timedelta(hours=23, minutes=50), room="一号厅"))
    return approve(event)


@pytest.fixture
def gate(chromium, live_server, event):
    """Open the page of a gate on a phone of its own and enrol it; what it said wrong fails the test."""
    opened, wrong = [], []

    def make(name, *, script=""):
        made = enrol_device(by=HOUSE, on=clock.today(), at=clock.now(), event=event, gate=name)
        context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN",
                                       base_url=live_server.url.replace("127.0.0.1", "localhost"))
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("console", lambda one: wrong.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda one: wrong.append(str(one)))
        page.goto(f"/events/door/#{made.code}")
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.locator("[data-place]")).to_have_text(name, timeout=20_000)
        page.evaluate("() => navigator.serviceWorker.ready")
        opened.append(context)
        return page

    yield make
    for context in opened:
        context.close()
    assert [one for one in wrong if "ERR_INTERNET_DISCONNECTED" not in one and "401" not in one] == []


def shown(page, text):
    """Scan a ticket with a hand scanner; return what the page says."""
    page.locator("[data-answer]").evaluate("(box) => { box.dataset.told = ''; }")
    page.locator("[data-text]").fill(text)
    page.locator("[data-text]").press("Enter")
    page.wait_for_function("() => document.querySelector('[data-answer]').dataset.told")
    return page.locator("[data-answer]").get_attribute("data-told")


def handed_in(page):
    expect(page.locator("[data-waiting]")).to_have_text("0", timeout=30_000)


def test_two_gates_offline_admit_a_copied_ticket_and_find_out_when_they_call(gate, event, tmp_path):
    one, other = crowd(event, 2)
    east, west = gate("东门"), gate("西门", script=AHEAD)
    for page in (east, west):
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("[data-people]")).to_have_text("2")
    assert shown(east, tickets.ticket_text(one)) == "in"
    assert shown(east, tickets.ticket_text(one)) == "twice"
    assert shown(east, tickets.ticket_text(one)[:-4] + "0000") == "forged"
    assert shown(east, "X1NOTICKET") == "unread"
    assert shown(west, tickets.ticket_text(one)) == "in"  # a copy; nobody can know yet
    assert shown(west, other.code) == "in"  # typed
    west.screenshot(path=str(tmp_path / "west.png"))
    assert not DoorScan.objects.exists()
    for page in (east, west):
        page.context.set_offline(False)
        handed_in(page)
    assert sorted(DoorScan.objects.filter(told="in").values_list("device__gate", "standing")) == [
        ("东门", "admitted"), ("西门", "admitted"), ("西门", "twice")]
    away = [abs((row.at - row.received_at).total_seconds()) for row in DoorScan.objects.all()]
    assert max(away) < 120  # the clock that is a day ahead changed nothing
    for page in (east, west):
        expect(page.locator("[data-conflict-list] li")).to_have_count(1, timeout=30_000)
    expect(east.locator("[data-inside]")).to_have_text("2", timeout=30_000)  # east knows what west saw
    assert shown(east, other.code) == "twice"


def test_a_wrong_scan_is_undone_and_a_revoked_phone_forgets_everything(gate, event):
    [one] = crowd(event, 1)
    page = gate("东门")
    assert shown(page, one.code) == "in"
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("[data-inside]")).to_have_text("0")
    assert shown(page, one.code) == "in"
    page.get_by_role("button", name="签退", exact=True).click()
    assert shown(page, one.code) == "out"
    handed_in(page)
    assert [row.standing for row in DoorScan.objects.order_by("counter")] == ["undone", "undone", "admitted", "left"]
    revoke_device(by=HOUSE, on=clock.today(), device=Device.objects.get())
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-enrol]")).to_be_visible(timeout=20_000)
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 1
    kept = """() => new Promise((done) => { const ask = indexedDB.open('xinglin-door'); ask.onsuccess = () => {
      const asked = ask.result.transaction('meta').objectStore('meta').getAllKeys();
      asked.onsuccess = () => done(asked.result); }; })"""
    assert page.evaluate(kept) == []
