"""A small fact and a stated row for the kernel's own tests."""

from datetime import date

import pytest

from xinglin.kernel.actors import house
from xinglin.kernel.acts import act, state
from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
from xinglin.kernel.refs import Code, Ref

DAY = date(2026, 3, 5)
CLERK = house("test")


@states(
    "trial.visit.made",
    Vocabulary(
        zh="走访已完成",
        en="Visit made",
        nouns=(Noun(zh="走访", en="visit", units=("次", "家")),),
        dimensions=(
            Dimension(field="kind", zh="种类", en="Kind"),
            Dimension(field="place", zh="地点", en="Place", distinct=True),
        ),
        quantities=(Quantity(field="people", zh="人次", en="People", units=("人次",)),),
    ),
    annexed=("note",),
)
class VisitMade(Fact):
    """Somebody visited a place (a fact of the tests)."""

    place: Ref
    kind: Code
    people: int = 0
    note: str = ""


@act
def make_visit(*, by, on, place="trial.place:1", kind="care", people=3, note="", corrects=None):
    """Make a visit."""
    return state(VisitMade(place=Ref(place), kind=Code(kind), people=people, note=note), corrects=corrects)


@pytest.fixture
def visit():
    return lambda **given: make_visit(**{"by": CLERK, "on": DAY, **given})
