"""Declares facts: past-tense business statements made of refs, codes, dates, numbers and flags."""

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, TypeVar, cast

from .refs import Code, Ref

T = TypeVar("T")
_TYPE = re.compile(r"[a-z]+(\.[a-z_]+){2}")
Writers = Mapping[type, Callable[[Any], Any]]


@dataclass(frozen=True, kw_only=True)
class Noun:
    """A noun and the measure words with which people count this fact: 会议 · 场 个."""

    zh: str
    en: str
    units: tuple[str, ...] = ()
    # Restricts the noun to facts whose dimension has this value: (("kind", "forum"),).
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """A field by which a fact can be filtered, or over which distinct things can be counted."""

    field: str
    zh: str
    en: str
    distinct: bool = False
    units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A numeric field that can be summed, with the measure words people use for it."""

    field: str
    zh: str
    en: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """How people speak of one fact type: labels, nouns, dimensions and quantities."""

    zh: str
    en: str
    nouns: tuple[Noun, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    # False for facts nobody promises in a plan (bookkeeping, security).
    countable: bool = True


class Fact:
    """What happened, said once, kept for ever; subclasses are frozen and registered by `states`."""

    TYPE: ClassVar[str] = ""
    VOCABULARY: ClassVar[Vocabulary]
    ANNEXED: ClassVar[tuple[str, ...]] = ()
    # For each field of the chain the exact types it takes, and how a value of each is written as JSON.
    WRITERS: ClassVar[tuple[tuple[str, Writers], ...]] = ()

    def body(self) -> dict[str, Any]:
        """Return the fields that go into the chain, as JSON values (TypeError: a value is not what was declared)."""
        answer = {}
        for name, writers in self.WRITERS:
            value = getattr(self, name)
            if (write := writers.get(type(value))) is None:
                wanted = " or ".join(one.__name__ for one in writers)
                raise TypeError(f"{self.TYPE}.{name}: {type(value).__name__} is no {wanted}")
            if value is not None:
                answer[name] = write(value)
        return answer

    def annex(self) -> dict[str, str]:
        """Return the personal words that stay outside the chain."""
        return {name: value for name in self.ANNEXED if (value := getattr(self, name))}


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise TypeError(f"{value} is no number")
    return format(value.normalize(), "f")


def _many(kind: type, values: tuple[Any, ...]) -> list[str]:
    if any(type(one) is not kind for one in values):
        raise TypeError(f"a tuple holds something else than {kind.__name__}")
    return [str(one) for one in values]


_WRITE: dict[Any, Callable[[Any], Any]] = {
    Ref: str, Code: str, date: date.isoformat, Decimal: _decimal, int: int, bool: bool, types.NoneType: lambda no: no,
    tuple[Ref, ...]: partial(_many, Ref), tuple[Code, ...]: partial(_many, Code)}


def _writers(hint: Any) -> Writers:
    """Return how each type that a field takes is written (KeyError when it is none a fact may have)."""
    parts = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    return {typing.get_origin(one) or one: _WRITE[one] for one in parts}


_registered: dict[str, type[Fact]] = {}


@typing.dataclass_transform(frozen_default=True, kw_only_default=True)
def states(type_: str, vocabulary: Vocabulary, *, annexed: tuple[str, ...] = ()) -> Callable[[type[T]], type[T]]:
    """Register a fact type `engine.noun.participle`; its docstring is its meaning.

    `annexed` names the personal text fields, which go to the annex and never into the chain.
    """

    def register(cls: type[T]) -> type[T]:
        made: Any = dataclass(frozen=True, kw_only=True)(cls)
        if not _TYPE.fullmatch(type_):
            raise TypeError(f"{type_}: a fact type is engine.noun.participle")
        if type_ in _registered and _registered[type_].__qualname__ != cls.__qualname__:
            raise TypeError(f"{type_} is stated twice")
        if not (cls.__doc__ or "").strip() or str(cls.__doc__).startswith(f"{cls.__name__}("):
            raise TypeError(f"{type_}: say in a docstring what it means")
        made.TYPE, made.VOCABULARY, made.ANNEXED, made.WRITERS = type_, vocabulary, annexed, ()
        _check_fields(made)
        _registered[type_] = made
        return cast(type[T], made)

    return register


def _check_fields(cls: type[Fact]) -> None:
    """Refuse bare strings in the chain, and vocabulary that names no field (TypeError)."""
    hints = typing.get_type_hints(cls)
    names = [one.name for one in dataclasses.fields(cls)]  # type: ignore[arg-type]
    for name in names:
        if name in cls.ANNEXED:
            if hints[name] not in (str, str | None):
                raise TypeError(f"{cls.TYPE}.{name}: an annexed field is text")
            continue
        try:
            cls.WRITERS = (*cls.WRITERS, (name, _writers(hints[name])))
        except KeyError:
            raise TypeError(f"{cls.TYPE}.{name}: {hints[name]} is no ref, code, date, Decimal, int or bool") from None
    voc = cls.VOCABULARY
    used = [one.field for one in voc.dimensions] + [one.field for one in voc.quantities]
    used += [field for noun in voc.nouns for field, _ in noun.where]
    if unknown := set(used) - set(names) - {"happened_on"}:
        raise TypeError(f"{cls.TYPE}: the vocabulary names unknown fields {sorted(unknown)}")


def fact_types() -> dict[str, type[Fact]]:
    """Return every registered fact type by its name."""
    return dict(sorted(_registered.items()))


def fact_type(type_: str) -> type[Fact]:
    """Return one fact type; an unregistered word is refused (KeyError)."""
    return _registered[type_]
