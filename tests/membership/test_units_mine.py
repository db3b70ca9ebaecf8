"""A unit's own pages: for its contact and its leaders by the directory, and for nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from xinglin.directory.actions.terms import begin_term
from xinglin.directory.models import Person
from xinglin.engines.membership.actions.approving import approve_applications
from xinglin.engines.membership.actions.bundles import grant_seats
from xinglin.engines.membership.actions.certificates import issue_certificate
from xinglin.engines.membership.actions.exits import leave
from xinglin.engines.membership.actions.receipts import issue_receipt
from xinglin.engines.membership.actions.seats import NothingAsked, ask_about_seat, decline_seat
from xinglin.engines.membership.addressees import people_of, portal_of, unheard
from xinglin.engines.membership.bundling import gather_bills, owed_on
from xinglin.engines.membership.certificates import Certificate, Choice
from xinglin.engines.membership.covering import seated
from xinglin.engines.membership.lapsing import end_unpaid
from xinglin.engines.membership.members import Spell
from xinglin.engines.membership.reminding import remind
from xinglin.engines.membership.seating import asked_for
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.notices import inbox
from xinglin.kernel.policy import NotAllowed

from .applied import NEXT, apply, credit_code, verified
from .applied import unit as unit_answers
from .conftest import DAY, HOUSE, OFFICE, actor
from .fees import account, bill, line_of, pay, standard

pytestmark = pytest.mark.django_db
PAGES = ("mine", "my_dues", "my_seats", "my_branches", "my_record", "privacy", "leave", "my_appeal")


@pytest.fixture
def schedule(tiers):
    return standard(tiers)


@pytest.fixture
def unit(found, admit):
    return admit(found("江海省第一医院"), tier="unit")


def enters(unit, person, title="unit_contact", until=1000):
    begin_term(by=HOUSE, on=DAY, person=person.ref, organisation=unit.unit.ref, title=title, from_on=DAY,
               until_on=DAY + timedelta(days=until))
    return actor(person=person)


@pytest.fixture
def contact(unit, someone):
    return enters(unit, someone("联络一"))


def at(name, unit, *rest):
    return reverse(f"membership:unit_{name}", args=[unit.pk, *rest])


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_the_contact_finds_status_bills_seats_and_receipts(visit, unit, contact, schedule, someone, admit):
    charge, seated = bill(unit, line_of(schedule, "unit", "理事单位")), admit(someone("职工甲"))
    other = bill(admit(someone("职工乙")), line_of(schedule, "ordinary"))
    bundle = gather_bills(by=OFFICE, on=DAY, payer=unit, charges=[other])
    client = visit(contact)
    assert client.get(reverse("membership:mine")).url == at("mine", unit)
    words = page(client, at("mine", unit))
    assert "江海省第一医院" in words and unit.number in words and "5,000.00" in words and at("my_seats", unit) in words
    words = page(client, at("my_dues", unit))
    assert charge.code in words and bundle.code in words and "职工乙" in words
    assert "职工甲" not in page(client, at("my_seats", unit))
    pay(charge, amount="5000.00")
    grant_seats(by=OFFICE, on=DAY, unit=unit, members=[seated])
    words = page(client, at("my_seats", unit))
    assert "职工甲" in words and "共 2 个，已用 1 个" in words
    receipt = issue_receipt(by=OFFICE, on=DAY, charge=charge)
    address = reverse("membership:receipt_pdf", args=[receipt.pk])
    assert address in page(client, at("my_dues", unit))
    assert client.get(address)["Content-Type"] == "application/pdf"
    page(client, charge.get_absolute_url())


def test_who_paid_for_others_reads_their_bills_and_receipts(
    visit, association, unit, contact, schedule, someone, admit, found
):
    bills = [bill(admit(someone(name)), line_of(schedule, "ordinary")) for name in ("职工甲", "职工乙")]
    account()
    bundle = gather_bills(by=OFFICE, on=DAY, payer=unit, charges=bills)
    pay(bills[0], amount="50.00")
    client = visit(contact)
    words = page(client, at("my_dues", unit))
    assert "1001 2002 3003 4004" in words and "350.00" in words and "150.00" in words
    page(client, bills[0].get_absolute_url(), status=403)
    pay(*owed_on(bundle)[0], amount="350.00", member=unit)
    receipts = [issue_receipt(by=OFFICE, on=DAY, charge=one) for one in bills]
    words = page(client, at("my_dues", unit))
    assert "职工甲" in words and "职工乙" in words and "1001 2002" not in words
    for one, receipt in zip(bills, receipts, strict=True):
        address = reverse("membership:receipt_pdf", args=[receipt.pk])
        assert address in words and client.get(address).status_code == 200
        page(client, one.get_absolute_url())
    elsewhere = enters(admit(found("江海省第二医院"), tier="unit"), someone("联络二"))
    page(visit(elsewhere), bills[0].get_absolute_url(), status=403)


def test_every_page_answers_the_contact_and_a_leader_and_refuses_others_with_the_reason(
    visit, unit, contact, someone, admit, found
):
    leader = enters(unit, someone("院长一"), title="president")
    elsewhere = enters(admit(found("江海省第二医院"), tier="unit"), someone("联络二"))
    colleague = admit(someone("职工甲"))
    for who in (contact, leader):
        for name in PAGES:
            page(visit(who), at(name, unit))
    for who in (elsewhere, actor(person=colleague.person), actor(), OFFICE):
        for name in PAGES:
            words = page(visit(who), at(name, unit), status=403)
            assert "单位联络员" in words and "江海省第一医院" not in words
    page(visit(contact), at("mine", colleague), status=404)  # a person's pages are nobody else's
    page(visit(actor(person=colleague.person)), reverse("membership:my_seats"), status=404)


def test_the_right_ends_with_the_post(visit, unit, someone):
    past = enters(unit, someone("联络一"), until=3)
    page(visit(past), at("mine", unit))
    with pytest.raises(NotAllowed):
        leave(by=past, on=DAY + timedelta(days=3), member=unit)
    assert Spell.objects.get().ended_on is None


def test_a_member_who_is_a_contact_too_is_led_to_the_unit(visit, unit, someone, admit):
    me = admit(someone("职工甲"))
    own = enters(unit, me.person)
    words = page(visit(own), reverse("membership:mine"))
    assert me.number in words and at("mine", unit) in words


def test_the_contact_takes_the_certificate_chooses_takes_along_and_leaves(visit, unit, contact, schedule, sealed):
    pay(bill(unit, line_of(schedule, "unit", "理事单位")), amount="5000.00")
    client = visit(contact)
    assert client.post(at("take_certificate", unit)).url == at("mine", unit)
    paper = Certificate.objects.get()
    assert client.get(reverse("membership:certificate_pdf", args=[paper.pk])).status_code == 200
    assert client.post(at("choose_privacy", unit, "name_shown"), {"allowed": "1"}).url == at("privacy", unit)
    assert Choice.objects.get().member == unit
    assert "江海省第一医院" in page(client, reverse("membership:certified", args=[paper.key]))
    assert unit.number in client.post(at("stored", unit, "json")).content.decode()
    sealed()
    assert SealedFact.objects.filter(type="shell.list.exported").count() == 1
    assert client.post(at("leave", unit)).url == at("mine", unit)
    assert (Spell.objects.get().ended_on, Spell.objects.get().ended_by) == (DAY, "left")


def test_letters_go_to_the_contact_else_to_the_leaders_and_show_on_the_page(visit, unit, someone):
    leader = enters(unit, someone("院长一"), title="president")
    assert people_of(unit, on=DAY) == [leader.person]
    contact = enters(unit, someone("联络一"))
    assert people_of(unit, on=DAY) == [contact.person]
    assert sum(remind(on=DAY + timedelta(days=days)) for days in range(1, 40)) > 0
    [letter, *_more] = inbox(person=contact.person, language="zh-hans")
    assert not inbox(person=leader.person, language="zh-hans")
    assert letter.subject in page(visit(contact), at("mine", unit))


def test_the_office_sees_which_units_nobody_can_be_written_to_and_what_to_do(visit, unit, found, admit, someone):
    heard = admit(found("江海省第二医院"), tier="unit")
    enters(heard, someone("联络一"))
    gone = admit(found("江海省第三医院"), tier="unit")
    leave(by=OFFICE, on=DAY, member=gone)
    assert list(unheard(on=DAY)) == [unit]
    client = visit(OFFICE)
    words = page(client, reverse("membership:members"))
    assert "1 家单位无人可通知" in words and "?special=unheard" in words
    words = page(client, reverse("membership:members") + "?special=unheard")
    assert "江海省第一医院" in words and "江海省第二医院" not in words and "江海省第三医院" not in words
    words = page(client, unit.get_absolute_url())
    assert "无人可通知" in words and unit.unit.get_absolute_url() in words
    assert "无人可通知" not in page(client, heard.get_absolute_url())
    assert end_unpaid(on=DAY + timedelta(days=900)) == 1, "only whoever can be told is warned"


def test_whom_the_application_named_is_said_beside(visit, association, tiers):
    row = verified(apply(unit_answers(), holder="unit"))
    approve_applications(by=OFFICE, on=NEXT, applications=[row], decision="常〔2026〕5号", held_on=NEXT)
    row.refresh_from_db()
    assert "李干事" in page(visit(OFFICE), row.member.get_absolute_url())


def test_the_contact_an_application_named_is_entered_and_speaks_for_the_unit(visit, association, tiers, someone):
    known = someone("孙联络", mobile="13800005679")
    rows = [verified(apply(unit_answers(), holder="unit")),
            verified(apply(unit_answers(serial=2, name="江海省第三医院", contact="孙联络", mobile="138 0000 5679"),
                           holder="unit"))]
    approve_applications(by=OFFICE, on=NEXT, applications=rows, decision="常〔2026〕5号", held_on=NEXT)
    for row, name in zip(rows, ("李干事", "孙联络"), strict=True):
        row.refresh_from_db()
        [person] = people_of(row.member, on=NEXT)
        held = Person.objects.get(pk=person.key)
        assert held.name == name and (held == known) == (name == "孙联络")
    assert not unheard(on=NEXT)


def test_an_application_gives_nobody_a_say_over_a_unit_that_was_known_before(association, tiers, found):
    found("江海省第二医院", credit_code=credit_code())
    row = verified(apply(unit_answers(), holder="unit"))
    approve_applications(by=OFFICE, on=NEXT, applications=[row], decision="常〔2026〕5号", held_on=NEXT)
    row.refresh_from_db()
    assert row.member.unit.name == "江海省第二医院" and not people_of(row.member, on=NEXT)
    assert list(unheard(on=NEXT)) == [row.member]


def test_a_units_pages_lead_to_its_own_pages_below_and_show_its_own_letters(visit, unit, someone, admit, schedule):
    me = admit(someone("职工甲"))
    own = enters(unit, me.person)
    assert sum(remind(on=DAY + timedelta(days=days)) for days in range(1, 40)) > 0
    letters = {one.about: one for one in inbox(person=own.person, language="zh-hans")}
    assert {one.url for one in letters.values()} == {reverse("membership:mine"), at("mine", unit)}
    words = page(visit(own), at("my_dues", unit))
    below = words[words.index('class="x-tabbar"'):]
    assert f'href="{at("mine", unit)}"' in below and f'href="{reverse("membership:mine")}"' not in below
    assert f'href="{at("my_dues", unit)}" aria-current="page"' in below
    shown = visit(own).get(at("mine", unit)).context["letters"]
    assert [one.about for one in shown] == [portal_of(unit)] * len(shown) and shown


def test_nobody_else_takes_a_units_certificate_or_leaves_for_it(unit, someone, schedule):
    pay(bill(unit, line_of(schedule, "unit", "理事单位")), amount="5000.00")
    for act in (issue_certificate, leave):
        with pytest.raises(NotAllowed):
            act(by=actor(person=someone("路人")), on=DAY, member=unit)


def test_the_contact_asks_for_a_seat_and_the_office_gives_it(
    visit, unit, contact, schedule, someone, admit, found, said
):
    pay(bill(unit, line_of(schedule, "unit", "理事单位")), amount="5000.00")
    clerk, staff = someone("办事员"), admit(someone("职工甲"))
    office = found("办公室", kind="office", parent=None)
    begin_term(by=HOUSE, on=DAY, person=clerk.ref, organisation=office.ref, title="staff", from_on=DAY)
    client, home = visit(contact), at("my_seats", unit)
    said()
    assert client.post(home, {"name": "职工甲", "number": staff.number, "give": "1"}).url == home
    assert [(body["what"], body["about"]) for _type, body in said()] == [("seat_asked", str(staff.ref))]
    [letter] = inbox(person=clerk.ref, language="zh-hans")
    assert "职工甲" in letter.subject and letter.url == unit.get_absolute_url()
    assert "等待办公室办理" in page(client, home) and not seated(unit, on=DAY).exists(), "nothing changes before"
    assert client.post(home, {"name": "职工甲", "number": staff.number, "give": "1"}).status_code == 422
    seats = reverse("membership:seats", args=[unit.pk])
    for place in (seats, reverse("membership:seats_asked")):
        assert "职工甲" in page(visit(OFFICE), place)
    client = visit(contact)
    for given in ({"name": "职工乙"}, {"number": "2026-999999"}, {"give": "0"}, {"name": ""}):
        assert client.post(home, {"name": "职工甲", "number": staff.number, "give": "1", **given}).status_code == 422
    grant_seats(by=OFFICE, on=DAY, unit=unit, members=[staff, admit(someone("职工丙"))])
    assert not asked_for(on=DAY).exists(), "what is done is no longer asked for"
    given = {"name": "职工甲", "number": staff.number}
    assert client.post(home, {**given, "give": "1"}).status_code == 422  # none is left
    assert client.post(home, {**given, "give": "0"}).status_code == 302
    assert visit(actor(person=staff.person)).post(home, {**given, "give": "0"}).status_code == 403


def test_what_the_office_declines_is_answered_with_the_reason_and_may_be_asked_again(
    visit, unit, contact, schedule, someone, admit, said
):
    pay(bill(unit, line_of(schedule, "unit", "理事单位")), amount="5000.00")
    staff = admit(someone("职工甲"))
    given = {"unit": unit, "number": staff.number, "name": "职工甲", "give": True}
    ask_about_seat(by=contact, on=DAY, **given)
    [row] = asked_for(on=DAY)
    address = reverse("membership:decline_seat", args=[row.pk])
    assert visit(contact).get(address).status_code == 403
    client = visit(OFFICE)
    assert client.post(address, {"reason": ""}).status_code == 422
    said()
    assert client.post(address, {"reason": "不在贵单位任职"}).url == reverse("membership:seats_asked")
    assert [(body["what"], body["about"]) for _type, body in said()] == [("seat_declined", str(staff.ref))]
    [letter] = inbox(person=contact.person, language="zh-hans")
    assert "不在贵单位任职" in letter.body and not asked_for(on=DAY).exists()
    with pytest.raises(NothingAsked):
        decline_seat(by=OFFICE, on=DAY, asked=row, reason="迟")
    ask_about_seat(by=contact, on=DAY, **given)
    assert asked_for(on=DAY).get() != row


def test_only_whoever_speaks_for_the_unit_asks_about_its_seats(unit, someone, schedule):
    with pytest.raises(NotAllowed):
        ask_about_seat(by=actor(person=someone("路人")), on=DAY, unit=unit, number="1", name="x", give=True)
