"""A forged log earns nothing more than was truly sat: ten ways to earn an hour in a minute, each by a script that
knows the protocol and its own secret."""

import base64
import json
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from xinglin.mechanics.presence import models
from xinglin.mechanics.presence.protocol import Said as Heard
from xinglin.mechanics.presence.protocol import State, sign, token_of, weigh
from xinglin.mechanics.presence.sittings import beat
from xinglin.mechanics.presence.values import Kind

from .pages import ANNA, BEN, FILM, LECTURE, Page, at
from .test_sittings import seconds_of

pytestmark = pytest.mark.django_db
HOUR = 3_600_000


@pytest.fixture(autouse=True)
def nobody_asks(unasked):
    """Checks would only take away more."""


def test_a_faster_clock_earns_the_servers_minute():
    page = Page()
    for now in range(1, 61):  # sixty reports of a minute each within a minute
        page.send(now=now, played=[(0, 60_000, 0)])
    assert seconds_of() == 60


@pytest.mark.parametrize("piece", [(0, 60_000, 10**30), (-(10**30), 2 * 10**30, 0), (0, 10**30, 0), (0, 9, 2**40)])
def test_what_lies_beyond_a_week_is_said_by_no_page(piece):
    page = Page(session=FILM, kind=Kind.RECORDING)
    assert page.send(now=60, played=[piece]).state == "forged"
    assert page.send(now=60, played=[(0, 60_000, 0)]).counted == timedelta(minutes=1)


def test_a_token_is_believed_for_half_a_day():
    page = Page()
    for hour in (11.9, 12.1):
        page.send(now=hour * 3600, played=[(0, 60_000, 0)])
    assert page.told.state == "gone"


def test_two_tabs_with_one_token_are_one_chain():
    page, twin = Page(), None
    for now in (20, 40, 60):
        twin = page.body(played=[(0, 20_000, 0)])
        page.send(now=now, played=[(0, 20_000, 0)])
        assert beat(body=twin, at=at(now + 1)).counted <= timedelta(seconds=now)
    assert seconds_of() == 60


def test_two_tabs_with_two_sittings_are_one_stream():
    first = Page()
    second = Page(now=0.5)
    states = [(first.send(now=now, played=[(0, 20_000, 0)]).state, second.send(now=now, played=[(0, 20_000, 0)]).state)
              for now in (20, 40, 60)]
    assert {one for one, _other in states} == {"elsewhere"}
    assert seconds_of() <= 60


def test_swapped_secrets_of_two_accounts_fit_nothing():
    mine, theirs = Page(), Page(person=BEN)
    told = mine.send(now=60, body=mine.body(played=[(0, 60_000, 0)], secret=theirs.secret))
    assert told.state == "forged"
    told = theirs.send(now=60, body=theirs.body(played=[(0, 60_000, 0)], token=mine.token))
    assert told.state == "forged"
    assert seconds_of() == seconds_of(person=BEN) == 0


def test_a_replay_earns_once():
    page = Page()
    again = page.body(played=[(0, 60_000, 0)])
    states = [beat(body=again, at=at(now)).state for now in (60, 120, 180, 240)]
    assert states == ["counting", "again", "again", "again"]
    assert seconds_of() == 60


def test_fast_forward_and_claims_to_have_jumped_earn_the_time_they_took():
    page = Page(session=FILM, kind=Kind.RECORDING)
    page.send(now=60, played=[(0, 60_000, 0)])
    jumps = [(number * 1000, 60_000, number * 60_000) for number in range(40)]
    page.send(now=120, played=jumps)
    page.send(now=180, played=[(0, HOUR, 0)])
    assert seconds_of(FILM) <= 180


def test_pieces_that_overlap_or_lie_outside_count_once_or_not_at_all():
    page = Page()
    page.send(now=60, played=[(0, 60_000, 0)] * 40)
    page.send(now=120, played=[(-HOUR, HOUR, 0), (HOUR, HOUR, 0)])
    page.send(now=180, played=[(-HOUR, 3 * HOUR, 0), (5, -HOUR, 0)])
    assert seconds_of() == 120


def test_a_page_in_the_background_that_reports_nothing_played_earns_nothing():
    page = Page()
    for now in (60, 120, 180):
        assert page.send(now=now, played=[]).state == "paused"
    assert seconds_of() == 0


def test_parallel_recordings_are_one_at_a_time():
    pages = []
    for number in range(20):
        pages.append(Page(session=FILM if number % 2 else LECTURE, kind=Kind.RECORDING, now=number * 0.01))
    for page in pages:
        page.send(now=60, played=[(0, 60_000, 0)])
    assert seconds_of(FILM) + seconds_of(LECTURE) <= 60


