"""Reminders reach each member once for each day, after missed nights too, and nobody who paid or left meanwhile."""

from datetime import date, timedelta

import pytest

from bench.reminders import simulate
from xinglin.directory.actions.terms import begin_term
from xinglin.engines.membership.actions.exits import leave
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.reminding import remind
from xinglin.kernel import regulations
from xinglin.kernel.notices import inbox
from xinglin.kernel.notices.models import Notice

from .conftest import DAY, HOUSE, OFFICE, actor
from .fees import account
from .paying import pay

pytestmark = pytest.mark.django_db
UNTIL = date(2027, 3, 2)


def told():
    return sorted(key.split("/")[2] for key in Notice.objects.values_list("key", flat=True))


def night(offset: int, late: int = 0) -> int:
    return remind(on=UNTIL + timedelta(days=offset + late))


@pytest.fixture
def member(someone, admit):
    member = admit(someone())
    pay(by=HOUSE, on=DAY, member=member, until_on=UNTIL)
    return member


def test_skipped_and_doubled_nights_lose_and_double_nothing():
    due, told_of, _took = simulate(number=400)
    assert len(due) > 600
    assert set(told_of) == due
    assert set(told_of.values()) == {1}


def test_each_offset_tells_once_and_says_which_day(member):
    assert [night(-61), night(-60), night(-60), night(-30), night(-7), night(1), night(30), night(80), night(81)] == [
        0, 1, 0, 1, 1, 1, 1, 1, 0]
    assert told() == ["-30", "-60", "-7", "1", "30", "80"]
    letters = inbox(person=member.person.ref, language="zh-hans")
    assert any("2027-03-01" in one.subject for one in letters)
    assert any("宽限期到 2027-05-30" in one.body for one in letters)


def test_a_letter_names_the_account_to_pay_into_once_there_is_one(member, association):
    night(-60)
    account()
    night(-30)
    letters = {one.body for one in inbox(person=member.person.ref, language="zh-hans")}
    assert sorted("收款账户" in one for one in letters) == [False, True]
    assert any("账号 1001 2002 3003 4004" in one for one in letters)


def test_a_reminder_is_made_up_within_its_days_and_not_after(member):
    days = int(regulations.value("M2.catch_up_days", on=UNTIL))
    assert night(-60, late=days) == 0
    assert night(-30, late=days - 1) == 1
    assert told() == ["-30"]


def test_who_paid_was_exempted_or_left_hears_nothing(someone, admit):
    paid, exempt, gone = (admit(someone(name)) for name in ("甲一", "乙二", "丙三"))
    for one in (paid, exempt, gone):
        pay(by=HOUSE, on=DAY, member=one, until_on=UNTIL)
    pay(by=HOUSE, on=DAY, member=paid, from_on=UNTIL, until_on=UNTIL + timedelta(days=365))  # in advance
    waive_fee(by=OFFICE, on=DAY, member=exempt, from_on=UNTIL - timedelta(days=90), reason="年满七十")
    leave(by=actor(person=gone.person), on=UNTIL - timedelta(days=61), member=gone)
    assert [night(-60), night(-7), night(1)] == [0, 0, 0]


def test_a_new_member_is_reminded_of_the_first_fee_after_being_asked(someone, admit):
    member = admit(someone())
    assert [remind(on=DAY + timedelta(days=days)) for days in (0, 22, 23, 31, 31, 60)] == [0, 0, 1, 1, 0, 1]
    assert {key.split("/")[0] for key in Notice.objects.values_list("key", flat=True)} == {"membership_first_fee"}
    pay(by=HOUSE, on=DAY, member=member, until_on=DAY + timedelta(days=365))
    assert remind(on=DAY + timedelta(days=110)) == 0


def test_of_a_unit_its_leaders_are_told(found, someone, admit):
    hospital = found("江海省第一医院")
    member = admit(hospital, tier="unit")
    pay(by=HOUSE, on=DAY, member=member, until_on=UNTIL)
    assert night(-60) == 0  # nobody to tell
    head = someone("院长一")
    begin_term(by=HOUSE, on=DAY, person=head.ref, organisation=hospital.ref, title="president", from_on=DAY,
               until_on=date(2030, 1, 1))
    assert [night(-60, late=3), night(-60, late=4)] == [1, 0]
    [one] = inbox(person=head.ref, language="zh-hans")
    assert "江海省第一医院" in one.body
