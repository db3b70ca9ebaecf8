"""Somebody watches a recording on a computer, then a stream on a phone, and is asked whether they are there."""

import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

NAMES = ("linxiaoman", "gulinchuan", "yinshutong", "hanshouzheng")
BEAT = 5  # seconds between two reports, as `quick` sets them


@pytest.fixture(scope="module")
def tell(house):
    """Return the function that works inside the house."""

    def told(*words):
        done = subprocess.run([sys.executable, "-m", "tests.journeys.watching", *words], env=house.environment,
                              check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return float(done.stdout or 0)

    told("quick")
    return told


@pytest.fixture(scope="module")
def who(tell):
    """Somebody whom no check meets by lot while the tests watch: checks come when they ask for one."""
    return NAMES[int(tell("free", *NAMES))]


def play(window, path):
    """Open the player and press play; without sound, which browsers allow to a script."""
    page = window.go(path)
    page.locator("video").evaluate("one => { one.muted = true; return one.play(); }")
    return page.locator("[data-presence]")


def state(player, name):
    """Expect what the page says of the counting."""
    expect(player).to_have_attribute("data-state", name)


def counted(player):
    """Return the seconds that the server has told the page."""
    return float(player.get_attribute("data-counted"))


def grows(page, player):
    """Say by how much the counted time grows while one report is due, after what was played before was reported."""
    page.wait_for_timeout(3_000)
    before = counted(player)
    page.wait_for_timeout(BEAT * 1000 + 1_500)
    return counted(player) - before


def test_minutes_are_counted_while_somebody_watches_and_stop_when_they_do_not(visit, tell, who):
    desk = visit(who)
    page = desk.go("/presence/try/recording/")
    expect(page.get_by_role("status").first).to_contain_text("未开始")
    began = time.monotonic()
    player = play(desk, "/presence/try/recording/")
    video = page.locator("video")
    state(player, "counting")
    assert grows(page, player) > 3
    assert counted(player) <= time.monotonic() - began
    desk.look()

    video.evaluate("one => { one.playbackRate = 2; }")
    state(player, "rate")
    assert grows(page, player) == 0

    video.evaluate("one => { one.playbackRate = 1; one.pause(); }")
    state(player, "paused")
    assert grows(page, player) == 0

    # From the beginning once more: the same seconds count once.
    video.evaluate("one => { one.currentTime = 0; return one.play(); }")
    state(player, "seen")

    # The phone takes over: the desk says so and stops.
    phone = visit(who, width=390, theme="dark")
    hand = play(phone, "/presence/try/live/")
    state(hand, "counting")
    state(player, "elsewhere")
    expect(page.locator("[data-says=elsewhere]")).to_contain_text("已在另一处打开")
    assert video.evaluate("one => one.paused")
    assert abs(tell("told", "recording") - counted(player)) < 1  # what the page was told is what the rows hold
    desk.look()
    phone.look()


def away(window):
    """Leave the player and wait until its last report has come."""
    window.page.goto("about:blank")
    window.page.wait_for_timeout(2_000)


def test_a_check_is_answered_by_keyboard_and_a_missed_one_says_what_it_costs(visit, tell, who):
    phone = visit(who, width=390)
    player = play(phone, "/presence/try/live/")
    state(player, "counting")
    phone.page.wait_for_timeout(BEAT * 1000 + 1_000)
    away(phone)
    tell("ask", "5")
    player = play(phone, "/presence/try/live/")
    state(player, "check")
    button = phone.page.get_by_role("button", name="我在场")
    expect(button).to_be_visible()
    expect(phone.page.get_by_role("alert").filter(has_text="您在场吗")).to_be_visible()
    assert "确认在场" in phone.page.title()
    phone.look()
    button.focus()
    phone.page.keyboard.press("Enter")
    expect(button).to_be_hidden()
    state(player, "counting")
    phone.page.wait_for_timeout(BEAT * 1000 + 1_000)
    before = counted(player)
    assert before > 4

    away(phone)
    tell("ask", "61")
    player = play(phone, "/presence/try/live/")
    state(player, "missed")
    assert counted(player) < before
    expect(phone.page.locator("[data-over]")).to_contain_text("自上次确认起的时间不计")
    phone.look()
    button.click()
    expect(button).to_be_hidden()
    state(player, "counting")


def test_a_lost_connection_is_said_and_made_good(visit, tell, who):
    desk = visit(who)
    player = play(desk, "/presence/try/live/")
    state(player, "counting")
    desk.page.wait_for_timeout(BEAT * 1000 + 1_000)
    before = counted(player)
    desk.page.route("**/presence/beat/", lambda route: route.abort())
    state(player, "lost")
    desk.page.wait_for_timeout(5_000)
    desk.page.unroute("**/presence/beat/")
    state(player, "counting")
    desk.forgive("ERR_FAILED")
    assert counted(player) >= before + BEAT + 5  # what was played meanwhile
    desk.look()
