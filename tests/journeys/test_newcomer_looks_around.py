"""Somebody who has never seen the product sees what it is for, and checks a fact without trusting us."""

import json
import urllib.request

import pytest


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_the_first_page_says_what_it_is_for(visit, width, theme):
    visitor = visit(width=width, theme=theme)
    visitor.go("/")
    words = visitor.text()
    assert "年底都说得清" in words.replace("\n", "")
    for station in ("计划", "办理", "事实", "总结"):
        assert station in words


def test_a_visitor_checks_a_fact_in_the_browser_and_a_forged_proof_fails(visit, house, tmp_path):
    page = visit().go("/ledger/")
    page.fill("input[name=position]", "12")
    page.click("[data-verify] button")
    page.wait_for_selector("[data-verify-answer] .x-say[data-s=ok]")
    said = json.loads(urllib.request.urlopen(f"{house.url}/ledger/positions/12.json").read())
    said["leaf"] = ("0" if said["leaf"][0] != "0" else "1") + said["leaf"][1:]
    forged = tmp_path / "proof.json"
    forged.write_text(json.dumps(said), "utf-8")
    page.set_input_files("[data-verify-file]", str(forged))
    page.wait_for_selector("[data-verify-answer] .x-say[data-s=bad]")
