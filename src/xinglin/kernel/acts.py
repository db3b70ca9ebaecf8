"""Acts: the only writers. Each is one transaction that ends by stating at least one fact."""

import functools
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar, cast

from django.db import transaction

from . import clock
from .actors import Actor
from .confinement import require_open
from .facts import Fact
from .ledger.content import Statement
from .ledger.intake import take_in

P = ParamSpec("P")
R = TypeVar("R")


class SilentAct(AssertionError):
    """An act ended without stating a fact: nobody would know that it happened."""


class OutsideAct(AssertionError):
    """Something tried to change a stated row, or to state a fact, outside an act."""


@dataclass
class _Running:
    act: uuid.UUID
    by: Actor
    on: date
    cause: uuid.UUID | None = None
    backfilled: bool = False
    stated: list[Statement] = field(default_factory=list)
    depth: int = 0
    kept: dict[str, Any] = field(default_factory=dict)  # what is read once an act, such as the rules in force


_running: ContextVar[_Running | None] = ContextVar("running_act", default=None)
_cause: ContextVar[uuid.UUID | None] = ContextVar("cause_of_act", default=None)
_importing: ContextVar[bool] = ContextVar("importing", default=False)
_acts: dict[str, Callable[..., Any]] = {}


def new_key() -> uuid.UUID:
    """Return a time-ordered key (UUID version 7, RFC 9562)."""
    millis = int(clock.now().timestamp() * 1000)
    value = (millis << 80) | (uuid.uuid4().int & ((1 << 80) - 1))
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    return uuid.UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62))


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Make a keyword-only function an act: one transaction, one act id, never silent.

    The function must take `by` (Actor) and `on` (date). An act called inside another joins it.
    """
    _acts[f"{function.__module__}.{function.__name__}"] = function

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if args or not isinstance(kwargs.get("by"), Actor) or not _is_day(kwargs.get("on")):
            raise TypeError(f"{function.__name__}: acts take keywords only, with by=Actor and on=date")
        outer = _running.get()
        if outer is not None:
            return _joined(function, outer, cast(Any, kwargs))
        require_open(function=function, actor=cast(Actor, kwargs["by"]))
        return _outermost(function, cast(Any, kwargs))

    return wrapper


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)  # a datetime would enter the chain as a date


def _outermost(function: Callable[..., R], kwargs: dict[str, Any]) -> R:
    running = _Running(act=new_key(), by=kwargs["by"], on=kwargs["on"], cause=_cause.get(), backfilled=_importing.get())
    token = _running.set(running)
    try:
        with transaction.atomic():
            answer = function(**kwargs)
            _refuse_silence(function.__name__, len(running.stated))
            take_in(running.stated)
            return answer
    finally:
        _running.reset(token)


def _joined(function: Callable[..., R], outer: _Running, kwargs: dict[str, Any]) -> R:
    before, outer.depth = len(outer.stated), outer.depth + 1
    try:
        answer = function(**kwargs)
    finally:
        outer.depth -= 1
    _refuse_silence(function.__name__, len(outer.stated) - before)
    return answer


def _refuse_silence(name: str, stated: int) -> None:
    if not stated:
        raise SilentAct(f"{name} changed the world without stating a fact")


def state(fact: Fact, *, happened_on: date | None = None, corrects: uuid.UUID | None = None) -> uuid.UUID:
    """State a fact inside the running act and return its key; it is written when the act ends."""
    running = current()
    if not fact.TYPE:
        raise TypeError(f"{type(fact).__name__} is not a registered fact")
    if not (_is_day(happened_on or running.on) and isinstance(corrects, uuid.UUID | None)):
        raise TypeError(f"{fact.TYPE}: happened_on is a date, corrects the key of a fact")
    statement = Statement.of(
        fact=fact, key=new_key(), act=running.act, by=running.by.ref, happened_on=happened_on or running.on,
        recorded_at=clock.now(), cause=running.cause, corrects=corrects, backfilled=running.backfilled,
    )
    running.stated.append(statement)
    return statement.key


def current() -> _Running:
    """Return the running act (OutsideAct when there is none)."""
    running = _running.get()
    if running is None:
        raise OutsideAct("facts and stated rows change only inside an act")
    return running


def inside_act() -> bool:
    """Say whether an act is running."""
    return _running.get() is not None


def joined() -> bool:
    """Say whether the running act was called by another one, whose policy has answered for it."""
    return current().depth > 0


class caused_by:
    """Within this block every act carries the key of the fact that led to it."""

    def __init__(self, key: uuid.UUID):
        self.key = key

    def __enter__(self) -> None:
        self.token = _cause.set(self.key)

    def __exit__(self, *exc: object) -> None:
        _cause.reset(self.token)


class backfilling:
    """Within this block facts are marked as entered after the fact (imports of earlier years)."""

    def __enter__(self) -> None:
        self.token = _importing.set(True)

    def __exit__(self, *exc: object) -> None:
        _importing.reset(self.token)


def acts() -> dict[str, Callable[..., Any]]:
    """Return every act by its dotted name."""
    return dict(sorted(_acts.items()))
