"""Patterns of registers: which stages an item passes, what each stage needs, read from a data file."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

FILE = Path(__file__).with_name("patterns.yaml")
WORDS = frozenset(("subject", "owner", "due", "party", "term", "evidence", "reason", "result", "places", "region",
                   "no_open_high", "grade", "parent", "length", "after", "entry", "decision", "modality", "document"))
_STAGE = {"code", "zh", "en", "needs", "expects", "done", "closed", "renews"}
_PATTERN = {"zh", "en", "noun", "row", "listing", "asks", "grades", "one_counter", "held", "stages"}


class PatternError(ValueError):
    """The pattern file is wrong; the message names pattern, stage and what would be right."""


def spoken(zh: str, en: str) -> str:
    """Return the wording in the reader's language, Chinese when the English is missing."""
    return en if en and (get_language() or "").startswith("en") else zh


@dataclass(frozen=True, kw_only=True)
class Word:
    """A code with its two wordings."""

    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return spoken(self.zh, self.en)


@dataclass(frozen=True, kw_only=True)
class Stage(Word):
    """One stage: what it refuses to be without, what it flags, and whether it counts."""

    needs: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    done: bool = False
    closed: bool = False
    # A stage that begins a new cycle: the next due date follows from the regulation of its grade.
    renews: bool = False


@dataclass(frozen=True, kw_only=True)
class Pattern(Word):
    """What one sort of register is like."""

    noun: Word
    row: str
    listing: tuple[str, ...]
    asks: tuple[str, ...]
    stages: tuple[Stage, ...]
    grades: tuple[Word, ...]
    one_counter: bool
    held: dict[str, str]

    def stage(self, code: str) -> Stage:
        """Return one stage (KeyError)."""
        for one in self.stages:
            if one.code == code:
                return one
        raise KeyError(code)

    @property
    def first(self) -> Stage:
        """The stage in which an item is listed."""
        return self.stages[0]


@cache
def patterns() -> dict[str, Pattern]:
    """Return every pattern by its code (PatternError)."""
    return {code: _pattern(code, entry) for code, entry in _file().items()}


@cache
def _file() -> dict[str, dict[str, Any]]:
    answer: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
    return answer


def _pattern(code: str, entry: dict[str, Any]) -> Pattern:
    if unknown := set(entry) - _PATTERN:
        raise PatternError(f"{FILE.name}: {code}: unknown {', '.join(sorted(unknown))}")
    stages = stages_of(code, stage_data(entry))
    named = {one.code for one in stages}
    if wrong := set((entry.get("held") or {}).values()) - named:
        raise PatternError(f"{FILE.name}: {code}: held names no stage {', '.join(sorted(wrong))}")
    return Pattern(
        code=code, zh=entry["zh"], en=entry["en"], row=entry.get("row", ""),
        noun=Word(code="noun", **entry["noun"]), stages=stages,
        listing=_words(code, entry.get("listing", ())), asks=_words(code, entry.get("asks", ())),
        grades=tuple(Word(code=grade, **words) for grade, words in entry.get("grades", {}).items()),
        one_counter=bool(entry.get("one_counter")), held=dict(entry.get("held") or {}),
    )


def stage_data(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the stages of a pattern's entry in order, each with its code."""
    return [{"code": code, **given} for code, given in entry["stages"].items()]


def stages_to_keep(code: str) -> list[dict[str, Any]]:
    """Return the stages of a pattern as a register keeps them (KeyError)."""
    return stage_data(_file()[code])


def stages_of(code: str, stages: list[dict[str, Any]]) -> tuple[Stage, ...]:
    """Read stages from their data (PatternError)."""
    answer = []
    for given in stages:
        name = given["code"]
        if unknown := set(given) - _STAGE:
            raise PatternError(f"{FILE.name}: {code}.{name}: unknown {', '.join(sorted(unknown))}")
        answer.append(Stage(
            code=name, zh=given["zh"], en=given["en"], done=bool(given.get("done")), closed=bool(given.get("closed")),
            renews=bool(given.get("renews")), needs=_words(f"{code}.{name}", given.get("needs", ())),
            expects=_words(f"{code}.{name}", given.get("expects", ())),
        ))
    return tuple(answer)


def _words(where: str, words: Any) -> tuple[str, ...]:
    if unknown := set(words) - WORDS:
        raise PatternError(f"{FILE.name}: {where}: {', '.join(sorted(unknown))} means nothing here")
    return tuple(words)
