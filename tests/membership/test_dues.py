"""The dues run: everybody who owes is billed once, whatever stops it and however often it runs."""

from datetime import date, timedelta

import pytest

from xinglin.engines.membership import answers
from xinglin.engines.membership.actions import exits, members
from xinglin.engines.membership.actions.bundles import grant_seats
from xinglin.engines.membership.actions.charges import NothingToBill, cancel_charge
from xinglin.engines.membership.actions.dues import bill_part
from xinglin.engines.membership.actions.tiers import revoke
from xinglin.engines.membership.billing import part_after, rules_of
from xinglin.engines.membership.collecting import NoAccount
from xinglin.engines.membership.dues_run import NobodyLiable, NoStandard, UnderWay, job_of, run_dues, start_dues
from xinglin.engines.membership.fees import Charge, Run
from xinglin.engines.membership.members import Coverage
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.jobs import Cancelled, Job, run_job
from xinglin.kernel.policy import NotAllowed, Refusal

from .conftest import DAY, HOUSE, OFFICE, actor
from .fees import account, bill, fees, line_of, pay, standard

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 31)


@pytest.fixture
def schedule(tiers):
    return standard(tiers)


@pytest.fixture
def crowd(someone, admit):
    """Nine members."""
    return [admit(someone(f"会员{number}")) for number in range(9)]


def run(year=2026, on=DAY, **given):
    row, _made = Run.objects.get_or_create(year=year, defaults={"due_on": max(DUE, on), "begun_on": on})
    return run_dues(by=OFFICE, on=on, run=row, **given)


def billed():
    return sorted(Charge.objects.standing().values_list("spell__member__person__name", flat=True))


def test_everybody_who_owes_is_billed_once(crowd, schedule, said):
    said()
    row = run(size=4)
    assert (row.bills, row.waivers, row.ended_on) == (9, 0, DAY)
    assert Charge.objects.filter(run=row, due_on=DUE, year=2026).count() == 9
    assert len(set(Charge.objects.values_list("code", flat=True))) == 9
    assert [type_ for type_, _body in said()] == ["charge.issued"] * 9


def test_run_twice_it_bills_nobody_twice(crowd, schedule, someone, admit, said):
    run()
    said()
    assert run().bills == 9
    assert said() == []
    admit(someone("新会员"))
    assert run().bills == 10


def test_stopped_in_the_middle_it_goes_on_where_it_stopped(crowd, schedule):
    def stop(done, total):
        if done >= 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        run(size=2, report=stop)
    assert (Charge.objects.count(), Run.objects.get().ended_on) == (4, None)
    row = run(size=2)
    assert (row.bills, Charge.objects.count(), row.ended_on) == (9, 9, DAY)


def test_a_part_that_fails_leaves_nothing_of_itself(crowd, schedule, monkeypatch, said):
    said()
    with monkeypatch.context() as patch:
        patch.setattr("xinglin.engines.membership.actions.charges.ChargeIssued", None)
        with pytest.raises(TypeError):
            run(size=5)
    assert (Charge.objects.count(), Run.objects.get().bills, said()) == (0, 0, [])


def test_a_cancelled_bill_is_not_written_again(crowd, schedule):
    run()
    cancel_charge(by=OFFICE, on=DAY, charge=Charge.objects.first(), reason="困难减免")
    assert run().bills == 9
    assert Charge.objects.standing().count() == 8


def test_who_is_seventy_is_waived_for_life_and_said_so(someone, admit, schedule, said):
    old = admit(someone("七十", born_on=date(1956, 3, 2)))
    young = admit(someone("六十九", born_on=date(1956, 3, 3)))
    said()
    row = run()
    assert (row.bills, row.waivers, billed()) == (1, 1, ["六十九"])
    waiver = Coverage.objects.get()
    assert (waiver.kind, waiver.from_on, waiver.until_on) == ("waived", DAY, None)
    assert sorted(type_ for type_, _body in said()) == ["charge.issued", "coverage.begun"]
    assert [answers.status_of(one, on=DAY).code for one in (old, young)] == ["exempt", "joining"]
    assert run().waivers == 1


