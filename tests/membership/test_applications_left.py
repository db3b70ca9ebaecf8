"""Namesakes who recommend, applicants who name themselves, and applications nobody comes back to."""

from datetime import date, timedelta

import pytest

from tests.membership.test_applications import letters
from xinglin.directory.checks import Proof
from xinglin.engines.membership.actions.applications import NotOpen, hand_in_again, withdraw_application
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.actions.recommending import OwnApplication, answer_recommendation
from xinglin.engines.membership.actions.reviewing import return_application
from xinglin.engines.membership.forgetting import forget_applications

from .applied import NEXT, VISITOR, apply, number, person
from .conftest import DAY, HOUSE, OFFICE

pytestmark = pytest.mark.django_db


@pytest.fixture
def standing(someone, admit):
    def make(name="王小明", **given):
        member = admit(someone(name, **given), on=date(2025, 3, 2))
        waive_fee(by=HOUSE, on=DAY, member=member, from_on=DAY, reason="试用")
        return member

    return make


def asks(cardiology, member, other, **given):
    row = apply(person(branch=cardiology, members=[member, other], **given))
    return row.recommendations.get(member=member).key


def answer(key):
    return answer_recommendation(by=VISITOR, on=DAY, key=key, vouched=True)


def test_a_namesake_recommends_when_document_or_birthday_tells_them_apart(cardiology, standing):
    other = standing()
    by_document = standing("林杏", proof=Proof(number=number(5, born="19700101")))
    by_birthday = standing("林杏", born_on=date(1970, 1, 1), email="b@example.org")
    unknown = standing("林 杏", email="c@example.org")
    for member in (by_document, by_birthday):
        assert answer(asks(cardiology, member, other)).vouched is True
    with pytest.raises(OwnApplication) as refused:
        answer(asks(cardiology, unknown, other))
    assert refused.value.regulation == "M1.recommenders"


def test_who_applies_under_another_name_is_known_by_the_mobile_too(cardiology, standing):
    member, other = standing("林杏儿", mobile="13800001234"), standing()
    with pytest.raises(OwnApplication):
        answer(asks(cardiology, member, other))
    assert answer(asks(cardiology, member, other, mobile="13800009999")).vouched is True


@pytest.fixture
def returned(cardiology, standing):
    members = [standing(), standing("李小红", email="l@example.org")]
    row = apply(person(branch=cardiology, members=members))
    return return_application(by=OFFICE, on=DAY, application=row, reason="照片不清")


def test_what_nobody_corrects_is_withdrawn_told_and_later_forgotten(returned, visit):
    page = visit(VISITOR).get(f"/members/apply/{returned.key}/").content.decode()
    assert "2026-05-01" in page and "M2.draft_days" in page
    last = DAY + timedelta(days=60)
    assert forget_applications(on=last - timedelta(days=1)) == 0
    returned.refresh_from_db()
    assert returned.state == "returned"
    forget_applications(on=last)
    returned.refresh_from_db()
    assert (returned.state, returned.moved_on) == ("withdrawn", last)
    assert "60" in returned.reason and returned.reason in letters()[-1][1]
    assert returned.reason in visit(VISITOR).get(f"/members/apply/{returned.key}/").content.decode()
    assert forget_applications(on=last + timedelta(days=180)) == 1
    returned.refresh_from_db()
    assert (returned.state, returned.name) == ("erased", "")


def test_what_was_handed_in_again_meanwhile_stays(returned, cardiology, standing):
    members = [one.member for one in returned.recommendations.all()]
    hand_in_again(by=VISITOR, on=NEXT, key=returned.key, answers=person(branch=cardiology, members=members))
    with pytest.raises(NotOpen):
        withdraw_application(by=HOUSE, on=NEXT, key=returned.key, abandoned="逾期")
    forget_applications(on=DAY + timedelta(days=100))
    returned.refresh_from_db()
    assert returned.state == "submitted"
