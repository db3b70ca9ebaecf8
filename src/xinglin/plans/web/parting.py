"""Suggests how one sentence with two figures could be split."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from ..commitments import Commitment
from .forms import PartForm, card_values

_CUT = re.compile(r"[，,、；;]|并(?=[\u4e00-\u9fff])|以及|和(?=[\u4e00-\u9fff]{0,8}\d)")
# Years, editions and dates are no amounts.
_FIGURE = re.compile(r"(?<![第\d.])(\d+(?:\.\d+)?)(?![\d.年届月日])\s*(万|亿)?\s*([%％]|[\u4e00-\u9fff]{1,2})?")
_TIMES = {"万": 10_000, "亿": 100_000_000}


MOST = 8


def part_forms(*, commitment: Commitment, posted: QueryDict | None) -> list[PartForm]:
    """Return one form a part: as many as were sent, else as many as are suggested."""
    initial = parts_of(commitment=commitment)
    count = len(initial)
    if posted is not None:
        sent = posted.get("parts", "")
        count = max(2, min(MOST, int(sent) if sent.isdigit() else 2))
    return [
        PartForm(posted, prefix=f"p{n}", initial=initial[n] if n < len(initial) else initial[-1]) for n in range(count)
    ]


def parts_of(*, commitment: Commitment) -> list[dict[str, Any]]:
    """Return what the forms of the parts show first: the clauses with a figure, else the sentence twice."""
    values = card_values(commitment)
    clauses = [one.strip() for one in _CUT.split(commitment.text) if one and one.strip()]
    figured = [one for one in clauses if _FIGURE.search(one)]
    if len(figured) < 2:
        figured = clauses[:2] if len(clauses) >= 2 else [commitment.text, commitment.text]
    firm = "exact" if values["bound"] == "exact" else "min"
    return [{**values, "bound": firm, "text": one, **_figure(one)} for one in figured[:MOST]]


def _figure(clause: str) -> dict[str, Any]:
    found = _FIGURE.search(clause)
    if not found:
        return {"kind": Commitment.Kind.WORDS, "value": None, "unit": ""}
    try:
        value = Decimal(found[1]) * _TIMES.get(found[2] or "", 1)
    except InvalidOperation:
        return {}
    percent = (found[3] or "") in {"%", "％"}
    return {
        "kind": Commitment.Kind.PERCENT if percent else Commitment.Kind.COUNT,
        "value": f"{value:f}",
        "upper": None,
        "unit": "%" if percent else (found[3] or "")[:1],
    }
