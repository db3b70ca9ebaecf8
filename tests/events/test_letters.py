"""Letters to registrants: on registration, payment, giving back and refund, each once, to whom it concerns."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core import mail
from django.urls import reverse

from xinglin.directory import telling
from xinglin.directory.security.actions.accounts import open_account
from xinglin.engines.events.actions.deciding import cancel_event
from xinglin.engines.events.actions.moving import move_event
from xinglin.engines.events.actions.ordering import Payer
from xinglin.engines.events.actions.orders import pay_refund, place_order, receive_payment
from xinglin.engines.events.actions.programme import Slot, arrange_session
from xinglin.engines.events.actions.registrations import Again, cancel_registration, register
from xinglin.engines.events.actions.signing_up import sign_off, sign_up
from xinglin.engines.events.carts import VISITOR, begin, forget_drafts
from xinglin.engines.events.closing import empty_cancelled, end_unpaid
from xinglin.engines.events.letters import REGISTERED
from xinglin.engines.events.offering import PoolLine
from xinglin.engines.events.places import Party
from xinglin.engines.events.registrations import Draft
from xinglin.engines.events.sign_up import wait_for
from xinglin.kernel import clock
from xinglin.kernel.jobs import Job, run_job
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import Refusal
from xinglin.mechanics.booking import holding, waiting

from .conftest import DAY, FIRST, HOUSE, OFFICE, actor, at
from .selling import NOW, enrol, guest, members, selling, sheet, take

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db
ZHOU = {"email": "zhou@example.org", "mobile": "13800000001"}
FORTY = (PoolLine(code="hall", title="一号厅", capacity=40), sheet().pools[1])


@pytest.fixture
def letters():
    """Deliver what is queued and return the letters since the last call, as (to, body)."""
    def since() -> list[tuple[str, str]]:
        mail.outbox.clear()
        for job in Job.objects.filter(state="queued").order_by("pk"):
            run_job(job_id=job.pk)
        return [(one.to[0], one.body) for one in mail.outbox]

    return since


@pytest.fixture
def texts(monkeypatch):
    """The messages sent to mobile numbers, as (number, text)."""
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(telling, "gateway", lambda: SimpleNamespace(
        send=lambda **given: sent.append((given["mobile"], given["text"]))))
    return sent


def pay(order, amount: str, serial: str = "B1"):
    return receive_payment(by=OFFICE, on=DAY, order=order, way="transfer", amount=Decimal(amount), paid_on=DAY,
                           serial=serial)


def test_a_visitor_hears_of_each_step_once(selling, letters):
    event = selling()
    held = take(event, guest())
    ask = {"by": HOUSE, "on": DAY, "at": NOW, "token": held.token, "party": Party(name="周宁", **ZHOU)}
    row = register(**ask)
    with pytest.raises(Again):
        register(**ask)
    [(to, said)] = letters()
    assert to == "zhou@example.org" and row.key in said and row.order.code in said and "700.00" in said
    pay(row.order, "800")
    with pytest.raises(Refusal):
        pay(row.order, "800")
    [(_to, said)] = letters()
    assert "800.00" in said and "100.00" in said and row.order.key in said
    pay_refund(by=OFFICE, on=DAY, order=row.order, amount=Decimal(100), serial="R1")
    assert [row.order.number in body for _to, body in letters()] == [True]
    day = FIRST - timedelta(days=10)
    cancel_registration(by=HOUSE, on=day, at=NOW, registration=row)
    assert ["350.00" in body for _to, body in letters()] == [True]


def test_a_person_of_the_directory_is_told_in_the_inbox(selling, someone):
    wang = someone()
    enrol(selling(), wang.ref)
    assert [(one.to, one.template) for one in Notice.objects.filter(template=REGISTERED)] == [
        (str(wang.ref), REGISTERED)]


def test_who_pays_for_many_hears_once_for_all(selling, letters):
    held = take(selling(pools=FORTY), guest(9), quantity=3)
    order = place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name="医院", email="h@example.org"))
    [(to, said)] = letters()
    assert to == "h@example.org" and order.key in said and "2,100.00" in said
    end_unpaid(at=order.due_at + timedelta(days=3))
    assert [to for to, _said in letters()] == ["h@example.org"]


def test_who_lost_a_place_unpaid_hears_it_once_beside_who_should_have_paid(selling, letters):
    event = selling(pools=FORTY)
    held = take(event, guest(9), quantity=2)
    order = place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name="医院", email="h@example.org"),
                        parties=[Party(name="周宁", **ZHOU), Party(name="吴双")])
    alone = enrol(event, guest(1), party=ZHOU).order
    letters()
    end_unpaid(at=max(order.due_at, alone.due_at) + timedelta(days=3))
    assert sorted(to for to, _said in letters()) == ["h@example.org", "zhou@example.org", "zhou@example.org"]


def test_of_an_event_called_off_everybody_hears_then_and_not_place_by_place(selling, letters):
    event = selling()
    enrol(event, guest(), party=ZHOU)
    letters()
    cancel_event(by=HOUSE, on=DAY, at=NOW, event=event, reason="疫情")
    assert len(letters()) == 1
    empty_cancelled(at=NOW)
    assert letters() == []


def test_called_off_reaches_who_left_a_mobile_number_only_the_payer_of_named_places_and_who_waits(
        selling, letters, texts, someone):
    event = selling(pools=(PoolLine(code="hall", title="一号厅", capacity=3), sheet().pools[1]))
    held = take(event, guest(9), quantity=2)
    place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name="医院", email="h@example.org"), parties=[
        Party(name="周宁", mobile="13800000001"), Party(name="吴双", **ZHOU)])
    enrol(event, someone().ref)
    for who, given in ((someone("李小红").ref, {}), (guest(8), {"email": "he@example.org"})):
        ticket = event.tickets.get(code="full")
        begin(held=waiting.wait(item=ticket.item, who=who, at=NOW), ticket=ticket, **given)
    assert (letters() != [], texts) == (True, []), "what was told of the order"
    cancel_event(by=HOUSE, on=DAY, at=NOW, event=event, reason="疫情")
    told = dict(letters())
    assert sorted(told) == ["h@example.org", "he@example.org", "zhou@example.org"]
    assert event.orders.get(payer_name="医院").key in told["h@example.org"]
    assert [mobile for mobile, _text in texts] == ["13800000001"] and "疫情" in texts[0][1]
    assert Notice.objects.filter(template="events_called_off").count() == 2


def test_a_place_of_a_session_that_is_offered_reaches_a_mobile_number(selling, letters, texts):
    event = selling(prices=tuple(replace(one, amount=Decimal(0)) for one in sheet().prices))
    echo = arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, slot=Slot(
        title="超声实操", from_at=at("13:00"), until_at=at("14:00"), places=1))
    first, second = enrol(event, guest(1)), enrol(event, guest(2), party={"mobile": "13800000002"})
    sign_up(by=HOUSE, on=DAY, at=NOW, registration=first, session=echo)
    wait_for(second, echo, at=NOW)
    letters()
    texts.clear()
    sign_off(by=HOUSE, on=DAY, at=NOW, registration=first, session=echo)
    letters()
    [(mobile, text)] = texts
    assert mobile == "13800000002" and "超声实操" in text and second.key in text


@pytest.fixture
def waits_for():
    """Put somebody on the waiting list of an event, as the page does."""
    def make(event, who, **given):
        ticket = event.tickets.get(code="full")
        return begin(held=waiting.wait(item=ticket.item, who=who, at=NOW), ticket=ticket, **given)

    return make


ONE = (PoolLine(code="hall", title="一号厅", capacity=1), sheet().pools[1])


def test_who_waits_for_long_is_told_of_the_place_and_of_other_days(selling, letters, waits_for):
    event = selling(pools=ONE)
    row = enrol(event, guest(1))
    waits_for(event, guest(2), email="he@example.org")
    begin(held=holding.hold(item=event.tickets.get(code="online").item, who=guest(3), key="k", at=NOW),
          ticket=event.tickets.get(code="online"))
    Draft.objects.update(changed_at=NOW - timedelta(days=40))
    letters()
    assert forget_drafts(on=DAY) == 1, "only what nobody waits for"
    later = FIRST + timedelta(days=7)
    move_event(by=HOUSE, on=DAY, at=NOW, event=event, from_on=later, until_on=later + timedelta(days=2), reason="场地")
    [(to, said)] = letters()
    assert to == "he@example.org" and str(later) in said and "候补" in said and "报名与电子票继续有效" not in said
    cancel_registration(by=HOUSE, on=DAY, at=NOW, registration=row)
    [(to, said)] = letters()
    assert to == "he@example.org" and str(later) in said and "保留至" in said


def test_a_member_without_e_mail_hears_by_the_mobile_number_of_the_registration(selling, letters, texts, someone):
    event = selling()
    enrol(event, someone(email="li@example.org").ref, party=ZHOU)
    enrol(event, someone("李小红").ref, party={"mobile": "13800000002"})
    letters()
    texts.clear()
    cancel_event(by=HOUSE, on=DAY, at=NOW, event=event, reason="疫情")
    letters()
    assert [mobile for mobile, _text in texts] == ["13800000002"] and "疫情" in texts[0][1]
    assert Notice.objects.filter(template="events_called_off").count() == 2


@pytest.mark.parametrize("known", [{"email": "he@example.org"}, {"mobile": "13800000003"}])
def test_who_waits_with_an_account_hears_of_a_place_and_of_calling_off(
        selling, letters, texts, visit, monkeypatch, known):
    event, account = selling(pools=ONE), open_account(by=HOUSE, on=DAY, username="waits", **known)
    row, client = enrol(event, guest(1)), visit(replace(actor(), ref=account.ref))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    session = client.session
    session[VISITOR] = "other@example.org"
    session.save()
    ticket = event.tickets.get(code="full")
    assert client.post(reverse("events:choose", args=[event.pk]), {
        "ticket": ticket.pk, "quantity": 1, "wait": "1"}).status_code == 302
    letters()
    cancel_registration(by=HOUSE, on=DAY, at=NOW, registration=row)
    heard = [to for to, _said in letters()]
    cancel_event(by=HOUSE, on=DAY, at=NOW, event=event, reason="疫情")
    heard += [to for to, _said in letters()] + [mobile for mobile, _text in texts]
    assert heard == [*known.values()] * 2


def test_a_letter_falls_with_its_act(selling, letters, monkeypatch):
    event = selling()
    held = take(event, guest())
    monkeypatch.setattr("xinglin.engines.events.actions.registrations.say_order", _fails)
    with pytest.raises(ValueError, match="no"):
        register(by=HOUSE, on=DAY, at=NOW, token=held.token, party=Party(name="周宁", **ZHOU))
    assert letters() == []


def _fails(*_given, **_more):
    raise ValueError("no")
