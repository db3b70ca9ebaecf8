"""What members allow, ask of a branch, and ask to have deleted."""

from datetime import timedelta

import pytest

from xinglin.directory.actions.terms import begin_term
from xinglin.engines.membership.actions.affiliations import BelongsAlready
from xinglin.engines.membership.actions.appeals import lodge_appeal
from xinglin.engines.membership.actions.choices import ChosenAlready, make_choice
from xinglin.engines.membership.actions.erasing import NotAsked, StillMember, erase_personal_words
from xinglin.engines.membership.actions.exits import end_membership, leave
from xinglin.engines.membership.actions.joining import (
    AnsweredAlready,
    AskedAlready,
    NotJoinable,
    ReasonMissing,
    answer_join,
    ask_to_join,
)
from xinglin.engines.membership.actions.members import NotMember, waive_fee
from xinglin.engines.membership.applications import Application
from xinglin.engines.membership.certificates import Appeal, Choice, JoinRequest
from xinglin.engines.membership.facts import ChoiceMade
from xinglin.engines.membership.members import Affiliation, Spell
from xinglin.kernel.acts import act, state
from xinglin.kernel.ledger.models import Annex
from xinglin.kernel.ledger.verify import verify
from xinglin.kernel.notices import inbox
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Code

from .conftest import DAY, OFFICE, actor

pytestmark = pytest.mark.django_db
What = Choice.What


@pytest.fixture
def member(someone, admit):
    return admit(someone())


@pytest.fixture
def own(member):
    return actor(person=member.person)


def test_a_choice_is_the_members_own_and_can_be_taken_back(member, own, someone, said):
    said()
    make_choice(by=own, on=DAY, member=member, what=What.NAME_SHOWN, allowed=True)
    make_choice(by=own, on=DAY, member=member, what=What.NAME_SHOWN, allowed=False)
    assert [(body["what"], body["allowed"]) for _type, body in said()] == [("name_shown", True), ("name_shown", False)]
    with pytest.raises(ChosenAlready):
        make_choice(by=own, on=DAY, member=member, what=What.NAME_SHOWN, allowed=False)
    for other in (actor(person=someone("他人")), OFFICE):
        with pytest.raises(NotAllowed):
            make_choice(by=other, on=DAY, member=member, what=What.NAME_SHOWN, allowed=True)
    assert list(Choice.objects.values_list("what", "allowed")) == [("name_shown", False)]


def test_a_member_asks_to_join_and_the_branch_takes_in(member, own, someone, cardiology, surgery, said):
    chair = someone("主委一")
    begin_term(by=OFFICE, on=DAY, person=chair.ref, organisation=cardiology.ref, title="chair", from_on=DAY,
               until_on=DAY + timedelta(days=1000))
    said()
    asked = ask_to_join(by=own, on=DAY, member=member, organisation=cardiology)
    [letter] = inbox(person=chair.ref, language="zh-hans")
    assert letter.subject == "王小明申请加入心血管内科专业委员会"
    with pytest.raises(AskedAlready):
        ask_to_join(by=own, on=DAY, member=member, organisation=cardiology)
    elsewhere, here = (actor("branch_secretary", where=one) for one in (surgery, cardiology))
    with pytest.raises(NotAllowed):
        answer_join(by=elsewhere, on=DAY, asked=asked, taken_in=True)
    answer_join(by=here, on=DAY + timedelta(days=1), asked=asked, taken_in=True)
    with pytest.raises(AnsweredAlready):
        answer_join(by=here, on=DAY, asked=asked, taken_in=False, reason="迟")
    assert [(type_, body.get("what")) for type_, body in said()] == [
        ("choice.made", "join_asked"), ("affiliation.begun", None)]
    assert list(Affiliation.objects.values_list("organisation", "how", "main")) == [(cardiology.pk, "asked", True)]
    with pytest.raises(BelongsAlready):
        ask_to_join(by=own, on=DAY + timedelta(days=2), member=member, organisation=cardiology)


