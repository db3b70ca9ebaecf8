"""The pages of registering, as a visitor, a person and a hospital see them."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from xinglin.engines.events.actions.orders import receive_payment
from xinglin.engines.events.actions.registrations import cancel_registration
from xinglin.engines.events.carts import visitor
from xinglin.engines.events.offering import PoolLine
from xinglin.engines.events.orders import Order
from xinglin.engines.events.registrations import Draft, Registration
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.jobs import Job, run_job
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking import waiting

from .conftest import DAY, HOUSE, actor
from .selling import NOW, enrol, guest, members, selling, sheet

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db
NOBODY = Actor(ref=Ref("directory.anonymous:0"), person=None, name="", roles=frozenset(), scope={})


@pytest.fixture
def at_ten(monkeypatch):
    """It is ten o'clock of the day the sale opened."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def hold(client, event, code="full", **given) -> str:
    """Choose a ticket and return the address of the form."""
    ticket = event.tickets.get(code=code)
    answer = client.post(reverse("events:choose", args=[event.pk]), {"ticket": ticket.pk, "quantity": 1, **given})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


PARTY = {"name": "周宁", "unit_name": "江海市第一人民医院（虚构）", "mobile": "13800000001",
         "email": "zhou@example.org",
         "way": "transfer"}
ME = {**PARTY, "name": "王小明"}


def test_a_person_registers_pays_and_gives_back(selling, someone, visit, at_ten):
    event, wang = selling(), someone()
    client = visit(actor(person=wang))
    page = client.get(reverse("events:choose", args=[event.pk])).content.decode()
    assert "700" in page
    assert "K2" in page
    form = hold(client, event)
    assert hold(client, event) == form  # ten tabs have one form
    body = client.get(form).content.decode()
    assert 'data-seconds="900"' in body
    assert "王小明" in body
    answer = client.post(form, {**ME, "dinner": "gala", "workshop": "echo"})
    assert answer.status_code == 302, answer.content.decode()
    row = Registration.objects.get()
    assert answer.url == reverse("events:own", args=[row.key])
    assert client.post(form, ME).url == answer.url  # two clicks are one registration
    page = client.get(answer.url).content.decode()
    assert row.order.code in page
    receive_payment(by=HOUSE, on=DAY, order=row.order, way="transfer", amount=Decimal(1000), paid_on=DAY, serial="B1")
    page = client.get(answer.url).content.decode()
    assert "<svg" in page
    assert "1,000" in page
    client.post(reverse("events:cancel_own", args=[row.key]))
    assert Registration.objects.get().state == "cancelled"
    assert "1,000" in client.get(reverse("events:own_order", args=[row.order.key])).content.decode()


def test_wrong_answers_come_back_beside_their_fields_and_keep_the_place(selling, someone, visit, at_ten):
    event = selling()
    client = visit(actor(person=someone()))
    form = hold(client, event)
    answer = client.post(form, {**ME, "mobile": "12", "voucher": "NONE"})
    assert answer.status_code == 422
    assert "十一位" in answer.content.decode() or "eleven" in answer.content.decode()
    answer = client.post(form, {**ME, "voucher": "NONE"})
    assert (answer.status_code, Registration.objects.count()) == (422, 0)
    assert client.post(form, ME).status_code == 302


def test_an_option_that_is_full_is_said_at_its_question(selling, someone, visit, at_ten):
    event = selling()
    enrol(event, guest(7), party={"answers": {"workshop": "echo"}})
    client = visit(actor(person=someone()))
    answer = client.post(hold(client, event), {**ME, "workshop": "echo"})
    assert answer.status_code == 422
    assert "超声工作坊" in answer.content.decode()


def test_who_has_no_account_confirms_an_e_mail_first(selling, visit, at_ten):
    event, client = selling(), visit(NOBODY)
    address = reverse("events:choose", args=[event.pk])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"ticket": event.tickets.first().pk})
    assert "visitor" in answer.url
    client.post(reverse("events:visitor"), {"email": "zhou@example.org", "event": event.pk})
    run_job(job_id=Job.objects.get().pk)
    [letter] = mail.outbox
    [link] = re.findall(r"https?://\S+", letter.body)
    answer = client.get("/" + link.split("/", 3)[3])
    assert answer.url == address
    assert client.post(hold(client, event), PARTY).status_code == 302
    assert Registration.objects.get().who == str(visitor("Zhou@example.org"))


def test_a_place_that_ran_out_says_so_and_keeps_what_was_typed(selling, someone, visit, at_ten, monkeypatch):
    event = selling()
    client = visit(actor(person=someone()))
    form = hold(client, event)
    client.post(form, {**ME, "mobile": "12"})
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=16))
    assert client.get(form).status_code == 410
    assert "王小明" in Draft.objects.get().answers


def test_the_waiting_list_shows_the_position_is_left_and_offers(selling, someone, visit, at_ten):
    event = selling(pools=(PoolLine(code="hall", title="一号厅", capacity=1), sheet().pools[1]))
    enrol(event, guest(1))
    client = visit(actor(person=someone()))
    form = hold(client, event, wait="1")
    assert "1" in client.get(form).content.decode()
    page = client.get(reverse("events:my_registrations")).content.decode()
    assert form in page
    cancel_registration(by=HOUSE, on=DAY, at=NOW, registration=Registration.objects.get())
    assert client.get(form).status_code == 200
    assert client.post(form, ME).status_code == 302
    assert Registration.objects.live().get().name == "王小明"


def test_leaving_the_waiting_list(selling, someone, visit, at_ten):
    event = selling(pools=(PoolLine(code="hall", title="一号厅", capacity=1), sheet().pools[1]))
    enrol(event, guest(1))
    client = visit(actor(person=someone()))
    form = hold(client, event, wait="1")
    client.post(form + "give-up/")
    assert not Draft.objects.exists()
    assert waiting.waits_of(who=guest(1), items=[one.item for one in event.tickets.all()], at=NOW) == []


def test_a_hospital_orders_forty_and_pastes_names(selling, someone, visit, at_ten):
    event = selling(pools=(PoolLine(code="hall", title="一号厅", capacity=40), sheet().pools[1]))
    client = visit(actor(person=someone()))
    form = hold(client, event, quantity=40)
    answer = client.post(form, {**PARTY, "name": "江海市第一人民医院（虚构）"})
    order = Order.objects.get()
    assert answer.url == reverse("events:own_order", args=[order.key])
    lines = [f"周{chr(0x4E8C + number)}\t心内科\t138{number:08}" for number in range(40)]
    lines[4], lines[11], lines[29] = "\t心内科\t13800000005", "周宁\t心内科\t1380000", lines[0]
    answer = client.post(reverse("events:names", args=[order.key]), {"names": "\n".join(lines)})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert order.registrations.exclude(name="").count() == 37
    assert "1380000" in body  # the wrong lines come back to be put right
    assert "周乃" not in re.search(r"<textarea.*?</textarea>", body, re.S)[0]


def test_who_bears_no_key_sees_nothing(selling, visit, at_ten):
    selling()
    client = visit(NOBODY)
    for name in ("own", "own_order", "fill_in"):
        assert client.get(reverse(f"events:{name}", args=["no-such-key"])).status_code == 404


def test_prices_are_public_with_their_history(selling, visit, at_ten):
    event = selling()
    page = visit(NOBODY).get(reverse("events:offer_page", args=[event.pk])).content.decode()
    assert "早鸟价" in page
