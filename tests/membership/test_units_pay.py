"""A unit pays for many at once, and its free seats last as long as its own time."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from xinglin.engines.membership import answers
from xinglin.engines.membership.actions import exits
from xinglin.engines.membership.actions.bundles import NoSeats, SeatedAlready, grant_seats
from xinglin.engines.membership.actions.members import BeforeLast, end_waiver, waive_fee
from xinglin.engines.membership.bundling import NothingToGather, TooOften, fits, gather_bills, owed_on
from xinglin.engines.membership.covering import seats_of
from xinglin.engines.membership.fees import Bundle, Charge
from xinglin.engines.membership.members import Coverage, Spell
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.policy import NotAllowed
from xinglin.lib.transfer_codes import holds

from .conftest import DAY, HOUSE, OFFICE, actor
from .fees import bill, line_of, pay, standard

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=10)


@pytest.fixture
def schedule(tiers):
    return standard(tiers)


@pytest.fixture
def unit(found, admit):
    return admit(found("江海省第一医院"), tier="unit")


@pytest.fixture
def people(someone, admit):
    return [admit(someone(f"职工{number}")) for number in range(3)]


def unit_bill(unit, schedule, level="理事单位", **given):
    return bill(unit, line_of(schedule, "unit", level), **given)


def test_one_transfer_under_one_code_pays_for_all(unit, people, schedule):
    bills = [bill(one, line_of(schedule, "ordinary")) for one in people]
    pay(bills[0], amount="200.00")
    bundle = gather_bills(by=OFFICE, on=DAY, payer=unit, charges=bills)
    assert holds(code=bundle.code) and owed_on(bundle)[1] == Decimal("400.00")
    pay(*owed_on(bundle)[0], amount="400.00", member=unit, on=LATER)
    assert owed_on(bundle) == ([], 0)
    assert [answers.status_of(one, on=LATER).code for one in people] == ["active"] * 3
    with pytest.raises(NothingToGather):
        gather_bills(by=OFFICE, on=LATER, payer=unit, charges=bills)
    with pytest.raises(NotAllowed):
        gather_bills(by=actor("department"), on=DAY, payer=unit, charges=bills)
    assert Bundle.objects.count() == 1


def test_a_bundle_that_was_changed_settles_nothing(unit, people, schedule, someone, admit):
    bills = [bill(one, line_of(schedule, "ordinary")) for one in people]
    bundle = gather_bills(by=OFFICE, on=DAY, payer=unit, charges=bills[:2])
    again = gather_bills(by=OFFICE, on=DAY, payer=unit, charges=bills[:2])
    assert fits(bundle) and fits(again) and bundle.code != again.code
    bundle.charges.set([bills[0], bills[2]])
    assert not fits(bundle) and owed_on(bundle) == ([], 0)
    Bundle.objects.filter(pk=again.pk).update(payer=people[0])
    assert owed_on(Bundle.objects.get(pk=again.pk)) == ([], 0)


def test_who_left_is_no_longer_paid_for(unit, people, schedule):
    bills = [bill(one, line_of(schedule, "ordinary")) for one in people]
    bundle = gather_bills(by=OFFICE, on=DAY, payer=unit, charges=bills[:2])
    for one in people[1:]:
        exits.end_membership(by=OFFICE, on=LATER, member=one, how=Spell.Ended.DIED, ended_on=LATER)
    assert owed_on(bundle) == ([bills[0]], Decimal("200.00"))
    with pytest.raises(NothingToGather):
        gather_bills(by=OFFICE, on=LATER, payer=unit, charges=bills[2:])


def test_a_request_whose_code_would_fit_nothing_is_refused(unit, people, schedule):
    one = bill(people[0], line_of(schedule, "ordinary"))
    made = [gather_bills(by=OFFICE, on=DAY, payer=unit, charges=[one]) for _time in range(20)]
    assert all(map(fits, made))
    with pytest.raises(TooOften, match=made[-1].code):
        gather_bills(by=OFFICE, on=DAY, payer=unit, charges=[one])
    assert Bundle.objects.count() == 20


def test_seats_come_with_the_paid_time_and_end_with_it(unit, people, schedule, said):
    with pytest.raises(NoSeats):
        grant_seats(by=OFFICE, on=DAY, unit=unit, members=people[:1])
    pay(unit_bill(unit, schedule), amount="5000.00")
    open_bill = bill(people[0], line_of(schedule, "ordinary"))
    said()
    rows = grant_seats(by=OFFICE, on=LATER, unit=unit, members=people[:2])
    assert {(row.kind, row.from_on, row.until_on, row.unit) for row in rows} == {
        ("seat", LATER, date(2027, 3, 2), unit)}
    assert [type_ for type_, _body in said()] == ["charge.cancelled", "coverage.begun", "coverage.begun"]
    assert Charge.objects.get(pk=open_bill.pk).cancelled_on == LATER
    assert [answers.status_of(one, on=LATER).code for one in people] == ["active", "active", "joining"]
    with pytest.raises(NoSeats, match="2"):
        grant_seats(by=OFFICE, on=LATER, unit=unit, members=people[2:])
    assert seats_of(unit, on=LATER)[1:] == (2, 2)


def test_the_same_people_keep_their_seats_when_the_unit_pays_again(unit, people, schedule):
    pay(unit_bill(unit, schedule), amount="5000.00")
    grant_seats(by=OFFICE, on=DAY, unit=unit, members=people[:2])
    exits.end_membership(by=OFFICE, on=LATER, member=people[1], how=Spell.Ended.DIED, ended_on=LATER)
    pay(unit_bill(unit, schedule, year=2027, on=LATER), amount="5000.00", on=LATER)
    seats = Coverage.objects.filter(kind="seat", from_on=date(2027, 3, 2))
    assert [(row.spell.member, row.until_on) for row in seats] == [(people[0], date(2028, 3, 2))]


def renewed(unit, schedule, on=LATER):
    """The unit pays for its second year before the first is over."""
    return pay(unit_bill(unit, schedule, year=2027, on=on), amount="5000.00", on=on)


def spans(member):
    rows = Coverage.objects.filter(spell__member=member, kind="seat").order_by("from_on")
    return [(row.from_on, row.until_on) for row in rows]


def test_a_seat_given_after_the_unit_renewed_early_holds_for_the_year_that_is_paid(unit, people, schedule):
    pay(unit_bill(unit, schedule), amount="5000.00")
    grant_seats(by=OFFICE, on=DAY, unit=unit, members=people[:1])
    renewed(unit, schedule)
    coming = bill(people[1], line_of(schedule, "ordinary"), year=2027, on=LATER)
    grant_seats(by=OFFICE, on=LATER, unit=unit, members=people[1:2])
    assert spans(people[1]) == [(LATER, date(2027, 3, 2)), (date(2027, 3, 2), date(2028, 3, 2))]
    assert [answers.status_of(one, on=date(2027, 3, 2)).code for one in people[:2]] == ["active", "active"]
    assert Charge.objects.get(pk=coming.pk).cancelled_on == LATER
    assert seats_of(unit, on=date(2027, 3, 2))[1:] == (2, 2)
    pay(unit_bill(unit, schedule, year=2028, on=date(2027, 3, 2)), amount="5000.00", on=date(2027, 3, 2))
    assert [len(spans(one)) for one in people[:2]] == [3, 3]


def test_a_coming_year_with_fewer_seats_takes_as_many_as_it_has(unit, people, schedule):
    pay(unit_bill(unit, schedule, level="会长单位"), amount="20000.00")
    renewed(unit, schedule)
    grant_seats(by=OFFICE, on=LATER, unit=unit, members=people)
    assert [len(spans(one)) for one in people] == [2, 2, 1]


def test_a_seat_that_was_taken_back_does_not_return(unit, people, schedule, said):
    pay(unit_bill(unit, schedule), amount="5000.00")
    [seat] = grant_seats(by=OFFICE, on=DAY, unit=unit, members=people[:1])
    renewed(unit, schedule)
    [now, coming] = Coverage.objects.filter(kind="seat").order_by("from_on")
    said()
    end_waiver(by=OFFICE, on=LATER, coverage=seat, until_on=LATER)
    assert spans(people[0]) == [(DAY, LATER)]
    assert said() == [
        ("coverage.ended", {"member": str(people[0].ref), "coverage": now.pk, "until_on": str(LATER)}),
        ("coverage.ended", {"member": str(people[0].ref), "coverage": coming.pk, "until_on": "2027-03-02"})]
    grant_seats(by=OFFICE, on=LATER, unit=unit, members=people[1:])
    assert [len(spans(one)) for one in people] == [1, 2, 2]


def test_the_coming_year_of_a_seat_can_be_taken_back_alone(unit, people, schedule):
    pay(unit_bill(unit, schedule), amount="5000.00")
    grant_seats(by=OFFICE, on=DAY, unit=unit, members=people[:1])
    renewed(unit, schedule)
    end_waiver(by=OFFICE, on=LATER, coverage=Coverage.objects.get(kind="seat", from_on=date(2027, 3, 2)),
               until_on=LATER)
    assert spans(people[0]) == [(DAY, date(2027, 3, 2))]
    with pytest.raises(BeforeLast):
        end_waiver(by=OFFICE, on=DAY, coverage=Coverage.objects.get(kind="seat"), until_on=DAY)


def test_seats_go_on_when_the_unit_pays_some_days_after_its_time(unit, people, schedule):
    override_regulation(by=HOUSE, on=DAY, regulation_id="M2.policy", value="from_payment", from_on=DAY, reason="试")
    pay(unit_bill(unit, schedule), amount="5000.00")
    grant_seats(by=OFFICE, on=DAY, unit=unit, members=people[:2])
    seat = Coverage.objects.get(kind="seat", spell__member=people[1])
    end_waiver(by=OFFICE, on=LATER, coverage=seat, until_on=LATER)  # not held at the end
    late = date(2027, 3, 5)
    renewed(unit, schedule, on=late)
    assert spans(people[0]) == [(DAY, date(2027, 3, 2)), (late, date(2028, 3, 5))]
    assert spans(people[1]) == [(DAY, LATER)]


def test_seats_that_go_on_and_waivers_cancel_the_bills_of_their_years(unit, people, schedule):
    pay(unit_bill(unit, schedule), amount="5000.00")
    grant_seats(by=OFFICE, on=DAY, unit=unit, members=people[:1])
    coming = bill(people[0], line_of(schedule, "ordinary"), year=2027, on=LATER)  # as the yearly run does
    pay(unit_bill(unit, schedule, year=2027, on=LATER), amount="5000.00", on=LATER)
    assert Charge.objects.get(pk=coming.pk).cancelled_on == LATER
    waived = bill(people[1], line_of(schedule, "ordinary"))
    waive_fee(by=OFFICE, on=LATER, member=people[1], from_on=LATER, reason="名誉")
    assert Charge.objects.get(pk=waived.pk).cancelled_for != "名誉", "bills are read by more people than the reason"


def test_a_seat_is_for_a_person_who_owes_something(unit, people, schedule, found, admit):
    pay(unit_bill(unit, schedule, level="会长单位"), amount="20000.00")
    other = admit(found("江海省第二医院"), tier="unit")
    with pytest.raises(NoSeats):
        grant_seats(by=OFFICE, on=DAY, unit=unit, members=[other])
    grant_seats(by=OFFICE, on=DAY, unit=unit, members=people[:1])
    with pytest.raises(SeatedAlready):
        grant_seats(by=OFFICE, on=DAY, unit=unit, members=people)
    assert Coverage.objects.filter(kind="seat").count() == 1, "all or none"
    with pytest.raises(NotAllowed):
        grant_seats(by=actor("department"), on=DAY, unit=unit, members=people[1:])
