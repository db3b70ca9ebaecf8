"""Admission, tiers, branches and exits: what each act writes, says and refuses."""

from datetime import date, timedelta

import pytest

from xinglin.engines.membership import answers
from xinglin.engines.membership.actions import affiliations, exits, members
from xinglin.engines.membership.actions.members import AlreadyMember, NotMember, WrongHolder
from xinglin.engines.membership.actions.tiers import BeforeLast, NothingChanges, TierTaken, grant, open_tier, revoke
from xinglin.engines.membership.matrix import catalogue, matrix
from xinglin.engines.membership.members import Affiliation, Coverage, Member, Spell
from xinglin.engines.membership.policy import members_seen
from xinglin.engines.membership.tiers import Holder
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Code

from .conftest import DAY, HOUSE, OFFICE, actor

pytestmark = pytest.mark.django_db


def test_admission_gives_the_next_number_and_the_branch_its_credit(someone, admit, cardiology, surgery, said):
    wang, li = someone("王小明"), someone("李小红")
    said()
    first, second = admit(wang, branch=cardiology), admit(li, branch=surgery, also=(cardiology,))
    assert (first.number, second.number) == ("2026-000001", "2026-000002")
    admitted = [body for type_, body in said() if type_ == "member.admitted"]
    assert [body["branch"] for body in admitted] == [str(cardiology.ref), str(surgery.ref)]
    assert sorted(Affiliation.objects.filter(main=True).values_list("organisation", flat=True)) == sorted(
        [cardiology.pk, surgery.pk])
    assert Member.objects.of_branches([cardiology.pk], on=DAY).count() == 2


def test_who_is_a_member_is_not_admitted_again(someone, admit):
    wang = someone()
    admit(wang)
    with pytest.raises(AlreadyMember, match="2026-000001"):
        admit(wang)
    assert Spell.objects.count() == 1


def test_coming_back_keeps_the_number_and_the_history(someone, admit, said):
    wang = someone()
    member = admit(wang)
    exits.leave(by=actor(person=wang), on=DAY + timedelta(days=9), member=member)
    with pytest.raises(AlreadyMember, match="2026-03-11"):
        admit(wang, on=DAY + timedelta(days=9))
    said()
    again = admit(wang, on=DAY + timedelta(days=40), tier="senior")
    assert (again.pk, again.number, Spell.objects.filter(member=member).count()) == (member.pk, "2026-000001", 2)
    [body] = [body for type_, body in said() if type_ == "member.admitted"]
    assert body["again"] is True
    assert answers.status_of(member, on=DAY + timedelta(days=20)).code == "left"
    assert answers.status_of(member, on=DAY + timedelta(days=41)).code == "joining"
    assert [str(one.tier) for one in member.tiers.all()] == ["普通会员", "资深会员"]


def test_a_tier_that_was_to_begin_later_stands_in_nobodys_way_when_they_come_back(someone, admit, tiers):
    wang = someone()
    member = admit(wang)
    members.grade_member(by=OFFICE, on=DAY, member=member, tier=tiers["senior"], from_on=DAY + timedelta(days=300))
    exits.leave(by=actor(person=wang), on=DAY + timedelta(days=9), member=member)
    admit(wang, on=DAY + timedelta(days=40))
    for days, tier in ((5, "普通会员"), (50, "普通会员"), (400, "普通会员")):
        assert str(member.tiers.on(DAY + timedelta(days=days)).get().tier) == tier


def test_nobody_is_admitted_on_a_day_to_come(someone, tiers):
    newcomer = members.Newcomer(who=someone(), tier=tiers["ordinary"])
    with pytest.raises(members.NotYet):
        members.admit_members(by=OFFICE, on=DAY, newcomers=[newcomer], joined_on=date(2062, 3, 2))
    assert not Member.objects.exists()


def test_an_officer_of_two_bodies_takes_nobody_out_of_a_third(someone, admit, cardiology, surgery):
    member = admit(someone(), branch=cardiology)
    with pytest.raises(NotAllowed):
        affiliations.transfer_member(by=actor("branch_secretary", where=surgery), on=DAY, member=member,
                                     before=cardiology, after=surgery, from_on=DAY + timedelta(days=1))
    assert Affiliation.objects.get(until_on=None).organisation == cardiology


