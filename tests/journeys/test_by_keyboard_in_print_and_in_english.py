"""Without a mouse, on paper and in the other language."""

from playwright.sync_api import expect

from .house import PASSWORD

STEPS = 60  # more presses of Tab than this to a control nobody would make


def tab_to(page, selector: str) -> None:
    """Press Tab until the control has the focus, and expect that one sees where one is."""
    for _each in range(STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement?.matches(wanted)", selector):
            ring = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow; }"
            )
            assert ring not in ("nonenone", "none"), f"{selector}: nothing shows the focus"
            return
    raise AssertionError(f"{selector} is not reached by {STEPS} presses of Tab")


def switch(page, language: str) -> None:
    """Choose the language in the menu of the account."""
    page.locator("details:has([data-language]) > summary").first.click()
    page.locator(f"[data-language] button[lang={language}]:visible").first.click()


def test_without_a_mouse_from_sign_in_to_a_task(visit):
    visitor = visit()
    page = visitor.go("/account/login/")
    page.focus("input[name=login]")
    page.keyboard.type("shenzhiwei")
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/account/login" not in url)
    page.goto("/year/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.x-skip')"), "the first Tab offers to skip the navigation"
    page.keyboard.press("Enter")
    tab_to(page, "main a[href*='/commitments/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/commitments/**")
    visitor.look()


def test_the_year_on_paper_shows_figures_and_no_controls(visit):
    visitor = visit("wenxi")
    page = visitor.go("/year/")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")  # as the browser does before it prints
    for gone in (".x-side", ".x-top", ".x-bulk", "[data-chart]"):
        for one in page.locator(gone).all():
            assert not one.is_visible(), f"{gone} is printed"
    assert page.locator("main table:visible").count() >= 1, "a chart is printed as its table"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.pdf(format="A4")[:4] == b"%PDF"


def test_the_language_is_switched_and_kept(visit):
    visitor = visit("shenzhiwei")
    page = visitor.go("/year/")
    switch(page, "en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    visitor.language = "en"
    visitor.go("/plans/")
    switch(page, "zh-Hans")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
