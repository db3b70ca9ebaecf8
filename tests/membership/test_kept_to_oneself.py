"""What refusals, bills, records and one's own data do not tell of somebody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from xinglin.directory.actions.people import record_document
from xinglin.directory.checks import Proof
from xinglin.directory.security.actions.accounts import open_account
from xinglin.engines.membership.actions.applications import submit_application
from xinglin.engines.membership.actions.approving import approve_applications
from xinglin.engines.membership.actions.choices import make_choice
from xinglin.engines.membership.actions.erasing import erase_personal_words
from xinglin.engines.membership.actions.exits import leave
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.actions.reviewing import refuse_application
from xinglin.engines.membership.applications import Application, State
from xinglin.engines.membership.certificates import Choice
from xinglin.engines.membership.fees import Charge
from xinglin.engines.membership.stored import stored
from xinglin.kernel.actors import Actor

from .applied import NEXT, apply, credit_code, number, person, unit, verified
from .conftest import DAY, HOUSE, OFFICE, actor
from .fees import bill, line_of, standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def vouching(someone, admit):
    made = [admit(someone(name)) for name in ("李小红", "赵一")]
    for one in made:
        waive_fee(by=HOUSE, on=DAY, member=one, from_on=DAY, reason="试用")
    return made


def test_who_is_refused_a_page_does_not_read_whose_it_is(visit, someone, admit, found, cardiology, surgery):
    other, place = admit(someone("欧阳锋"), branch=surgery), admit(found("江海省第九医院"), tier="unit")
    pages = [reverse(f"membership:{name}", args=[other.pk]) for name in (
        "member", "grade", "waive", "branch", "exit", "certificates")]
    pages += [reverse(f"membership:unit_{name}", args=[place.pk]) for name in ("mine", "my_dues", "leave", "my_record")]
    for who in (actor(person=someone()), actor("branch_secretary", where=cardiology)):
        for page in pages:
            answer = visit(who).get(page)
            words = answer.content.decode()
            assert answer.status_code == 403, page
            assert "欧阳锋" not in words and "第九医院" not in words, page


def test_a_bill_does_not_say_why_the_fee_is_waived(visit, someone, admit, tiers):
    member = admit(someone())
    charge = bill(member, line_of(standard(tiers), "ordinary"))
    waive_fee(by=OFFICE, on=DAY, member=member, from_on=DAY, reason="家庭困难")
    assert Charge.objects.get().cancelled_on == DAY
    for who in (actor("department"), actor("leader")):
        assert "家庭困难" not in visit(who).get(charge.get_absolute_url()).content.decode()
    assert "家庭困难" not in Charge.objects.get().cancelled_for


def test_who_typed_a_members_number_stays_a_stranger_to_the_member(someone, admit, vouching, cardiology):
    own = admit(someone("林杏", proof=Proof(number=number())))
    typed = apply(person(branch=cardiology, members=vouching, name="段延庆", email="duan@example.org"))
    refused = refuse_application(by=OFFICE, on=DAY, application=typed, reason="冒用他人证件")
    values = [one.value for one in stored(own)]
    assert refused.get_state_display() in values
    assert not any(word in one for one in values for word in ("段延庆", "duan@", "冒用"))


def test_an_equal_passport_number_of_another_country_is_somebody_else(someone, admit, vouching, cardiology):
    first = someone("约翰", proof=Proof(number="C1234567", kind="foreign_passport", country="GB"))
    member = admit(first)
    answers = person(branch=cardiology, members=vouching, name="Jean", document="foreign_passport", number="C1234567",
                     country="FR", born_on=DAY - timedelta(days=9000))
    row = verified(apply(answers))
    approve_applications(by=OFFICE, on=NEXT, applications=[row], decision="常〔2026〕5号", held_on=NEXT)
    third = apply({**answers, "country": "DE", "name": "Johann"})
    turned_down = refuse_application(by=OFFICE, on=DAY, application=third, reason="不符合")
    assert "Jean" not in "".join(one.value for one in stored(member))
    me = actor(person=first)
    make_choice(by=me, on=NEXT, member=member, what=Choice.What.ERASURE, allowed=True)
    leave(by=me, on=NEXT, member=member)
    erase_personal_words(by=OFFICE, on=NEXT, member=member)
    assert set(Application.objects.filter(pk__in=[row.pk, turned_down.pk]).values_list("name", "state")) == {
        ("Jean", "approved"), ("Johann", "refused")}


def test_what_a_member_handed_in_signed_in_is_theirs_and_what_a_unit_is_said_to_want_is_not(
    found, someone, admit, vouching, cardiology
):
    me = someone("林杏")
    account = open_account(by=HOUSE, on=DAY, username="own", person=me, active=True)
    signed_in = Actor(ref=account.ref, person=me.ref, roles=frozenset({"member"}))
    row = submit_application(by=signed_in, on=DAY, holder="person", answers=person(branch=cardiology, members=vouching))
    refuse_application(by=OFFICE, on=DAY, application=row, reason="材料不实")
    record_document(by=HOUSE, on=DAY, person=me.ref, proof=Proof(number=number()))
    assert "材料不实" in "".join(one.value for one in stored(admit(me)))
    hospital = admit(found("江海省第二医院", credit_code=credit_code()), tier="unit")
    apply(unit(email="stranger@example.org"), holder="unit")
    values = [one.value for one in stored(hospital)]
    assert not any("stranger@" in one for one in values) and State.PASSED.label in values