def test_a_tier_without_the_duty_or_with_nothing_to_pay_is_exempt_for_the_year(someone, admit, tiers, schedule):
    revoke(by=OFFICE, on=DAY, tier=tiers["senior"], code="fee", from_on=date(2026, 1, 1))
    admit(someone("资深"), tier="senior")
    admit(someone("普通"))
    assert (run().waivers, billed()) == (1, ["普通"])
    assert Coverage.objects.get().until_on == date(2027, 1, 1)
    standard(tiers, from_on=date(2027, 1, 1), lines=fees(tiers, ordinary=[("", "0.00", 0)]))
    later = run(year=2027, on=date(2027, 1, 5))
    assert (later.bills, later.waivers) == (0, 2)


def test_free_seats_waivers_and_paid_time_are_not_billed(someone, found, admit, schedule):
    unit = admit(found("江海省第一医院"), tier="unit")
    pay(bill(unit, line_of(schedule, "unit", "会长单位")), amount="20000.00")
    seated, waived, paid = (admit(someone(name)) for name in ("有席位", "已免缴", "已缴费"))
    grant_seats(by=OFFICE, on=DAY, unit=unit, members=[seated])
    members.waive_fee(by=OFFICE, on=DAY, member=waived, from_on=DAY, reason="困难")
    pay(bill(paid, line_of(schedule, "ordinary")), amount="200.00")
    admit(someone("未缴费"))
    left = someone("已退会")
    exits.leave(by=actor(person=left), on=DAY, member=admit(left))
    assert run().bills == 1
    assert Charge.objects.filter(run__isnull=False).get().spell.member.name == "未缴费"


def test_a_bill_stays_when_a_seat_or_waiver_ends_before_its_year_does(someone, found, admit, schedule):
    unit = admit(found("江海省第一医院"), tier="unit")
    member, waived = admit(someone("有席位")), admit(someone("已免缴"))
    pay(bill(unit, line_of(schedule, "unit", "理事单位")), amount="5000.00")  # until 2027-03-02
    ahead = date(2026, 12, 20)
    run(year=2027, on=ahead)
    grant_seats(by=OFFICE, on=ahead, unit=unit, members=[member])
    members.waive_fee(by=OFFICE, on=ahead, member=waived, from_on=ahead, until_on=date(2027, 6, 1), reason="困难")
    assert Charge.objects.standing().filter(spell__member__in=[member, waived]).count() == 2, (
        "from March and June on they are to be paid, under the code they know")
    pay(Charge.objects.get(spell__member=member, year=2027), amount="200.00", on=ahead)
    assert answers.status_of(member, on=date(2027, 12, 1)).code == "active"


def test_a_bill_dropped_for_a_seat_or_waiver_that_ended_early_is_asked_for_by_the_next_run(
    someone, admit, schedule, said
):
    member, other = admit(someone("已免缴")), admit(someone("已取消"))
    run()
    waiver = members.waive_fee(by=OFFICE, on=DAY, member=member, from_on=DAY, reason="困难")
    cancel_charge(by=OFFICE, on=DAY, charge=Charge.objects.get(spell__member=other), reason="错开")
    assert run().bills == 2 and billed() == []
    members.end_waiver(by=OFFICE, on=DAY, coverage=waiver, until_on=date(2026, 5, 1))
    said()
    assert run().bills == 3 and billed() == ["已免缴"]
    assert [type_ for type_, _body in said()] == ["charge.issued"]
    assert Charge.objects.standing().get().due_on == date(2026, 5, 1)
    assert run().bills == 3, "what was cancelled by hand is not"


def test_paid_time_that_ends_within_the_year_is_billed_when_it_ends(someone, admit, schedule):
    member = admit(someone())
    pay(bill(member, line_of(schedule, "ordinary")), amount="200.00")  # until 2027-03-02
    assert run(year=2026).bills == 0
    assert run(year=2027, on=date(2027, 1, 4)).bills == 1
    assert Charge.objects.get(year=2027).due_on == date(2027, 3, 2)


def test_levels_of_units_stay_and_new_units_wait_for_one(found, admit, schedule):
    first, second = (admit(found(name), tier="unit") for name in ("第一医院", "第二医院"))
    pay(bill(first, line_of(schedule, "unit", "理事单位")), amount="5000.00")
    row = run(year=2027, on=date(2027, 1, 4))
    assert (row.bills, row.without_level) == (1, 1)
    assert Charge.objects.get(year=2027).line.level == "理事单位"
    assert not second.spells.get().charges.exists()


