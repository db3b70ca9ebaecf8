"""The directory's code lists: read from the tables beside this file, each with its source and vintage."""

import csv
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

from django.utils.translation import get_language


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One code of a list: its words in both languages, its group, other words people write for it."""

    code: str
    zh: str
    en: str
    group: str = ""
    order: int = 0
    also: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The words in the language of the reader."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


class CodeList:
    """A closed list of codes, in the order of its file."""

    def __init__(self, name: str):
        self.name = name

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every entry by its code."""
        text = resources.files("xinglin.directory").joinpath("lists", f"{self.name}.csv").read_text("utf-8")
        rows = csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#"))
        return {
            row["code"]: Entry(code=row["code"], zh=row["zh"], en=row["en"], group=row.get("group") or "",
                               order=number, also=tuple((row.get("also") or "").split()))
            for number, row in enumerate(rows)
        }

    @cached_property
    def source(self) -> str:
        """Where the list comes from and of which vintage: the first line of its file."""
        text = resources.files("xinglin.directory").joinpath("lists", f"{self.name}.csv").read_text("utf-8")
        return text.splitlines()[0].removeprefix("#").strip()

    @cached_property
    def _words(self) -> dict[str, str]:
        words: dict[str, str] = {}
        for one in self.entries.values():
            for word in (one.code, one.zh, one.en.casefold(), *one.also):
                words.setdefault(word, one.code)
        return words

    def label(self, code: str) -> str:
        """Return the words for a code; a code that left the list shows itself."""
        entry = self.entries.get(code)
        return entry.label if entry else code

    def code(self, word: str) -> str:
        """Return the code somebody means by its words, its code or another usual word; empty when unknown."""
        word = word.strip()
        return self._words.get(word) or self._words.get(word.casefold(), "")

    def choices(self, *groups: str) -> list[tuple[str, str]]:
        """Return pairs of code and words, of all groups or of those named."""
        return [(one.code, one.label) for one in self.entries.values() if not groups or one.group in groups]

    def codes(self, *groups: str) -> frozenset[str]:
        """Return the codes of all groups or of those named."""
        return frozenset(code for code, _label in self.choices(*groups))


organisation_kinds = CodeList("organisation_kinds")
organisation_levels = CodeList("organisation_levels")
post_titles = CodeList("post_titles")
professional_titles = CodeList("professional_titles")
specialties = CodeList("specialties")
