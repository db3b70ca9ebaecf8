"""The steps an office takes with a plan, one method a step; the journeys string them together."""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, expect

from .visitor import Visitor


@dataclass
class Promise:
    """A commitment that the journey follows: its number, words, target, and the kind of work that counts."""

    no: str
    words: str
    target: int
    unit: str
    kind: str


class Office:
    """The head of the office at a desk."""

    def __init__(self, *, desk: Visitor) -> None:
        self.desk, self.page, self.key = desk, desk.page, 0

    @property
    def plan(self) -> str:
        """Return the address of the plan."""
        return f"/plans/{self.key}/"

    def upload(self, *, path: Path) -> None:
        """Drop the document in and land on the correction page."""
        self.desk.go("/plans/")
        self.page.set_input_files("form[data-upload] input[type=file]", str(path))
        self.page.click("form[data-upload] button.btn-primary")
        self.page.wait_for_url(re.compile(r"/plans/\d+/$"))
        self.key = int(self.page.url.rstrip("/").rsplit("/", 1)[-1])
        self.desk.look()

    def tab(self, name: str) -> int:
        """Open a tab of the correction page and return how many cards it holds."""
        self.page.goto(f"{self.plan}?tab={name}")
        return self.page.locator("article.x-commit").count()

    def accept(self, words: str, *, ticked: bool = True) -> None:
        """Accept a card, with the measure that the house proposes and ticks where it is sure of one."""
        card = self.desk.card(words)
        card.scroll_into_view_if_needed()
        if ticked:
            expect(card.locator("input[name=term]:checked").or_(card.get_by_text("看事实")).first).to_be_visible()
        card.locator("[data-act=accept]").click()
        expect(self.page.locator("article.x-commit").filter(has_text=words)).to_have_count(0)

    def undo(self) -> None:
        """Take the last step back from its toast."""
        self.page.locator(".x-toast").last.get_by_role("button", name="撤销").click()
        expect(self.page.locator(".x-toast").last).to_contain_text("已撤销")

    def open_editor(self, words: str) -> Locator:
        """Open a card for editing and return its form."""
        card = self.desk.card(words)
        card.locator("[data-act=edit]").click()
        return self.page.locator("article.x-commit form[data-edit]").first

    def edit(self, words: str, *, figure: int, unit: str = "") -> None:
        """Give a card another figure; words without one become a count."""
        form = self.open_editor(words)
        form.locator("select[name$=kind]").select_option("count")
        form.locator("input[name$=value]").fill(str(figure))
        if unit:
            form.locator("input[name$=unit]").fill(unit)
        form.locator("button.btn-primary").click()
        expect(form).to_have_count(0)

    def split(self, words: str, *, parts: list[tuple[str, int, str]]) -> None:
        """Split a card into parts, each with its words, figure and unit."""
        self.desk.card(words).locator("[hx-get*='/split/']").click()
        form = self.page.locator("article.x-commit form[data-edit]").first
        for number, (text, figure, unit) in enumerate(parts):
            form.locator(f"[name=p{number}-text]").fill(text)
            form.locator(f"[name=p{number}-kind]").select_option("count")
            form.locator(f"[name=p{number}-value]").fill(str(figure))
            form.locator(f"[name=p{number}-unit]").fill(unit)
        form.locator("button.btn-primary").click()
        expect(form).to_have_count(0)

    def discard(self, words: str) -> None:
        """Say that a card is no commitment."""
        self.desk.card(words).locator("[data-act=discard]").click()
        expect(self.page.locator("article.x-commit").filter(has_text=words)).to_have_count(0)

    def discard_rest(self, *, tab: str) -> None:
        """Tick every card of a tab and say that none of them is a commitment."""
        count = self.tab(tab)
        if not count:
            return
        for box in self.page.locator("article.x-commit input[name=pick]").all():
            box.check()
        self.page.click("#read-many [value=discard]")
        expect(self.page.locator("article.x-commit")).to_have_count(0)

    def bind(self, words: str, *, look_for: str = "") -> str:
        """Bind a card to the first measure proposed, with one click, and return the kind of work it counts."""
        self.tab("accepted")
        card = self.desk.card(words)
        key = card.get_attribute("data-key")
        card.locator("button[hx-get$='/measures/']").click()
        choices = self.page.locator(f"#measures-{key}")
        if look_for:
            choices.locator("[name=word]").fill(look_for)
            choices.locator("[name=word]").press("Enter")
        one = (
            choices.locator(".x-measure", has_text=look_for)
            .locator("button[hx-post$='/bind/'][hx-vals*=worklog]")
            .first
        )
        term = json.loads(str(one.get_attribute("hx-vals")))["term"]
        one.click()
        expect(self.page.locator(f"#c-{key}").get_by_text("看事实").first).to_be_visible()
        found = re.search(r"kinds=(\w+)", term)
        return found[1] if found else ""

    def assign_all(self, *, lead: str, responsible: str) -> None:
        """Give every task of the decomposition table one lead and one responsible person."""
        self.desk.go(f"{self.plan}table/")
        self.page.check("[data-tick-all]")
        self.choose("#table-many", "lead", lead)
        self.choose("#table-many", "responsible", responsible)
        self.page.locator("#table-many button.btn-primary").click()
        expect(self.page.locator("a[href='?lead=none']")).to_have_count(0)

    def choose(self, form: str, name: str, words: str) -> None:
        """Choose a unit or person by typing part of the name."""
        field = self.page.locator(f"{form} [data-choose][data-name$={name}]")
        field.locator("input[type=search]").fill(words)
        field.locator("[role=option]").first.click()
        expect(field.locator(".x-chip")).to_contain_text(words)

    def adopt(self, *, meeting: str) -> None:
        """Adopt the plan as its meeting did."""
        self.desk.go(f"{self.plan}adopt/")
        self.page.fill("[name=adopted_by]", meeting)
        self.page.locator("main form button.btn-primary").click()
        self.page.wait_for_url("**/year/**")
        self.desk.look()

    def commitment(self, words: str) -> str:
        """Return the address of an accepted commitment."""
        self.tab("accepted")
        return str(self.desk.card(words).locator("a[href*='/plans/commitment/']").first.get_attribute("href"))

    def light(self) -> str:
        """Return the light on the page of a commitment."""
        return str(self.page.locator(".x-head .x-answer [data-s]").first.get_attribute("data-s"))

    def draft_summary(self, *, folder: Path) -> dict[str, Path]:
        """Draft the year's summary and download it as Word and PDF."""
        self.desk.go(f"{self.plan}summary/")
        self.page.locator(f"form[action$='{self.plan}summary/draft/'] button").first.click()
        expect(self.page.locator("a[href$='.docx']").first).to_be_visible()
        files = {}
        for form in ("docx", "pdf"):
            with self.page.expect_download() as waiting:
                self.page.locator(f"a[href*='/summary/'][href$='.{form}']").first.click()
            files[form] = folder / f"summary.{form}"
            waiting.value.save_as(files[form])
        return files

    def check_draft(self, *, path: Path, year: int) -> str:
        """Let a draft be compared with the ledger and return what the page says."""
        self.desk.go(f"{self.plan}check/")
        self.page.set_input_files("input[type=file]", str(path))
        self.page.fill("[name=year]", str(year))
        self.page.click("form[data-upload] button.btn-primary")
        self.page.wait_for_url("**/plans/check/*/")
        self.desk.look()
        return self.page.inner_text("main")


