"""Receipts: one for a paid bill, numbered without gaps, as a PDF."""

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest

from xinglin.engines.membership.actions.receipts import (
    IssuedAlready,
    NotPaid,
    VoidAlready,
    issue_receipt,
    void_receipt,
)
from xinglin.engines.membership.fees import Receipt
from xinglin.engines.membership.receipt_paper import receipt_pdf
from xinglin.kernel.numbering import IssuedNumber
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Code

from .conftest import DAY, OFFICE, actor
from .fees import bill, line_of, pay, standard

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=3)


@pytest.fixture
def paid(someone, admit, tiers):
    """Return a function that gives a bill, paid."""
    line = line_of(standard(tiers), "ordinary")

    def make(name="王小明", amount="200.00"):
        charge = bill(admit(someone(name)), line)
        pay(charge, amount=amount)
        return charge

    return make


def test_a_paid_bill_gets_one_receipt_with_the_next_number(paid, said):
    first, second = paid(), paid("李小红")
    said()
    receipts = [issue_receipt(by=OFFICE, on=LATER, charge=one) for one in (first, second)]
    assert [one.number for one in receipts] == ["会据2026-000001", "会据2026-000002"]
    assert [one.payer_name for one in receipts] == ["王小明", "李小红"]
    assert [type_ for type_, _body in said()] == ["receipt.issued"] * 2
    with pytest.raises(IssuedAlready, match="000001"):
        issue_receipt(by=OFFICE, on=LATER, charge=first)
    assert Receipt.objects.count() == IssuedNumber.objects.count() == 2


def test_what_is_not_paid_in_full_gets_none(paid):
    with pytest.raises(NotPaid, match=r"199\.99") as refusal:
        issue_receipt(by=OFFICE, on=LATER, charge=paid(amount="199.99"))
    assert refusal.value.regulation == "F3"
    assert not IssuedNumber.objects.exists(), "no number is lost"


def test_a_voided_number_stays_and_the_next_receipt_has_another(paid):
    charge = paid()
    first = issue_receipt(by=OFFICE, on=LATER, charge=charge, payer_name="江海省第一医院")
    void_receipt(by=OFFICE, on=LATER, receipt=first, reason=Code("wrong_name"))
    with pytest.raises(VoidAlready):
        void_receipt(by=OFFICE, on=LATER, receipt=first, reason=Code("wrong_name"))
    second = issue_receipt(by=OFFICE, on=LATER, charge=charge)
    assert (first.number, second.number) == ("会据2026-000001", "会据2026-000002")
    assert IssuedNumber.objects.get(text=first.number).voided_on == LATER


def test_the_paper_says_the_amount_in_capitals(paid):
    receipt = issue_receipt(by=OFFICE, on=LATER, charge=paid())
    content = receipt_pdf(receipt=receipt)
    assert content == receipt_pdf(receipt=receipt)
    page = pypdfium2.PdfDocument(BytesIO(content))[0]
    words = page.get_textpage().get_text_range().replace("\r\n", "").replace(" ", "")
    for word in ("会据2026-000001", "王小明", "贰佰元整", "200.00", "2026-03-05"):
        assert word in words
    assert "作" not in words
    void_receipt(by=OFFICE, on=LATER, receipt=receipt, reason=Code("torn"))
    assert receipt_pdf(receipt=receipt)[:4] == b"%PDF" and receipt_pdf(receipt=receipt) != content


def test_only_the_office_makes_out_receipts(paid):
    charge = paid()
    receipt = issue_receipt(by=OFFICE, on=LATER, charge=charge)
    for role in ("department", "leader", "supervisor"):
        with pytest.raises(NotAllowed):
            issue_receipt(by=actor(role), on=LATER, charge=paid(f"又{role}"))
        with pytest.raises(NotAllowed):
            void_receipt(by=actor(role), on=LATER, receipt=receipt, reason=Code("torn"))
    assert Receipt.objects.get().voided_on is None
