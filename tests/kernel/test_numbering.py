"""Document numbers have no gaps, whatever fails, and voided ones stay."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.kernel.conftest import CLERK, DAY
from xinglin.kernel.actions.numbering import (
    AlreadyNumbered,
    AlreadyVoid,
    PatternTaken,
    UnknownSeries,
    WrongPattern,
    issue_number,
    open_series,
    void_number,
)
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.numbering import IssuedNumber, NumberSeries
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.refs import Code, Ref, shown
from xinglin.lib.document_numbers import pattern_holds

pytestmark = pytest.mark.django_db
LETTER, CASE = Code("letter"), Code("case")


@pytest.fixture(autouse=True)
def series():
    open_series(by=CLERK, on=DAY, code=LETTER, label="公文", pattern="沪交医〔{year}〕{serial}号")
    open_series(by=CLERK, on=DAY, code=CASE, label="维权案件", pattern="WQ-{year}-{serial:04}", official=False)


def issue(on=DAY, code=LETTER, **how):
    return issue_number(by=CLERK, on=on, code=code, **how)


def test_numbers_run_without_gap_by_code_and_year():
    texts = [issue().text, issue().text, issue(code=CASE).text, issue(on=date(2027, 1, 4)).text, issue().text]
    assert texts == ["沪交医〔2026〕1号", "沪交医〔2026〕2号", "WQ-2026-0001", "沪交医〔2027〕1号", "沪交医〔2026〕3号"]


def test_a_failed_act_takes_no_number():
    @act
    def fail(*, by, on):
        issue()
        raise RuntimeError("half-way")

    issue()
    with pytest.raises(RuntimeError), transaction.atomic():
        fail(by=CLERK, on=DAY)
    assert issue().text == "沪交医〔2026〕2号"


def test_a_voided_number_stays_and_is_never_given_again(sealed):
    paper = Ref("trial.paper:1")
    issue()
    second = issue(about=paper)
    void_number(by=CLERK, on=date(2026, 3, 9), number=second.ref, reason=Code("misprint"))
    third = issue(about=paper)
    assert third.text == "沪交医〔2026〕3号"
    kept = IssuedNumber.objects.get(serial=2)
    assert (kept.text, kept.voided_on, kept.reason) == ("沪交医〔2026〕2号", date(2026, 3, 9), "misprint")
    with pytest.raises(AlreadyVoid):
        void_number(by=CLERK, on=DAY, number=second.ref, reason=Code("misprint"))
    sealed()
    said = SealedFact.objects.filter(type__startswith="kernel.number").order_by("position")
    assert [(one.type, one.body.get("serial")) for one in said] == [
        ("kernel.number.issued", 1),
        ("kernel.number.issued", 2),
        ("kernel.number.voided", None),
        ("kernel.number.issued", 3),
    ]
    assert shown([third.ref])[third.ref].label == "沪交医〔2026〕3号"


def test_a_thing_has_one_living_number_of_a_series():
    paper = Ref("trial.paper:1")
    issue(about=paper)
    with pytest.raises(AlreadyNumbered, match="沪交医〔2026〕1号"):
        issue(about=paper)
    assert issue(code=CASE, about=paper).serial == 1


def test_the_database_itself_refuses_a_second_number_for_a_thing():
    first = issue(about=Ref("trial.paper:1"))

    @act
    def insert(*, by, on):
        IssuedNumber.objects.create(series=first.series, year=2026, serial=9, text="x", about=first.about, issued_on=on)

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(by=CLERK, on=DAY)


def test_a_changed_pattern_serves_the_numbers_to_come():
    issue()
    open_series(by=CLERK, on=DAY, code=LETTER, label="公文", pattern="沪医会〔{year}〕{serial}号")
    assert [issue().text, IssuedNumber.objects.get(serial=1).text] == ["沪医会〔2026〕2号", "沪交医〔2026〕1号"]


def test_two_series_never_write_the_same_number():
    issue()
    with pytest.raises(PatternTaken) as refused:
        open_series(by=CLERK, on=DAY, code=Code("other"), label="另一种", pattern="沪交医〔{year}〕{serial}号")
    assert (refused.value.field, NumberSeries.objects.count()) == ("pattern", 2)
    # The first series writes otherwise from now on; what it wrote stays its own.
    open_series(by=CLERK, on=DAY, code=LETTER, label="公文", pattern="沪医会〔{year}〕{serial}号")
    open_series(by=CLERK, on=DAY, code=Code("other"), label="另一种", pattern="沪交医〔{year}〕{serial}号")
    with pytest.raises(PatternTaken, match="沪交医〔2026〕1号"):
        issue(code=Code("other"))
    assert IssuedNumber.objects.count() == 1


def test_who_is_not_the_office_takes_and_voids_numbers_only_within_another_act():
    clerk = Actor(ref=Ref("directory.person:1"), roles=frozenset({"department"}))

    @act
    def send_letter(*, by, on):
        return issue_number(by=by, on=on, code=LETTER)

    with pytest.raises(NotAllowed):
        issue_number(by=clerk, on=DAY, code=LETTER)
    number = send_letter(by=clerk, on=DAY)
    with pytest.raises(NotAllowed):
        void_number(by=clerk, on=DAY, number=number.ref, reason=Code("misprint"))
    assert (IssuedNumber.objects.count(), IssuedNumber.objects.get().voided_on) == (1, None)


def test_a_pattern_without_a_year_never_restarts():
    open_series(by=CLERK, on=DAY, code=Code("card"), label="会员证", pattern="M{serial:06}", official=False)
    assert [issue(code=Code("card")).text, issue(code=Code("card"), on=date(2027, 1, 1)).text] == ["M000001", "M000002"]


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("沪交医〔{year}〕{serial}号", True),
        ("{serial:04}", True),
        ("{year}", False),
        ("{serial}{serial}", False),
        ("{year}{year}{serial}", False),
        ("{serial.real}", False),
        ("{serial!r}{x}", False),
        ("{serial", False),
        ("{year:x}{serial}", False),
        ("{}{serial}", False),
    ],
)
def test_a_pattern_holds_year_and_serial_and_no_expression(pattern, holds):
    assert pattern_holds(pattern=pattern) is holds


def test_refusals_leave_nothing_behind():
    with pytest.raises(UnknownSeries):
        issue(code=Code("other"))
    with pytest.raises(WrongPattern, match=r"〔.year.〕.serial.号") as refused:
        open_series(by=CLERK, on=DAY, code=Code("bad"), label="公文", pattern="沪交医[{year}]第{serial}号")
    assert refused.value.regulation == "X2.form"
    member = Actor(ref=Ref("directory.person:1"), roles=frozenset({"member"}))
    with pytest.raises(NotAllowed):
        open_series(by=member, on=DAY, code=Code("bad"), label="公文", pattern="沪交医〔{year}〕{serial}号")
    assert (IssuedNumber.objects.count(), NumberSeries.objects.count()) == (0, 2)