def report_work(*, phone: Visitor, kind: str, title: str, on: date, count: int) -> None:
    """Report a piece of work as a clerk does between two errands, on a phone."""
    page = phone.page
    phone.go("/worklog/report/")
    page.select_option("#kind", kind)
    page.wait_for_url(f"**kind={kind}**")
    phone.look()
    page.fill("[name=title]", title)
    page.fill("[name=happened_on]", on.isoformat())
    page.fill("[name=count]", str(count))
    page.locator("form[data-once] button.btn-primary").click()
    page.wait_for_url(lambda url: "/report/" not in url)
    phone.look()


def verify_work(*, head: Visitor, title: str) -> None:
    """Look at an entry in the queue and verify it."""
    page = head.page
    head.go("/worklog/verify/")
    page.locator(".x-queue-list a").filter(has_text=title).click()
    expect(page.locator(".x-proof h2").first).to_have_text(title)
    head.look()
    page.locator("[data-verify]").click()
    expect(page.locator(".x-toast").last).to_be_visible()
    head.look()


def any_promise(*, office: Office, spare: str) -> tuple[str, str]:
    """Bind the first commitment for which the house has a measure; else words get a figure and the spare measure.

    Returns the words of the commitment and the kind of work that counts it.
    """
    for words in _words_with_a_measure(office):
        kind = office.bind(words)
        office.page.goto(f"/worklog/report/?kind={kind}")
        if not office.page.locator("select[name=item]").count():  # work of a register needs the register first
            return words, kind
    return _figure_for_words(office, spare)


def _words_with_a_measure(office: Office) -> list[str]:
    office.tab("accepted")
    found = []
    for card in office.page.locator("article.x-commit").all()[:12]:
        card.locator("button[hx-get$='/measures/']").click()
        choices = office.page.locator(f"#measures-{card.get_attribute('data-key')}")
        expect(choices).to_be_visible()
        if choices.locator("button[hx-post$='/bind/'][hx-vals*=sum]").count():
            found.append(card.locator("h3").inner_text())
    return found


def _figure_for_words(office: Office, spare: str) -> tuple[str, str]:
    office.tab("words")
    words = office.page.locator("article.x-commit h3").first.inner_text()
    office.edit(words, figure=2, unit="次")
    return words, office.bind(words, look_for=spare)
