"""The pages of fees: who sees them, what they answer first, and the ways through them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xinglin.engines.membership.actions.receipts import issue_receipt
from xinglin.engines.membership.bundling import gather_bills
from xinglin.engines.membership.fees import Bundle, Charge, Payment, Receipt, Run, Schedule, Statement
from xinglin.engines.membership.members import Coverage
from xinglin.kernel import clock
from xinglin.kernel.jobs import Job, run_job

from .bank import csv, receipt
from .conftest import DAY, OFFICE, actor
from .fees import VOTE, account, bill, fees, line_of, pay, standard

pytestmark = pytest.mark.django_db
READER = actor("department")


@pytest.fixture
def schedule(tiers):
    return standard(tiers)


@pytest.fixture
def charge(someone, admit, schedule):
    return lambda name="王小明": bill(admit(someone(name)), line_of(schedule, "ordinary"))


def url(name, *args):
    return reverse(f"membership:{name}", args=args)


def page(client, name, *args, status=200, **query):
    response = client.get(url(name, *args), query)
    assert response.status_code == status, (name, response.status_code)
    return response.content.decode()


def post(client, name, *args, status=302, **said):
    response = client.post(url(name, *args), {"once": uuid4().hex, **said})
    assert response.status_code == status, (name, response.status_code, response.content.decode()[-3000:])
    return response


@pytest.fixture
def filled(charge, found, admit, schedule):
    """A little of everything: a paid bill with its receipt, an open one, credit, a unit with seats, a transfer."""
    paid, open_ = charge("王小明"), charge("李小红")
    pay(paid, amount="260.00", payer_name="王大明")
    issue_receipt(by=OFFICE, on=DAY, charge=paid)
    pay(amount="80.00", payer_name="陌生人")
    unit = admit(found("江海省第一医院"), tier="unit")
    pay(bill(unit, line_of(schedule, "unit", "理事单位")), amount="5000.00")
    gather_bills(by=OFFICE, on=DAY, payer=unit, charges=[open_])
    Run.objects.create(year=2026, due_on=date(2026, 3, 31), begun_on=DAY, without_level=2, without_line=1)
    return unit


READ = ("fees", "schedules", "dues", "bills", "payments", "unmatched")
KEPT = ("adopt", "issue_bill", "receive", "statements")


def test_every_page_answers_those_who_may_read_it(visit, filled, schedule):
    client = visit(OFFICE)
    for name in (*READ, *KEPT, "standard"):
        page(client, name)
    for one in Charge.objects.all():
        page(client, "bill", one.pk)
    for one in Payment.objects.all():
        page(client, "payment", one.pk)
    page(client, "schedule", schedule.pk)
    page(client, "run", 2026)
    page(client, "bundle", Bundle.objects.get().pk)
    page(client, "seats", filled.pk)
    unit_bill = Charge.objects.get(line__level="理事单位")
    assert url("seats", filled.pk) in page(client, "bill", unit_bill.pk)
    assert Bundle.objects.get().code in page(client, "bill", Charge.objects.owed().first().pk)
    assert page(client, "fees").count("5,400.00") >= 1  # billed: 200 + 200 + 5,000
    assert "140.00" in page(client, "unmatched") and "陌生人" in page(client, "unmatched")


def test_readers_read_and_are_told_why_they_do_not_write(visit, filled, schedule):
    client = visit(READER)
    for name in READ:
        page(client, name)
    for name in KEPT:
        page(client, name, status=403)
    shown = page(client, "dues")
    assert "fieldset" not in shown and 'name="due_on"' not in shown
    assert 'name="disclosed_on"' not in page(client, "schedule", schedule.pk)
    one = Charge.objects.owed().first()
    assert 'name="reason"' not in page(client, "bill", one.pk)
    post(client, "cancel_bill", one.pk, status=403, reason="不")
    post(client, "go_on", 2026, status=403)
    assert Charge.objects.filter(cancelled_on=None).count() == 3


def test_members_see_their_own_bill_and_receipt_and_nobody_elses(visit, filled):
    mine, other = (Charge.objects.get(spell__member__person__name=name) for name in ("王小明", "李小红"))
    client = visit(actor(person=mine.spell.member.person))
    assert "会据2026-000001" in page(client, "bill", mine.pk)
    page(client, "bill", other.pk, status=403)
    for name in (*READ, *KEPT):
        page(client, name, status=403)
    paper = client.get(url("receipt_pdf", Receipt.objects.get().pk))
    assert (paper.status_code, paper["Content-Type"], paper.content[:4]) == (200, "application/pdf", b"%PDF")
    assert visit(actor(person=other.spell.member.person)).get(
        url("receipt_pdf", Receipt.objects.get().pk)).status_code == 403


def test_the_standard_is_read_without_an_account(client, schedule):
    with clock.pretending(DAY):
        shown = page(client, "standard")
        assert VOTE["decision"] in shown and "200.00" in shown and "20,000.00" in shown
    with clock.pretending(date(2025, 6, 1)):
        assert "200.00" not in page(client, "standard")


def vote(tiers, **given):
    amounts = {f"amount_{tiers['ordinary'].pk}_0": "200", f"amount_{tiers['unit'].pk}_0": "20,000",
               f"level_{tiers['unit'].pk}_0": "会长单位", f"seats_{tiers['unit'].pk}_0": "40"}
    return {**VOTE, "adopted_on": "2025-12-01", "from_on": "2026-01-01", "secret_ballot": "on", **amounts, **given}


def test_a_standard_is_written_down_and_published(visit, tiers):
    client = visit(OFFICE)
    response = post(client, "adopt", **vote(tiers))
    row = Schedule.objects.get()
    assert response.url == url("schedule", row.pk)
    assert [(line.level, int(line.amount), line.seats) for line in row.lines.order_by("pk")] == [
        ("", 200, 0), ("会长单位", 20000, 40)]
    post(client, "schedule", row.pk, disclosed_on="2026-01-20")
    assert "2026-01-20" in page(client, "schedule", row.pk) and "20" in page(client, "schedules")


@pytest.mark.parametrize(("given", "words"), [
    ({"present": "199"}, "G10"), ({"secret_ballot": ""}, "G10"), ({"present": "400"}, ""), ({"decision": ""}, ""),
    ({"from_on": "不知道"}, "")])
def test_a_standard_that_was_not_carried_comes_back_filled_with_the_rule(visit, tiers, given, words):
    shown = post(visit(OFFICE), "adopt", status=422, **vote(tiers, **given)).content.decode()
    assert "民发〔2014〕166号" in shown and 'value="20,000"' in shown
    assert not Schedule.objects.exists() and (not words or "x-basis" in shown)


def test_the_collecting_account_is_named_and_stands_where_people_pay(visit, client, charge, filled, association):
    one, office = charge("赵小强"), visit(OFFICE)
    assert "尚未设置" in page(office, "bill", one.pk) and "尚未设置" in page(office, "fees")
    said = {"holder": "江海省医师协会（虚构）", "bank": "江海商业银行（虚构）", "from_on": str(DAY)}
    post(office, "account", status=422, **said, number="12")
    assert "尚未设置" in page(office, "standard")
    post(office, "account", **said, number="1001-2002 3003 4004")
    for name, args in (("bill", [one.pk]), ("bundle", [Bundle.objects.first().pk]), ("standard", []), ("account", []),
                       ("fees", [])):
        assert "1001 2002 3003 4004" in page(office, name, *args), name
    reader = visit(READER)
    assert "1001 2002 3003 4004" in page(reader, "account") and 'name="number"' not in page(reader, "account")
    post(reader, "account", status=403, **said, number="2002200220022002")


def test_a_run_is_started_watched_and_begun_again(visit, someone, admit, schedule, association):
    account()
    for number in range(3):
        admit(someone(f"会员{number}"))
    client = visit(OFFICE)
    assert post(client, "dues", year="2026", due_on="2026-03-31").url == url("run", 2026)
    assert "x-job" in page(client, "run", 2026)
    post(client, "dues", status=422, year="2026", due_on="2026-03-31")
    run_job(job_id=Job.objects.get().pk)
    assert "600.00" in page(client, "run", 2026)
    post(client, "go_on", 2026)
    run_job(job_id=Job.objects.latest("pk").pk)
    assert Charge.objects.count() == 3
    post(client, "dues", status=422, year="2024", due_on="2026-03-31")


def test_one_member_is_billed_by_hand_and_the_bill_cancelled(visit, someone, admit, schedule):
    member, client = admit(someone()), visit(OFFICE)
    said = {"member": str(member.ref), "year": "2026", "months": "6", "due_on": "2026-04-30"}
    post(client, "issue_bill", status=422, **said, line=line_of(schedule, "senior").pk)
    post(client, "issue_bill", **said, line=line_of(schedule, "ordinary").pk)
    one = Charge.objects.get()
    assert one.amount == 100
    post(client, "cancel_bill", one.pk, status=422, reason="")
    post(client, "cancel_bill", one.pk, reason="重复开具")
    assert "重复开具" in page(client, "bill", one.pk)


def test_a_bill_of_next_year_is_by_the_line_of_next_year(visit, someone, admit, tiers, schedule):
    coming = standard(tiers, from_on=date(2027, 1, 1), lines=fees(tiers, ordinary=[("", "260.00", 0)]))
    client, line = visit(OFFICE), line_of(coming, "ordinary")
    words = page(client, "issue_bill")
    assert f'value="{line.pk}"' in words and f'value="{line_of(schedule, "ordinary").pk}"' in words
    post(client, "issue_bill", member=str(admit(someone()).ref), line=line.pk, year=2027, months=12,
         due_on="2027-03-31")
    assert Charge.objects.get().amount == 260


def test_money_is_booked_allocated_and_sent_back(visit, charge):
    first, second, client = charge("王小明"), charge("李小红"), visit(OFFICE)
    said = {"way": "cash", "amount": "450", "paid_on": "2026-03-02", "serial": "现金-1", "payer_name": "王小明"}
    post(client, "receive", status=422, **said, codes="ABCDEFGH")
    post(client, "receive", **said, codes=first.code)
    row = Payment.objects.get()
    post(client, "receive", status=422, **said, codes="")
    post(client, "allocate", row.pk, status=422, codes="22222222")
    post(client, "allocate", row.pk, codes=f"{second.code[:4]} {second.code[4:].lower()}")
    post(client, "return_payment", row.pk, status=422, amount="450", reason="退会")
    assert "国办发〔2020〕21号" in post(client, "return_payment", row.pk, status=422, amount="60",
                                      reason="退会").content.decode()
    post(client, "return_payment", row.pk, amount="50", reason="多缴")
    assert Coverage.objects.count() == 2 and Payment.objects.get().returned == 50


def test_a_receipt_is_made_out_and_voided(visit, charge):
    one, client = charge(), visit(OFFICE)
    post(client, "issue_receipt", one.pk, status=422, payer_name="王小明")
    pay(one, amount="200.00", payer_name="江海省第一医院")
    assert "江海省第一医院" in page(client, "bill", one.pk)
    post(client, "issue_receipt", one.pk, payer_name="江海省第一医院")
    row = Receipt.objects.get()
    post(client, "void_receipt", row.pk, reason="wrong_name")
    assert client.get(url("receipt_pdf", row.pk)).status_code == 200
    post(client, "issue_receipt", one.pk, payer_name="王小明")
    assert Receipt.objects.count() == 2


def upload(client, *rows, name="明细.csv", content=None, status=302):
    file = SimpleUploadedFile(name, content if content is not None else csv(*rows))
    return post(client, "statements", status=status, file=file)


def test_a_statement_is_uploaded_chosen_and_booked_together(visit, charge):
    wang, li, client = charge("王小明"), charge("李小红"), visit(OFFICE)
    rows = (receipt("20260302", "200.00", "王大明", f"会费 {wang.code}", serial="1"),
            receipt("20260302", "200.00", "李小红", "", serial="2"),
            receipt("20260302", "9.00", "陌生人", "", serial="3"), receipt("坏日子", "9.00", "甲", "", serial="4"))
    response = upload(client, *rows)
    pk = Statement.objects.get().pk
    assert response.url == url("statement", pk)
    shown = page(client, "statement", pk)
    assert f'<option value="charge:{wang.pk}" selected>' in shown
    assert f'<option value="charge:{li.pk}">' in shown
    post(client, "statement", pk, status=422)
    chosen = {"row-6": f"charge:{wang.pk}", "row-7": f"charge:{li.pk}", "row-8": "keep"}
    assert "selected" in post(client, "statement", pk, status=422, **chosen, **{"row-9": "keep"}).content.decode()
    assert not Payment.objects.exists(), "all or none"
    post(client, "statement", pk, **chosen)
    assert sorted(Payment.objects.values_list("serial", flat=True)) == ["1", "2", "3"]
    assert Coverage.objects.count() == 2
    assert upload(client, *rows).url == url("statement", pk) and Statement.objects.count() == 1
    shown = post(client, "statement", pk, status=422, **{"row-6": f"charge:{wang.pk}"}).content.decode()
    assert Payment.objects.count() == 3 and "x-s" in shown


def test_a_bill_of_somebody_else_cannot_be_smuggled_into_a_row(visit, charge):
    wang, li, client = charge("王小明"), charge("李小红"), visit(OFFICE)
    upload(client, receipt("20260302", "200.00", "王大明", wang.code))
    post(client, "statement", Statement.objects.get().pk, status=422, **{"row-6": f"charge:{li.pk}"})
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("name", "content"), [
    ("x.csv", b""), ("x.csv", b"%PDF-1.7"), ("x.exe", b"MZ"), ("x.xlsx", b"PK\x03\x04broken"),
    ("x.csv", "姓名,单位\n王,医院\n".encode())])
def test_bad_files_are_refused_beside_the_field(visit, name, content):
    upload(visit(OFFICE), name=name, content=content, status=422)
    assert not Statement.objects.exists()


def test_many_bills_get_one_code(visit, charge, found, admit):
    bills, unit = [charge(f"职工{n}") for n in range(3)], admit(found("江海省第一医院"), tier="unit")
    client = visit(OFFICE)
    listed = post(client, "gather", status=200, from_list="1", all="1").content.decode()
    assert listed.count('name="charge"') in (0, 3)
    response = post(client, "gather", charge=[str(one.pk) for one in bills], payer=str(unit.ref))
    made = Bundle.objects.get()
    assert response.url == url("bundle", made.pk) and "600.00" in page(client, "bundle", made.pk)
    post(client, "receive", way="transfer", amount="600", paid_on="2026-03-02", serial="9", payer_name="一院",
         codes=made.code)
    assert Coverage.objects.count() == 3


def test_seats_are_given_on_the_units_page(visit, filled, someone, admit):
    members, client = [admit(someone(f"职工{n}")) for n in range(3)], visit(OFFICE)
    refs = [str(one.ref) for one in members]
    post(client, "seats", filled.pk, status=422, members=refs)
    post(client, "seats", filled.pk, members=refs[:2])
    assert "职工1" in page(client, "seats", filled.pk)
    seat = Coverage.objects.get(kind="seat", spell__member=members[0])
    assert url("end_waiver", members[0].pk, seat.pk) in page(client, "seats", filled.pk)
    with clock.pretending(DAY + timedelta(days=1)):
        ended = post(client, "end_waiver", members[0].pk, seat.pk, until_on=str(DAY + timedelta(days=1)))
        words = page(client, "seats", filled.pk)
        assert ended.url == url("seats", filled.pk) and url("end_waiver", members[0].pk, seat.pk) not in words
        post(client, "seats", filled.pk, members=refs[2:])
    assert page(visit(READER), "seats", filled.pk).count('name="members"') == 0


def test_late_and_open_bills_are_counted_first(visit, charge):
    charge()
    with clock.pretending(DAY + timedelta(days=60)):
        client = visit(OFFICE)
        assert "逾期" in page(client, "bills")
        for name in ("open", "late", "paid", "cancelled", "all"):
            page(client, "bills", list=name)
        for name in ("all", "left", "returned"):
            page(client, "payments", list=name)
