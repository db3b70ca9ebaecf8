"""Bank files: orders are found by their code, booked once, all or none."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xinglin.engines.events.actions.orders import receive_payment
from xinglin.engines.events.actions.statements import Booking, book_statement
from xinglin.engines.events.closing import end_unpaid
from xinglin.engines.events.order_matching import fits
from xinglin.engines.events.orders import Order, Payment
from xinglin.engines.membership.actions.payments import receive_payment as receive_fee
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.mechanics.transfers.bank_sheets import read_bank_sheet
from xinglin.mechanics.transfers.book import BookedAlready
from xinglin.mechanics.transfers.keeping import keep_statement
from xinglin.mechanics.transfers.models import Statement
from xinglin.mechanics.transfers.rows import NothingChosen

from .conftest import DAY, HOUSE, OFFICE
from .selling import enrol, guest, members, selling

__all__ = ["members", "selling"]
pytestmark = pytest.mark.django_db


def file(*rows: tuple[str, str, str, str]) -> bytes:
    lines = ["交易日期,贷方金额,对方户名,流水号,附言", *(f"2026-03-02,{','.join(row)}" for row in rows)]
    return "\n".join(lines).encode()


def rows_of(content: bytes):
    return read_bank_sheet(content=content).rows


def book(content: bytes, *bookings: Booking, by=OFFICE):
    """Book rows of a file."""
    statement, _made = keep_statement(by=OFFICE, on=DAY, name="明细.csv", content=content)
    return book_statement(by=by, on=DAY, statement=statement, bookings=bookings)


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
    content = file(("700", "甲", "S1", first.code), ("700", "乙", "S2", second.code))
    one, two = rows_of(content)
    receive_payment(by=HOUSE, on=DAY, order=second, way="transfer", amount=Decimal(1), paid_on=DAY, serial="S2")
    with pytest.raises(Refusals) as refused:
        book(content, Booking(row=one, order=first), Booking(row=two, order=second))
    assert [problem.row for problem in refused.value.problems] == [two.number]
    assert Payment.objects.count() == 1
    book(content, Booking(row=one, order=first))
    assert first.registrations.get().state == "confirmed"
    assert [fit.kind for fit in fits(rows=[one])] == ["booked"]
    with pytest.raises(NothingChosen):
        book(content)


def test_who_runs_one_event_books_no_bank_file(selling, chair):
    order = enrol(selling(), guest(1)).order
    content = file(("700", "甲", "S1", order.code))
    with pytest.raises(NotAllowed):
        book(content, Booking(row=rows_of(content)[0], order=order), by=chair)


def test_money_for_a_cancelled_order_is_said_to_go_back(selling):
    order = enrol(selling(), guest(1)).order
    end_unpaid(at=order.due_at + timedelta(days=3))
    [fit] = fits(rows=rows_of(file(("700", "甲", "S1", order.code))))
    assert (fit.kind, bool(fit.notes)) == ("likely", True)


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


def test_money_in_the_book_for_a_fee_is_not_booked_for_an_order(selling, visit):
    """One bank row, two engines that look into the same file."""
    order, who = enrol(selling(), guest(1)).order, "江海市第一人民医院(集团)"
    content = file(("700", who, "S1", "会费"))
    statement, _made = keep_statement(by=OFFICE, on=DAY, name="明细.csv", content=content)
    fee = receive_fee(by=OFFICE, on=DAY, way="transfer", amount=Decimal(700), paid_on=DAY, serial="S1", payer_name=who,
                      statement=statement)
    [fit] = fits(rows=rows_of(content))
    assert (fit.kind, fit.known.booked.ref) == ("booked", fee.ref)
    with pytest.raises(Refusals):
        book(content, Booking(row=rows_of(content)[0], order=order))
    assert not Payment.objects.exists()
    page = visit(OFFICE).get(reverse("events:bank_rows", args=[Statement.objects.get().pk])).content.decode()
    assert fee.get_absolute_url() in page


def test_money_in_the_book_for_an_order_is_shown_on_the_page_of_fees(selling, visit):
    order = enrol(selling(), guest(1)).order
    content = file(("700", "甲", "S1", order.code))
    book(content, Booking(row=rows_of(content)[0], order=order))
    page = visit(OFFICE).get(reverse("membership:statement", args=[Statement.objects.get().pk])).content.decode()
    assert order.get_absolute_url() in page
    with pytest.raises(BookedAlready):
        receive_fee(by=OFFICE, on=DAY, way="transfer", amount=Decimal(700), paid_on=DAY, serial="S1")
    assert receive_fee(by=OFFICE, on=DAY, way="cash", amount=Decimal(700), paid_on=DAY, serial="S1").pk, "another book"


def test_a_payer_is_known_by_either_style_of_brackets(selling):
    order = enrol(selling(), guest(1), party={"name": "江海医药（集团）公司"}).order
    [fit] = fits(rows=rows_of(file(("700.00", "江海医药(集团)公司", "S1", "会议费"))))
    assert (fit.kind, fit.orders) == ("likely", (order,))


def test_a_transfer_that_may_be_in_the_book_is_not_chosen_by_itself(selling):
    order = enrol(selling(), guest(1), party={"name": "甲"}).order
    receive_payment(by=OFFICE, on=DAY, order=order, way="transfer", amount=Decimal(300), paid_on=DAY, serial="收-7",
                    payer_name="甲")
    [fit] = fits(rows=rows_of(file(("300", "甲", "S1", order.code))))
    assert fit.kind == "likely" and "收-7" in fit.notes[0]
