"""What cannot be taken in is listed and settled by the CME office; the next attendance comes in all the same."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.learning.conftest import EVENT, HOUSE, OFFICE, actor, confirm
from xinglin.directory.actions.merging import merge_people
from xinglin.engines.learning.actions.attendance import Presence, by_hand, credit_attendance, enter_attendance
from xinglin.engines.learning.actions.refused import SettledAlready, WordsNeeded, displaced, settle_refused
from xinglin.engines.learning.actions.stages import move_project
from xinglin.engines.learning.computing import reckon
from xinglin.engines.learning.credits import Attendance, Refused
from xinglin.flows.attendance_earns_credit import source_of
from xinglin.kernel import clock
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import ref

pytestmark = pytest.mark.django_db
AFTER = EVENT + timedelta(days=10)


@pytest.fixture(autouse=True)
def afterwards():
    with clock.pretending(AFTER):
        yield


def standing(person):
    return [(one.minutes, one.role) for one in Attendance.objects.standing().filter(person=person)]


def typed(row, person, minutes, corrects=None, **given):
    return enter_attendance(by=OFFICE, on=AFTER, project=row, corrects=corrects, presence=Presence(
        person=person, day=EVENT, minutes=minutes, source=by_hand(person, row, EVENT, 1), **given))


def test_minutes_typed_by_hand_stay_and_the_later_version_is_listed(project, someone):
    row, one, next_one = project("scheduled"), someone("王小明"), someone("李小红")
    confirm(row, one, on_site=240)
    typed(row, one, 300, source_of(ref("events.attendance", 7), "on_site", 1))
    confirm(row, one, on_site=200, version=2)
    confirm(row, next_one, on_site=240, key=8)  # comes in all the same
    assert standing(one) == [(300, "learner")] and standing(next_one) == [(240, "learner")]
    listed = Refused.objects.get()
    assert (listed.minutes, listed.state) == (200, "waiting") and "300" in listed.reason
    confirm(row, one, on_site=210, version=3)  # the later version takes the place of the one that waits
    listed.refresh_from_db()
    assert listed.state == "left" and Refused.objects.get(state="waiting").minutes == 210
    confirm(row, one, on_site=210, version=3)  # carried again
    assert Refused.objects.count() == 2


def test_the_office_takes_it_in_or_leaves_it_out(project, someone):
    row, one = project("scheduled"), someone("王小明")
    confirm(row, one, on_site=240)
    typed(row, one, 300, source_of(ref("events.attendance", 7), "on_site", 1))
    confirm(row, one, on_site=200, version=2)
    listed = Refused.objects.get()
    with pytest.raises(NotAllowed):
        settle_refused(by=actor("branch_secretary", where=row.branch), on=AFTER, refused=listed, accepted=True)
    with pytest.raises(WordsNeeded):
        settle_refused(by=OFFICE, on=AFTER, refused=listed, accepted=False)
    settle_refused(by=OFFICE, on=AFTER, refused=listed, accepted=True)
    assert standing(one) == [(200, "learner")]
    with pytest.raises(SettledAlready):
        settle_refused(by=OFFICE, on=AFTER, refused=listed, accepted=False, answer="重复")
    confirm(row, one, on_site=180, version=3)  # what was taken in is corrected as any other
    assert standing(one) == [(180, "learner")]


def test_minutes_typed_before_the_day_was_closed_are_not_counted_twice(project, someone):
    row, one, other = project("scheduled"), someone("王小明"), someone("李小红")
    typed(row, one, 240)
    confirm(row, one, on_site=200, online=30)
    assert standing(one) == [(240, "learner")]
    hall, screen = Refused.objects.order_by("pk")
    assert "240" in hall.reason and hall.corrects == by_hand(one, row, EVENT, 1) and not screen.corrects
    settle_refused(by=OFFICE, on=AFTER, refused=hall, accepted=True)
    settle_refused(by=OFFICE, on=AFTER, refused=screen, accepted=True)
    assert sorted(standing(one)) == [(30, "learner"), (200, "learner")]
    typed(row, other, 200, role="lecturer")
    confirm(row, other, on_site=240, key=8)  # as a learner nobody typed anything of them
    assert sorted(standing(other)) == [(200, "lecturer"), (240, "learner")]


def test_what_was_left_out_for_good_is_decided_anew_for_a_later_version(project, someone):
    row, one = project("scheduled"), someone("王小明")
    typed(row, one, 300)
    confirm(row, one, on_site=200)
    settle_refused(by=OFFICE, on=AFTER, refused=Refused.objects.get(), accepted=False, answer="以签到表为准")
    credit_attendance(by=OFFICE, on=AFTER, project=row, corrects=by_hand(one, row, EVENT, 1), presence=Presence(
        person=one, day=EVENT, minutes=0, source=by_hand(one, row, EVENT, 2)))
    for version in (2, 3):  # the first of them waits and gives way to the second
        confirm(row, one, on_site=200 + version, version=version)
        assert "以签到表为准" in Refused.objects.get(state="waiting").reason
    assert standing(one) == [(0, "learner")]


def test_a_version_of_another_project_or_person_takes_the_minutes_along(project, someone):
    first, second = project("scheduled"), project("scheduled", title="另一项目")
    one, other = someone("甲"), someone("乙")
    confirm(first, one, on_site=240)
    confirm(second, one, on_site=230, version=2)
    assert here(first, one) == 0 and here(second, one) == 230 and not Refused.objects.exists()
    confirm(second, other, on_site=220, version=3)
    assert here(second, one) == 0 and here(second, other) == 220
    unscheduled = project("published", title="未排期项目")
    confirm(unscheduled, other, on_site=210, version=4)
    listed = Refused.objects.get()
    assert here(second, other) == 0 and listed.project == unscheduled  # it is true of that project no more
    confirm(first, other, on_site=200, version=5)
    listed.refresh_from_db()
    assert here(first, other) == 200 and listed.state == "left"


def test_a_version_of_another_person_stands_beside_nothing_typed_for_them(project, someone):
    row, one, other = project("scheduled"), someone("甲"), someone("乙")
    confirm(row, one, on_site=240)
    typed(row, other, 240)
    confirm(row, other, on_site=240, version=2)
    assert here(row, one) == 0 and here(row, other) == 240
    listed = Refused.objects.get()
    assert displaced(listed).source == by_hand(other, row, EVENT, 1)
    settle_refused(by=OFFICE, on=AFTER, refused=listed, accepted=True)
    assert here(row, other) == 240


def test_a_version_of_a_project_that_ended_early_takes_back_what_stands_elsewhere(project, someone):
    row, gone, one = project("scheduled"), project("scheduled", title="取消项目"), someone("甲")
    confirm(row, one, on_site=240)
    confirm(project("published", title="未排期项目"), one, online=30)
    move_project(by=OFFICE, on=AFTER, project=gone, after="cancelled", note="取消")
    confirm(gone, one, on_site=240, online=30, version=2)
    assert here(row, one) == 0 and not Refused.objects.filter(state="waiting").exists()


def test_two_events_of_one_day_take_the_place_of_what_was_typed_once(project, someone):
    row, one = project("scheduled"), someone("甲")
    typed(row, one, 240)
    confirm(row, one, on_site=120, key=1), confirm(row, one, on_site=130, key=2)
    first, second = Refused.objects.order_by("pk")
    assert settle_refused(by=OFFICE, on=AFTER, refused=first, accepted=True, alike=True) == [first]
    assert here(row, one) == 120 and displaced(second) is None
    settle_refused(by=OFFICE, on=AFTER, refused=second, accepted=True)
    assert here(row, one) == 250
    confirm(row, one, on_site=110, key=1, version=2)
    assert here(row, one) == 240 and not Refused.objects.filter(state="waiting").exists()


def here(row, person):
    return sum(one.minutes for one in Attendance.objects.standing().filter(project=row, person=person))


def test_one_word_settles_all_that_a_project_without_days_cannot_take_in(project, someone, visit):
    row, people = project("published"), [someone(f"学员{number}") for number in range(3)]
    for number, one in enumerate(people):
        confirm(row, one, on_site=240, key=number)
    assert not Attendance.objects.exists()
    listed = Refused.objects.first()
    office = visit(OFFICE)
    with clock.pretending(AFTER):
        assert "学员1" in office.get(reverse("learning:refused_list")).content.decode()
        address = reverse("learning:refused", args=[listed.pk])
        said = office.get(address).content.decode()
        assert "240" in said and 'value="no"' in said and 'value="yes"' not in said  # it has no days, and gets none now
        assert office.post(address, {"accepted": "yes"}).status_code == 422
        assert office.post(address, {"accepted": "no", "answer": "未报日程", "alike": "on"}).status_code == 302
        assert visit(actor("branch_secretary", where=row.branch)).get(address).status_code == 403
    assert set(Refused.objects.values_list("state", "answer")) == {("left", "未报日程")}


def test_who_gave_way_in_a_merge_is_credited_as_whom_they_became(project, someone):
    row, one, other = project("scheduled"), someone("王小明"), someone("王小明")
    merge_people(by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref)
    confirm(row, one, on_site=240)
    assert standing(other) == [(240, "learner")]


def test_who_lectured_is_taken_in_as_lecturer_too_by_the_rule_of_the_day(project, leader):
    row = project("scheduled", lecturer=leader)
    confirm(row, leader, on_site=480, minutes_lectured=240)
    assert sorted(standing(leader)) == [(240, "lecturer"), (480, "learner")]
    learner, lecturer = sorted(reckon(row), key=lambda one: one.role)
    assert (learner.counted, lecturer.counted, lecturer.credits) == (240, 240, Decimal(0))
    assert learner.cuts[0].regulation == "E7.own_lecture" and lecturer.regulation == "E2.lecturer_national"


def test_a_correction_is_of_the_same_person_and_project_only(project, someone):
    row, other, one = project("scheduled"), project("scheduled", title="另一项目"), someone("王小明")
    confirm(row, one, on_site=240)
    source = source_of(ref("events.attendance", 7), "on_site", 1)
    with pytest.raises(Exception, match="没有可更正"):
        credit_attendance(by=HOUSE, on=AFTER, project=other, corrects=source, presence=Presence(
            person=one, day=EVENT, minutes=0, source=ref("events.presence", "x")))
    assert standing(one) == [(240, "learner")]
