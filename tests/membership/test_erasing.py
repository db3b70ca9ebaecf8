"""What applicants wrote is deleted when they ask, when its time is over, and with a former member's request."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from xinglin.directory.security.actions.accounts import open_account
from xinglin.engines.membership.actions.applications import submit_application, withdraw_application
from xinglin.engines.membership.actions.approving import approve_applications
from xinglin.engines.membership.actions.charges import cancel_charge
from xinglin.engines.membership.actions.choices import make_choice
from xinglin.engines.membership.actions.erasing import StillNeeded, erase_application, erase_personal_words
from xinglin.engines.membership.actions.exits import leave
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.actions.reviewing import refuse_application
from xinglin.engines.membership.applicants import applications_of, applications_under, said_by
from xinglin.engines.membership.applications import Application
from xinglin.engines.membership.certificates import Choice
from xinglin.engines.membership.fees import Charge, Payment
from xinglin.engines.membership.forgetting import forget_applications
from xinglin.engines.membership.members import Coverage
from xinglin.engines.membership.stored import stored
from xinglin.kernel.actors import Actor
from xinglin.kernel.files import attachments, keep
from xinglin.kernel.ledger.models import Annex, SealedFact
from xinglin.kernel.ledger.verify import verify
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.refs import shown

from .applied import NEXT, VISITOR, apply, number, person, verified
from .conftest import DAY, HOUSE, OFFICE, actor
from .fees import bill, line_of, pay, standard

pytestmark = pytest.mark.django_db
LATE = DAY + timedelta(days=180)


@pytest.fixture
def members(someone, admit):
    made = [admit(someone(name)) for name in ("王小明", "李小红")]
    for one in made:
        waive_fee(by=HOUSE, on=DAY, member=one, from_on=DAY, reason="试用")
    return made


@pytest.fixture
def applied(cardiology, members):
    paper = keep(content=ContentFile(b"%PDF-1.4 x", name="证.pdf"))
    return lambda **given: apply(person(branch=cardiology, members=members, paper=paper, **given))


def refused(row, why="材料不实"):
    return refuse_application(by=OFFICE, on=DAY, application=row, reason=why)


def test_the_bearer_of_the_link_has_an_application_turned_down_deleted(applied, sealed, visit):
    row = refused(applied())
    sealed()
    assert Annex.objects.filter(text__contains="材料不实").exists() and attachments(to=row.ref)
    client, home = visit(VISITOR), f"/members/apply/{row.key}/"
    words = client.get(home).content.decode()
    assert "2026-08-29" in words and "M2.keep_days" in words
    assert client.post(home + "erase/").status_code == 302
    row.refresh_from_db()
    assert [row.state, row.name, row.answers, row.email, row.mobile, row.proof, row.proof_index, row.reason] == [
        "erased", "", "", "", "", "", None, ""]
    assert not attachments(to=row.ref) and not any(one.reason for one in row.steps.all())
    sealed()
    assert not Annex.objects.filter(text__contains="材料不实").exists()
    assert verify().broken_at is None
    words = client.get(home).content.decode()
    assert "林杏" not in words and "erase/" not in words
    assert client.post(home + "erase/").status_code == 409
    page = visit(OFFICE).get(row.get_absolute_url())
    assert page.status_code == 200 and "林杏" not in page.content.decode()
    assert visit(OFFICE).get("/members/applications/?list=over").status_code == 200
    key = row.recommendations.first().key
    assert "林杏" not in visit(VISITOR).get(f"/members/recommend/{key}/").content.decode()


def test_what_is_under_review_or_made_a_member_is_still_needed(applied):
    first, second = applied(), verified(applied(serial=2, name="赵二"))
    approve_applications(by=OFFICE, on=NEXT, applications=[second], decision="常〔2026〕5号", held_on=NEXT)
    for row in (first, second):
        with pytest.raises(StillNeeded) as told:
            erase_application(by=VISITOR, on=NEXT, key=row.key)
        assert told.value.regulation == "M2.keep_days"
    assert said_by(first)["name"] == "林杏"


def test_the_night_deletes_what_was_turned_down_long_enough_ago_and_nothing_else(applied, sealed):
    old, open_ = refused(applied()), applied(serial=2, name="赵二")
    withdrawn = withdraw_application(by=VISITOR, on=NEXT, key=applied(serial=3, name="孙三").key)
    assert forget_applications(on=LATE - timedelta(days=1)) == 0
    assert forget_applications(on=LATE) == 1
    assert forget_applications(on=LATE) == 0, "run twice it deletes once"
    states = {row.pk: (row.state, bool(row.name)) for row in Application.objects.all()}
    assert states == {old.pk: ("erased", False), open_.pk: ("submitted", True), withdrawn.pk: ("withdrawn", True)}
    assert forget_applications(on=LATE + timedelta(days=9)) == 1, "a night missed is made up"
    sealed()
    assert [fact.body["after"] for fact in SealedFact.objects.filter(type="membership.application.moved").order_by(
        "position")][-2:] == ["erased", "erased"]


def test_a_former_members_request_reaches_the_applications_turned_down_before(applied):
    turned_down = refused(applied())
    approved = verified(applied())
    approve_applications(by=OFFICE, on=NEXT, applications=[approved], decision="常〔2026〕5号", held_on=NEXT)
    approved.refresh_from_db()
    member = approved.member
    own = actor(person=member.person)
    assert ([one.pk for one in applications_of(member)], [one.pk for one in applications_under(member)]) == (
        [approved.pk], [turned_down.pk])
    make_choice(by=own, on=NEXT, member=member, what=Choice.What.ERASURE, allowed=True)
    leave(by=own, on=NEXT, member=member)
    erase_personal_words(by=OFFICE, on=NEXT, member=member)
    assert set(Application.objects.values_list("name", "state")) == {("", "erased"), ("", "approved")}
    assert not Application.objects.filter(proof_index__matches=number()).exists()


def test_all_that_was_said_in_applications_and_all_recommendations_are_shown(applied, members):
    row = verified(applied(licence="老证12345678号"))
    approve_applications(by=OFFICE, on=NEXT, applications=[row], decision="常〔2026〕5号", held_on=NEXT)
    row.refresh_from_db()
    values = [one.value for one in stored(row.member)]
    assert any("江海省第一医院" in one for one in values) and "证.pdf" in values
    assert not any(number() in one for one in values), "numbers have their middle covered"
    assert len([one for one in values if "老证" in one]) >= 2, "in the application and in the directory"
    assert any("林杏" in one for one in (item.value for item in stored(members[0])))


def test_of_who_applied_signed_in_nothing_stays_neither_name_nor_papers_nor_notices(
    cardiology, members, someone, sealed, visit
):
    me = someone("东方白")
    account = open_account(by=HOUSE, on=DAY, username="east", person=me, active=True)
    own = Actor(ref=account.ref, person=me.ref, roles=frozenset({"member"}))
    paper = keep(content=ContentFile(b"%PDF-1.4 y", name="东方白-执业证.pdf"))
    row = submit_application(by=own, on=DAY, holder="person", answers=person(
        branch=cardiology, members=members, paper=paper, name="东方白"))
    asked = [one.ref for one in row.recommendations.all()]
    withdraw_application(by=own, on=DAY, key=row.key)
    sealed()
    assert Annex.objects.filter(text__contains="执业证").exists() and Notice.objects.filter(about__in=asked).exists()
    assert "东方白" in visit(OFFICE).get(row.get_absolute_url()).content.decode()
    erase_application(by=own, on=DAY, key=row.key)
    sealed()
    assert not Annex.objects.filter(text__contains="执业证").exists()
    assert not Notice.objects.filter(about__in=asked).exists()
    assert {one.by for one in row.steps.all()} == {VISITOR.ref}
    page = visit(OFFICE).get(row.get_absolute_url()).content.decode()
    assert "东方白" not in page and "已删除" in page
    assert shown([asked[0]])[asked[0]].label, "a recommendation keeps a name that can be read"
    assert verify().broken_at is None


def test_what_was_written_of_a_waiver_goes_and_what_stands_on_vouchers_stays(someone, admit, tiers, sealed):
    member = admit(someone())
    schedule = standard(tiers)
    cancelled = bill(member, line_of(schedule, "ordinary"))
    cancel_charge(by=OFFICE, on=DAY, charge=cancelled, reason="家庭困难")
    pay(bill(member, line_of(schedule, "ordinary")), amount="200.00", remark="代缴人赵敏")
    waive_fee(by=OFFICE, on=DAY, member=member, from_on=DAY + timedelta(days=500), reason="家庭困难")
    own = actor(person=member.person)
    make_choice(by=own, on=DAY, member=member, what=Choice.What.ERASURE, allowed=True)
    leave(by=own, on=DAY, member=member)
    sealed()
    assert Annex.objects.filter(text__contains="家庭困难").count() == 2
    erase_personal_words(by=OFFICE, on=DAY, member=member)
    assert not Annex.objects.filter(text__contains="家庭困难").exists()
    assert not Coverage.objects.exclude(reason="").exists() and not Charge.objects.exclude(cancelled_for="").exists()
    assert Annex.objects.filter(text__contains="赵敏").exists() and Payment.objects.get().remark == "代缴人赵敏"
