"""Somebody in front of a browser: goes to pages, signs in, and notices what is wrong with any page seen."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from .house import PASSWORD, House

MEASURE = (Path(__file__).parents[1] / "shell/measuring.js").read_text("utf-8")
SEALING = 5_000  # milliseconds within which what was done must show
# Three English words in a row on a Chinese page are a sentence nobody translated.
ENGLISH = re.compile(r"\b[A-Z]?[a-z]{2,} [a-z]{2,} [a-z]{2,}\b")


class Visitor:
    """One browser window of one person; `page` is Playwright's."""

    def __init__(
        self, *, browser: Browser, house: House, who: str = "", width: int = 1440, theme: str = "light",
        language: str = "",
    ) -> None:  # fmt: skip
        self.house, self.who, self.width, self.theme = house, who, width, theme
        self.language = language or "zh-hans"
        kept = house.signed_in.get(who)
        self.context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 500 else 900},
            base_url=house.url,
            storage_state=kept,  # type: ignore[arg-type]
            accept_downloads=True,
            locale="zh-CN",
            has_touch=width < 500,
            reduced_motion="reduce",
        )
        self._prefer("theme", theme)
        if language:
            self._prefer("django_language", language)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        if who and kept is None:
            self.sign_in(who)

    def _prefer(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.house.url}])

    def _heard(self, said: Any) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {said.type}: {said.text}")

    def sign_in(self, who: str) -> None:
        """Sign in by user name and password as anybody does."""
        self.page.goto("/account/login/")
        self.page.fill("input[name=login]", who)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/account/login" not in url)
        self.house.signed_in[who] = self.context.storage_state()  # type: ignore[assignment]

    def go(self, path: str, *, status: int = 200) -> Page:
        """Open an address, expect its status, and look at the page."""
        answer = self.page.goto(path)
        assert answer is not None and answer.status == status, f"{self.who} {path}: {answer and answer.status}"
        self.look()
        return self.page

    def look(self) -> None:
        """Notice whatever is wrong with the page in front of us."""
        self.page.wait_for_load_state("load")
        where = f"{self.who or 'visitor'} {self.page.url} {self.width} {self.theme}"
        found = self.page.evaluate(MEASURE)
        assert found["texts"] > 2, f"{where}: an empty page"
        assert found["weak"] == [], f"{where}: text too faint or too small: {found['weak'][:5]}"
        assert (found["wide"], found["sideways"]) == ([], 0), f"{where}: sticks out {found['wide']}"
        seen = self.page.evaluate(SEEN)
        assert seen["lang"].lower() == {"zh-hans": "zh-hans", "en": "en"}[self.language], f"{where}: {seen['lang']}"
        assert seen["headings"] == 1, f"{where}: {seen['headings']} first headings"
        assert seen["title"].strip(), f"{where}: no title"
        assert seen["nameless"] == [], f"{where}: controls without a name: {seen['nameless']}"
        assert seen["broken"] == [], f"{where}: pictures that did not load: {seen['broken']}"
        if self.language == "zh-hans":
            english = ENGLISH.findall(seen["text"])
            assert english == [], f"{where}: not translated: {english[:5]}"
        self.quiet()

    def quiet(self) -> None:
        """Expect that neither the console nor the content policy complained."""
        heard, self.complaints = self.complaints, []  # each is told once
        assert heard == []

    def forgive(self, words: str) -> None:
        """Drop complaints that the journey brought about on purpose, as a browser notes each refused request."""
        self.complaints = [one for one in self.complaints if words not in one]

    def text(self) -> str:
        """Return the words of the page."""
        return self.page.inner_text("body")

    def card(self, words: str) -> Locator:
        """Return the card of the correction page that holds these words."""
        return self.page.locator("article.x-commit").filter(has_text=words).first

    def until(self, path: str, words: str) -> None:
        """Open a page until it says what the ledger was told; within the seconds the sealer is allowed."""
        for _each in range(SEALING // 500):
            self.page.goto(path)
            if words in self.text():
                break
            self.page.wait_for_timeout(500)
        expect(self.page.locator("body")).to_contain_text(words)
        self.look()

    def close(self) -> None:
        """Close the window; what was complained of until then fails the journey."""
        self.context.close()


SEEN = """() => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true });
  const nameless = [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href]")]
    .filter((one) => shown(one) && !one.closest("template, [aria-hidden=true]"))
    .filter((one) => !(one.labels && one.labels.length) && !one.getAttribute("aria-label")
      && !one.getAttribute("aria-labelledby") && !one.title && !one.textContent.trim()
      && !(one.type === "submit" && one.value))
    .map((one) => one.outerHTML.slice(0, 120));
  return {
    lang: document.documentElement.lang,
    headings: [...document.querySelectorAll("h1")].filter((one) => one.textContent.trim()).length,
    title: document.title,
    nameless: nameless.slice(0, 5),
    broken: [...document.images].filter((one) => one.complete && !one.naturalWidth).map((one) => one.src),
    text: document.body.innerText.slice(0, 40000),
  };
}"""
