"""Reads what people typed into a cell of the decomposition table, or says what would be right."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from xinglin.lib.tables import Cell, as_text

from .columns import KINDS, MODALITIES
from .names import Names

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_STEP = re.compile(r"(?P<day>\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?)\s+(?P<share>\d+(?:\.\d+)?)\s*[%％]\s*"
                   r"(?P<title>.*)")
_LENGTHS = {"object": 200, "unit": 20, "budget_line": 80}


class WrongCell(Exception):
    """A cell holds something that cannot be taken; `right` says what could stand there."""

    def __init__(self, message: str, *, right: str = "") -> None:
        super().__init__(message)
        self.message, self.right = message, right


def read_cell(*, field: str, value: Cell, names: Names) -> Any:
    """Return the value of a cell as the acts take it (WrongCell, NotMatched)."""
    text = as_text(value=value).strip()
    return _READERS[field](value, text, names)


def _words(value: Cell, text: str, names: Names) -> str:
    return text


def _short(field: str) -> Callable[[Cell, str, Names], str]:
    def read(value: Cell, text: str, names: Names) -> str:
        if len(text) > _LENGTHS[field]:
            raise WrongCell(_("%(n)s characters are too many.") % {"n": len(text)},
                            right=_("at most %(most)s characters") % {"most": _LENGTHS[field]})
        return text

    return read


def _task(value: Cell, text: str, names: Names) -> str:
    if not text:
        raise WrongCell(_("A task needs words."), right=_("what is to be done"))
    return text


def _choice(options: dict[str, str]) -> Callable[[Cell, str, Names], str]:
    codes = {word: code for code, word in options.items()}

    def read(value: Cell, text: str, names: Names) -> str:
        if text not in codes:
            raise WrongCell(_("%(text)s is not in the list.") % {"text": text or "—"}, right="、".join(codes))
        return codes[text]

    return read


def _figure(value: Cell, text: str, names: Names) -> Decimal | None:
    if not text:
        return None
    try:
        figure = Decimal(text.replace(",", "").replace("，", "").removesuffix("%"))
    except InvalidOperation:
        raise WrongCell(_("%(text)s is no number.") % {"text": text}, right="30") from None
    if not figure.is_finite() or abs(figure) >= Decimal(10) ** 14:
        raise WrongCell(_("%(text)s is no number that can be counted.") % {"text": text}, right="30")
    return figure.quantize(Decimal("0.0001")).normalize() if figure != figure.to_integral_value() else figure


def _weight(value: Cell, text: str, names: Names) -> Decimal:
    figure = _figure(value, text, names)
    if figure is None or not 0 < figure < 10_000:
        raise WrongCell(_("A weight is above zero."), right="1")
    return figure


def _day(value: Cell, text: str, names: Names) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> date:
    raise WrongCell(_("%(text)s is no date.") % {"text": text or "—"}, right="2026-11-21")


def _unit(value: Cell, text: str, names: Names) -> str:
    return names.unit(text) if text else ""


def _units(value: Cell, text: str, names: Names) -> tuple[str, ...]:
    parts = [one.strip() for one in re.split(r"[、,，;；\n]", text) if one.strip()]
    return tuple(dict.fromkeys(names.unit(one) for one in parts))


def _person(value: Cell, text: str, names: Names) -> str:
    return names.person(text) if text else ""


def _steps(value: Cell, text: str, names: Names) -> tuple[tuple[date, Decimal, str], ...]:
    steps = []
    for part in re.split(r"[；;\n]", text):
        if not part.strip():
            continue
        found = _STEP.fullmatch(part.strip())
        if found is None:
            raise WrongCell(_("%(text)s is no milestone.") % {"text": part.strip()}, right="2026-06-30 50% 中期检查")
        share = Decimal(found["share"])
        if share > 100:
            raise WrongCell(_("A milestone is a share of the whole: at most 100."), right="2026-06-30 50% 中期检查")
        steps.append((_day(None, found["day"].strip(), names), share, found["title"].strip()[:200]))
    return tuple(sorted(steps))


_READERS: dict[str, Callable[[Cell, str, Names], Any]] = {
    "text": _task, "object": _short("object"), "kind": _choice(KINDS), "value_min": _figure, "value_max": _figure,
    "unit": _short("unit"), "modality": _choice(MODALITIES), "deadline": _day, "lead": _unit, "partners": _units,
    "leader": _person, "responsible": _person, "weight": _weight, "budget_line": _short("budget_line"),
    "milestones": _steps, "problem": _words, "duty": _words,
}
