"""Reads a question to the ledger from an address, so that every figure of a paper can be opened."""

import typing
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from xinglin.kernel.facts import Fact, fact_types

from ..measures import Measure
from ..measuring import Asked

MOST_CONDITIONS = 8
_OF_A_FIELD = {Measure.How.SUM, Measure.How.DISTINCT, Measure.How.LATEST}


class WrongQuestion(ValueError):
    """The address asks for nothing the ledger can answer."""


def question_of(*, given: Mapping[str, str], where: Sequence[str], base: Sequence[str] = ()) -> Asked:
    """Return the question an address asks (WrongQuestion); only known types and their own fields are asked for."""
    kind = fact_types().get(given.get("type", ""))
    how = given.get("how", "")
    if kind is None or how not in Measure.How.values or len(where) + len(base) > MOST_CONDITIONS:
        raise WrongQuestion("type")
    if base and how != Measure.How.RATIO:
        raise WrongQuestion("base")
    field = given.get("field", "")
    if field not in {"", *_fields(kind)} or (how in _OF_A_FIELD and not field):
        raise WrongQuestion("field")
    try:
        from_on, until_on = (date.fromisoformat(given.get(name, "")) for name in ("from", "until"))
    except ValueError:
        raise WrongQuestion("dates") from None
    return Asked(fact_type=kind.TYPE, how=how, field=field, filter=tuple(_condition(kind, one) for one in where),
                 base_filter=tuple(_condition(kind, one) for one in base), from_on=from_on, until_on=until_on)


def _fields(kind: type[Fact]) -> dict[str, Any]:
    return {name: hint for name, hint in typing.get_type_hints(kind).items() if name not in kind.ANNEXED}


def _condition(kind: type[Fact], text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    hint = _fields(kind).get(name)
    if not equals or hint is None:
        raise WrongQuestion("where")
    return name, _value(hint, value)


def _value(hint: Any, value: str) -> Any:
    """Return the value as the fact keeps it: numbers stay numbers, since 11 is not “11” in the ledger."""
    kinds = {hint, *typing.get_args(hint)}
    if bool in kinds:
        return value.lower() == "true"
    return int(value) if int in kinds and value.lstrip("-").isdigit() else value
