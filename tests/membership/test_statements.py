"""Matching a bank statement: by code, by name and amount, or not at all; every row is booked once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from xinglin.engines.membership import keeping_statements
from xinglin.engines.membership.actions import exits
from xinglin.engines.membership.actions.statements import Booking, book_statement
from xinglin.engines.membership.bundling import gather_bills
from xinglin.engines.membership.fees import Bundle, Charge, Payment, Statement
from xinglin.engines.membership.keeping_statements import (
    Forgotten,
    UnreadableStatement,
    forget_statements,
    keep_statement,
    sheet_of,
)
from xinglin.engines.membership.matching import propose
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.mechanics.transfers.book import BookedAlready
from xinglin.mechanics.transfers.rows import NothingChosen

from .bank import csv, paid_out, receipt, xlsx
from .conftest import DAY, OFFICE, actor
from .fees import bill, line_of, pay, standard

pytestmark = pytest.mark.django_db
ON = DAY + timedelta(days=10)
PAID = "2026-03-10"


@pytest.fixture
def schedule(tiers):
    return standard(tiers)


@pytest.fixture
def charge(someone, admit, schedule):
    """Return a function that bills somebody."""
    return lambda name="王小明": bill(admit(someone(name)), line_of(schedule, "ordinary"))


def keep(*rows, write=csv, name="明细.csv"):
    return keep_statement(by=OFFICE, on=ON, name=name, content=write(*rows))


def proposals(statement, on=ON):
    return propose(rows=sheet_of(statement).rows, on=on)


def book(statement, proposals):
    """Book each row on its first target."""
    bookings = []
    for one in proposals:
        kind, _, key = one.targets[0].key.partition(":") if one.targets else ("", "", "")
        bookings.append(Booking(row=one.row, charge=Charge.objects.get(pk=key) if kind == "charge" else None,
                                bundle=Bundle.objects.get(pk=key) if kind == "bundle" else None))
    return book_statement(by=OFFICE, on=ON, statement=statement, bookings=bookings)


@pytest.mark.parametrize("write", [csv, xlsx])
def test_by_code_by_name_and_not_at_all(charge, write):
    wang, li = charge("王小明"), charge("李小红")
    statement, made = keep(
        receipt(PAID, "200.00", "王大明", f"会费{wang.code}", serial="1"),
        receipt(PAID, "200.00", "李 小红", "会费", serial="2"),
        receipt(PAID, "150.00", "李小红", "", serial="3"), receipt(PAID, "200.00", "陌生人", "", serial="4"),
        paid_out(PAID, "9.00", "某某"), write=write)
    assert made
    found = proposals(statement)
    assert [one.kind for one in found] == ["exact", "likely", "none", "none"]
    assert [[target.key for target in one.targets] for one in found] == [
        [f"charge:{wang.pk}"], [f"charge:{li.pk}"], [], []]
    payments = book(statement, found)
    assert [one.member for one in payments] == [wang.spell.member, li.spell.member, None, None]
    assert not Charge.objects.owed().exists()
    assert Payment.objects.weighed().filter(rest__gt=0).count() == 2
    assert {one.kind for one in proposals(statement)} == {"booked"}


def test_the_same_file_and_the_same_row_are_known_again(charge):
    one = charge()
    rows = [receipt(PAID, "200.00", "王小明", one.code)]
    statement, made = keep(*rows)
    book(statement, proposals(statement))
    assert keep(*rows, name="另一个名字.csv") == (statement, False)
    longer, made = keep(*rows, receipt(PAID, "5.00", "甲"))
    assert made and [row.kind for row in proposals(longer)] == ["booked", "none"]
    with pytest.raises(Refusals) as refusals:
        book(longer, [proposals(longer)[1], proposals(longer)[0]])
    assert [problem.row for problem in refusals.value.problems] == [6]
    assert Payment.objects.count() == 1, "all or none"


def test_another_amount_a_second_payment_and_a_lapse_are_said(charge, someone):
    first, second, third = charge("王小明"), charge("李小红"), charge("赵小强")
    pay(first, amount="200.00")
    statement, _made = keep(
        receipt(PAID, "200.00", "王小明", first.code, serial="1"),
        receipt(PAID, "260.00", "李小红", second.code, serial="2"),
        receipt("2026-06-20", "200.00", "赵小强", third.code, serial="3"),
        receipt(PAID, "400.00", "某单位", f"{second.code} {third.code}", serial="4"))
    found = proposals(statement, on=DAY + timedelta(days=120))
    assert [one.kind for one in found] == ["likely", "exact", "likely", "likely"]
    assert all(one.notes for one in found[:3])
    assert found[1].targets[0].owed == Decimal("200.00")


def test_money_for_who_left_is_kept_and_the_office_decides(someone, admit, schedule):
    wang = someone()
    member = admit(wang)
    charge = bill(member, line_of(schedule, "ordinary"))
    exits.leave(by=actor(person=wang), on=DAY + timedelta(days=2), member=member)
    statement, _made = keep(receipt(PAID, "200.00", "王小明", charge.code))
    [one] = proposals(statement)
    assert one.kind == "likely" and "2026-03-04" in one.notes[0]
    [payment] = book(statement, [one])
    assert (payment.member, payment.allocations.count()) == (member, 0)


def test_two_of_one_name_are_a_question(charge):
    charge("王小明"), charge("王小明")
    statement, _made = keep(receipt(PAID, "200.00", "王小明"))
    [one] = proposals(statement)
    assert (one.kind, len(one.targets)) == ("likely", 2) and one.notes


def test_a_unit_pays_for_many_under_one_code(charge, found, admit):
    bills, unit = [charge(f"职工{number}") for number in range(3)], admit(found("江海省第一医院"), tier="unit")
    bundle = gather_bills(by=OFFICE, on=DAY, payer=unit, charges=bills)
    statement, _made = keep(receipt(PAID, "600.00", "江海省第一医院", f"代缴会费 {bundle.code.lower()}"))
    found_ = proposals(statement)
    assert [(one.kind, one.targets[0].key) for one in found_] == [("exact", f"bundle:{bundle.pk}")]
    [payment] = book(statement, found_)
    assert (payment.member, payment.allocations.count()) == (unit, 3)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", "姓名,单位\n王,医院\n".encode(),
                                     csv(paid_out(PAID, "9.00", "某"))])
def test_files_that_hold_no_receipts_are_refused_and_not_kept(content):
    with pytest.raises(UnreadableStatement) as refusal:
        keep_statement(by=OFFICE, on=ON, name="x.csv", content=content)
    assert refusal.value.field == "file" and not Statement.objects.exists()


def test_contents_are_forgotten_after_a_season_and_come_back_with_the_file(charge):
    rows = [receipt(PAID, "200.00", "王小明", charge().code)]
    statement, _made = keep(*rows)
    assert forget_statements(on=ON + keeping_statements.KEPT) == 0
    assert forget_statements(on=ON + keeping_statements.KEPT + timedelta(days=1)) == 1
    statement.refresh_from_db()
    with pytest.raises(Forgotten):
        sheet_of(statement)
    assert keep(*rows)[1] is False
    assert len(sheet_of(Statement.objects.get()).rows) == 1


def test_only_the_office_uploads_and_books(charge):
    statement, _made = keep(receipt(PAID, "200.00", "王小明", charge().code))
    bookings = [Booking(row=sheet_of(statement).rows[0])]
    for role in ("department", "leader", "supervisor", "branch_secretary"):
        with pytest.raises(NotAllowed):
            keep_statement(by=actor(role), on=ON, name="x.csv", content=csv(receipt(PAID, "1.00")))
        with pytest.raises(NotAllowed):
            book_statement(by=actor(role), on=ON, statement=statement, bookings=bookings)
    with pytest.raises(NothingChosen):
        book_statement(by=OFFICE, on=ON, statement=statement, bookings=[])
    assert not Payment.objects.exists()


def test_a_reversal_in_a_longer_export_does_not_bring_a_booked_row_back(charge):
    rows = [receipt(PAID, "200.00", "王小明", charge().code, serial="123")]
    statement, _made = keep(*rows)
    book(statement, proposals(statement))
    longer, _made = keep(*rows, receipt(PAID, "-200.00", "王小明", "冲正", serial="123"))
    first, second = proposals(longer)
    assert (first.kind, first.known.booked.ref, second.kind) == ("booked", Payment.objects.get().ref, "trouble")
    with pytest.raises(Refusals):
        book(longer, [first])
    assert Payment.objects.count() == 1


def test_a_row_without_a_serial_is_known_again_with_other_remarks(charge):
    one = charge()
    statement, _made = keep(receipt(PAID, "200.00", "王小明", one.code))
    book(statement, proposals(statement))
    other, _made = keep(receipt(PAID, "200.00", "王小明", f"网银 {one.code}"),
                        receipt(PAID, "200.00", "王小明", f"网银又一笔 {one.code}"))
    first, second = proposals(other)
    assert first.kind == "likely" and Payment.objects.get().serial in first.notes[0]
    assert not any("row-" in note for note in second.notes), "one payment is one row"


def test_a_transfer_booked_by_hand_is_suspected_and_another_serial_is_another_transfer(charge):
    one, two = charge(), charge("李小红")
    pay(amount="200.00", paid_on=DAY + timedelta(days=8), on=ON, serial="收-7", payer_name="王小明")
    by_hand, _made = keep(receipt(PAID, "200.00", "王小明", one.code, serial="1"))
    [row] = proposals(by_hand)
    assert row.kind == "likely" and "收-7" in row.notes[0]
    first, _made = keep(receipt(PAID, "200.00", "李小红", two.code, serial="2"))
    book(first, proposals(first))
    second, _made = keep(receipt(PAID, "200.00", "李小红", charge("李小红").code, serial="3"))
    assert [row.kind for row in proposals(second)] == ["exact"]


def test_a_serial_of_another_day_or_amount_is_another_transfer(charge):
    """Some banks number the rows of an export, and two banks may give equal numbers."""
    first, second = charge("王小明"), charge("李小红")
    march, _made = keep(receipt("2026-03-09", "200.00", "王小明", first.code, serial="7", account="6222020200000001"))
    book(march, proposals(march))
    later, _made = keep(receipt(PAID, "200.00", "李小红", second.code, serial="7", account="6222020200000002"))
    [row] = proposals(later)
    assert (row.kind, row.targets[0].key) == ("exact", f"charge:{second.pk}") and "2026-03-09" in row.notes[0]
    [payment] = book(later, [row])
    assert payment.serial != "7" and not Charge.objects.owed().exists()
    assert [one.kind for one in proposals(later)] == ["booked"], "the same file again"
    assert [one.known.booked.serial for one in proposals(march)] == ["7"]
    longer, _made = keep(
        receipt("2026-03-09", "200.00", "王小明", first.code, serial="7", account="6222020200000001"),
        receipt(PAID, "200.00", "李小红", second.code, serial="7", account="6222020200000002"))
    assert [one.kind for one in proposals(longer)] == ["booked", "booked"]


def test_a_serial_of_the_same_payer_with_another_day_is_asked_about(charge):
    one = charge()
    pay(amount="200.00", paid_on=DAY, on=ON, serial="7", payer_name="王小明")
    statement, _made = keep(receipt(PAID, "200.00", "王小明", one.code, serial="7"))
    [row] = proposals(statement)
    assert row.kind == "likely" and "2026-03-02" in row.notes[0]


def test_by_hand_a_serial_of_another_transfer_says_how_to_write_it(charge):
    pay(amount="200.00", paid_on=DAY, on=ON, serial="7")
    with pytest.raises(BookedAlready) as refusal:
        pay(amount="200.00", paid_on=ON, on=ON, serial="7")
    assert "7/20260312" in refusal.value.instead
    pay(amount="200.00", paid_on=ON, on=ON, serial="7/20260312")
    with pytest.raises(BookedAlready) as refusal:
        pay(amount="200.00", paid_on=DAY, on=ON, serial="7")
    assert not refusal.value.instead


def test_proposals_of_many_rows_take_no_more_queries(charge, found, admit, django_assert_max_num_queries):
    bills = [charge(f"会员{number}") for number in range(8)]
    unit = admit(found("江海省第一医院"), tier="unit")
    codes = [one.code for one in bills] + [
        gather_bills(by=OFFICE, on=DAY, payer=unit, charges=[one]).code for one in bills[:1]] * 6
    statement, _made = keep(*(receipt(PAID, "200.00", f"会员{place}", code, serial=str(place))
                              for place, code in enumerate(codes)))
    rows = sheet_of(statement).rows
    with django_assert_max_num_queries(12):
        assert len(propose(rows=rows, on=ON)) == 14