def test_nothing_begins_in_a_branch_for_who_has_left_meanwhile(someone, admit, cardiology):
    wang = someone()
    member = admit(wang)
    exits.leave(by=actor(person=wang), on=DAY + timedelta(days=9), member=member)
    with pytest.raises(NotMember):
        affiliations.begin_affiliation(by=OFFICE, on=DAY + timedelta(days=20), member=member, organisation=cardiology,
                                       from_on=DAY + timedelta(days=2))


def test_a_member_leaves_a_branch_on_the_day_of_joining(someone, admit, cardiology):
    wang = someone()
    member = admit(wang, branch=cardiology)
    affiliations.end_affiliation(by=actor(person=wang), on=DAY, member=member, organisation=cardiology, until_on=DAY)
    assert Affiliation.objects.get().until_on == DAY + timedelta(days=1)


def test_a_unit_gets_a_tier_of_units_only(found, admit):
    hospital = found("江海省第一医院")
    with pytest.raises(WrongHolder):
        admit(hospital, tier="ordinary")
    assert admit(hospital, tier="unit").unit == hospital


def test_only_the_office_admits(someone, tiers):
    newcomer = members.Newcomer(who=someone(), tier=tiers["ordinary"])
    for who in (actor(), actor("branch_secretary"), actor("supervisor"), actor("department")):
        with pytest.raises(NotAllowed):
            members.admit_members(by=who, on=DAY, newcomers=[newcomer], joined_on=DAY)
    assert members.admit_members(by=OFFICE, on=DAY, newcomers=[newcomer], joined_on=DAY)


def test_leaving_is_never_refused_to_the_member_and_ends_the_branches(someone, admit, cardiology, said):
    wang = someone()
    member = admit(wang, branch=cardiology)
    said()
    exits.leave(by=actor(person=wang), on=DAY + timedelta(days=400), member=member)  # two years' fees are owed
    assert [type_ for type_, _body in said()] == ["affiliation.ended", "member.left"]
    assert not Member.objects.of_branches([cardiology.pk], on=DAY + timedelta(days=400)).exists()
    with pytest.raises(NotMember):
        exits.leave(by=actor(person=wang), on=DAY + timedelta(days=401), member=member)


def test_nobody_leaves_for_another(someone, admit):
    member = admit(someone())
    for who in (actor(person=someone("李小红")), actor("branch_secretary"), actor("supervisor")):
        with pytest.raises(NotAllowed) as refused:
            exits.leave(by=who, on=DAY, member=member)
        assert refused.value.regulation == "M4"


def test_a_supervisor_leaves_like_everybody(someone, admit):
    wang = someone()
    member = admit(wang)
    assert exits.leave(by=actor("supervisor", person=wang), on=DAY, member=member).ended_on == DAY


def test_an_expulsion_names_its_resolution_and_is_taken_back_on_appeal(someone, admit, sealed):
    member = admit(someone())
    with pytest.raises(exits.DecisionMissing):
        exits.end_membership(by=OFFICE, on=DAY, member=member, how=Spell.Ended.EXPELLED, ended_on=DAY)
    exits.end_membership(by=OFFICE, on=DAY, member=member, how=Spell.Ended.EXPELLED, ended_on=DAY,
                         decision="常〔2026〕3号")
    assert answers.status_of(member, on=DAY).code == "left"
    exits.reinstate(by=OFFICE, on=DAY + timedelta(days=10), member=member, reason="复核后撤销")
    assert answers.status_of(member, on=DAY).code == "joining"
    sealed()
    left, back = (SealedFact.objects.get(type=f"membership.member.{one}") for one in ("left", "reinstated"))
    assert back.corrects == left.key


def test_a_lapse_is_not_taken_back_after_the_time_to_appeal(someone, admit):
    member = admit(someone())
    exits.end_membership(by=OFFICE, on=DAY, member=member, how=Spell.Ended.LAPSED, ended_on=DAY)
    with pytest.raises(exits.TooLate):
        exits.reinstate(by=OFFICE, on=DAY + timedelta(days=31), member=member, reason="逾期")


def test_a_transfer_keeps_what_was_and_moves_the_main_branch(someone, admit, cardiology, surgery):
    member = admit(someone(), branch=cardiology)
    later = DAY + timedelta(days=30)
    affiliations.transfer_member(by=OFFICE, on=later, member=member,
                                 before=cardiology, after=surgery, from_on=later)
    before, after = (Affiliation.objects.on(day).get() for day in (DAY, later))
    assert (before.organisation, after.organisation, after.main, after.how) == (
        cardiology, surgery, True, "transferred")
    assert Spell.objects.get().brought_by == cardiology


