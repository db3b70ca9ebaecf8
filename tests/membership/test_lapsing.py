"""Who pays nothing for years is warned, then deemed to have left, once; appeals take it back or not."""

from datetime import date, timedelta

import pytest

from xinglin.engines.membership.actions.appeals import (
    AppealedAlready,
    DecidedAlready,
    decide_appeal,
    lodge_appeal,
)
from xinglin.engines.membership.actions.exits import TooLate, end_membership, leave, reinstate
from xinglin.engines.membership.actions.lapsing import Spared, lapse_member
from xinglin.engines.membership.actions.members import NotMember, waive_fee
from xinglin.engines.membership.certificates import Appeal, LapseNotice
from xinglin.engines.membership.lapsing import end_unpaid
from xinglin.engines.membership.members import Spell
from xinglin.kernel import clock
from xinglin.kernel.notices import inbox
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import NotAllowed

from .conftest import DAY, HOUSE, OFFICE, actor
from .paying import pay

pytestmark = pytest.mark.django_db
UNTIL = date(2027, 3, 2)
ENDS = date(2029, 3, 2)  # two unpaid years later
WARNED = ENDS - timedelta(days=30)


@pytest.fixture
def member(someone, admit):
    member = admit(someone())
    pay(by=HOUSE, on=DAY, member=member, until_on=UNTIL)
    return member


def night(on: date) -> int:
    """Run the night job as it runs on that very night."""
    with clock.pretending(on):
        return end_unpaid(on=on)


def spell(member):
    return Spell.objects.get(member=member)


@pytest.fixture
def lapsed(member):
    night(WARNED)
    night(ENDS)
    return member


def test_a_member_is_warned_and_thirty_days_later_deemed_to_have_left_once(member, said):
    said()
    early, late = timedelta(days=-1), timedelta(days=1)
    nights = [WARNED + early, WARNED, WARNED, ENDS + early, ENDS, ENDS, ENDS + late]
    assert [night(one) for one in nights] == [0, 1, 0, 0, 1, 0, 0]
    assert (spell(member).ended_on, spell(member).ended_by) == (ENDS, "lapsed")
    [(type_, body)] = [one for one in said() if one[0].startswith("member.")]
    assert (type_, body["how"], body["ended_on"]) == ("member.left", "lapsed", "2029-03-02")
    subjects = {one.subject for one in inbox(person=member.person.ref, language="zh-hans")}
    assert subjects == {"会籍将于 2029-03-02 视为退会", "已视为退会，2029-04-01 前可申诉"}


def test_nights_made_up_after_a_breakdown_shorten_the_days_of_notice_for_nobody(member):
    late = ENDS + timedelta(days=5)
    with clock.pretending(late):  # the worker was down for five weeks and now runs each night in order
        assert sum(end_unpaid(on=WARNED + timedelta(days=day)) for day in range(36)) == 1
    assert LapseNotice.objects.get().given_on == late
    assert spell(member).ended_on is None
    assert [night(late + timedelta(days=day)) for day in (29, 30)] == [0, 1]


def test_who_pays_or_is_exempted_after_the_warning_stays(someone, admit):
    paid, exempt = (admit(someone(name)) for name in ("甲一", "乙二"))
    ends = date(2028, 3, 2)  # never paid since admission
    assert night(ends - timedelta(days=30)) == 2
    pay(by=HOUSE, on=ends, member=paid, until_on=ends + timedelta(days=90))
    waive_fee(by=OFFICE, on=ends, member=exempt, from_on=ends - timedelta(days=5), reason="七十周岁")
    assert night(ends) == 0
    for one in (paid, exempt):
        with pytest.raises(Spared):
            lapse_member(by=HOUSE, on=ends, member=one)


def test_a_unit_of_which_nobody_can_be_told_is_left_to_the_office(found, admit):
    admit(found("江海省第一医院"), tier="unit")
    assert [night(date(2028, 3, 2)), night(date(2029, 3, 2))] == [0, 0]
    assert Notice.objects.count() == 0


def test_only_the_office_and_the_house_lapse(member):
    night(WARNED)
    with pytest.raises(NotAllowed):
        lapse_member(by=actor(person=member.person), on=ENDS, member=member)
    assert spell(member).ended_on is None


