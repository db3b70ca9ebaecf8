"""Certificates: made out once for who stands well, revoked with a reason."""

import re
from datetime import timedelta

import pytest

from xinglin.engines.membership.actions.certificates import (
    CertifiedAlready,
    NotInGoodStanding,
    RevokedAlready,
    issue_certificate,
    revoke_certificate,
)
from xinglin.engines.membership.actions.exits import leave
from xinglin.engines.membership.actions.members import NotMember
from xinglin.engines.membership.certificates import Certificate
from xinglin.kernel.policy import NotAllowed

from .conftest import DAY, HOUSE, OFFICE, actor
from .paying import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(someone, admit):
    member = admit(someone())
    pay(by=HOUSE, on=DAY, member=member, until_on=DAY + timedelta(days=365))
    return member


def test_a_member_in_good_standing_takes_a_numbered_certificate_with_a_key_nobody_guesses(member, someone, admit, said):
    said()
    first = issue_certificate(by=actor(person=member.person), on=DAY, member=member)
    other = admit(someone("李小红"))
    pay(by=HOUSE, on=DAY, member=other, until_on=DAY + timedelta(days=9))
    second = issue_certificate(by=OFFICE, on=DAY, member=other)
    assert (first.number, second.number) == ("HYZ-2026-000001", "HYZ-2026-000002")
    assert all(re.fullmatch(r"[\w-]{22}", one.key) for one in (first, second)) and first.key != second.key
    assert [body["certificate"] for type_, body in said() if type_ == "certificate.issued"] == [
        str(first.ref), str(second.ref)]


def test_who_has_not_paid_has_one_already_or_left_gets_none(member, someone, admit):
    unpaid = admit(someone("李小红"))
    with pytest.raises(NotInGoodStanding, match="2026-03-02"):
        issue_certificate(by=OFFICE, on=DAY, member=unpaid)
    issue_certificate(by=OFFICE, on=DAY, member=member)
    with pytest.raises(CertifiedAlready, match="HYZ-2026-000001"):
        issue_certificate(by=OFFICE, on=DAY, member=member)
    leave(by=actor(person=member.person), on=DAY + timedelta(days=1), member=member)
    with pytest.raises(NotMember):
        issue_certificate(by=OFFICE, on=DAY + timedelta(days=2), member=member)
    assert Certificate.objects.count() == 1


def test_nobody_takes_another_members_certificate(member, someone):
    with pytest.raises(NotAllowed):
        issue_certificate(by=actor(person=someone("他人")), on=DAY, member=member)
    assert not Certificate.objects.exists()


def test_a_revoked_certificate_stays_and_another_one_can_be_made_out(member, said):
    first = issue_certificate(by=OFFICE, on=DAY, member=member)
    said()
    revoke_certificate(by=OFFICE, on=DAY, certificate=first, why="遗失")
    [(type_, body)] = said()
    assert (type_, body["certificate"]) == ("certificate.revoked", str(first.ref))
    assert "遗失" not in str(body)
    with pytest.raises(RevokedAlready, match="2026-03-02"):
        revoke_certificate(by=OFFICE, on=DAY, certificate=first, why="遗失")
    assert issue_certificate(by=OFFICE, on=DAY, member=member).number == "HYZ-2026-000002"
    with pytest.raises(NotAllowed):
        revoke_certificate(by=actor(person=member.person), on=DAY, certificate=first, why="x")