def test_a_branch_declines_with_a_reason_the_member_reads(member, own, cardiology, said):
    asked = ask_to_join(by=own, on=DAY, member=member, organisation=cardiology)
    with pytest.raises(ReasonMissing):
        answer_join(by=OFFICE, on=DAY, asked=asked, taken_in=False, reason=" ")
    said()
    answer_join(by=OFFICE, on=DAY, asked=asked, taken_in=False, reason="请先参加一次活动")
    assert [(body["what"], body["about"]) for _type, body in said()] == [("join_declined", str(cardiology.ref))]
    [letter] = inbox(person=member.person.ref, language="zh-hans")
    assert "请先参加一次活动" in letter.body
    ask_to_join(by=own, on=DAY, member=member, organisation=cardiology)  # declined is not for ever


def test_only_members_ask_for_themselves_and_only_branches_take_in(member, own, someone, found, cardiology):
    with pytest.raises(NotAllowed):
        ask_to_join(by=actor(person=someone("他人")), on=DAY, member=member, organisation=cardiology)
    with pytest.raises(NotJoinable):
        ask_to_join(by=own, on=DAY, member=member, organisation=found("江海省第一医院"))
    leave(by=own, on=DAY, member=member)
    with pytest.raises(NotMember):
        ask_to_join(by=own, on=DAY + timedelta(days=1), member=member, organisation=cardiology)
    assert not JoinRequest.objects.exists()


def test_erasure_waits_for_the_exit_then_deletes_words_and_keeps_the_chain(member, own, sealed, said):
    with pytest.raises(NotAsked):
        erase_personal_words(by=OFFICE, on=DAY, member=member)
    make_choice(by=own, on=DAY, member=member, what=What.ERASURE, allowed=True)
    with pytest.raises(StillMember):
        erase_personal_words(by=OFFICE, on=DAY, member=member)
    end_membership(by=OFFICE, on=DAY, member=member, how=Spell.Ended.EXPELLED, ended_on=DAY, decision="决议")
    lodge_appeal(by=own, on=DAY, member=member, words="家中私事")
    sealed()
    with pytest.raises(NotAllowed):
        erase_personal_words(by=own, on=DAY, member=member)
    said()
    erase_personal_words(by=OFFICE, on=DAY, member=member)
    assert [body["what"] for type_, body in said() if type_ == "choice.made"] == ["erased"]
    assert Appeal.objects.get().words == ""
    assert not Choice.objects.filter(allowed=True).exists()
    assert verify().broken_at is None
    with pytest.raises(NotAsked):
        erase_personal_words(by=OFFICE, on=DAY, member=member)


@act
def applied(*, by, on, member, tier):
    """Write an application of old as it stands after approval."""
    row = Application.objects.create(
        key="k" * 43, holder="person", name=member.name, answers='{"why": "专业"}', form="x", email="w@example.test",
        mobile="13900000000", proof="11010519491231002X", tier=tier, state="approved", submitted_on=on, moved_on=on,
        member=member)
    row.steps.create(to_state="refused", by="x", on=on, reason="材料不齐")
    state(ChoiceMade(member=member.ref, what=Code("name_shown"), allowed=False))
    return row


def test_erasure_empties_what_was_handed_in_with_an_application(member, own, tiers):
    row = applied(by=OFFICE, on=DAY, member=member, tier=tiers["ordinary"])
    make_choice(by=own, on=DAY, member=member, what=What.ERASURE, allowed=True)
    leave(by=own, on=DAY, member=member)
    erase_personal_words(by=OFFICE, on=DAY, member=member)
    row.refresh_from_db()
    assert [row.name, row.answers, row.email, row.mobile, row.proof, row.proof_index] == ["", "", "", "", "", None]
    assert row.steps.get().reason == ""


def test_erasure_forgets_the_words_beside_the_facts(member, own, sealed):
    waive_fee(by=OFFICE, on=DAY, member=member, from_on=DAY, reason="家庭困难")
    make_choice(by=own, on=DAY, member=member, what=What.ERASURE, allowed=True)
    leave(by=own, on=DAY, member=member)
    sealed()
    assert Annex.objects.filter(text__contains="家庭困难").count() == 1
    erase_personal_words(by=OFFICE, on=DAY + timedelta(days=1), member=member)
    assert not Annex.objects.filter(text__contains="家庭困难").exists()
    sealed()
    assert verify().broken_at is None
