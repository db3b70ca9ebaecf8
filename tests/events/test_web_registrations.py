"""The organiser's pages: prices and form, who comes, orders, money."""

from decimal import Decimal

import pytest
from django.urls import reverse

from xinglin.engines.events.actions.orders import receive_payment
from xinglin.engines.events.offering import sheet_in
from xinglin.engines.events.offers import Offer, OfferDraft
from xinglin.engines.events.orders import Order
from xinglin.engines.events.registrations import Registration
from xinglin.kernel import clock

from .conftest import DAY, HOUSE, OFFICE, actor
from .selling import NOW, OPENS, enrol, guest, members, selling, sheet

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def at_ten(monkeypatch):
    """It is ten o'clock of the day the sale opened."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def sent(page) -> dict[str, str]:
    """Return what the editor's page would send as it stands."""
    editor = page.context["editor"]
    answer = {name: str(editor.head[name].value() or "") for name in editor.head.fields}
    for name, rows in editor.rows.items():
        answer[f"{name}-count"] = len(rows)
        for row in rows:
            for bound in row:
                value = bound.value()
                if isinstance(value, bool):
                    answer |= {bound.html_name: "on"} if value else {}
                else:
                    answer[bound.html_name] = "" if value is None else value
    return answer


def test_the_editor_writes_what_it_shows(selling, visit, at_ten):
    event = selling()
    client, address = visit(OFFICE), reverse("events:edit_offer", args=[event.pk])
    page = client.get(address)
    assert page.status_code == 200
    said = sent(page)
    assert client.post(address, {**said, "step": "save"}).status_code == 302
    assert OfferDraft.objects.get().content["tickets"] == sheet().content["tickets"]
    answer = client.post(address, {**said, "tickets-0-amount": "900", "step": "publish"})
    assert answer.status_code == 302, answer.content.decode()
    second = Offer.objects.get(number=2)
    assert {str(one.amount) for one in second.prices.filter(ticket__code="full")} == {"900.00", "700.00", "500.00"}
    assert {one.code for one in sheet_in(second).vouchers} == {"XS2026", "HALF"}
    assert [one.choices for one in sheet_in(second).questions] == [one.choices for one in sheet().questions]


def test_the_page_of_an_event_leads_to_all_that_belongs_to_it(selling, visit, at_ten, chair):
    event = selling()
    page = visit(chair).get(event.get_absolute_url()).content.decode()
    for name in ("registrations", "orders", "offer_page", "edit_offer", "faculty", "abstracts", "agenda", "checks",
                 "doors", "amend", "move", "site"):
        assert f'href="{reverse(f"events:{name}", args=[event.pk])}"' in page, name


def test_a_ticket_admits_to_the_days_that_are_ticked(selling, visit, at_ten):
    event = selling()
    client, address = visit(OFFICE), reverse("events:edit_offer", args=[event.pk])
    said = {**sent(client.get(address)), "step": "publish"}
    assert client.post(address, {**said, "tickets-0-days": ["2026-05-30"]}).status_code == 422
    assert client.post(address, {**said, "tickets-0-days": ["2026-05-17"]}).status_code == 302
    assert [one.days for one in sheet_in(Offer.objects.get(number=2)).tickets][:2] == [("2026-05-17",), ()]


def test_a_wrong_row_comes_back_beside_its_field(selling, visit, at_ten):
    event = selling()
    client, address = visit(OFFICE), reverse("events:edit_offer", args=[event.pk])
    said = sent(client.get(address))
    answer = client.post(address, {**said, "pools-0-capacity": "0", "step": "publish"})
    assert answer.status_code == 422
    answer = client.post(address, {**said, "step": "publish"})
    assert Offer.objects.count() == 1 or answer.status_code == 302


