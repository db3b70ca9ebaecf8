"""In a real browser: contrast, widths, keyboard, the strict policy, and what scripts promise."""

from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error

from xinglin.kernel.refs import Ref
from xinglin.shell import choosing, search
from xinglin.shell.choosing import Choice
from xinglin.shell.models import SavedList
from xinglin.shell.search import Hit

from .conftest import ADMIN

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
MEASURE = (Path(__file__).parent / "measuring.js").read_text("utf-8")
PAGES = [("/patterns/", True), ("/patterns/?state=due&few=1&sort=-credits", True), ("/", False),
         ("/regulations/", True), ("/search/?q=x", True), ("/nothing/", False)]


def until(page, said):
    """Wait until an expression is true; the page's own policy forbids the driver's way of waiting."""
    for _each in range(100):
        with suppress(Error):  # a page that is just being left
            if page.evaluate(said):
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {said}")


@pytest.fixture
def patterns(open_page, source, monkeypatch):
    """Open the pattern page as the system administrator."""
    source.roles = ADMIN
    monkeypatch.setitem(choosing._choosers, "directory.person", lambda query, actor, limit: [
        Choice(ref=Ref("directory.person:1"), label="沈知远", sub="江海省第一人民医院（演示）"),
        Choice(ref=Ref("directory.person:2"), label="沈知行", sub="海港区中心医院（演示）")])
    return lambda query="", **how: open_page(f"/patterns/{query}", **how)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("path", "signed"), PAGES)
def test_text_has_contrast_and_nothing_sticks_out(open_page, source, path, signed, theme):
    source.roles = ADMIN
    for width in (390, 768, 1024, 1280, 1440):
        page = open_page(path, width=width, theme=theme, signed=signed)
        found = page.evaluate(MEASURE)
        assert found["texts"] > 5
        assert (found["weak"], found["wide"], found["sideways"]) == ([], [], 0), f"{path} {width} {theme}"
        complaints = [one for one in page.complaints if "404 (Not Found)" not in one]
        assert complaints == [], f"{path} {width} {theme}"


def test_charts_are_drawn_from_their_tables_and_follow_the_theme(patterns):
    page = patterns()
    page.wait_for_selector("[data-chart=line] svg path", state="attached")
    page.wait_for_selector("[data-chart=stacked] svg path", state="attached")
    before = page.inner_html("[data-chart=line] svg")
    assert "#14675a" in before
    page.click("header [data-theme-switch]")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    until(page, "document.querySelector('[data-chart=line] svg').innerHTML.includes('#6fc9b4')")
    assert page.evaluate("document.cookie").find("theme=dark") >= 0
    assert page.complaints == []


def test_on_paper_the_figures_stand_in_for_the_drawing(patterns):
    page = patterns()
    page.wait_for_selector("[data-chart=line] svg path", state="attached")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.is_visible("#x-sample-pace") and not page.is_visible("[data-chart=line]")
    assert not page.is_visible(".x-side") and not page.is_visible(".x-tools")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert not page.is_visible("#x-sample-pace")


