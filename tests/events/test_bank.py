"""Bank files: orders are found by their code, booked once, all or none."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xinglin.engines.events.actions.orders import receive_payment
from xinglin.engines.events.actions.statements import Booking, NothingChosen, book_statement
from xinglin.engines.events.closing import end_unpaid
from xinglin.engines.events.order_matching import fits
from xinglin.engines.events.orders import Order, Payment
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.mechanics.transfers.bank_sheets import read_bank_sheet

from .conftest import DAY, HOUSE, OFFICE
from .selling import enrol, guest, members, selling

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db


def file(*rows: tuple[str, str, str, str]) -> bytes:
    lines = ["交易日期,贷方金额,对方户名,流水号,附言", *(f"2026-03-02,{','.join(row)}" for row in rows)]
    return "\n".join(lines).encode()


def rows_of(content: bytes):
    return read_bank_sheet(content=content).rows


def test_orders_are_found_by_code_and_likely_by_name(selling):
    event = selling()
    first, second = enrol(event, guest(1)).order, enrol(event, guest(2), party={"name": "吴双"}).order
    found = fits(rows=rows_of(file(("700.00", "某医院", "S1", f"会费 {first.code.lower()}"),
                                   ("700.00", "吴双", "S2", "报名"), ("5.00", "路人", "S3", ""))))
    assert [(one.kind, [order.pk for order in one.orders]) for one in found] == [
        ("exact", [first.pk]), ("likely", [second.pk]), ("none", [])]


def test_rows_are_booked_once_all_or_none(selling):
    event = selling()
    first, second = enrol(event, guest(1)).order, enrol(event, guest(2)).order
    one, two = rows_of(file(("700", "甲", "S1", first.code), ("700", "乙", "S2", second.code)))
    receive_payment(by=HOUSE, on=DAY, order=second, way="transfer", amount=Decimal(1), paid_on=DAY, serial="S2")
    with pytest.raises(Refusals) as refused:
        book_statement(by=OFFICE, on=DAY, bookings=[Booking(row=one, order=first), Booking(row=two, order=second)])
    assert [problem.row for problem in refused.value.problems] == [two.number]
    assert Payment.objects.count() == 1
    book_statement(by=OFFICE, on=DAY, bookings=[Booking(row=one, order=first)])
    assert first.registrations.get().state == "confirmed"
    assert [fit.kind for fit in fits(rows=[one])] == ["booked"]
    with pytest.raises(NothingChosen):
        book_statement(by=OFFICE, on=DAY, bookings=[])


def test_who_runs_one_event_books_no_bank_file(selling, chair):
    order = enrol(selling(), guest(1)).order
    [row] = rows_of(file(("700", "甲", "S1", order.code)))
    with pytest.raises(NotAllowed):
        book_statement(by=chair, on=DAY, bookings=[Booking(row=row, order=order)])


def test_money_for_a_cancelled_order_is_said_to_go_back(selling):
    order = enrol(selling(), guest(1)).order
    end_unpaid(at=order.due_at + timedelta(days=3))
    [fit] = fits(rows=rows_of(file(("700", "甲", "S1", order.code))))
    assert (fit.kind, bool(fit.note)) == ("likely", True)


def test_the_pages_book_what_is_chosen(selling, visit):
    order = enrol(selling(), guest(1)).order
    client = visit(OFFICE)
    upload = SimpleUploadedFile("明细.csv", file(("700", "甲", "S1", order.code)))
    answer = client.post(reverse("events:bank_file"), {"file": upload})
    page = client.get(answer.url).content.decode()
    assert order.number in page
    assert client.post(answer.url, {"row-2": "0"}).status_code == 422
    [line] = client.get(answer.url).context["lines"]
    assert client.post(answer.url, {f"row-{line[0].row.number}": order.pk}).status_code == 302
    assert Order.objects.weighed().get().owed == 0
