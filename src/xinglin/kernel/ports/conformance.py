"""What every answer to a port keeps: providers call `check(PORT, answer, …)` in their tests."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from ..actors import Actor, ActorSource
from ..refs import Code, Ref
from .addresses import Address, Addresses
from .interests import Interests
from .promises import Promises
from .series import Edition, Series
from .standing import Roll, Standing, Standings
from .tariff import Price, Tariffs

STRANGER = Ref("kernel.stranger:nobody")
_suites: dict[type, Callable[[Any, Ref, date], None]] = {}


def _suite(port: type) -> Callable[[Callable[[Any, Ref, date], None]], Callable[[Any, Ref, date], None]]:
    def register(suite: Callable[[Any, Ref, date], None]) -> Callable[[Any, Ref, date], None]:
        _suites[port] = suite
        return suite

    return register


def check(port: type, answer: Any, *, known: Ref, on: date) -> None:
    """Assert what the port promises, asking about a ref the provider knows and about a stranger."""
    _suites[port](answer, known, on)


def suites() -> set[type]:
    """Return the ports that have a suite."""
    return set(_suites)


def _span_holds(since: date | None, until: date | None, on: date) -> bool:
    return (since is None or since <= on) and (until is None or on < until)


@_suite(Standings)
def _standings(answer: Standings, known: Ref, on: date) -> None:
    both = answer.of(members=[known, STRANGER], on=on)
    assert set(both) == {known, STRANGER}, "everybody asked about is answered"
    assert both[known] == answer.of(members=[known], on=on)[known], "asking together or alone is the same"
    assert not both[STRANGER].good and both[STRANGER].reason, "a stranger is not in good standing, with a reason"
    for one in both.values():
        assert isinstance(one, Standing) and isinstance(one.category, Code)
        assert one.good is not bool(one.reason), "a reason is given exactly when the standing is not good"
        assert not one.good or _span_holds(one.since, one.until, on), "a good standing spans the date asked for"
    assert answer.of(members=[], on=on) == {}
    roll = answer.roll(rule=Code("members"), on=on)
    assert isinstance(roll, Roll) and roll == answer.roll(rule=Code("members"), on=on), "a roll is the same twice"
    assert len(set(roll.members)) == len(roll.members), "nobody stands on a roll twice"
    assert (known in roll.members) is both[known].good and STRANGER not in roll.members
    assert answer.roll(rule=Code("no_such_right"), on=on).members == ()


@_suite(Tariffs)
def _tariffs(answer: Tariffs, known: Ref, on: date) -> None:
    assert answer.price(item=Code("kernel.no_such_item"), payer=known, on=on) is None, "unknown is not free"
    for payer in (None, known, STRANGER):
        price = answer.price(item=Code("dues"), payer=payer, on=on)
        if price is not None:
            assert isinstance(price, Price) and price.amount >= 0
            assert price.amount == price.amount.quantize(Decimal("0.01")), "yuan and fen"


@_suite(Interests)
def _interests(answer: Interests, known: Ref, on: date) -> None:
    assert answer.between(people=[known], others=[STRANGER], on=on) == ()
    assert answer.between(people=[], others=[known], on=on) == ()
    for one in answer.between(people=[known], others=[known], on=on):
        assert one.person == one.with_ == known and _span_holds(one.since, one.until, on)


@_suite(Series)
def _series(answer: Series, known: Ref, on: date) -> None:
    assert answer.last(series=STRANGER) == Edition(series=STRANGER), "of a stranger no edition is known"
    last = answer.last(series=known)
    assert last.series == known and (last.number is None or last.number >= 1)


@_suite(Promises)
def _promises(answer: Promises, known: Ref, on: date) -> None:
    assert answer.of(fact="kernel.no_such.fact", filter=(), on=on) is None, "nothing is promised of what is no fact"
    assert answer.of(fact="kernel.no_such.fact", filter=(("series", known),), on=on) is None


@_suite(Addresses)
def _addresses(answer: Addresses, known: Ref, on: date) -> None:
    book = answer.of(people=[known, STRANGER])
    assert STRANGER not in book and answer.of(people=[]) == {}
    for person, one in book.items():
        assert isinstance(one, Address) and one.person == person
        assert not one.email or "@" in one.email
        assert one.language in {"zh-hans", "en"}


@_suite(ActorSource)
def _actors(answer: ActorSource, known: Ref, on: date) -> None:
    nobody = answer.of(account=None, on=on)
    assert isinstance(nobody, Actor) and "house" not in nobody.roles, "the house has no account"