def test_a_branch_takes_members_into_itself_only(someone, admit, cardiology, surgery):
    member = admit(someone())
    with pytest.raises(NotAllowed):
        affiliations.begin_affiliation(by=actor("branch_secretary", where=surgery), on=DAY, member=member,
                                       organisation=cardiology, from_on=DAY)
    affiliations.begin_affiliation(by=actor("branch_secretary", where=cardiology), on=DAY, member=member,
                                   organisation=cardiology, from_on=DAY, main=True)
    with pytest.raises(affiliations.BelongsAlready):
        affiliations.begin_affiliation(by=OFFICE, on=DAY, member=member, organisation=cardiology, from_on=DAY)


def test_a_branch_officer_sees_exactly_the_members_of_the_branch(someone, admit, cardiology, surgery):
    wang, li, zhao = (someone(name) for name in ("王小明", "李小红", "赵一"))
    admit(wang, branch=cardiology)
    admit(li, branch=surgery)
    admit(zhao)
    secretary = actor("branch_secretary", where=cardiology, person=zhao)
    assert {one.name for one in members_seen(actor=secretary, on=DAY)} == {"王小明", "赵一"}
    assert members_seen(actor=actor(person=li), on=DAY).get().name == "李小红"
    assert members_seen(actor=actor("supervisor"), on=DAY).count() == 3
    assert not members_seen(actor=actor(), on=DAY).exists()


def test_a_waiver_makes_exempt_until_it_ends(someone, admit):
    member = admit(someone())
    row = members.waive_fee(by=OFFICE, on=DAY, member=member, from_on=DAY, reason="满七十周岁")
    assert answers.status_of(member, on=DAY + timedelta(days=5000)).code == "exempt"
    with pytest.raises(members.NothingChanges):
        members.waive_fee(by=OFFICE, on=DAY, member=member, from_on=DAY, reason="再免")
    members.end_waiver(by=OFFICE, on=DAY, coverage=row, until_on=DAY + timedelta(days=100))
    assert answers.status_of(member, on=DAY + timedelta(days=101)).code == "grace"
    assert Coverage.objects.get().until_on == DAY + timedelta(days=100)


def test_a_tier_has_rights_and_duties_from_a_day_on(tiers, said):
    ordinary = tiers["ordinary"]
    said()
    grant(by=OFFICE, on=DAY, tier=ordinary, code="vote", from_on=DAY, decision="会员管理办法")
    grant(by=OFFICE, on=DAY, tier=ordinary, code="activity", from_on=DAY, amount=1)
    with pytest.raises(NothingChanges):
        grant(by=OFFICE, on=DAY, tier=ordinary, code="vote", from_on=DAY)
    with pytest.raises(BeforeLast):
        grant(by=OFFICE, on=DAY, tier=ordinary, code="activity", from_on=DAY, amount=2)
    grant(by=OFFICE, on=DAY, tier=ordinary, code="activity", from_on=date(2027, 1, 1), amount=2)
    revoke(by=OFFICE, on=DAY, tier=ordinary, code="vote", from_on=date(2027, 1, 1))

    def cells(day):
        columns, lines = matrix(on=day)
        at = columns.index(ordinary)
        return {line.word.code: line.cells[at].amount for line in lines if line.cells[at]}

    assert cells(DAY - timedelta(days=1)) == {}
    assert cells(DAY) == {"vote": None, "activity": 1}
    assert cells(date(2027, 1, 1)) == {"activity": 2}
    assert len(said()) == 4


def test_a_code_names_one_tier_and_every_word_has_both_languages(tiers):
    with pytest.raises(TierTaken):
        open_tier(by=OFFICE, on=DAY, code=Code("senior"), zh="资深", en="Senior", holder=Holder.PERSON, from_on=DAY)
    assert all(word.zh and word.en for word in catalogue().values())


def test_a_tier_changes_on_a_day(someone, admit, tiers):
    member = admit(someone())
    later = DAY + timedelta(days=365)
    members.grade_member(by=OFFICE, on=DAY, member=member, tier=tiers["senior"], from_on=later)
    assert [str(member.tiers.on(day).get().tier) for day in (DAY, later)] == ["普通会员", "资深会员"]
    with pytest.raises(members.NothingChanges):
        members.grade_member(by=HOUSE, on=later, member=member, tier=tiers["senior"], from_on=later)
