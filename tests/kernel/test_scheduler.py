"""Night work runs once for each date, in order, however long nobody was there."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from xinglin.kernel import clock, scheduler
from xinglin.kernel.scheduler import ScheduleState, every, nightly, run_due

pytestmark = pytest.mark.django_db


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setattr(scheduler, "_schedules", {})


@pytest.fixture
def nights():
    done = []
    nightly("trial.night", at="02:10")(lambda *, on: done.append(on))
    return done


def test_a_night_runs_once_after_its_time(nights):
    assert run_due(now=at(5, 2, 9)) == 0
    assert run_due(now=at(5, 2, 10)) == 1
    assert run_due(now=at(5, 9)) == 0
    assert nights == [date(2026, 3, 5)]


def test_missed_nights_run_once_each_and_in_order(nights):
    run_due(now=at(5, 3))
    assert run_due(now=at(9, 1)) == 3
    assert run_due(now=at(9, 3)) == 1
    assert nights == [date(2026, 3, day) for day in (5, 6, 7, 8, 9)]


def test_a_failing_night_stops_only_itself_pauses_and_is_never_skipped(nights):
    tried = []

    def fail(*, on):
        tried.append(on)
        raise RuntimeError("no network")

    nightly("trial.broken", at="02:00")(fail)
    run_due(now=at(5, 3))
    run_due(now=at(6, 3))
    assert nights == [date(2026, 3, 5), date(2026, 3, 6)]
    assert tried == [date(2026, 3, 5)]  # it pauses
    state = ScheduleState.objects.get(pk="trial.broken")
    assert (state.tries, state.trouble) == (1, "RuntimeError: no network")
    ScheduleState.objects.update(held_until=None)
    run_due(now=at(6, 4))
    assert tried == [date(2026, 3, 5), date(2026, 3, 5)]


def test_a_night_held_by_another_worker_is_left_alone_until_its_lease_ends(nights):
    run_due(now=at(5, 3))
    ScheduleState.objects.update(held_until=clock.now() + timedelta(minutes=1))
    assert run_due(now=at(6, 3)) == 0
    ScheduleState.objects.update(held_until=clock.now() - timedelta(seconds=1))  # that worker was killed
    assert run_due(now=at(6, 3)) == 1
    assert nights == [date(2026, 3, 5), date(2026, 3, 6)]


def test_a_worker_that_read_an_old_state_cannot_take_the_night(nights):
    run_due(now=at(5, 3))
    old = ScheduleState.objects.get()
    run_due(now=at(6, 3))
    assert not scheduler._claim(scheduler.schedules()["trial.night"], old)


def test_interval_work_runs_when_its_time_is_over_and_is_not_made_up():
    done = []
    every("trial.often", minutes=5)(lambda: done.append(1))
    assert [run_due(now=at(5, 3, minute)) for minute in (0, 4, 5, 30)] == [1, 0, 1, 1]
    assert len(done) == 3


def test_two_schedules_of_one_name_are_refused(nights):
    def other(*, on):
        """Another."""

    with pytest.raises(ValueError, match=r"two schedules named trial\.night"):
        nightly("trial.night", at="02:10")(other)