def test_an_answer_of_the_form_names_a_session_and_wrong_parts_come_back(selling, visit, at_ten):
    event = selling()
    client, address = visit(OFFICE), reverse("events:edit_offer", args=[event.pk])
    said = sent(client.get(address))
    for line in ("晚宴 | Dinner | 八百", "晚宴 | | 8 | 很多", "工作坊 | | | | 没有这场", f"晚宴 | | | {'9' * 30}"):
        assert client.post(address, {**said, "questions-0-choices": line, "step": "save"}).status_code == 422, line
    line = "介入 | PCI | 100 | | 冠心病介入进展"
    assert client.post(address, {**said, "questions-0-choices": line, "step": "publish"}).status_code == 302
    option = Offer.objects.get(number=2).prices.get(option__title="介入").option
    assert option.session.title == "冠心病介入进展"
    assert "| 冠心病介入进展" in client.get(address).content.decode()


def test_a_new_event_begins_with_its_hall(draft, visit, at_ten):
    event = draft()
    client, address = visit(OFFICE), reverse("events:edit_offer", args=[event.pk])
    said = sent(client.get(address))
    assert client.post(address, {**said, "step": "publish"}).status_code == 302
    [pool] = sheet_in(Offer.objects.get()).pools
    assert (pool.capacity, Offer.objects.get().opens_at > OPENS) == (120, True)


def test_who_runs_the_event_sees_who_comes_and_the_money(selling, visit, at_ten, chair):
    event = selling()
    row = enrol(event, guest(1), party={"answers": {"dinner": ["gala"]}})
    client = visit(chair)
    for name, key in (("registrations", event.pk), ("orders", event.pk), ("payments", event.pk),
                      ("registration", row.pk), ("order", row.order.pk)):
        page = client.get(reverse(f"events:{name}", args=[key]))
        assert page.status_code == 200, name
        assert "周宁" in page.content.decode() or name == "payments"
    assert "欢迎晚宴" in client.get(reverse("events:registration", args=[row.pk])).content.decode()


def test_a_stranger_sees_nobody(selling, visit, at_ten):
    event = selling()
    row = enrol(event, guest(1))
    client = visit(actor())
    for name, key in (("registrations", event.pk), ("orders", event.pk), ("registration", row.pk),
                      ("order", row.order.pk), ("edit_offer", event.pk)):
        assert client.get(reverse(f"events:{name}", args=[key])).status_code == 403, name
    assert client.get(reverse("events:refunds")).status_code == 403


def test_money_is_booked_and_sent_back_on_the_order_page(selling, visit, at_ten):
    event = selling()
    row = enrol(event, guest(1))
    client = visit(OFFICE)
    said = {"way": "on_spot", "amount": "900", "paid_on": str(DAY), "serial": "X1"}
    assert client.post(reverse("events:receive", args=[row.order.pk]), said).status_code == 302
    assert Registration.objects.get().state == "confirmed"
    answer = client.post(reverse("events:receive", args=[row.order.pk]), said)
    assert answer.status_code == 422  # the same serial
    page = client.get(reverse("events:refunds")).content.decode()
    assert row.order.number in page
    back = reverse("events:send_back", args=[row.order.pk])
    assert client.post(back, {"back-amount": "201", "back-serial": "R1"}).status_code == 422
    assert client.post(back, {"back-amount": "200", "back-serial": "R1"}).status_code == 302
    assert Order.objects.weighed().get().owed == 0


def test_more_time_and_giving_back_for_somebody(selling, visit, at_ten):
    event = selling()
    row = enrol(event, guest(1))
    client = visit(OFFICE)
    answer = client.post(reverse("events:extend", args=[row.order.pk]), {"due_at": "2026-05-01 18:00"})
    assert answer.status_code == 302
    assert Order.objects.get().due_at.month == 5
    assert client.post(reverse("events:cancel_registration", args=[row.pk])).status_code == 302
    assert Registration.objects.get().state == "cancelled"


def test_payments_are_counted_in_the_list(selling, visit, at_ten):
    event = selling()
    row = enrol(event, guest(1))
    receive_payment(by=HOUSE, on=DAY, order=row.order, way="transfer", amount=Decimal(700), paid_on=DAY, serial="B9")
    assert "B9" in visit(OFFICE).get(reverse("events:payments", args=[event.pk])).content.decode()
