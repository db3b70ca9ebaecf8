"""Keeps a paper as plain values and makes it again from them, so that a reprint is the same word for word."""

import dataclasses
from decimal import Decimal
from typing import Any

from ..drafts import ReportDraft
from .paper import Bars, Grid, Heading, Mark, Paper, Para, Sentence

_KINDS = {one.__name__: one for one in (Bars, Grid, Heading, Mark, Para, Sentence)}
_KIND, _DECIMAL, _SET = "is", "Decimal", "set"


def plain_of(*, paper: Paper) -> list[Any]:
    """Return the blocks of a paper as JSON holds them."""
    return [_plain(one) for one in paper.blocks]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, frozenset):
        return {_KIND: _SET, "of": sorted(value)}
    if isinstance(value, Decimal):
        return {_KIND: _DECIMAL, "of": str(value)}
    if type(value).__name__ in _KINDS:
        parts = {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return {_KIND: type(value).__name__, **parts}
    return value


def paper_from(*, draft: ReportDraft) -> Paper:
    """Return the paper as it read when it was drafted."""
    return Paper(title=draft.title, issuer=draft.issuer, on=draft.drawn_on, blocks=_made(draft.blocks),
                 remark=draft.remark)


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_made(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind = value[_KIND]
    if kind == _SET:
        return frozenset(value["of"])
    if kind == _DECIMAL:
        return Decimal(value["of"])
    return _KINDS[kind](**{name: _made(one) for name, one in value.items() if name != _KIND})
