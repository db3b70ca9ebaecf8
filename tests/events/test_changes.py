"""What changes after registering: money owed later, places in other hands, names put right, places claimed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from xinglin.engines.events.actions.handing_over import (
    Nobody,
    NotYours,
    SomebodyElse,
    claim_registration,
    name_registration,
    transfer_registration,
)
from xinglin.engines.events.actions.offers import publish_offer
from xinglin.engines.events.actions.options import PaidByOthers, change_options
from xinglin.engines.events.actions.ordering import Payer
from xinglin.engines.events.actions.orders import place_order, receive_payment
from xinglin.engines.events.actions.registrations import cancel_registration
from xinglin.engines.events.carts import visitor
from xinglin.engines.events.closing import end_unpaid
from xinglin.engines.events.offering import ChoiceLine, PoolLine, PriceLine, QuestionLine
from xinglin.engines.events.orders import Order
from xinglin.engines.events.places import Party, said_answers
from xinglin.engines.events.registration_policy import sees_order
from xinglin.engines.events.registrations import Registration
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Ref

from .conftest import AFTER, DAY, FIRST, HOUSE, OFFICE, actor, at
from .selling import NOW, WORKSHOP, enrol, guest, members, selling, sheet, take

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db
FORTY = (PoolLine(code="hall", title="一号厅", capacity=40), sheet().pools[1])
LATER = at("10:00", FIRST - timedelta(days=40))
ZHENG = Party(name="郑一", email="zheng@example.org")


def weighed(order: Order) -> Order:
    return Order.objects.weighed().get(pk=order.pk)


def pay(order: Order, serial: str = "B1") -> None:
    receive_payment(by=OFFICE, on=DAY, order=order, way="transfer", amount=weighed(order).total, paid_on=DAY,
                    serial=serial)


def states(order: Order) -> list[str]:
    return list(order.registrations.order_by("pk").values_list("state", flat=True))


def confirmed_facts() -> list[dict]:
    """Return the confirmations that no later fact corrects: what plans count."""
    rows = SealedFact.objects.filter(type__startswith="events.registration.")
    corrected = set(rows.exclude(corrects=None).values_list("corrects", flat=True))
    return [one.body for one in rows.filter(type="events.registration.confirmed") if one.key not in corrected]


# Owed again ---------------------------------------------------------------------------------------


def test_a_difference_owed_after_handing_over_has_a_term_of_its_own_and_its_end_keeps_the_neighbours(
        selling, found, members):
    """A group that paid, and a place that became dearer: the old term is long over."""
    event, hospital = selling(pools=FORTY), found("江海市第一人民医院（虚构）")
    members(hospital.ref)
    held = take(event, guest(9), quantity=3)
    order = place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name=hospital.name, unit=hospital))
    pay(order)
    row = order.registrations.first()
    change_options(by=HOUSE, on=LATER.date(), at=LATER, registration=row, answers={"dinner": ["gala"]})
    assert states(order) == ["held", "confirmed", "confirmed"]
    assert end_unpaid(at=LATER + timedelta(days=1)) == 0
    due = weighed(order).due_at
    assert due == LATER + timedelta(days=7)
    assert end_unpaid(at=due + timedelta(days=3)) == 1
    assert states(order) == ["confirmed"] * 3, "the dinner is lost, nothing else"
    assert (weighed(order).owed, row.chosen.count()) == (0, 0)
    assert "gala" not in Registration.objects.get(pk=row.pk).answers


def test_an_unpaid_difference_ends_that_place_by_the_refund_rule(selling, someone, members):
    event, wang = selling(), someone()
    members(wang.ref)
    row = enrol(event, wang.ref)
    pay(row.order)
    row = transfer_registration(by=HOUSE, on=LATER.date(), at=LATER, registration=row, to=ZHENG)
    assert (row.state, weighed(row.order).owed) == ("held", 200)
    assert end_unpaid(at=LATER + timedelta(days=7)) == 0
    over = at("10:00", FIRST - timedelta(days=10))
    assert end_unpaid(at=over) == 1
    row.refresh_from_db()
    assert (row.state, row.cancelled_for) == ("cancelled", "unpaid")
    assert weighed(row.order).owed == -150, "half of 700 is kept"


def test_of_a_group_paid_in_part_what_is_paid_stays(selling):
    held = take(selling(pools=FORTY), guest(9), quantity=3)
    order = place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name="医院"),
                        parties=[Party(name="周宁"), Party(name="吴双")])
    receive_payment(by=OFFICE, on=DAY, order=order, way="transfer", amount=Decimal(1400), paid_on=DAY, serial="B1")
    assert end_unpaid(at=order.due_at + timedelta(days=3)) == 1
    assert states(order) == ["confirmed", "confirmed", "cancelled"], "the one without a name goes"
    assert weighed(order).owed == 0


def test_an_unpaid_place_gets_no_new_term_by_additions(selling):
    row = enrol(selling(), guest())
    due = row.order.due_at
    change_options(by=HOUSE, on=DAY, at=due - timedelta(days=1), registration=row, answers={"dinner": ["gala"]})
    assert Order.objects.get().due_at == due


def test_what_was_paid_too_much_pays_what_is_added(selling, sealed):
    row = enrol(selling(), guest())
    receive_payment(by=OFFICE, on=DAY, order=row.order, way="transfer", amount=Decimal(1000), paid_on=DAY, serial="B1")
    row = change_options(by=HOUSE, on=DAY, at=NOW, registration=row, answers={"dinner": ["gala"]})
    assert (Registration.objects.get().state, weighed(row.order).owed) == ("confirmed", 0)


@pytest.mark.parametrize("before", [40, 10, 3])
def test_an_option_taken_back_unpaid_costs_nothing_however_late_and_paid_by_the_refund_rule(selling, before):
    row = enrol(selling(), guest())
    order = row.order
    pay(order)
    day, moment = FIRST - timedelta(days=before), at("10:00", FIRST - timedelta(days=before))
    change_options(by=HOUSE, on=day, at=moment, registration=row, answers={"dinner": ("gala",)})
    assert (weighed(order).owed, states(order)) == (300, ["held"])
    change_options(by=HOUSE, on=day, at=moment, registration=row, answers={})
    assert (weighed(order).owed, states(order)) == (0, ["confirmed"])
    change_options(by=HOUSE, on=day, at=moment, registration=row, answers={"dinner": ("gala",)})
    receive_payment(by=OFFICE, on=day, order=order, way="transfer", amount=Decimal(300), paid_on=day, serial="B2")
    change_options(by=HOUSE, on=day, at=moment, registration=row, answers={})
    assert (weighed(order).owed, states(order)) == ({40: -300, 10: -150, 3: 0}[before], ["confirmed"])


def test_a_place_counts_once_whatever_becomes_of_it(selling, someone, members, sealed):
    event, wang, li = selling(), someone(), someone("李小红")
    members(wang.ref)
    row = enrol(event, wang.ref)
    pay(row.order)
    sealed()
    assert [one["person"] for one in confirmed_facts()] == [str(wang.ref)]
    row = transfer_registration(by=HOUSE, on=DAY, at=NOW, registration=row, to=Party(person=li))
    sealed()
    assert confirmed_facts() == [], "the difference is owed"
    receive_payment(by=OFFICE, on=DAY, order=row.order, way="transfer", amount=Decimal(200), paid_on=DAY, serial="B2")
    sealed()
    assert [one["person"] for one in confirmed_facts()] == [str(li.ref)]
    row = Registration.objects.get()
    row = transfer_registration(by=HOUSE, on=DAY, at=NOW, registration=row, to=ZHENG)
    sealed()
    assert [one.get("person") for one in confirmed_facts()] == [None], "nothing is owed: somebody else is counted"
    cancel_registration(by=HOUSE, on=DAY, at=NOW, registration=Registration.objects.get())
    sealed()
    assert confirmed_facts() == []


def test_options_of_an_older_list_stay_and_only_what_the_newest_offers_is_given_back(selling):
    event = selling()
    row = enrol(event, guest(), party={"answers": {"dinner": ["gala"], "workshop": "echo"}})
    pay(row.order)
    meal = QuestionLine(code="meal", kind="choice", zh="用餐", choices=(ChoiceLine(code="halal", zh="清真"),))
    pace = replace(WORKSHOP, choices=(ChoiceLine(code="pace", zh="起搏工作坊", places=1), WORKSHOP.choices[1]))
    later = NOW + timedelta(minutes=1)
    publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(questions=(meal, pace)), at=later)
    for workshop, kept in (("", ["gala", "echo"]), ("none", ["gala"])):
        row = change_options(by=HOUSE, on=DAY, at=later, registration=row,
                             answers={"meal": "halal", "workshop": workshop})
        assert [one.option.code for one in row.chosen.order_by("pk")] == kept
        assert (weighed(row.order).owed, said_answers(row)["dinner"]) == (0, ["gala"])


def test_what_is_dropped_twice_is_credited_once(selling):
    event = selling()
    row = enrol(event, guest(), party={"answers": {"dinner": ["gala"]}})
    pay(row.order)
    before = weighed(row.order).total
    gala = ChoiceLine(code="gala", zh="晚宴", places=100)
    free = QuestionLine(code="dinner", kind="many", zh="晚宴", choices=(gala,))
    later = NOW + timedelta(minutes=1)
    publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(questions=(free,)), at=later)
    for answers, less in (({}, 300), ({"dinner": ["gala"]}, 300), ({}, 300)):
        change_options(by=HOUSE, on=DAY, at=later, registration=row, answers=answers)
        assert weighed(row.order).total == before - less


def test_an_option_that_became_a_plain_answer_is_kept_by_who_has_it_and_costs_who_ticks_it_nothing(selling):
    event = selling()
    had, new = (enrol(event, guest(number), party={"answers": {"dinner": said}})
                for number, said in ((1, ["gala"]), (2, [])))
    plain = QuestionLine(code="dinner", kind="many", zh="晚宴", choices=(ChoiceLine(code="gala", zh="晚宴"),))
    later = NOW + timedelta(minutes=1)
    publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(questions=(plain,)), at=later)
    before = weighed(had.order).owed, weighed(new.order).owed
    had = change_options(by=HOUSE, on=DAY, at=later, registration=had, answers={"dinner": ["gala"], "wish": "靠窗"})
    new = change_options(by=HOUSE, on=DAY, at=later, registration=new, answers={"dinner": ["gala"]})
    assert ([one.chosen.count() for one in (had, new)], said_answers(new)["dinner"]) == ([1, 0], ["gala"])
    assert (weighed(had.order).owed, weighed(new.order).owed) == before


# In other hands -----------------------------------------------------------------------------------


def test_who_handed_a_place_over_has_nothing_to_say_about_it(selling, someone):
    event, wang = selling(), someone()
    row = enrol(event, wang.ref, by=actor(person=wang))
    after = transfer_registration(by=actor(person=wang), on=DAY, at=NOW, registration=row, to=ZHENG)
    assert (after.who, after.turn) == (str(visitor("zheng@example.org")), 1)
    assert after.booking != row.booking
    for key in ("", row.key, row.order.key):
        with pytest.raises(NotAllowed):
            cancel_registration(by=actor(person=wang), on=DAY, at=NOW, registration=after, key=key)
    assert cancel_registration(by=actor(), on=DAY, at=NOW, registration=after, key=after.key).state == "cancelled"
    assert enrol(event, wang.ref).pk, "and may register again"


def test_who_took_a_place_over_has_what_costs_something_added_by_those_who_run_the_event(selling, someone):
    wang = someone()
    row = enrol(selling(), wang.ref, by=actor(person=wang))
    pay(row.order)
    after = transfer_registration(by=actor(person=wang), on=DAY, at=NOW, registration=row, to=ZHENG)
    zheng = replace(actor(), ref=Ref("directory.account:8"))
    given = {"on": DAY, "at": NOW, "registration": after, "answers": {"dinner": ["gala"]}}
    with pytest.raises(PaidByOthers) as refused:  # the order is the former holder's, who would be asked to pay
        change_options(by=zheng, key=after.key, **given)
    assert (refused.value.instead, sees_order(actor=zheng, registration=after, key=after.key)) != ("", True)
    assert (weighed(after.order).owed, change_options(by=HOUSE, **given).chosen.count()) == (0, 1)


def test_an_order_says_the_place_for_which_it_was_opened(selling, sealed):
    row = enrol(selling(), guest(), "online")
    change_options(by=HOUSE, on=DAY, at=NOW, registration=row, answers={"dinner": ["gala"]})
    sealed()
    assert [one.body["places"] for one in SealedFact.objects.filter(type="events.order.placed")] == [1]


def test_a_place_is_handed_to_somebody_who_can_be_reached(selling, someone):
    row, wang = enrol(selling(), guest()), someone()
    with pytest.raises(Nobody) as refused:
        transfer_registration(by=actor(person=wang), on=DAY, at=NOW, registration=row, to=Party(name="郑一"),
                              key=row.key)
    assert refused.value.field == "email"


def test_a_free_place_of_a_member_costs_who_is_none(selling, someone, members):
    prices = (*sheet().prices, PriceLine(ticket="online", amount=Decimal(0), members=True))
    event, wang = selling(prices=tuple(
        one if one.ticket != "online" or one.members else PriceLine(ticket="online", amount=Decimal(300))
        for one in prices)), someone()
    members(wang.ref)
    row = enrol(event, wang.ref, "online")
    assert (row.order, row.state) == (None, "confirmed")
    after = transfer_registration(by=OFFICE, on=DAY, at=NOW, registration=row, to=ZHENG)
    assert (weighed(after.order).owed, after.state, after.order.payer_name) == (300, "held", "郑一")
    assert after.order.account == "", "who runs the event keeps no say over it as an account"


def test_the_difference_is_charged_once(selling, someone, members):
    event, wang, li = selling(), someone(), someone("李小红")
    members(wang.ref, li.ref)
    row = enrol(event, wang.ref)
    for to in (ZHENG, Party(person=li), Party(name="贺一", email="he@example.org")):
        row = transfer_registration(by=HOUSE, on=DAY, at=NOW, registration=Registration.objects.get(), to=to)
    assert weighed(row.order).total == 700


def test_a_place_of_a_group_is_priced_by_who_pays(selling, found, members):
    event, hospital = selling(pools=FORTY), found("江海市第一人民医院（虚构）")
    members(hospital.ref)
    held = take(event, guest(9), quantity=2)
    order = place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name=hospital.name, unit=hospital))
    row = transfer_registration(by=HOUSE, on=DAY, at=NOW, registration=order.registrations.first(), to=ZHENG)
    assert (weighed(order).total, row.as_member, row.unit) == (1000, True, hospital)


def test_who_has_one_place_of_a_group_adds_nothing_that_others_pay(selling):
    held = take(selling(pools=FORTY), guest(9), quantity=2)
    order = place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name="医院"))
    row, given = order.registrations.first(), {"on": DAY, "at": NOW, "answers": {"dinner": ["gala"]}}
    with pytest.raises(PaidByOthers):
        change_options(by=actor(), registration=row, key=row.key, **given)
    assert change_options(by=actor(), registration=row, key=row.key, **{**given, "answers": {"workshop": "echo"}}).pk
    assert change_options(by=actor(), registration=row, key=order.key, **given).chosen.count() == 1
    other = order.registrations.last()
    assert change_options(by=actor(), registration=other, key=order.key, **given).chosen.count() == 1


# Names --------------------------------------------------------------------------------------------


def test_a_correction_is_no_free_hand_over(selling):
    row = enrol(selling(), guest(), party={"mobile": "13800000001", "email": "zhou@example.org"})
    ask = {"by": actor(), "on": DAY, "registration": row, "key": row.key}
    with pytest.raises(SomebodyElse):
        name_registration(**ask, party=Party(name="郑一", mobile="13900000002", email="zheng@example.org"))
    assert name_registration(**ask, party=Party(name="周凝", mobile="13800000001")).name == "周凝"
    with pytest.raises(SomebodyElse):
        name_registration(**{**ask, "on": AFTER}, party=Party(name="周宁", mobile="13800000001"))
    assert name_registration(by=HOUSE, on=AFTER, registration=row, party=Party(name="周宁")).name == "周宁"


def test_a_name_of_the_directory_is_put_right_there(selling, someone):
    wang = someone()
    row = enrol(selling(), wang.ref)
    with pytest.raises(SomebodyElse) as refused:
        name_registration(by=actor(person=wang), on=DAY, registration=row, party=Party(name="王大明"))
    assert refused.value.instead
    kept = name_registration(by=actor(person=wang), on=DAY, registration=row, party=Party(email="wang@example.org"))
    assert (kept.name, kept.email, kept.person) == ("王小明", "wang@example.org", wang)


# Claimed ------------------------------------------------------------------------------------------


def test_a_place_bought_for_somebody_is_taken_into_their_account(selling, someone, sealed):
    event, wang, li = selling(pools=FORTY), someone(), someone("李小红")
    held = take(event, guest(9), "online", quantity=2)
    order = place_order(by=HOUSE, on=DAY, at=NOW, token=held.token, payer=Payer(name="医院"),
                        parties=[Party(name="王小明")])
    named, free = order.registrations.order_by("pk")
    row = claim_registration(by=actor(person=wang), on=DAY, at=NOW, key=named.key)
    assert (row.person, row.who) == (wang, str(wang.ref))
    for somebody in (wang, li):
        with pytest.raises(NotYours):
            claim_registration(by=actor(person=somebody), on=DAY, at=NOW, key=named.key)
    assert claim_registration(by=actor(person=li), on=DAY, at=NOW, key=free.key).name == "李小红"
    for stranger, key in ((actor(), free.key), (actor(person=wang), ""), (actor(person=wang), "no-such-key")):
        with pytest.raises(NotAllowed):
            claim_registration(by=stranger, on=DAY, at=NOW, key=key)
    sealed()
    assert {one.get("person") for one in confirmed_facts()} == {str(wang.ref), str(li.ref)}
