"""Own pages: what the bearer of one key sees and does, and what only a payer does."""

import pytest
from django.core import mail
from django.urls import reverse

from xinglin.engines.events.actions.ordering import Payer
from xinglin.engines.events.actions.orders import place_order
from xinglin.engines.events.offering import PoolLine
from xinglin.engines.events.places import Party
from xinglin.engines.events.registrations import Registration
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.jobs import Job, run_job
from xinglin.kernel.refs import Ref

from .conftest import DAY, HOUSE, OFFICE, actor
from .selling import NOW, enrol, guest, members, selling, sheet, take

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db
NOBODY = Actor(ref=Ref("directory.anonymous:0"), person=None, name="", roles=frozenset(), scope={})
FORTY = (PoolLine(code="hall", title="一号厅", capacity=40), sheet().pools[1])


@pytest.fixture
def at_ten(monkeypatch):
    """It is ten o'clock of the day the sale opened."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def group(selling):
    """Return an order of two, one with a mobile number."""
    held = take(selling(pools=FORTY), guest(9), quantity=2)
    return place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name="医院"), parties=[
        Party(name="周宁", mobile="13800000001"), Party(name="王小明", mobile="13800000002")])


def page(client, name, *keys, **more) -> str:
    return client.get(reverse(f"events:{name}", args=keys), more).content.decode()


def test_who_bears_the_key_of_one_place_sees_neither_order_nor_colleagues(group, visit, at_ten):
    first, second = group.registrations.order_by("pk")
    said = page(visit(NOBODY), "own", first.key)
    assert "周宁" in said
    for secret in (group.key, second.key, "王小明", group.code):
        assert secret not in said


def test_a_payer_reaches_every_place_until_it_is_handed_over(group, visit, at_ten):
    first, second = group.registrations.order_by("pk")
    client, brings = visit(NOBODY), f"?order={group.key}"
    listed = page(client, "own_order", group.key)
    assert reverse("events:own", args=[first.key]) + brings in listed
    assert group.key in page(client, "own", first.key, order=group.key)
    assert client.post(reverse("events:hand_over", args=[first.key]) + brings, {
        "to-name": "郑一", "to-email": "zheng@example.org"}).status_code == 302
    first.refresh_from_db()
    listed = page(client, "own_order", group.key)
    assert "郑一" in listed and first.key not in listed and second.key in listed


def test_a_handed_over_ticket_is_seen_by_its_new_holder_only(selling, someone, visit, at_ten):
    event, wang = selling(), someone()
    row = enrol(event, wang.ref)
    client, address = visit(actor(person=wang)), reverse("events:hand_over", args=[row.key])
    assert client.post(address, {"to-name": "郑一"}).status_code == 422
    answer = client.post(address, {"to-name": "郑一", "to-email": "zheng@example.org"})
    after = Registration.objects.get()
    assert (answer.status_code, after.name) == (302, "郑一")
    assert after.key not in answer.url
    for said in (page(client, "my_registrations"), page(client, "own_order", row.order.key)):
        assert after.key not in said and after.code not in said
    assert client.get(reverse("events:own", args=[row.key])).status_code == 404
    for job in Job.objects.all():
        run_job(job_id=job.pk)
    [letter] = [one for one in mail.outbox if one.to == ["zheng@example.org"]]
    assert after.key in letter.body
    assert row.order.code in page(visit(NOBODY), "own", after.key), "what is owed is paid by whoever comes"


def test_who_changes_places_too_often_waits(group, visit, at_ten, settings):
    settings.XINGLIN_RATES = ["event_own=1/3600/ip"]
    client, row = visit(NOBODY), group.registrations.first()
    address = reverse("events:name_own", args=[row.key])
    said = {"name": "周宁", "mobile": "13800000001"}
    assert [client.post(address, said).status_code for _time in range(2)] == [302, 429]


def test_readers_of_the_house_get_no_key(selling, visit, at_ten):
    row = enrol(selling(), guest())
    for role in ("supervisor", "leader", "audit_admin"):
        said = page(visit(actor(role)), "order", row.order.pk)
        assert row.order.number in said and row.order.key not in said
    assert row.order.key in page(visit(OFFICE), "order", row.order.pk)


def test_a_signed_in_person_takes_the_place_bought_for_them(group, someone, visit, at_ten):
    wang, mine = someone(), group.registrations.order_by("pk").last()
    address = reverse("events:claim_own", args=[mine.key])
    assert address not in page(visit(NOBODY), "own", mine.key)
    client = visit(actor(person=wang))
    assert address in page(client, "own", mine.key)
    assert client.post(address).status_code == 302
    assert Registration.objects.get(pk=mine.pk).person == wang
    assert address not in page(client, "own", mine.key)
    assert mine.key in page(client, "my_registrations")


def test_options_are_changed_on_the_own_page_at_the_prices_in_force(selling, visit, at_ten):
    row = enrol(selling(), guest(), party={"answers": {"workshop": "echo"}})
    client, address = visit(NOBODY), reverse("events:own_choices", args=[row.key])
    assert address in page(client, "own", row.key)
    said = client.get(address)
    assert said.context["form"].initial["workshop"] == "echo"
    assert "300" in said.content.decode()
    assert client.post(address, {"workshop": "echo"}).status_code == 422, "nothing was changed"
    assert client.post(address, {"dinner": "gala", "workshop": "none"}).status_code == 302
    row.refresh_from_db()
    assert [one.option.code for one in row.chosen.all()] == ["gala"]


def test_what_others_pay_is_refused_beside_its_question(group, visit, at_ten):
    row, client = group.registrations.first(), visit(NOBODY)
    address = reverse("events:own_choices", args=[row.key])
    assert client.post(address, {"dinner": "gala"}).status_code == 422
    assert client.post(f"{address}?order={group.key}", {"dinner": "gala"}).status_code == 302
    assert row.chosen.count() == 1


def test_a_name_is_put_right_and_another_person_is_sent_to_the_hand_over(group, visit, at_ten):
    row, client = group.registrations.order_by("pk").first(), visit(NOBODY)
    address = reverse("events:name_own", args=[row.key])
    assert client.post(address, {"name": "郑一", "mobile": "13900000009"}).status_code == 422
    assert client.post(address, {"name": "周凝", "mobile": "13800000001"}).status_code == 302
    assert Registration.objects.get(pk=row.pk).name == "周凝"
