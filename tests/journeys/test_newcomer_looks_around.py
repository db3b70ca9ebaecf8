"""Somebody who has never seen the product sees what it is for, and checks a fact without trusting us."""

import json
import urllib.request

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_the_first_page_says_what_it_is_for(visit, width, theme):
    page = visit(width=width, theme=theme).open("/")
    words = page.inner_text("body")
    assert "年初写下的每一句" in words.replace("\n", "") and "年底都说得清" in words.replace("\n", "")
    for station in ("计划", "办理", "事实", "总结"):
        assert station in words


def test_a_visitor_checks_a_fact_in_the_browser_and_a_forged_proof_fails(visit, site, tmp_path):
    page = visit().open("/ledger/")
    page.fill("input[name=position]", "12")
    page.click("[data-verify] button")
    page.wait_for_selector("[data-verify-answer] .x-say[data-s=ok]")
    said = json.loads(urllib.request.urlopen(f"{site}/ledger/positions/12.json").read())
    said["leaf"] = ("0" if said["leaf"][0] != "0" else "1") + said["leaf"][1:]
    forged = tmp_path / "proof.json"
    forged.write_text(json.dumps(said), "utf-8")
    page.set_input_files("[data-verify-file]", str(forged))
    page.wait_for_selector("[data-verify-answer] .x-say[data-s=bad]")


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


@pytest.mark.parametrize("username", ROLES)
def test_every_entry_of_everybodys_navigation_opens_whole(visit, username):
    one = visit(username)
    links = one.page.eval_on_selector_all(".x-side nav a", "all => all.map(a => a.getAttribute('href'))")
    assert links, f"{username} sees no navigation"
    for link in dict.fromkeys(links):
        one.open(link)


@pytest.mark.parametrize("path", ["/year/", "/plans/", "/worklog/report/", "/people/", "/ledger/"])
def test_main_pages_fit_a_phone_in_the_dark(visit, path):
    visit("wenxi", width=390, theme="dark").open(path)
