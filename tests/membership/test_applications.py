"""Applications: handed in, recommended, reviewed, approved in one batch; what is refused and with which words."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from xinglin.directory.actions.people import record_document
from xinglin.directory.checks import Proof
from xinglin.directory.models import Organisation, Person
from xinglin.engines.membership.actions import applications, approving, recommending, reviewing
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.actions.tiers import grant
from xinglin.engines.membership.answers import status_of
from xinglin.engines.membership.applicants import due_on, said_by, twins, vouching, waiting_for
from xinglin.engines.membership.applications import Application, Batch, Draft, State
from xinglin.engines.membership.applying import questionnaire, tiers_open
from xinglin.engines.membership.drafts import begin_draft, kept_of, save_draft, tend_drafts
from xinglin.engines.membership.members import Affiliation, Member, Spell
from xinglin.engines.membership.statuses import reason
from xinglin.kernel import clock
from xinglin.kernel.jobs import Job
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.kernel.sealed_fields import unseal

from .applied import NEXT, VISITOR, apply, credit_code, number, person, unit, verified, vouch
from .conftest import DAY, HOUSE, OFFICE, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def vouching_members(someone, admit):
    """Two members in good standing."""
    made = []
    for name in ("王小明", "李小红"):
        member = admit(someone(name, email=f"{len(made)}@example.org"), on=date(2025, 3, 2))
        waive_fee(by=HOUSE, on=DAY, member=member, from_on=DAY, reason="试用")
        made.append(member)
    return made


@pytest.fixture
def applied(cardiology, vouching_members):
    """Hand in an application of a person for the branch of cardiology."""
    return lambda **given: apply(person(branch=cardiology, members=vouching_members, **given))


def test_an_application_is_with_the_branch_says_so_and_asks_the_recommenders(applied, said, vouching_members):
    said()
    application = applied()
    assert (application.state, application.person, application.submitted_on) == ("submitted", None, DAY)
    [(type_, body)] = said()
    assert type_ == "application.submitted" and body["again"] is False and body["holder"] == "person"
    assert [one.to for one in Notice.objects.order_by("to")] == sorted(one.person.ref for one in vouching_members)
    assert vouching(application, on=DAY).waiting == 2
    assert Job.objects.filter(kind="directory.telling").count() == 1
    assert due_on(application) == date(2026, 3, 16)


def test_nothing_personal_enters_the_chain(applied, sealed):
    from xinglin.kernel.ledger.models import SealedFact

    applied()
    sealed()
    text = "".join(one.content for one in SealedFact.objects.all())
    assert "林杏" not in text and number() not in text and "13800001234" not in text


def test_without_a_branch_it_goes_straight_to_the_office(association, tiers):
    application = apply(unit(), holder="unit")
    assert (application.state, waiting_for(OFFICE).count()) == (State.PASSED, 1)


def letters():
    """Return the words of the letters that wait to be sent, and to whom."""
    column = "kernel_job.payload"
    rows = [row.payload for row in Job.objects.filter(kind="directory.telling").order_by("pk")]
    return [(unseal(one["email"] or one["mobile"], column=column), unseal(one["words"], column=column)) for one in rows]


def test_a_visitor_is_told_nothing_of_a_number_and_its_bearer_gets_a_letter(applied, someone, admit):
    member = admit(someone("林杏", proof=Proof(number=number()), email="own@example.org"))
    known, unknown = applied(email="visitor@example.org"), applied(serial=2, email="visitor@example.org")
    assert known.state == unknown.state == "submitted"
    [mine] = [words for to, words in letters() if to == "own@example.org"]
    assert member.number in mine
    told = [words.partition("http")[0] for to, words in letters() if to == "visitor@example.org"]
    assert len(told) == 2 and told[0] == told[1]


def test_the_office_sees_that_the_applicant_is_a_member_and_goes_no_further(applied, someone, admit):
    member = admit(someone("林杏", proof=Proof(number=number())))
    application = reviewing.pass_application(by=OFFICE, on=DAY, application=applied())
    [twin] = twins(application, on=DAY)
    assert twin.member.member == member
    vouch(application)
    with pytest.raises(applications.MemberAlready, match=member.number):
        reviewing.verify_application(by=OFFICE, on=DAY, application=application)


def test_a_member_signed_in_is_told_of_their_own_membership(cardiology, someone, admit, vouching_members):
    me = someone("林杏", proof=Proof(number=number()))
    admit(me)
    with pytest.raises(applications.MemberAlready) as refused:
        applications.submit_application(by=actor(person=me), on=DAY, holder="person",
                                        answers=person(branch=cardiology, members=vouching_members))
    assert refused.value.field == "number" and str(refused.value.instead) and not Application.objects.exists()


def test_the_same_number_twice_is_two_rows_told_to_whom_the_office_knows_and_seen_by_the_office(applied, tiers):
    first = applied(email="first@example.org")
    verified(first)
    second = applied(name="林小杏", email="second@example.org")
    again = [words for to, words in letters() if to == "first@example.org"][-1]
    assert first.key in again and second.key not in again and "再次提交" in again
    [twin] = twins(second, on=DAY)
    assert twin.who == first and "相同" in twin.reasons[0]
    for holder, answers in (("unit", unit()), ("unit", unit(name="另一医院"))):
        apply(answers, holder=holder)
    assert Application.objects.open().count() == 4


def test_who_is_signed_in_hands_one_number_in_once(cardiology, vouching_members):
    def send():
        return applications.submit_application(by=actor(), on=DAY, holder="person",
                                               answers=person(branch=cardiology, members=vouching_members))

    send()
    with pytest.raises(applications.AppliedAlready) as refused:
        send()
    assert (refused.value.field, refused.value.regulation) == ("number", "M6.identity_number")
    assert str(refused.value.instead)


def test_a_recommender_is_named_rightly_and_is_not_the_applicant(cardiology, vouching_members):
    first, second = vouching_members
    for pairs, words in (
        ((("2026-999999", "王小明"),), "2026-999999"),
        (((first.number, "别人"),), "别人"),
        (((first.number, "林杏"),), "林杏"),
        (((first.number, first.name),), "2"),
        (((first.number, first.name), (first.number, first.name)), "2"),
    ):
        with pytest.raises(applications.RecommenderRefused, match=words) as refused:
            apply({**person(branch=cardiology), "recommenders": pairs})
        assert (refused.value.field, refused.value.regulation) == ("recommenders", "M1.recommenders")
    assert Application.objects.count() == 0
    assert second.number


def test_a_visitor_does_not_learn_who_stands_well_but_the_one_asked_and_the_office_do(
    cardiology, someone, admit, vouching_members, visit
):
    unpaid = admit(someone("赵一"), on=date(2025, 1, 1))
    application = apply(person(branch=cardiology, members=[vouching_members[0], unpaid]))
    asked = application.recommendations.get(member=unpaid)
    with pytest.raises(recommending.MayNotRecommend):
        recommending.answer_recommendation(by=VISITOR, on=DAY, key=asked.key, vouched=True)
    why = str(reason(status_of(unpaid, on=DAY)))
    assert why not in visit(VISITOR).get(f"/members/apply/{application.key}/").content.decode()
    assert why in visit(OFFICE).get(application.get_absolute_url()).content.decode()
    words = visit(actor("branch_chair", where=cardiology)).get(application.get_absolute_url()).content.decode()
    assert "赵一" in words and why not in words


def test_nobody_recommends_themselves_under_another_name(cardiology, someone, admit, vouching_members):
    himself = admit(someone("赵一", proof=Proof(number=number())), on=date(2025, 1, 1))
    waive_fee(by=HOUSE, on=DAY, member=himself, from_on=DAY, reason="试用")
    application = apply(person(branch=cardiology, members=[vouching_members[0], himself]))
    asked = application.recommendations.get(member=himself)
    with pytest.raises(recommending.OwnApplication) as refused:
        recommending.answer_recommendation(by=VISITOR, on=DAY, key=asked.key, vouched=True)
    assert refused.value.regulation == "M1.recommenders"
    recommending.answer_recommendation(by=VISITOR, on=DAY, key=asked.key, vouched=False)


def test_a_tier_with_conditions_says_itself_how_many_recommend(cardiology, tiers, vouching_members):
    grant(by=OFFICE, on=DAY, tier=tiers["ordinary"], code="recommenders", from_on=DAY, amount=1)
    assert apply(person(branch=cardiology, members=vouching_members[:1])).recommendations.count() == 1
    grant(by=OFFICE, on=DAY, tier=tiers["senior"], code="senior_title", from_on=DAY)
    assert apply(person(branch=cardiology, tier="senior", serial=2)).recommendations.count() == 0


def test_a_tier_by_invitation_is_not_offered(tiers):
    grant(by=OFFICE, on=DAY, tier=tiers["senior"], code="invited", from_on=DAY)
    assert [one.code for one in tiers_open(holder="person", on=DAY)] == ["ordinary"]


def test_a_recommender_answers_once_and_the_applicant_hears_of_a_no(applied, said):
    application = applied()
    said()
    first, second = application.recommendations.all()
    recommending.answer_recommendation(by=VISITOR, on=DAY, key=first.key, vouched=True)
    recommending.answer_recommendation(by=VISITOR, on=DAY, key=second.key, vouched=False)
    assert [(type_, body["vouched"]) for type_, body in said()] == [
        ("recommendation.answered", True), ("recommendation.answered", False)]
    assert Job.objects.filter(kind="directory.telling").count() == 2
    with pytest.raises(recommending.AnsweredAlready):
        recommending.answer_recommendation(by=VISITOR, on=DAY, key=first.key, vouched=False)
    third = applied(serial=3, name="赵三").recommendations.first()
    with pytest.raises(recommending.MayNotRecommend):  # the waiver began only then
        recommending.answer_recommendation(by=VISITOR, on=date(2026, 1, 1), key=third.key, vouched=True)
    applications.withdraw_application(by=VISITOR, on=DAY, key=third.application.key)
    with pytest.raises(recommending.NoLongerAsked):
        recommending.answer_recommendation(by=VISITOR, on=DAY, key=third.key, vouched=True)


def test_the_branch_passes_the_office_verifies_and_nobody_skips(applied, cardiology, surgery, said):
    application = applied()
    said()
    branch, other = (actor("branch_secretary", where=where) for where in (cardiology, surgery))
    for who in (other, actor(), actor("department"), actor("supervisor")):
        with pytest.raises(NotAllowed):
            reviewing.pass_application(by=who, on=DAY, application=application)
    assert [waiting_for(who).count() for who in (branch, other, OFFICE)] == [1, 0, 0]
    application = reviewing.pass_application(by=branch, on=DAY, application=application, reason="材料齐全")
    with pytest.raises(NotAllowed):
        reviewing.verify_application(by=branch, on=DAY, application=application)
    with pytest.raises(reviewing.NotVouched) as refused:
        reviewing.verify_application(by=OFFICE, on=DAY, application=application)
    assert refused.value.regulation == "M1.recommenders"
    vouch(application)
    application = reviewing.verify_application(by=OFFICE, on=DAY, application=application)
    moved = [(body["before"], body["after"]) for type_, body in said() if type_ == "application.moved"]
    assert moved == [("submitted", "passed"), ("passed", "verified")]
    assert [one.to_state for one in application.steps.all()] == ["submitted", "passed", "verified"]


def test_nobody_reviews_their_own_application(applied, someone, cardiology):
    me = someone("林杏", proof=Proof(number=number()))
    application = applied()
    assert application.person == me
    with pytest.raises(NotAllowed):
        reviewing.pass_application(by=actor("branch_chair", where=cardiology, person=me), on=DAY,
                                   application=application)


def test_the_second_clerk_reads_who_was_faster(applied, cardiology):
    application = applied()
    seen = Application.objects.get(pk=application.pk)
    reviewing.pass_application(by=OFFICE, on=DAY, application=application)
    with pytest.raises(reviewing.MovedMeanwhile, match="2026-03-02"):
        reviewing.return_application(by=actor("branch_chair", where=cardiology), on=DAY, application=seen,
                                     reason="缺证")


def test_what_is_returned_is_corrected_and_handed_in_again(applied, cardiology, vouching_members, said):
    application = applied()
    with pytest.raises(applications.NotOpen):
        again(reviewing.pass_application(by=OFFICE, on=DAY, application=application), cardiology, vouching_members)
    application.refresh_from_db()
    with pytest.raises(reviewing.ReasonMissing):
        reviewing.return_application(by=OFFICE, on=DAY, application=application, reason=" ")
    application = reviewing.return_application(by=OFFICE, on=DAY, application=application, reason="单位名称不全")
    vouch(application)
    said()
    application = again(application, cardiology, vouching_members, employer="江海省第一人民医院")
    [(type_, body)] = said()
    assert (type_, body["again"], application.state, application.reason) == (
        "application.submitted", True, "submitted", "")
    assert vouching(application, on=NEXT).vouched == 2, "who vouched is not asked again"
    assert application.submitted_on == NEXT


def test_whoever_becomes_another_is_vouched_for_anew(applied, cardiology, vouching_members, said):
    application = applied()
    vouch(application)
    keys = {one.key for one in application.recommendations.all()}
    said()
    application = again(application, cardiology, vouching_members, serial=7, name="赵小虎")
    assert [body["renamed"] for type_, body in said() if type_ == "application.submitted"] == [True]
    asked = application.recommendations.all()
    assert (vouching(application, on=NEXT).waiting, vouching(application, on=NEXT).vouched) == (2, 0)
    assert not keys & {one.key for one in asked}, "old links answer for nobody"
    assert {one.about for one in Notice.objects.all()} == {one.ref for one in asked}, "old notices are taken back"
    assert application.steps.last().reason, "reviewers read that it is somebody else"


def test_a_correction_in_between_is_not_passed_on_unread(applied, cardiology, vouching_members):
    application = applied()
    seen = application.steps.last().pk
    changed = again(application, cardiology, vouching_members, employer="江海省第一人民医院")
    with pytest.raises(reviewing.MovedMeanwhile):
        reviewing.pass_application(by=OFFICE, on=NEXT, application=application, seen=seen)
    assert reviewing.pass_application(by=OFFICE, on=NEXT, application=application,
                                      seen=changed.steps.last().pk).state == "passed"


def again(application, branch, members, **given):
    return applications.hand_in_again(by=VISITOR, on=NEXT, key=application.key,
                                      answers=person(branch=branch, members=members, **given))


def test_an_applicant_withdraws_until_it_is_decided(applied):
    application = verified(applied())
    applications.withdraw_application(by=VISITOR, on=DAY, key=application.key)
    with pytest.raises(applications.NotOpen):
        applications.withdraw_application(by=VISITOR, on=DAY, key=application.key)
    assert applied().state == "submitted", "whoever withdrew may apply again"


def test_a_refusal_needs_its_reason_and_ends_it(applied):
    application = applied()
    why = "不符合入会条件"
    refused = reviewing.refuse_application(by=OFFICE, on=DAY, application=application, reason=why)
    assert (refused.state, refused.reason, refused.steps.last().reason) == ("refused", why, why)
    with pytest.raises(reviewing.MovedMeanwhile):
        reviewing.pass_application(by=OFFICE, on=DAY, application=refused)


# The batch ------------------------------------------------------------------------------------------------


def approve(*rows, by=OFFICE, decision="常〔2026〕5号", held_on=NEXT, on=NEXT):
    return approving.approve_applications(by=by, on=on, applications=rows, decision=decision, held_on=held_on)


def test_one_batch_admits_all_and_credits_the_branch(applied, cardiology, said, association, found):
    found("江海省第一医院")
    first = verified(applied(title="attending_physician", licence="老证1号", specialty=""))
    second = verified(apply(unit(), holder="unit"))
    said()
    batch = approve(first, second)
    facts = said()
    admitted = [body for type_, body in facts if type_ == "member.admitted"]
    assert [body["holder"] for body in admitted] == ["person", "unit"]
    assert {body["batch"] for body in admitted} == {str(batch.ref)}
    assert admitted[0]["branch"] == str(cardiology.ref) and admitted[0]["application"] == str(first.ref)
    member = Application.objects.get(pk=first.pk).member
    new = member.person
    assert (new.name, new.born_on, new.mobile, new.workplace) == (
        "林杏", date(1990, 3, 7), "13800001234", "江海省第一医院")
    assert new.documents.get().number == number() and new.licences.get().number == "老证1号"
    assert Spell.objects.get(member=member).brought_by == cardiology
    assert Spell.objects.get(member=member).joined_on == NEXT
    assert Affiliation.objects.get(member=member).main
    hospital = Application.objects.get(pk=second.pk).member.unit
    assert (hospital.name, hospital.credit_code) == ("江海省第二医院", credit_code())
    assert set(Application.objects.values_list("state", flat=True)) == {"approved"}


def test_only_the_office_enters_the_decision_and_all_or_none_are_admitted(applied, cardiology):
    first, second = verified(applied()), applied(serial=2, name="赵二")
    for who in (actor("branch_chair", where=cardiology), actor("department_head"), actor("supervisor"), actor()):
        with pytest.raises(NotAllowed):
            approve(first, by=who)
    with pytest.raises(approving.NothingChosen):
        approve()
    with pytest.raises(approving.DecisionMissing):
        approve(first, decision=" ")
    with pytest.raises(approving.HeldLater):
        approve(first, on=DAY)
    with pytest.raises(Refusals, match="赵二"):
        approve(first, second)
    with pytest.raises(Refusals, match="林杏"):
        approve(first, held_on=DAY - timedelta(days=1))
    assert not Batch.objects.exists() and Member.objects.count() == 2
    approve(first)
    with pytest.raises(Refusals, match="林杏"):
        approve(first)
    assert Batch.objects.count() == 1 and Member.objects.count() == 3


def test_whom_the_directory_knows_is_linked_and_completed(applied, someone):
    known = someone("林杏", mobile="13900000000")
    record_document(by=HOUSE, on=DAY, person=known.ref, proof=Proof(number=number()))
    application = applied(certificate="2001" + "3" * 23)
    assert application.person == known
    approve(verified(application))
    assert Person.objects.filter(name="林杏").count() == 1
    known.refresh_from_db()
    assert known.mobile == "13900000000", "what the directory says stays"
    assert known.licences.get().kind == "qualification"


def test_one_person_under_two_documents_is_flagged_with_the_reason_and_linked_by_the_office(applied, someone):
    known = someone("林杏", born_on=date(1990, 3, 7), proof=Proof(number="E12345678", kind="chinese_passport"))
    application = applied()
    [twin] = twins(application, on=DAY)
    assert twin.who == known and len(twin.reasons) == 3
    assert any("两" in one or "two documents" in one for one in twin.reasons)
    vouch(application)
    application = reviewing.pass_application(by=OFFICE, on=DAY, application=application)
    application = reviewing.verify_application(by=OFFICE, on=DAY, application=application, person=known.ref)
    approve(application)
    assert set(known.documents.values_list("kind", flat=True)) == {"chinese_passport", "resident_id"}
    assert Member.objects.get(person=known)


def test_a_flagged_person_who_is_a_member_is_not_admitted_twice(applied, someone, admit):
    known = someone("林杏", born_on=date(1990, 3, 7))
    member = admit(known)
    application = reviewing.pass_application(by=OFFICE, on=DAY, application=applied())
    [twin] = twins(application, on=DAY)
    assert twin.member.member == member
    vouch(application)
    with pytest.raises(applications.MemberAlready, match=member.number):
        reviewing.verify_application(by=OFFICE, on=DAY, application=application, person=known.ref)


def test_two_open_applications_of_one_person_are_flagged(applied):
    first = applied()
    second = applied(document="chinese_passport", number="E12345678", born_on=date(1990, 3, 7))
    [twin] = twins(second, on=DAY)
    assert twin.who == first and len(twin.reasons) == 4


def test_one_person_behind_two_applications_of_a_batch_is_named_and_nobody_admitted(applied, someone):
    known = someone("林杏", born_on=date(1990, 3, 7))
    rows = [applied(), applied(document="chinese_passport", number="E12345678", born_on=date(1990, 3, 7))]
    for place, row in enumerate(rows):
        vouch(row)
        row = reviewing.pass_application(by=OFFICE, on=DAY, application=row)
        rows[place] = reviewing.verify_application(by=OFFICE, on=DAY, application=row, person=known.ref)
    before = Spell.objects.count()
    with pytest.raises(Refusals, match="林杏、林杏"):
        approve(*rows)
    assert Spell.objects.count() == before and not Batch.objects.exists()
    approve(rows[0])


def test_passports_of_two_countries_are_two_people(applied, someone):
    other = someone("安娜", proof=Proof(number="X12345678", kind="foreign_passport", country="DE"))
    given = {"document": "foreign_passport", "number": "X12345678", "born_on": date(1990, 3, 7)}
    assert applied(country="fr", **given).person is None
    assert applied(country="de", name="李四", **given).person == other


def test_an_application_that_was_erased_still_opens(applied):
    row = applied()
    row.answers = ""
    assert said_by(row) is not None


def test_a_unit_of_the_same_name_without_code_gets_it(found, association, tiers):
    known = found("江海省第二医院")
    application = apply(unit(), holder="unit")
    assert application.unit is None and twins(application, on=DAY)[0].who == known
    approve(verified(application))
    known.refresh_from_db()
    assert known.credit_code == credit_code() and Organisation.objects.filter(kind="hospital").count() == 1


def test_what_the_directory_refuses_is_told_with_the_name_and_admits_nobody(applied, someone):
    known = someone("林杏", born_on=date(1991, 1, 1))
    vouch(application := applied())
    application = reviewing.pass_application(by=OFFICE, on=DAY, application=application)
    application = reviewing.verify_application(by=OFFICE, on=DAY, application=application, person=known.ref)
    with pytest.raises(Refusals, match=r"林杏.*1991-01-01"):
        approve(application, verified(apply(unit(), holder="unit")))
    assert Member.objects.count() == 2 and not Organisation.objects.filter(name="江海省第二医院").exists()


# Drafts ---------------------------------------------------------------------------------------------------


def test_drafts_that_nobody_touched_are_forgotten_and_files_of_the_others_held(tiers):
    from django.core.files.base import ContentFile

    from xinglin.kernel.files import StoredFile, keep

    old, fresh = begin_draft(holder="person"), begin_draft(holder="unit")
    file = keep(content=ContentFile(b"%PDF-1.4 x", name="证.pdf"))
    save_draft(draft=fresh, typed={"name": "甲"}, kept={"paper": file})
    Draft.objects.filter(pk=old.pk).update(changed_at=clock.now() - timedelta(days=61))
    StoredFile.objects.update(seen_at=clock.now() - timedelta(hours=23))
    assert tend_drafts(on=clock.today()) == 1
    assert list(Draft.objects.all()) == [fresh] and kept_of(fresh)["paper"] == file
    assert StoredFile.objects.get().seen_at > clock.now() - timedelta(minutes=1)


def test_both_questionnaires_stand_and_name_what_is_registered(db):
    assert {questionnaire(one).code for one in ("person", "unit")} == {"membership-person", "membership-unit"}
    assert len({questionnaire(one).digest for one in ("person", "unit")}) == 2
    assert Path(settings.REGULATIONS, "applications.yaml").exists()
