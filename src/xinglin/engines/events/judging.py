"""Judges a scan at a door by `rules.json`, word for word as the gate's own page does offline (judge.js); pure."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

FILE = Path(__file__).parent / "static/events/door/rules.json"
HALF_HOUR = 30 * 60_000
Period = tuple[str, str]  # a place, and the day or sitting during which one may enter once


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of a door: its code, the ways it is for, the condition that refuses, the regulation."""

    code: str
    ways: tuple[str, ...]
    refuses: Any
    regulation: str
    zh: str
    en: str


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its code, in the order in which they are asked."""
    return {one["code"]: Rule(code=one["code"], ways=tuple(one["ways"]), refuses=one["if"], zh=one["zh"], en=one["en"],
                              regulation=one.get("regulation", ""))
            for one in json.loads(FILE.read_text(encoding="utf-8"))["rules"]}


def holds(test: Any, seen: Mapping[str, Any]) -> bool:
    """Say whether a condition holds; a name stands for what was seen, a word after an apostrophe for itself."""
    kind, *parts = test
    if kind in ("and", "or"):
        found = (holds(one, seen) for one in parts)
        return all(found) if kind == "and" else any(found)
    if kind == "not":
        return not holds(parts[0], seen)
    first, *others = [one[1:] if one.startswith("'") else seen.get(one) for one in parts]
    if kind == "is":
        return first not in (None, False, "", 0) and first != []
    [second] = others
    if kind == "same":
        return first == second
    if kind == "has":
        return second in (first or ())
    if kind not in ("lt", "le"):
        raise ValueError(f"{kind} is no condition of a door")
    if first is None or second is None:
        return False
    return first < second if kind == "lt" else first <= second


@dataclass
class Log:
    """Who went through which door, as far as a gate knows: the last way of each person in each period of a place."""

    last: dict[Period, dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    entries: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, scan: Mapping[str, Any], *, period: str) -> None:
        """Take in one admitted scan: person, place, way, at (milliseconds)."""
        self.last[scan["place"], period][scan["person"]] = dict(scan)
        if scan["way"] == "in":
            self.entries[scan["place"], scan["at"] // HALF_HOUR] += 1

    def before(self, *, place: str, period: str, person: int) -> dict[str, Any] | None:
        """Return the last scan of a person in a period of a place."""
        return self.last[place, period].get(person)

    def inside(self, *, place: str, period: str) -> int:
        """Return how many are inside."""
        return sum(1 for one in self.last[place, period].values() if one["way"] == "in")

    def entered(self, *, place: str, at: int) -> int:
        """Return how many came in during the half hour of a moment."""
        return self.entries[place, at // HALF_HOUR]


def log_of(scans: Iterable[Mapping[str, Any]], *, known: Mapping[str, Any]) -> Log:
    """Return the log of admitted scans in the order of their time."""
    log = Log()
    for one in sorted(scans, key=lambda scan: (scan["at"], scan["key"])):
        log.add(one, period=period_of(known, place=one["place"], at=one["at"]))
    return log


def day_of(known: Mapping[str, Any], at: int) -> str:
    """Return the association's day at a moment, for the days of the event and those beside it."""
    for day, begins in reversed(known["midnights"]):
        if begins <= at:
            return str(day)
    return ""


def block_of(known: Mapping[str, Any], *, place: str, at: int) -> tuple[int, list[int]] | None:
    """Return the sitting at a place on the day of a moment: the one that is on, else the next, else the last."""
    day = day_of(known, at)
    found = [(number, one) for number, one in enumerate(known["places"][place]["blocks"])
             if day_of(known, one[0]) == day]
    return next((one for one in found if at < one[1][1]), found[-1] if found else None)


def period_of(known: Mapping[str, Any], *, place: str, at: int) -> str:
    """Return the time during which one enters a place once: a day, or a sitting."""
    day = day_of(known, at)
    if known["places"][place]["often"] == "day":
        return day
    block = block_of(known, place=place, at=at)
    return f"{day}/{block[0]}" if block else day


def look(known: Mapping[str, Any], log: Log, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Put together what the rules ask for: the ticket, the person, the place, the time, who is inside."""
    at, place, gate, early = asked["at"], asked["place"], known["gate"], known["early"]
    ticket = asked["ticket"]
    person = known["people"].get(str(ticket.get("registration"))) if ticket.get("genuine") else None
    seen: dict[str, Any] = {f"ticket.{name}": value for name, value in ticket.items()}
    seen |= {f"person.{name}": value for name, value in (person or {}).items()}
    seen |= {f"pack.{name}": value for name, value in (known.get("pack") or {}).items()}
    seen |= {f"check.{name}": value for name, value in (asked.get("check") or {}).items()}
    seen |= {"person.known": person is not None, "event.id": known["event"], "at": at, "day": day_of(known, at),
             "list.opens": known["opens"], "list.closes": known["closes"],
             "gate.room": gate["room"], "gate.tickets": gate["tickets"], "gate.seats": gate["seats"]}
    block = block_of(known, place=place, at=at)
    seen["block.open"] = block is not None and block[1][0] - early <= at < block[1][1]
    signed = (person or {}).get("signed", [])
    now = [one for one in known["sessions"] if one["from"] - early <= at < one["until"]]
    needed = [one for one in now if gate["room"] and one["room"] == gate["room"] and one["signup"]]
    seen["signup.needed"] = bool(needed)
    seen["signup.done"] = any(one["id"] in signed for one in needed)
    seen["elsewhere"] = next((one["title"] for one in now if gate["room"] and one["room"] != gate["room"]
                              and one["id"] in signed and one["from"] <= at), "")
    spare = (known.get("pack") or {}).get("early", 0)
    seen["slot.open"] = any(slot - spare <= at < slot + HALF_HOUR + spare for slot in (person or {}).get("slots", []))
    period = period_of(known, place=place, at=at)
    before = log.before(place=place, period=period, person=ticket.get("registration", 0))
    seen["before.inside"] = before is not None and before["way"] == "in"
    seen["inside"] = log.inside(place=place, period=period)
    seen["entered"] = log.entered(place=place, at=at)
    return seen


def judge(known: Mapping[str, Any], log: Log, asked: Mapping[str, Any]) -> str:
    """Return "in" or "out" when the door admits, else the code of the first rule that refuses."""
    seen = look(known, log, asked)
    for one in rules().values():
        if asked["way"] in one.ways and holds(one.refuses, seen):
            return one.code
    return str(asked["way"])


def said(code: str) -> str:
    """Return a rule in the reader's words, "" for a code that refuses nothing."""
    rule = rules().get(code)
    if rule is None:
        return ""
    return rule.zh if (get_language() or "zh").startswith("zh") else rule.en
