"""Score one reading of a document against its hand-made labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

Entry = dict[str, Any]
MULTIPLES = {"万": 10_000, "亿": 100_000_000}


def _step(*, text: str) -> str:
    """Bring one step of a path to its bare form."""
    bare = unicodedata.normalize("NFKC", text)
    return re.sub(r"^第(.+?)(?:部分|[章节条])$", r"\1", bare).strip("*#、.()")


def _outline_hit(*, predicted: Entry, label: Entry) -> bool:
    """Tell whether two outline entries are the same entry."""
    if predicted["start"] == label["start"]:
        return True
    paths = [[_step(text=str(s)) for s in e["path"]] for e in (predicted, label)]
    return paths[0] == paths[1] and predicted["role"] == label["role"]


def _measure(*, entry: Entry) -> tuple[float | None, float | None, str]:
    """Return the values and the unit with 万 and 亿 multiplied out."""
    unit = unicodedata.normalize("NFKC", entry.get("unit") or "")
    factor = MULTIPLES.get(unit[:1], 1)
    low, high = (
        None if value is None else float(value) * factor
        for value in (entry.get("value_min"), entry.get("value_max"))
    )
    return low, high, unit if factor == 1 else unit[1:]


def _same(*, a: float | None, b: float | None) -> bool:
    """Compare two values, leaving room for the rounding of a repeating fraction."""
    if a is None or b is None:
        return a is b
    slack = 0.05 if round(b * 100) % 100 in (33, 67) else 1e-6 * max(1.0, abs(b))
    return abs(a - b) <= slack


def _overlap(*, a: Entry, b: Entry) -> bool:
    """Tell whether two spans share a character."""
    return bool(a["start"] < b["end"] and b["start"] < a["end"])


def _quantity_hit(*, predicted: Entry, label: Entry) -> bool:
    """Tell whether two targets or figures state the same quantity in the same place."""
    one, two = _measure(entry=predicted), _measure(entry=label)
    agrees = _same(a=one[0], b=two[0]) and _same(a=one[1], b=two[1]) and one[2] == two[2]
    return _overlap(a=predicted, b=label) and agrees


def _edition_hit(*, predicted: Entry, label: Entry) -> bool:
    """Tell whether two entries name the same edition."""
    names = [re.sub(r"[\s《》“”\"「」『』‘’]", "", str(e["name"])) for e in (predicted, label)]
    return predicted["edition"] == label["edition"] and names[0] == names[1]


def _pair(
    *, predicted: Sequence[Entry], labelled: Sequence[Entry], hit: Callable[..., bool]
) -> list[int | None]:
    """Give each prediction the label it hits, using every label once and as many as possible."""
    owner: dict[int, int] = {}

    def settle(*, p: int, seen: set[int]) -> bool:
        """Find a label for one prediction, moving earlier ones where needed."""
        for n, label in enumerate(labelled):
            if n not in seen and hit(predicted=predicted[p], label=label):
                seen.add(n)
                if n not in owner or settle(p=owner[n], seen=seen):
                    owner[n] = p
                    return True
        return False

    for p in range(len(predicted)):
        settle(p=p, seen=set())
    taken = {p: n for n, p in owner.items()}
    return [taken.get(p) for p in range(len(predicted))]


def _takes(*, entry: Entry, decoy: Entry) -> bool:
    """Tell whether a stray quantity was read out of a decoy."""
    values = {v for v in (entry.get("value_min"), entry.get("value_max")) if v is not None}
    return _overlap(a=entry, b=decoy) and bool(values & set(decoy["values"]))


def score(*, reading: dict[str, Any], labels: dict[str, Any]) -> dict[str, Any]:
    """Return hits, predicted and labelled for each kind of entry, and the decoys taken."""
    rules: dict[str, Callable[..., bool]] = {
        "outline": _outline_hit,
        "targets": _quantity_hit,
        "figures": _quantity_hit,
        "editions": _edition_hit,
    }
    result: dict[str, Any] = {}
    stray: list[Entry] = []
    for kind, hit in rules.items():
        predicted, labelled = reading.get(kind, []), labels[kind]
        pairs = _pair(predicted=predicted, labelled=labelled, hit=hit)
        hits = sum(n is not None for n in pairs)
        result[kind] = {"hits": hits, "predicted": len(predicted), "labelled": len(labelled)}
        if kind in ("targets", "figures"):
            stray += [e for e, n in zip(predicted, pairs, strict=True) if n is None]
    taken = [d for d in labels["decoys"] if any(_takes(entry=e, decoy=d) for e in stray)]
    result["decoys"] = {"taken": len(taken), "labelled": len(labels["decoys"])}
    result["decoys_taken"] = [d["quote"] for d in taken]
    return result
