"""Every page of the navigation of every role, looked at: contrast, width, headings, names of controls, language."""

import os
from pathlib import Path

import pytest

ROLES = (
    "wenxi",
    "shenzhiwei",
    "gulinchuan",
    "yinshutong",
    "academic.clerk",
    "linxiaoman",
    "hanshouzheng",
    "zhouxingzhou",
    "sysadmin",
    "secadmin",
    "auditadmin",
)

# The first entry of a page's list and whatever its buttons lead to.
BEHIND = """() => {
  const pages = (from) => [...document.querySelectorAll(from)].map((one) => one.getAttribute("href"))
    .filter((one) => /^\\/[^?]*\\/$/.test(one));
  return [...pages("main tbody a, main .x-list a").slice(0, 1), ...pages("main a.btn")];
}"""


def entries(visitor) -> list[str]:
    """Return the addresses of the navigation of the person in front of the page."""
    visitor.page.goto("/")
    found = visitor.page.eval_on_selector_all(
        ".x-side nav a, .x-tabbar a", "all => all.map(a => a.getAttribute('href'))"
    )
    assert found, f"{visitor.who} sees no navigation"
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("username", ROLES)
def test_every_entry_of_the_navigation_is_sound(visit, username):
    visitor = visit(username)
    for address in entries(visitor):
        visitor.go(address)


@pytest.mark.parametrize("username", ["academic.clerk", "zhouxingzhou"])
def test_on_a_phone_in_the_dark_too(visit, username):
    visitor = visit(username, width=390, theme="dark")
    for address in entries(visitor):
        visitor.go(address)


def test_one_page_further_on_a_phone_in_the_dark(visit):
    visitor = visit("wenxi", width=390, theme="dark")
    seen = entries(visitor)
    further = [one for address in seen for one in visitor.go(address).evaluate(BEHIND)]
    for address in sorted(set(further) - set(seen)):
        visitor.go(address)


def test_in_english_no_page_forgets_its_language(visit):
    visitor = visit("wenxi", language="en")
    for address in entries(visitor):
        visitor.go(address)
    assert "Year overview" in visitor.page.inner_text(".x-side")


def test_the_pictures_of_the_readme_are_taken(visit, tmp_path):
    """Into docs/shots when XINGLIN_SHOTS names it; else only to see that they can be taken and stay small."""
    folder = Path(os.environ.get("XINGLIN_SHOTS", tmp_path))
    for name, width, theme in (("year", 1440, "light"), ("year-phone", 390, "dark")):
        page = visit("wenxi", width=width, theme=theme).go("/year/")
        page.wait_for_function("() => [...document.querySelectorAll('[data-chart]')].every(one => one.children.length)")
        path = folder / f"{name}.png"
        page.screenshot(path=path)
        assert path.stat().st_size < 300_000
