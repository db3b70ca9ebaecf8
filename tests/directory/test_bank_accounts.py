"""The account into which the association collects: named by the office from a day on, its number in the chain."""

from datetime import date, timedelta

import pytest

from xinglin.directory import answers
from xinglin.directory.actions.bank_accounts import BeforeLast, NumberWrong, SameAccount, name_bank_account
from xinglin.directory.actions.terms import begin_term
from xinglin.directory.bank_accounts import BankAccount
from xinglin.directory.models import Organisation
from xinglin.directory.refusals import NotFound
from xinglin.kernel.actors import house
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.notices import inbox
from xinglin.kernel.policy import NotAllowed, Refusal

from .conftest import DAY, actor

pytestmark = pytest.mark.django_db
SAID = {"holder": "江海省医师协会（虚构）", "bank": "江海商业银行（虚构）营业部", "number": "1001 2002-3003 4004",
        "from_on": DAY}


def name(by=None, on=DAY, **given):
    return name_bank_account(by=by or actor("office"), on=on, **{**SAID, **given})


def test_an_account_holds_from_a_day_until_the_next_one(branch, sealed):
    name()
    move = DAY + timedelta(days=60)
    name(number="５５５５ ６６６６ ７７７７", from_on=move)
    told = [answers.collecting_account(on=day) for day in (DAY - timedelta(days=1), DAY, move)]
    assert [one and one.spaced for one in told] == [None, "1001 2002 3003 4004", "5555 6666 7777"]
    assert (told[1].holder, told[1].bank) == (SAID["holder"], SAID["bank"])
    sealed()
    facts = SealedFact.objects.filter(type="directory.bank_account.named").order_by("position")
    assert [(one.body["bank_account"], one.body["number"], date.fromisoformat(one.body["from_on"])) for one in facts] \
        == [(str(row.ref), row.number, row.from_on) for row in BankAccount.objects.order_by("pk")]


def test_a_slip_is_put_right_from_the_same_day(branch):
    name()
    name(number="1001200230034005")
    assert answers.collecting_account(on=DAY).number == "1001200230034005"
    with pytest.raises(SameAccount):
        name(number="1001200230034005")
    with pytest.raises(BeforeLast):
        name(from_on=DAY - timedelta(days=1))


def test_a_day_far_ahead_by_mistake_locks_nothing(branch):
    name()
    name(number="555566667777", from_on=date(2062, 1, 1))
    soon = DAY + timedelta(days=30)
    name(number="888899990000", on=soon, from_on=soon)
    told = [answers.collecting_account(on=day) for day in (DAY, soon, date(2062, 1, 1))]
    assert [one.number for one in told] == ["1001200230034004", "888899990000", "888899990000"]
    assert [(row.number, counts) for row, counts in BankAccount.objects.counting()] == [
        ("555566667777", False), ("888899990000", True), ("1001200230034004", True)]
    with pytest.raises(BeforeLast):
        name(number="111122223333", on=soon, from_on=DAY)


def test_an_account_to_come_is_taken_back_by_naming_the_present_one_again(branch):
    name()
    name(number="555566667777", from_on=date(2062, 1, 1))
    name()
    assert answers.collecting_account(on=date(2062, 1, 1)).number == "1001200230034004"
    with pytest.raises(SameAccount):
        name()


def test_leaders_and_supervisors_are_told_but_not_who_did_it(branch, register):
    ours = Organisation.objects.ours(DAY).get()
    people = {title: register(title) for title in ("president", "chief_supervisor", "staff", "secretary_general")}
    for title, person in people.items():
        begin_term(by=house("test"), on=DAY, person=person, organisation=ours.ref, title=title, from_on=DAY)
    name(by=actor("office", person=people["secretary_general"]))
    told = {title: inbox(person=person, language="zh-hans") for title, person in people.items()}
    assert {title for title, letters in told.items() if letters} == {"president", "chief_supervisor"}
    [letter] = told["president"]
    assert "4004" in letter.subject and "1001" not in letter.body and "试用" in letter.body


@pytest.mark.parametrize(("given", "field"), [
    ({"number": "12345"}, "number"), ({"number": "6222x0200112233"}, "number"), ({"holder": " "}, "holder"),
    ({"bank": ""}, "bank")])
def test_what_is_no_account_is_refused_beside_its_field(branch, given, field):
    with pytest.raises(Refusal) as refusal:
        name(**given)
    assert refusal.value.field == field and not BankAccount.objects.exists()
    assert field != "number" or isinstance(refusal.value, NumberWrong)


def test_only_the_office_names_it_and_only_for_an_association(branch, found):
    for role in ("department", "department_head", "leader", "supervisor", "branch_chair", "system_admin"):
        with pytest.raises(NotAllowed):
            name(by=actor(role))
    assert not BankAccount.objects.exists()


def test_without_an_association_there_is_no_account(db):
    with pytest.raises(NotFound):
        name()
