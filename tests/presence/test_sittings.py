"""A sitting from play to the end: what counts, what is said, one stream per account, checks."""

from datetime import timedelta

import pytest

from xinglin.kernel.refs import Ref
from xinglin.mechanics.presence import models
from xinglin.mechanics.presence.evidence import counted, spans
from xinglin.mechanics.presence.protocol import moment_of
from xinglin.mechanics.presence.sittings import EPOCH, NotOnline, _key, open_sitting, sittings_of
from xinglin.mechanics.presence.spans import Span
from xinglin.mechanics.presence.values import Kind, Session

from .pages import ANNA, BEN, FILM, LECTURE, T0, Page, at

pytestmark = pytest.mark.django_db
DAY = [Session(session=LECTURE, spans=(Span(at(-3600), at(7200)),)),
       Session(session=FILM, spans=(Span(at(-3600), at(20000)),), media_seconds=3600)]


def seconds_of(session=LECTURE, person=ANNA, now=20_000):
    """Return the seconds that the evidence holds for somebody in a session."""
    them = counted(sessions=[one for one in DAY if one.session == session], at=at(now), people=[person])
    return sum(one.total.total_seconds() for one in them[person].lines) if person in them else 0


def first_check(person=ANNA, slot_after=0):
    """Return the second after the beginning at which a person is asked for the first time."""
    slot = 1_200_000
    begin = round((T0 - EPOCH).total_seconds() * 1000)
    moments = (moment_of(person=person, slot=one, long=slot, key=_key()) - begin
               for one in range(begin // slot, begin // slot + 5))
    return min(one for one in moments if one > slot_after * 1000) / 1000


def test_ten_minutes_before_a_stream_are_ten_minutes_in_one_row(unasked):
    page = Page()
    told = page.watch(until=600)
    assert (told.state, told.counted) == ("counting", timedelta(minutes=10))
    row = models.Sitting.objects.get()
    assert (row.seq, row.from_at, row.reach_at) == (10, at(0), at(600))
    assert models.Stretch.objects.count() == 0
    assert seconds_of() == 600


def test_opening_a_page_counts_nothing(unasked):
    Page()
    assert counted(sessions=DAY, at=at(3600)) == {}


def test_a_pause_is_left_out_where_it_was(unasked):
    page = Page()
    page.send(now=60, played=[(0, 20_000, 0), (50_000, 10_000, 0)])
    page.watch(until=120)
    found = [one.span for one in spans(sessions=DAY, at=at(200))]
    assert found == [Span(at(0), at(20)), Span(at(50), at(120))]
    assert page.told.counted == timedelta(seconds=90)


def test_a_trembling_connection_leaves_no_holes(unasked):
    page = Page()
    for now, long in ((60.4, 60_000), (120.1, 60_000), (180.6, 60_000)):
        page.send(now=now, played=[(0, long, 0)])
    assert len(spans(sessions=DAY, at=at(200))) == 1
    assert 179 <= seconds_of() <= 180.6


def test_the_second_page_ends_the_first_and_says_so_there(unasked):
    first = Page()
    first.watch(until=300)
    second = Page(session=FILM, kind=Kind.RECORDING, now=310)
    assert first.send(now=360, played=[(0, 60_000, 0)]).state == "elsewhere"
    assert first.send(now=420, played=[(0, 60_000, 0)]).token == ""
    second.watch(until=370, media=0)
    assert (seconds_of(), seconds_of(FILM)) == (300, 60)
    assert [one.ended_why for one in sittings_of(sessions=[LECTURE, FILM], at=at(400))] == ["elsewhere", ""]


def test_minutes_of_an_earlier_page_are_shown_on_the_next(unasked):
    Page().watch(until=300)
    page = Page(now=400)
    assert page.opened.counted == timedelta(seconds=300)
    assert page.watch(until=460).counted == timedelta(seconds=360)
    assert [one.counted.total_seconds() for one in sittings_of(sessions=[LECTURE], at=at(500))] == [300, 60]


def test_an_answer_that_was_lost_costs_nothing(unasked):
    page = Page()
    token = page.token
    page.send(now=60, played=[(0, 60_000, 0)])
    page.token, page.seq = token, 0  # the page never heard of it, and tries again ten seconds later
    told = page.send(now=70, played=[(0, 70_000, 0)])
    assert (told.state, told.age, told.counted) == ("again", timedelta(seconds=10), timedelta(seconds=60))
    assert page.send(now=120, played=[(0, 60_000, 0)]).counted == timedelta(seconds=120)


def test_a_connection_that_was_gone_too_long_loses_just_that_time(unasked):
    page = Page()
    page.watch(until=120)
    assert page.send(now=400, played=[(0, 280_000, 0)]).state == "late"
    assert page.watch(until=460).counted == timedelta(seconds=180)


def test_a_recording_counts_each_second_once_and_says_so_at_once(unasked):
    page = Page(session=FILM, kind=Kind.RECORDING)
    page.watch(until=300, media=0)
    page.send(now=360, played=[(0, 60_000, 0)])  # from the beginning once more
    told = page.send(now=420, played=[(0, 60_000, 60_000)])
    assert told.counted == timedelta(seconds=300)
    told = page.send(now=480, played=[(0, 60_000, 270_000)])
    assert told.counted == timedelta(seconds=330)
    assert seconds_of(FILM) == 330
    assert counted(sessions=DAY, at=at(500))[ANNA].watched[FILM] == pytest.approx(330 / 3600)


def test_who_comes_back_to_a_recording_goes_on_where_the_unseen_begins(unasked):
    Page(session=FILM, kind=Kind.RECORDING).watch(until=240, media=0)
    assert Page(session=FILM, kind=Kind.RECORDING, now=5000).opened.resume_seconds == 240


def test_leaving_and_the_end_of_the_session_end_the_sitting(unasked):
    page = Page()
    assert page.send(now=30, played=[(0, 30_000, 0)], leave=True).state == "left"
    over = Page(now=100, until=160)
    told = over.send(now=220, played=[(0, 120_000, 0)])
    assert (told.state, told.counted) == ("over", timedelta(seconds=90))
    assert over.send(now=280, played=[(0, 60_000, 0)]).state == "over"
    assert [one.ended_why for one in sittings_of(sessions=[LECTURE], at=at(400))] == ["left", "over"]


def test_nobody_sits_on_site_before_a_page():
    with pytest.raises(NotOnline):
        open_sitting(person=ANNA, session=LECTURE, kind=Kind.ON_SITE, at=T0)


# Presence checks ------------------------------------------------------------------------------------------------


def test_checks_come_three_times_an_hour_at_moments_nobody_can_tell():
    moments = [moment_of(person=ANNA, slot=one, long=1_200_000, key=b"k") - one * 1_200_000 for one in range(300)]
    assert all(0 <= one < 1_200_000 for one in moments)
    assert len(set(moments)) == 300
    assert 500_000 < sum(moments) / 300 < 700_000
    other = [moment_of(person=BEN, slot=one, long=1_200_000, key=b"k") for one in range(300)]
    assert not set(moments) & set(other)


def test_whoever_answers_in_time_loses_nothing():
    page = Page()
    page.watch(until=3600)
    checks = models.Check.objects.all()
    assert 2 <= checks.count() <= 4
    assert all(one.answered_at <= one.limit_at for one in checks if one.answered_at)
    assert seconds_of(now=3660) == 3600


def test_a_missed_check_takes_the_time_since_the_last_proof_and_stops_the_counting():
    page, asked = Page(), first_check()
    page.watch(until=asked // 60 * 60 + 960, here=False)
    assert page.state == "missed"
    assert page.told.counted == timedelta(0)
    assert seconds_of(now=page.now) == 0
    told = page.send(now=page.now + 60, played=[(0, 60_000, 0)], here=True)
    assert told.counted == timedelta(0)
    assert page.watch(until=page.now + 60).counted == timedelta(seconds=60)
    assert seconds_of(now=page.now) == 60


@pytest.mark.parametrize(("wait", "in_time"), [(89, True), (90, True), (90.001, False), (120, False)])
def test_the_answer_comes_within_the_limit_or_not(wait, in_time):
    page = Page()
    while page.state != "check":
        page.send(now=page.now + 60, played=[(0, 60_000, 0)])
    asked = page.now
    assert page.told.check_until_at == at(asked + 90)
    page.send(now=asked + wait, played=[(0, round(wait * 1000), 0)], here=True)
    assert seconds_of(now=asked + 300) == (asked + wait if in_time else 0)


def test_opening_a_new_page_evades_no_check():
    asked = first_check()
    now = 0.0
    while now < asked + 600:  # a script that opens a new sitting every minute and answers nothing
        page = Page(now=now)
        page.send(now=now + 60, played=[(0, 60_000, 0)])
        now += 61
    assert page.state == "missed"
    assert seconds_of(now=now) == 0


@pytest.mark.parametrize("every", [60, 7])
def test_whoever_closes_the_page_is_not_asked_and_loses_nothing(every):
    page, asked = Page(), first_check()
    page.watch(until=asked - 1, every=every)
    told = page.send(now=asked + 1, played=[(0, 60_000, 0)], leave=True)
    assert told.state == "left" and not models.Check.objects.exists()
    assert seconds_of(now=asked + 9000) == asked + 1
    assert Page(now=asked + 1500).opened.state == "paused"  # after a whole slot, pressing play is a proof


def test_whoever_leaves_before_every_check_is_asked_at_the_door():
    now, asked = 0.0, first_check()
    while now < asked + 600:  # a script that says with every heartbeat that it leaves, and opens anew
        page = Page(now=now)
        page.send(now=now + 60, played=[(0, 60_000, 0)], leave=True)
        now += 61
    assert Page(now=now).opened.state == "missed" and seconds_of(now=now) == 0


def test_an_unanswered_check_follows_to_the_next_page():
    page, asked = Page(), first_check()
    while page.state != "check":
        page.send(now=page.now + 60, played=[(0, 60_000, 0)])
    second = Page(now=page.now + 5)
    assert (second.opened.state, second.opened.check_until_at) == ("check", page.told.check_until_at)
    assert second.send(now=page.now + 20, played=[(0, 15_000, 0)], here=True).state == "counting"
    assert seconds_of() == page.now + 15
    assert asked > 0


def test_what_the_page_is_told_is_what_the_rows_hold_at_every_heartbeat():
    page, media = Page(session=FILM, kind=Kind.RECORDING), 0
    for number in range(60):
        here = number % 7 != 3 and page.state in ("check", "missed")
        media = (media + 45_000) if number % 5 else (number * 7_000) % 600_000
        page.send(now=page.now + 60, played=[(0, 25_000, media), (30_000, 20_000, media + 25_000)], here=here)
        assert page.told.counted.total_seconds() == pytest.approx(seconds_of(FILM, now=page.now), abs=0.01)
    live = Page(person=BEN)
    for number in range(80):
        here = number % 9 > 4 and live.state in ("check", "missed")
        live.send(now=live.now + 60, played=[(0, 25_000, 0), (30_000 + number % 3 * 5_000, 20_000, 0)], here=here)
        assert live.told.counted.total_seconds() == pytest.approx(seconds_of(person=BEN, now=live.now), abs=0.01)
    assert models.Check.objects.filter(answered_at=None).exists() or models.Check.objects.count() > 3


def test_a_pause_longer_than_a_slot_makes_a_new_beginning():
    page = Page()
    while page.state != "check":
        page.send(now=page.now + 60, played=[(0, 60_000, 0)])
    late = Page(now=page.now + 1300)
    assert late.opened.state == "paused"
    late.send(now=late.now + 60, played=[(0, 60_000, 0)])
    assert seconds_of() == 60  # what was before the check that nobody answered stays lost


def test_none_is_asked_without_time_to_answer():
    asked = first_check()
    page = Page(until=asked + 80)
    page.watch(until=asked + 70, here=False)
    assert models.Check.objects.count() == 0


def test_a_person_of_another_ref_is_another_account(unasked):
    Page().watch(until=60)
    Page(person=BEN).watch(until=60)
    assert {person: one.total for person, one in counted(sessions=DAY, at=at(100)).items()} == {ANNA: 1, BEN: 1}
    assert counted(sessions=DAY, at=at(100), people=[Ref("directory.person:9")]) == {}
