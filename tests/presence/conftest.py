"""Fixtures of presence: fixed secrets, and rules that a test may bend."""

from dataclasses import replace

import pytest

from xinglin.directory.security import endings
from xinglin.lib.pacing import Pace
from xinglin.mechanics.presence import evidence, sittings
from xinglin.mechanics.presence.rules import rules_on


@pytest.fixture(autouse=True)
def fixed_secret(settings):
    """The moments of checks are drawn by the secret: with a fixed one a test sees the same every time."""
    settings.SECRET_KEY = "presence in tests"


@pytest.fixture(autouse=True)
def unpaced(monkeypatch):
    """The hours of a test pass in no time, so nobody is too fast by the clock of the machine."""
    monkeypatch.setattr(sittings, "PACE", Pace(each_second=1, at_once=100_000))
    endings._noted.found.clear()


@pytest.fixture
def bend(monkeypatch):
    """Return the function that bends rules: `bend(checks_hour=0)`."""

    def bent(**changes):
        def told(*, on):
            return replace(rules_on(on=on), **changes)

        for module in (sittings, evidence):
            monkeypatch.setattr(module, "rules_on", told)

    return bent


@pytest.fixture
def unasked(bend):
    """Nobody is asked whether they are there."""
    bend(checks_hour=0)
