"""Minutes, person-times and audience: laws that hold whatever the stretches are."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from xinglin.kernel.refs import Ref
from xinglin.mechanics.presence.counting import audience, minutes, person_times
from xinglin.mechanics.presence.spans import Span, by_day, length, union, within, without
from xinglin.mechanics.presence.values import Counted, Kind, Minutes, Sat, Scanned, Session, Way

T0 = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)  # ten at night, so that spans cross midnight
ANNA, BEN = Ref("directory.person:1"), Ref("directory.person:2")
HALL, OTHER, FILM = Ref("events.session:1"), Ref("events.session:2"), Ref("events.session:3")
MINUTE = timedelta(minutes=1)


def span(first, last):
    """Return a span by minutes after the beginning."""
    return Span(T0 + first * MINUTE, T0 + last * MINUTE)


def sat(first, last, *, place=HALL, kind=Kind.LIVE, media=None, person=ANNA):
    """Return a stretch by minutes."""
    return Sat(person=person, place=place, kind=kind, span=span(first, last),
               media_from=None if media is None else media * 60.0)


times = some.integers(0, 300)
spans = some.tuples(times, times).map(lambda two: span(*sorted(two)))
many = some.lists(spans, max_size=8)
sessions = [Session(session=HALL, spans=(span(0, 90), span(100, 200))),
            Session(session=OTHER, spans=(span(50, 250),)),
            Session(session=FILM, spans=(span(0, 300),), media_seconds=3600)]
stretches = some.builds(
    lambda one, place, kind: Sat(person=ANNA, place=place, kind=kind, span=one),
    spans, some.sampled_from([HALL, OTHER]), some.sampled_from([Kind.LIVE, Kind.ON_SITE]))


def at_once(sats):
    """Return everything as the evidence gives it: on site and online apart."""
    return {"spans_on_site": [one for one in sats if one.kind == Kind.ON_SITE],
            "spans_online": [one for one in sats if one.kind != Kind.ON_SITE]}


def in_turn(pairs):
    """Return stretches of a recording that follow each other: one account plays one stream at a time."""
    found, now = [], 0
    for wait, long, media in pairs:
        found.append(sat(now + wait, now + wait + long, place=FILM, kind=Kind.RECORDING, media=media))
        now += wait + long
    return found


recorded = some.lists(some.tuples(some.integers(0, 20), some.integers(1, 40), some.integers(0, 70)), max_size=6).map(
    in_turn)


def time_of(answer):
    """Return all the time that was counted, not rounded."""
    return sum((one.total for one in answer.lines), timedelta(0))


@given(many, many)
def test_union_is_what_sets_are(one, other):
    both = union([*one, *other])
    assert union(both) == both
    assert union([*other, *one]) == both
    assert length(both) == length(one) + length(other) - length(within(one, other))
    assert length(without(one, other)) == length(one) - length(within(one, other))
    assert all(before.until_at < after.from_at for before, after in pairwise(both))


@given(many)
def test_days_are_cut_at_midnight_and_lose_nothing(them):
    days = by_day(them)
    assert sum((length(parts) for parts in days.values()), timedelta(0)) == length(them)
    assert union(part for parts in days.values() for part in parts) == union(them)


def test_spans_are_half_open():
    assert union([span(0, 5), span(5, 9)]) == (span(0, 9),)
    assert within([span(0, 5)], [span(5, 9)]) == ()
    assert union([span(3, 3)]) == ()
    with pytest.raises(ValueError, match="cannot end before"):
        span(5, 4)
    with pytest.raises(ValueError, match="aware"):
        Span(datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001


@given(some.lists(stretches, max_size=7), recorded)
@settings(max_examples=200)
def test_counted_time_is_never_more_than_the_time_that_was_sat_and_planned(them, film):
    answer = minutes(**at_once([*them, *film]), sessions=sessions)
    planned = [part for session in sessions for part in session.spans]
    assert time_of(answer) <= length(within([one.span for one in [*them, *film]], planned))
    assert all(one.total <= timedelta(hours=24) for one in answer.lines)
    assert answer.total <= time_of(answer) / MINUTE
    for session in sessions:
        assert answer.of(session.session) <= length(session.spans) / MINUTE
    assert time_of(minutes(**at_once(film), sessions=sessions)) <= timedelta(seconds=3600)


@given(some.lists(stretches, max_size=6), recorded, stretches)
@settings(max_examples=200)
def test_more_presence_never_counts_less(them, film, one_more):
    before = minutes(**at_once([*them, *film]), sessions=sessions)
    after = minutes(**at_once([*them, *film, one_more]), sessions=sessions)
    assert time_of(after) >= time_of(before)


@given(recorded, some.tuples(some.integers(0, 20), some.integers(1, 40), some.integers(0, 70)))
def test_more_watching_never_counts_less(film, one_more):
    end = max([0, *[int((one.span.until_at - T0) / MINUTE) for one in film]])
    after = [*film, sat(end + one_more[0], end + sum(one_more[:2]), place=FILM, kind=Kind.RECORDING, media=one_more[2])]
    first, second = (minutes(spans_on_site=[], spans_online=them, sessions=sessions) for them in (film, after))
    assert time_of(second) >= time_of(first)
    assert second.watched.get(FILM, 0) >= first.watched.get(FILM, 0)


@given(some.lists(stretches, max_size=7))
def test_the_order_in_which_evidence_comes_changes_nothing(them):
    assert minutes(**at_once(them), sessions=sessions) == minutes(**at_once(them[::-1]), sessions=sessions[::-1])


def test_the_same_minute_in_the_hall_and_online_counts_once_and_for_the_hall():
    answer = minutes(spans_on_site=[sat(10, 40, kind=Kind.ON_SITE)], spans_online=[sat(0, 60)],
                     sessions=[Session(session=HALL, spans=(span(0, 60),))])
    assert (answer.in_hall(HALL), answer.online(HALL), answer.of(HALL), answer.total) == (30, 30, 60, 60)


def test_two_rooms_at_once_count_once():
    rooms = [Session(session=HALL, spans=(span(0, 60),)), Session(session=OTHER, spans=(span(0, 60),))]
    answer = minutes(spans_on_site=[sat(0, 40, kind=Kind.ON_SITE), sat(30, 60, place=OTHER, kind=Kind.ON_SITE)],
                     spans_online=[], sessions=rooms)
    assert (answer.of(HALL), answer.of(OTHER), answer.total) == (40, 20, 60)


def test_one_room_holds_several_sessions_and_the_break_between_them_counts_nothing():
    room = Ref("events.room:4")
    planned = [Session(session=HALL, spans=(span(0, 45),), places=(room,)),
               Session(session=OTHER, spans=(span(60, 90),), places=(room,))]
    answer = minutes(spans_on_site=[sat(0, 100, place=room, kind=Kind.ON_SITE)], spans_online=[], sessions=planned)
    assert (answer.of(HALL), answer.of(OTHER), answer.total) == (45, 30, 75)


def test_seconds_of_media_count_once_when_first_watched():
    film = [Session(session=FILM, spans=(span(0, 500),), media_seconds=3600)]
    twice = [sat(first, first + 30, place=FILM, kind=Kind.RECORDING, media=media)
             for first, media in ((0, 0), (40, 0), (80, 20))]
    answer = minutes(spans_on_site=[], spans_online=twice, sessions=film)
    assert answer.of(FILM) == 50
    assert answer.watched == {FILM: pytest.approx(50 / 60)}


def test_nothing_beyond_the_end_of_the_film_counts():
    film = [Session(session=FILM, spans=(span(0, 500),), media_seconds=600)]
    answer = minutes(spans_on_site=[], spans_online=[sat(0, 60, place=FILM, kind=Kind.RECORDING, media=5)],
                     sessions=film)
    assert answer.of(FILM) == 5


def test_minutes_are_rounded_down_once_after_adding_up():
    lines = tuple(Counted(session=session, day=date(2026, 3, 6), online=timedelta(seconds=50))
                  for session in (HALL, OTHER))
    answer = Minutes(lines=lines)
    assert (answer.of(HALL), answer.of(OTHER), answer.on(date(2026, 3, 6)), answer.total) == (0, 0, 1, 1)


def test_an_evening_over_midnight_is_two_days():
    answer = minutes(spans_on_site=[], spans_online=[sat(60, 180)], sessions=[
        Session(session=HALL, spans=(span(0, 300),))])
    assert {one.day: one.total for one in answer.lines} == {
        date(2026, 3, 6): timedelta(hours=1), date(2026, 3, 7): timedelta(hours=1)}


def test_two_people_are_not_added_up():
    with pytest.raises(ValueError, match="one person at a time"):
        minutes(spans_on_site=[], spans_online=[sat(0, 5), sat(0, 5, person=BEN)], sessions=sessions)


def test_person_times_count_people_a_day_and_never_pages_that_were_only_opened():
    scans = [Scanned(person=ANNA, place=HALL, way=Way.IN, at=T0), Scanned(person=ANNA, place=OTHER, way=Way.IN, at=T0),
             Scanned(person=ANNA, place=HALL, way=Way.IN, at=T0 + timedelta(hours=4))]
    online = [sat(0, 3), sat(10, 12), sat(30, 34, person=BEN), sat(180, 190, person=BEN)]
    answer = person_times(scans=scans, online=online, least_minutes=5)
    assert (answer.on_site, answer.online, answer.together) == (2, 2, 3)
    exactly = person_times(scans=[], online=[sat(0, 5)], least_minutes=5)
    below = person_times(scans=[], online=[sat(0, 4)], least_minutes=5)
    assert (exactly.online, below.online) == (1, 0)


@given(some.lists(some.tuples(stretches, some.sampled_from([ANNA, BEN])), max_size=8))
def test_the_audience_at_its_most_is_never_more_than_who_came(them):
    sats = [Sat(person=who, place=one.place, kind=one.kind, span=one.span) for one, who in them]
    answer = audience(online=sats)
    assert answer.peak <= answer.unique <= 2
    assert (answer.peak_at is None) == (answer.peak == 0) == (answer.unique == 0)


def test_who_leaves_as_another_comes_was_not_there_with_them():
    assert audience(online=[sat(0, 10), sat(10, 20, person=BEN)]).peak == 1
    both = audience(online=[sat(0, 10), sat(9, 20, person=BEN), sat(5, 12)])
    assert (both.unique, both.peak, both.peak_at) == (2, 2, T0 + 9 * MINUTE)
