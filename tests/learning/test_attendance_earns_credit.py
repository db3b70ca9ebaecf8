"""The flow from attendances of events to credits: hall and screen apart, corrected, once, for people we know."""

from datetime import timedelta

import pytest

from tests.learning.conftest import EVENT, confirm
from xinglin.engines.learning.credits import Attendance
from xinglin.kernel import clock
from xinglin.kernel.flows import flows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def afterwards():
    with clock.pretending(EVENT + timedelta(days=10)):
        yield


@pytest.fixture
def happen(project, someone):
    row, person = project("scheduled"), someone("林同学")

    return lambda **given: confirm(row, person, **given)


def standing():
    return {(row.channel, row.minutes) for row in Attendance.objects.filter(corrected_by=None)}


def test_the_hall_and_the_screen_are_taken_in_apart_and_once(happen):
    happen(on_site=240, online=60, recorded=30)
    happen(on_site=240, online=60, recorded=30)  # carried again
    assert standing() == {("on_site", 240), ("online", 90)} and Attendance.objects.count() == 2


def test_a_later_version_corrects_the_one_before(happen):
    happen(on_site=240)
    happen(version=2, on_site=180, online=45)
    assert standing() == {("on_site", 180), ("online", 45)}
    happen(version=3)  # was not there after all
    assert standing() == {("on_site", 0), ("online", 0)}
    assert Attendance.objects.filter(corrected_by=None).count() == 2


def test_a_version_of_no_project_or_of_nobody_takes_back_what_was_said(happen):
    happen(on_site=240)
    happen(version=2, on_site=240, project=None)
    assert standing() == {("on_site", 0)}
    happen(version=3, on_site=230)
    happen(version=4, on_site=230, person=None)
    assert standing() == {("on_site", 0)}


def test_nothing_comes_of_no_project_nobody_known_and_a_day_beside_it(happen):
    happen(on_site=240, project=None)
    happen(on_site=240, person=None)
    happen(on_site=240, day=EVENT - timedelta(days=1))
    assert not Attendance.objects.exists()
    assert flows()["attendance_earns_credit"].act.endswith("carry_attendance")
