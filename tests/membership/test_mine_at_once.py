"""Two at the same moment, on PostgreSQL: a lapse and a payment, two nights, two clicks, two officers."""

from datetime import date, timedelta

import pytest

from tests.kernel.test_concurrency import at_once
from xinglin.engines.membership.actions.certificates import CertifiedAlready, issue_certificate
from xinglin.engines.membership.actions.exits import leave
from xinglin.engines.membership.actions.joining import AnsweredAlready, answer_join, ask_to_join
from xinglin.engines.membership.actions.lapsing import Spared, lapse_member
from xinglin.engines.membership.actions.members import NotMember, waive_fee
from xinglin.engines.membership.certificates import Certificate, JoinRequest, LapseNotice
from xinglin.engines.membership.lapsing import end_unpaid
from xinglin.engines.membership.members import Affiliation, Coverage, Spell
from xinglin.engines.membership.reminding import remind
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.notices.models import Notice

from .conftest import DAY, HOUSE, OFFICE, actor
from .paying import pay

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ENDS = date(2028, 3, 2)  # two years after an admission that was never paid for


@pytest.fixture
def members(someone, admit):
    return [admit(someone(f"会员{number}")) for number in range(8)]


def warned(members):
    LapseNotice.objects.bulk_create([
        LapseNotice(spell=spell, unpaid_from=spell.joined_on, given_on=ENDS - timedelta(days=30))
        for spell in Spell.objects.all()])
    return members


def test_a_lapse_and_a_waiver_at_once_never_both_hold(members):
    members = warned(members)

    def lapse():
        return [tried(lapse_member, by=HOUSE, on=ENDS, member=one) for one in members]

    def waive():
        return [tried(waive_fee, by=OFFICE, on=ENDS, member=one, from_on=ENDS, reason="年满七十")
                for one in reversed(members)]

    answers = at_once(lapse, waive)
    assert all(isinstance(one, Spell | Coverage | Spared | NotMember) for each in answers for one in each)
    for spell in Spell.objects.all():
        assert bool(spell.ended_on) is not spell.coverages.exists()


def tried(act, **given):
    try:
        return act(**given)
    except (Spared, NotMember) as refusal:
        return refusal


def test_a_night_run_by_two_workers_ends_and_tells_once(members, sealed):
    warned(members)
    assert sum(at_once(lambda: end_unpaid(on=ENDS), lambda: end_unpaid(on=ENDS))) == 8
    sealed()
    assert SealedFact.objects.filter(type="membership.member.left").count() == 8
    assert Notice.objects.filter(template="membership_lapsed").count() == 8


def test_reminders_of_two_workers_reach_each_member_once(members):
    for one in members:
        pay(by=HOUSE, on=DAY, member=one, until_on=DAY + timedelta(days=60))
    at_once(lambda: remind(on=DAY), lambda: remind(on=DAY))
    assert Notice.objects.count() == 8


def test_two_clicks_make_out_one_certificate(members):
    for one in members:
        pay(by=HOUSE, on=DAY, member=one, until_on=DAY + timedelta(days=60))

    def take():
        slower = 0
        for one in members:
            try:
                issue_certificate(by=OFFICE, on=DAY, member=one)
            except CertifiedAlready:
                slower += 1
        return slower

    assert sum(at_once(take, take)) == 8
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert numbers == [f"HYZ-2026-{serial:06}" for serial in range(1, 9)]


def test_two_officers_answer_one_request_and_one_learns_of_it(members, cardiology):
    for one in members:
        ask_to_join(by=actor(person=one.person), on=DAY, member=one, organisation=cardiology)
    asked = list(JoinRequest.objects.all())

    def answered(taken_in):
        def answer():
            slower = 0
            for one in asked:
                try:
                    answer_join(by=OFFICE, on=DAY, asked=one, taken_in=taken_in, reason="名额已满")
                except AnsweredAlready:
                    slower += 1
            return slower
        return answer

    assert sum(at_once(answered(True), answered(False))) == 8
    assert Affiliation.objects.count() == JoinRequest.objects.filter(taken_in=True).count()


def test_leaving_twice_at_once_states_one_exit(members, sealed):
    def go():
        return [tried(leave, by=actor(person=one.person), on=DAY, member=one) for one in members]

    first, second = at_once(go, go)
    assert sum(isinstance(one, NotMember) for one in (*first, *second)) == 8
    sealed()
    assert SealedFact.objects.filter(type="membership.member.left").count() == 8