def test_a_fixed_year_asks_newcomers_for_their_months(someone, admit, schedule):
    for rule, value in (("M2.policy", "fixed_year"), ("M2.pro_rata", "yes")):
        override_regulation(by=HOUSE, on=DAY, regulation_id=rule, value=value, from_on=date(2026, 1, 1), until_on=None,
                            reason="章程规定")
    admit(someone("三月入会"))
    admit(someone("去年入会"), on=date(2025, 5, 1))
    run()
    assert dict(Charge.objects.values_list("spell__member__person__name", "months")) == {"三月入会": 10, "去年入会": 12}
    pay(Charge.objects.get(months=10), amount="166.67")
    assert Coverage.objects.get().until_on == date(2027, 1, 1)


def test_without_an_account_to_pay_into_no_run_starts(crowd, schedule, association):
    with pytest.raises(NoAccount) as refusal:
        start_dues(by=OFFICE, on=DAY, year=2026, due_on=DUE)
    assert "收款账户" in str(refusal.value.instead) and not Run.objects.exists()
    account()
    assert start_dues(by=OFFICE, on=DAY, year=2026, due_on=DUE) == Run.objects.get()


def test_the_job_bills_and_reports_and_does_not_start_twice(crowd, schedule, association):
    account()
    row = start_dues(by=OFFICE, on=DAY, year=2026, due_on=DUE)
    with pytest.raises(UnderWay):
        start_dues(by=OFFICE, on=DAY, year=2026, due_on=DUE)
    job = job_of(row)
    run_job(job_id=job.pk)
    done = Job.objects.get(pk=job.pk)
    assert (done.state, done.done, done.total, done.result) == ("done", 9, 9, row.ref)
    assert Charge.objects.count() == 9
    again = start_dues(by=OFFICE, on=DAY, year=2026, due_on=DUE)
    run_job(job_id=job_of(again).pk)
    assert (Charge.objects.count(), Job.objects.filter(state="done").count()) == (9, 2)


@pytest.mark.parametrize("given", [{"year": 2024}, {"year": 2028}, {"due_on": DAY - timedelta(days=1)}])
def test_runs_of_impossible_years_and_days_are_refused(schedule, given):
    with pytest.raises(Refusal):
        start_dues(by=OFFICE, on=DAY, **{"year": 2026, "due_on": DUE, **given})
    assert not Run.objects.exists()


def test_without_a_standard_or_a_duty_nothing_runs(tiers, crowd):
    with pytest.raises(NoStandard) as refusal:
        start_dues(by=OFFICE, on=DAY, year=2026, due_on=DUE)
    assert refusal.value.regulation == "G10"
    standard(tiers)
    for tier in tiers.values():
        revoke(by=OFFICE, on=DAY, tier=tier, code="fee", from_on=date(2026, 1, 1))
    with pytest.raises(NobodyLiable):
        start_dues(by=OFFICE, on=DAY, year=2026, due_on=DUE)


def test_only_the_office_runs_dues(crowd, schedule):
    row = Run.objects.create(year=2026, due_on=DUE, begun_on=DAY)
    rules = rules_of(year=2026, on=DAY, due_on=DUE)
    dues = part_after(rules, after=0, size=5).dues
    for role in ("department", "leader", "supervisor", "branch_secretary", "security_admin"):
        with pytest.raises(NotAllowed):
            start_dues(by=actor(role), on=DAY, year=2026, due_on=DUE)
        with pytest.raises(NotAllowed):
            run_dues(by=actor(role), on=DAY, run=row)
        with pytest.raises(NotAllowed):
            bill_part(by=actor(role), on=DAY, run=row, rules=rules, dues=dues)
    assert not Charge.objects.exists()
    bill_part(by=OFFICE, on=DAY, run=row, rules=rules, dues=dues)
    with pytest.raises(NothingToBill):
        bill_part(by=OFFICE, on=DAY, run=row, rules=rules, dues=dues)
    assert Charge.objects.count() == 5
