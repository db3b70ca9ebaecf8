"""Every port answers without an engine, and every answer can be held to its promise."""

from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal

import pytest

from tests.kernel.conftest import DAY
from xinglin.kernel import ports
from xinglin.kernel.ports import ask, conformance, provide
from xinglin.kernel.ports.series import Edition, Series, follows
from xinglin.kernel.ports.standing import Roll, Standing, Standings
from xinglin.kernel.ports.tariff import Price, Tariffs
from xinglin.kernel.refs import Code, Ref

PERSON = Ref("directory.person:1")


@pytest.fixture(autouse=True)
def nobody_answers(monkeypatch):
    monkeypatch.setattr(ports, "_answering", {})


@pytest.mark.parametrize("port", sorted(conformance.suites(), key=lambda port: port.__name__), ids=lambda p: p.__name__)
def test_the_null_answer_conforms(port):
    conformance.check(port, ask(port), known=PERSON, on=DAY)


def test_without_a_register_everybody_is_a_stranger_and_nothing_has_a_price():
    standing = ask(Standings).of(members=[PERSON], on=DAY)[PERSON]
    assert (standing.good, standing.category) == (False, "none")
    assert ask(Tariffs).price(item=Code("dues"), payer=None, on=DAY) is None
    with pytest.raises(FrozenInstanceError):
        standing.good = True


class Register:
    """A provider for the tests, with a fault on demand."""

    def __init__(self, fault=""):
        self.fault = fault

    def of(self, *, members, on):
        good = Standing(good=True, category=Code("senior"), since=date(2020, 1, 1),
                        until=on if self.fault == "ended" else None)
        bad = Standing(good=False, category=Code("none"), reason="" if self.fault == "silent" else "未入会")
        known = {member: good if member == PERSON else bad for member in members}
        return {PERSON: good} if self.fault == "partial" else known

    def roll(self, *, rule, on):
        twice = (PERSON, PERSON) if self.fault == "twice" else (PERSON,)
        return Roll(rule=rule, on=on, members=twice if rule == "members" else ())


def test_a_sound_register_conforms():
    conformance.check(Standings, Register(), known=PERSON, on=DAY)


@pytest.mark.parametrize("fault", ["ended", "silent", "partial", "twice"])
def test_a_faulty_register_does_not(fault):
    with pytest.raises(AssertionError):
        conformance.check(Standings, Register(fault), known=PERSON, on=DAY)


def test_a_price_in_fractions_of_a_fen_does_not_conform():
    class Fees:
        def price(self, *, item, payer, on):
            return Price(amount=Decimal("1.234"), line=Ref("trial.line:1")) if item == "dues" else None

    with pytest.raises(AssertionError, match="fen"):
        conformance.check(Tariffs, Fees(), known=PERSON, on=DAY)


def test_one_engine_answers_a_port():
    provide(Standings, Register())
    assert ask(Standings).of(members=[PERSON], on=DAY)[PERSON].good
    with pytest.raises(ValueError, match="already answered by Register"):
        provide(Standings, object())


@pytest.mark.parametrize(("last", "number", "good"), [
    (None, 1, True), (None, 11, True), (10, 11, True), (10, 10, False), (10, 9, False), (10, 12, False),
    (None, 0, False),
])
def test_editions_follow_one_another_without_gap_or_repetition(last, number, good):
    verdict = follows(last=last, number=number)
    assert bool(verdict) is good
    assert good or str((last or 0) + 1) in str(verdict.reason)


def test_of_a_stranger_no_edition_is_known():
    assert ask(Series).last(series=PERSON) == Edition(series=PERSON)