def test_keys_search_show_themselves_and_close(patterns, monkeypatch):
    monkeypatch.setattr(search, "_kinds", {})
    search.register("test.person", lambda query, actor, limit: [Hit(label=f"{query}溪", url="/regulations/")])
    page = patterns()
    page.keyboard.press("?")
    assert page.is_visible("#x-keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("#x-keys")
    page.keyboard.press("/")
    page.keyboard.type("闻")
    page.wait_for_selector("#x-found [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/regulations/")


def test_everything_can_be_reached_with_the_keyboard(patterns):
    page = patterns()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "x-skip"
    reached = set()
    for _each in range(140):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.outerHTML.slice(0, 160)"))
        if page.evaluate("document.activeElement === document.body"):
            break
    text = "\n".join(reached)
    for one in ("x-find", "x-me", "data-pick-page", "x-sort", "id_name", "id_held_on", "id_file", "data-opens"):
        assert one in text, one
    ring = page.evaluate("""() => { document.querySelector('.x-sort').focus({focusVisible: true});
        return getComputedStyle(document.querySelector('.x-sort')).outlineStyle }""")
    assert ring == "solid"


def test_a_destructive_question_focuses_cancel_and_wants_its_word(patterns):
    page = patterns()
    page.click("[data-opens=x-sample-kill]")
    assert page.evaluate("document.activeElement.textContent") == "取消"
    assert page.is_disabled("#x-sample-go")
    page.fill("[data-arms]", "退会")
    assert page.is_enabled("#x-sample-go")
    page.keyboard.press("Escape")
    assert not page.is_visible("#x-sample-kill")


def test_picking_rows_opens_the_bulk_bar_and_select_all_takes_the_rest(patterns):
    page = patterns("?list=follow")
    assert not page.is_visible(".x-bulk")
    page.check("[name=picked] >> nth=1")
    assert page.inner_text("[data-picked]") == "已选 1 人"
    page.check("[data-pick-page]")
    assert page.inner_text("[data-picked]") == "已选 6 人"
    page.click("[data-unpick]")
    assert not page.is_visible(".x-bulk")


def test_sorting_and_search_renew_the_list_and_the_address_only(patterns):
    page = patterns()
    page.evaluate("window.same = true")
    page.click(".x-sort >> nth=0")
    page.wait_for_url("**sort=name*")
    page.fill(".x-list-panel input[type=search]", "急诊")
    until(page, "document.querySelectorAll('[name=picked]').length === 1")
    assert "q=" in page.url and page.evaluate("window.same") is True
    assert page.evaluate("document.activeElement.type") == "search"
    page.go_back()
    until(page, "document.querySelectorAll('[name=picked]').length === 7")


def test_a_chooser_is_worked_with_arrows_and_enter(patterns):
    page = patterns()
    page.fill("#id_person", "沈")
    page.wait_for_selector("#id_person_found [role=option]")
    page.press("#id_person", "ArrowDown")
    page.press("#id_person", "ArrowDown")
    page.press("#id_person", "Enter")
    assert page.input_value("input[type=hidden][name=person]") == "directory.person:2"
    assert "沈知行" in page.inner_text(".x-chosen")
    page.click("[data-unchoose]")
    assert page.locator("input[type=hidden][name=person]").count() == 0


def test_a_wrong_form_comes_back_filled_with_the_first_error_in_focus(patterns):
    page = patterns()
    page.fill("#id_name", "青年医师论坛")
    page.fill("#id_held_on", "20261121")
    page.press("#id_held_on", "Tab")
    assert page.input_value("#id_held_on") == "2026-11-21"
    page.click(".x-form button.btn-primary")
    page.wait_for_selector(".x-err:visible")
    assert page.input_value("#id_name") == "青年医师论坛"
    assert page.evaluate("document.activeElement.id") == "id_people"


def test_leaving_with_unsent_changes_asks_first_and_the_draft_is_offered(patterns):
    page = patterns()
    page.fill("#id_name", "半截")
    page.click(".x-crumbs a")
    assert page.is_visible("#x-leave")
    page.click("[data-leave]")
    page.wait_for_url(lambda url: "/patterns/" not in url)
    page.goto("/patterns/")
    page.click(".x-draft button >> nth=0")
    assert page.input_value("#id_name") == "半截"


def test_a_file_too_large_is_refused_before_it_is_sent(patterns):
    page = patterns()
    page.evaluate("document.getElementById('id_file').dataset.max = 3")
    page.set_input_files("#id_file", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"12345"})
    assert page.is_visible("[data-upload-error]") and page.input_value("#id_file") == ""


def test_the_drawer_of_a_phone_opens_and_closes_with_focus(patterns):
    page = patterns(width=390)
    assert not page.is_visible("#x-side")
    page.click("[data-nav]")
    assert page.is_visible("#x-side") and page.evaluate("!!document.activeElement.closest('#x-side')")
    page.keyboard.press("Escape")
    assert not page.is_visible("#x-side") and page.evaluate("document.activeElement.hasAttribute('data-nav')")
    heads = page.evaluate("getComputedStyle(document.querySelector('.x-table-cards thead')).display")
    assert heads == "none"


def test_a_toast_offers_undo_and_errors_stay(patterns):
    page = patterns()
    page.click("[data-toast]")
    assert page.is_visible(".x-toast:has-text('撤销')")
    page.evaluate("xSay('坏了', 'bad')")
    page.click(".x-toast:has-text('坏了') button")
    assert page.locator(".x-toast:has-text('坏了')").count() == 0


def test_a_long_list_keeps_its_head_in_sight(open_page, pages, account):
    SavedList.objects.bulk_create(SavedList(account=account, table="a", name=f"list {at:03d}") for at in range(60))
    page = open_page("/lists-of-test/?per=100", height=600)
    page.mouse.move(700, 300)
    page.mouse.wheel(0, 1500)
    until(page, "scrollY > 500")
    top = page.evaluate("document.querySelector('.x-table thead th').getBoundingClientRect().top")
    assert 0 <= top <= 60
