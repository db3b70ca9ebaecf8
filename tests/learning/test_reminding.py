"""Terms are reminded of at night: never twice, made up after missed nights, silent once done."""

from datetime import date, timedelta

import pytest

from xinglin.engines.learning.actions.stages import hold_project, report_project, schedule_project
from xinglin.engines.learning.reminding import remind
from xinglin.kernel.notices.models import Notice

from .conftest import HOUSE, slots

pytestmark = pytest.mark.django_db
DUE = date(2026, 4, 30)


def told():
    return sorted(Notice.objects.values_list("template", flat=True))


def test_the_timetable_is_reminded_of_before_and_after_its_term(project):
    project("published")
    for night, count in ((DUE - timedelta(days=15), 0), (DUE - timedelta(days=14), 1), (DUE - timedelta(days=13), 0),
                         (DUE - timedelta(days=7), 1), (DUE - timedelta(days=1), 1), (DUE, 0),
                         (DUE + timedelta(days=1), 1)):
        assert remind(on=night) == count, night
        assert remind(on=night) == 0, night
    assert told() == ["learning_schedule"] * 4


def test_a_missed_night_is_made_up_by_the_next(project):
    project("published")
    assert remind(on=DUE - timedelta(days=5)) == 1  # the nights of minus 14 and minus 7 were missed
    assert remind(on=DUE - timedelta(days=4)) == 0


def test_the_report_is_reminded_of_until_it_is_made(project):
    row = hold_project(by=HOUSE, on=date(2026, 5, 16), project=project("scheduled"))
    assert remind(on=date(2026, 5, 31)) == 1
    assert told() == ["learning_report"]
    report_project(by=HOUSE, on=date(2026, 5, 31), project=row)
    assert remind(on=date(2026, 6, 5)) == 0


def test_a_filed_timetable_and_a_filed_application_are_quiet(project):
    draft = project("draft")
    assert remind(on=date(2025, 9, 23)) == 1 and told() == ["learning_file"]
    Notice.objects.all().delete()
    row = project("published")
    schedule_project(by=HOUSE, on=date(2026, 4, 1), project=row, slots=slots())
    assert draft.state == "draft" and remind(on=DUE - timedelta(days=1)) == 0
