"""Every setting an installation may change, declared once and read from the environment."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def _flag(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One setting: its name in the environment, its default and what it is for."""

    name: str
    default: str
    parse: Callable[[str], Any]
    zh: str
    en: str


OPTIONS: dict[str, Option] = {}


def option(name: str, default: str, zh: str, en: str, parse: Callable[[str], Any] = str) -> Any:
    """Declare a setting and return its value for this process."""
    OPTIONS[name] = Option(name=name, default=default, parse=parse, zh=zh, en=en)
    return parse(os.environ.get(name, default))


def flag(name: str, default: str, zh: str, en: str) -> bool:
    """Declare a yes-or-no setting."""
    return bool(option(name, default, zh, en, _flag))


def number(name: str, default: str, zh: str, en: str) -> int:
    """Declare a whole-number setting."""
    return int(option(name, default, zh, en, int))


def words(name: str, default: str, zh: str, en: str) -> list[str]:
    """Declare a comma-separated setting."""
    return list(option(name, default, zh, en, _words))


def path(name: str, default: str, zh: str, en: str) -> Path:
    """Declare a path setting."""
    return Path(option(name, default, zh, en))