def test_past_moments_in_a_token_of_ones_own_making_are_not_signed():
    page = Page()
    text, _dot, mac = page.token.partition(".")
    fields = json.loads(base64.urlsafe_b64decode(text))
    fields[4] = fields[6] = fields[6] - HOUR  # opened, last heartbeat: an hour ago
    forged = base64.urlsafe_b64encode(json.dumps(fields).encode()).decode()
    told = page.send(now=60, body=page.body(token=f"{forged}.{mac}", played=[(0, HOUR, 0)]))
    assert told.state == "forged"
    page.send(now=60, body=page.body(played=[(0, 60_000, 0)], at=0, since="2026-03-07T00:00:00Z"))
    assert seconds_of() == 60


def test_numbers_out_of_order_earn_nothing():
    page = Page()
    first = page.token
    page.send(now=60, played=[(0, 60_000, 0)])
    page.send(now=120, played=[(0, 60_000, 0)])
    assert page.send(now=180, body=page.body(seq=9, played=[(0, 60_000, 0)])).state == "order"
    assert page.send(now=180, body=page.body(token=first, seq=1, played=[(0, HOUR, 0)])).state == "order"
    assert seconds_of() == 120


def test_whoever_waits_an_hour_and_claims_it_earns_nothing():
    page = Page()
    assert page.send(now=3600, played=[(0, HOUR, 0)]).state == "late"
    assert seconds_of() == 0


def test_a_script_that_answers_too_often_is_told_to_slow_down_and_changes_nothing():
    page = Page()
    page.send(now=60, played=[(0, 60_000, 0)])
    before = models.Sitting.objects.values().get()
    for now in (60.1, 61, 64.9):
        assert page.send(now=now, played=[(0, 60_000, 0)]).state == "fast"
    assert models.Sitting.objects.values().get() == before


@pytest.mark.parametrize("body", [
    b"", b"\n", b"x", b"\xff\xfe", b"0" * 64 + b"\n{}", b"0" * 64 + b"\n[]", b"0\nnull", b"0\n{\"token\": 5}",
    b"0\n{\"token\": \"a.b\"}", b"0\n" + b"[" * 9000, b"\n{\"token\": \"\", \"seq\": 1}",
])
def test_what_no_page_says_is_refused_without_a_query(body, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert beat(body=body, at=at(60)).state == "forged"


@pytest.mark.parametrize("said", [
    {"played": [[0, 1e9, 0]]}, {"played": [[0, True, 0]]}, {"played": [["0", 1, 2]]}, {"played": [[0, 1]]},
    {"played": [[0, 1, 2]] * 41}, {"played": 5}, {"played": None}, {"seq": "1"}, {"seq": 1.0}, {"played": [5]},
])
def test_shapes_that_no_page_sends_are_refused_though_signed(said):
    page = Page()
    message = json.dumps({"token": page.token, "seq": 1, "played": [], **said})
    body = f"{sign(message=message, secret=page.secret)}\n{message}".encode()
    assert beat(body=body, at=at(60)).state == "forged"
    assert models.Sitting.objects.get().seq == 0


def test_an_honest_heartbeat_is_one_query(django_assert_num_queries):
    page = Page()
    page.send(now=60, played=[(0, 60_000, 0)])
    with django_assert_num_queries(1):
        assert page.send(now=120, played=[(0, 60_000, 0)]).state == "counting"


def test_a_clock_that_goes_back_earns_nothing():
    page = Page()
    page.send(now=60, played=[(0, 60_000, 0)])
    assert page.send(now=30, played=[(0, 60_000, 0)]).state == "fast"
    assert seconds_of() == 60


# Whatever a page says, and whenever, the law holds -------------------------------------------------------------

whole = some.integers(-5_000_000, 5_000_000)
claims = some.lists(some.tuples(whole, whole, whole), max_size=8)
reports = some.lists(some.tuples(some.integers(-50_000, 400_000), claims, some.booleans(), some.integers(1, 3)),
                     max_size=12)


@given(reports, some.booleans(), some.sampled_from([0, 3, 12]))
@settings(max_examples=300, deadline=None)
def test_whatever_is_claimed_the_sum_never_exceeds_the_servers_clock(reports, recording, checks):
    begin = 1_772_845_200_000
    state = State(1, ANNA, int(recording), 0, begin, 0, begin, 0, 0, 0, begin, 0, 0, 60, 150, checks, 90)
    now, closed = begin, []
    for passed, played, here, step in reports:
        now += passed
        said = Heard(seq=state.seq + step, played=tuple(played), here=here, leave=False)
        weighed = weigh(state=state, said=said, at=now, key=b"k")
        if weighed.taken:
            assert weighed.state.at >= state.at
            closed += weighed.closed
            state = weighed.state
        pieces = [(first, last) for first, last, _media in closed] + ([(state.begin, state.reach)] * bool(state.begin))
        ordered = sorted(pieces)
        assert all(begin <= first < last <= state.at for first, last in ordered)
        assert all(one[1] <= other[0] for one, other in pairwise(ordered))
        assert sum(last - first for first, last in pieces) <= state.at - begin
        assert token_of(state=state, key=b"k")