def test_a_lapse_taken_back_is_not_repeated_the_night_after_but_warned_of_anew(lapsed):
    day = ENDS + timedelta(days=3)
    reinstate(by=OFFICE, on=day, member=lapsed, reason="误记")
    assert [night(day + timedelta(days=late)) for late in (0, 1, 29, 30, 31)] == [1, 0, 0, 1, 0]
    assert LapseNotice.objects.filter(spell=spell(lapsed)).count() == 2


def test_an_appeal_that_is_upheld_takes_the_exit_back(lapsed, said):
    day, own = ENDS + timedelta(days=10), actor(person=lapsed.person)
    appeal = lodge_appeal(by=own, on=day, member=lapsed, words="去年已由单位代缴")
    said()
    decide_appeal(by=OFFICE, on=day, appeal=appeal, upheld=True, answer="查实，单位转账漏记")
    [(type_, _body)] = said()
    assert type_ == "member.reinstated"
    assert spell(lapsed).ended_on is None
    assert list(Appeal.objects.values_list("upheld", "decided_on", "answer")) == [(True, day, "查实，单位转账漏记")]
    assert "申诉成立，会籍恢复" in {one.subject for one in inbox(person=lapsed.person.ref, language="zh-hans")}


def test_an_appeal_that_is_rejected_leaves_the_exit_and_says_so(lapsed, said):
    day, own = ENDS + timedelta(days=10), actor(person=lapsed.person)
    said()
    appeal = lodge_appeal(by=own, on=day, member=lapsed, words="未收到通知")
    decide_appeal(by=OFFICE, on=day, appeal=appeal, upheld=False, answer="通知已于二月送达")
    assert [(type_, body["what"], body["allowed"]) for type_, body in said()] == [
        ("choice.made", "appeal", True), ("choice.made", "appeal_rejected", False)]
    assert spell(lapsed).ended_on == ENDS
    with pytest.raises(DecidedAlready):
        decide_appeal(by=OFFICE, on=day, appeal=appeal, upheld=True, answer="")
    with pytest.raises(AppealedAlready, match="2029-03-12"):
        lodge_appeal(by=own, on=day, member=lapsed, words="再次申诉")


def test_an_appeal_is_the_members_own_within_thirty_days_and_decided_by_the_office(lapsed, someone):
    day = ENDS + timedelta(days=1)
    with pytest.raises(NotAllowed):
        lodge_appeal(by=actor(person=someone("他人")), on=day, member=lapsed, words="代为申诉")
    own = actor(person=lapsed.person)
    with pytest.raises(TooLate, match="30"):
        lodge_appeal(by=own, on=ENDS + timedelta(days=31), member=lapsed, words="迟了")
    appeal = lodge_appeal(by=own, on=ENDS + timedelta(days=30), member=lapsed, words="来得及")
    with pytest.raises(NotAllowed):
        decide_appeal(by=own, on=day, appeal=appeal, upheld=True, answer="自己定")
    assert Appeal.objects.get().decided_on is None
    # In time lodged, it may be upheld after the thirty days too.
    decide_appeal(by=OFFICE, on=ENDS + timedelta(days=60), appeal=appeal, upheld=True, answer="成立")


def test_who_left_by_their_own_word_has_nothing_to_appeal(member):
    own = actor(person=member.person)
    leave(by=own, on=DAY + timedelta(days=1), member=member)
    with pytest.raises(NotMember):
        lodge_appeal(by=own, on=DAY + timedelta(days=2), member=member, words="反悔")


def test_taking_back_an_exit_closes_the_appeal_that_is_open(lapsed):
    end = ENDS + timedelta(days=2)
    lodge_appeal(by=actor(person=lapsed.person), on=end, member=lapsed, words="有误")
    reinstate(by=OFFICE, on=end, member=lapsed, reason="已补缴")
    assert list(Appeal.objects.values_list("upheld", "answer")) == [(True, "已补缴")]
    end_membership(by=OFFICE, on=end, member=lapsed, how=Spell.Ended.EXPELLED, ended_on=end, decision="3 号决议")
    lodge_appeal(by=actor(person=lapsed.person), on=end, member=lapsed, words="不服除名")
    assert Appeal.objects.filter(decided_on=None).count() == 1
