"""Many pages, gates and heartbeats at the same moment, on PostgreSQL."""

import pytest

from tests.kernel.test_concurrency import at_once
from xinglin.mechanics.presence import models
from xinglin.mechanics.presence.doors import scan
from xinglin.mechanics.presence.sittings import beat
from xinglin.mechanics.presence.values import Way

from .pages import ANNA, LECTURE, Page, at
from .test_sittings import seconds_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]


def test_of_ten_pages_opened_at_once_one_stays_open():
    answers = at_once(*[lambda: Page().opened.number for _ in range(10)])
    wrong = [one for one in answers if isinstance(one, Exception)]
    assert wrong == []
    assert models.Sitting.objects.filter(person=ANNA, ended_at=None).count() == 1
    assert models.Sitting.objects.filter(ended_why="elsewhere").count() == 9


def test_one_heartbeat_sent_ten_times_at_once_is_taken_once(unasked):
    page = Page()
    body = page.body(played=[(0, 60_000, 0)])
    states = [one.state for one in at_once(*[lambda: beat(body=body, at=at(60)) for _ in range(10)])]
    assert sorted(states) == ["again"] * 9 + ["counting"]
    assert models.Sitting.objects.get().seq == 1
    assert seconds_of() == 60


def test_a_heartbeat_beside_a_new_page_is_taken_before_it_or_not_at_all(unasked):
    for turn in range(8):
        page, now = Page(now=turn * 1000), turn * 1000 + 60
        body = page.body(played=[(0, 60_000, 0)])
        told, second = at_once(lambda body=body, now=now: beat(body=body, at=at(now)),
                               lambda now=now: Page(now=now).opened)
        row = models.Sitting.objects.get(pk=page.opened.number)
        assert told.state in ("counting", "elsewhere")
        assert (row.seq, row.ended_why) == (1 if told.state == "counting" else 0, "elsewhere")
        assert second.number != row.pk


def test_one_scan_from_ten_gates_is_one():
    given = {"key": "gate-1", "person": ANNA, "place": LECTURE, "way": Way.IN, "at": at(0)}
    assert sorted(at_once(*[lambda: scan(**given) for _ in range(10)])) == [False] * 9 + [True]
