"""Evidence is forgotten when its time is over, and follows when two entries are one person."""

from datetime import timedelta

import pytest

from xinglin.directory.merging import Joining, movers
from xinglin.kernel.actors import house
from xinglin.kernel.regulations import value
from xinglin.mechanics.presence import models
from xinglin.mechanics.presence.doors import scan
from xinglin.mechanics.presence.forgetting import forget
from xinglin.mechanics.presence.spans import local_day
from xinglin.mechanics.presence.values import Way

from .pages import ANNA, BEN, LECTURE, T0, Page, at
from .test_sittings import seconds_of

pytestmark = pytest.mark.django_db
TABLES = (models.Sitting, models.Stretch, models.Check, models.Scan)


def evidence():
    """Leave a row in every table, on the day of the tests."""
    page = Page()
    while page.state != "check":
        page.send(now=page.now + 60, played=[(0, 20_000, 0), (40_000, 20_000, 0)])
    page.send(now=page.now + 30, played=[], here=True)
    scan(key="a", person=ANNA, place=LECTURE, way=Way.IN, at=at(0))


def test_evidence_is_kept_as_long_as_the_rule_says_and_not_a_day_longer():
    evidence()
    day = local_day(T0)
    days = value("E7.kept_days", on=day)
    assert forget(on=day + timedelta(days=days)) == 0
    assert all(table.objects.exists() for table in TABLES)
    assert forget(on=day + timedelta(days=days + 1)) == 3
    assert not any(table.objects.exists() for table in TABLES)
    assert forget(on=day + timedelta(days=days + 1)) == 0


def test_two_entries_that_are_one_person_bring_their_minutes_together_and_apart_again(unasked):
    Page().watch(until=600)
    Page(person=BEN, now=700).watch(until=1000)
    scan(key="a", person=ANNA, place=LECTURE, way=Way.IN, at=at(0))
    ours = [one for one in movers() if one.kind.startswith("presence.")]
    assert len(ours) == 3
    joining = Joining(loser=ANNA, winner=BEN, by=house("test"), on=local_day(T0))
    assert sum(len(one.preview(joining)) for one in ours) == 2
    moved = {one.kind: one.move(joining) for one in ours}
    assert not any(table.objects.filter(person=ANNA).exists() for table in (models.Sitting, models.Scan))
    assert seconds_of(person=BEN) > 900
    for one in ours:
        one.back(joining, moved[one.kind])
    assert seconds_of(person=BEN) == 300
