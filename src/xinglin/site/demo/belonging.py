"""The members of the fictional year: tiers and fees, those of old and of this year, who paid, applied, left."""

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from xinglin.directory.actions.bank_accounts import name_bank_account
from xinglin.directory.actions.organisations import found_organisation
from xinglin.directory.actions.terms import begin_term
from xinglin.directory.answers import association
from xinglin.directory.models import Organisation, Person
from xinglin.engines.membership.actions.affiliations import begin_affiliation
from xinglin.engines.membership.actions.bundles import grant_seats
from xinglin.engines.membership.actions.certificates import NotInGoodStanding, issue_certificate
from xinglin.engines.membership.actions.charges import NothingToBill, bill_newcomers, issue_charge
from xinglin.engines.membership.actions.choices import make_choice
from xinglin.engines.membership.actions.exits import leave
from xinglin.engines.membership.actions.members import Newcomer, admit_members, waive_fee
from xinglin.engines.membership.actions.payments import receive_payment
from xinglin.engines.membership.actions.schedules import Fee, adopt_schedule, disclose_schedule
from xinglin.engines.membership.actions.tiers import grant, open_tier
from xinglin.engines.membership.certificates import Choice
from xinglin.engines.membership.dues_run import run_dues
from xinglin.engines.membership.fees import Charge, FeeLine, Payment, Run, Schedule
from xinglin.engines.membership.members import Member
from xinglin.engines.membership.tiers import Holder, Tier
from xinglin.engines.worklog.actions.verifying import verify_work
from xinglin.engines.worklog.actions.work import log_works
from xinglin.engines.worklog.words import Kind
from xinglin.engines.worklog.works import Work
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.actors import house as part
from xinglin.kernel.acts import backfilling
from xinglin.kernel.refs import Code

from .applying import apply_all
from .houses import House
from .people import Cast

OF_OLD, NEW = 4000, 1150  # individual members at the full scale
OLD_UNITS, NEW_UNITS, SEATS = 40, 13, 40
TIERS = {
    "ordinary": ("普通会员", "Ordinary member", Holder.PERSON),
    "senior": ("资深会员", "Senior member", Holder.PERSON),
    "student": ("学生会员", "Student member", Holder.PERSON),
    "honorary": ("名誉会员", "Honorary member", Holder.PERSON),
    "unit": ("单位会员", "Unit member", Holder.UNIT),
}
RULES: dict[str, dict[str, int | None]] = {
    "ordinary": {"recommenders": 2, "title": None, "vote": None, "stand": None, "propose": None, "fee_discount": 80,
                 "meetings": None, "training": None, "abstract": None, "award": None, "journal": None, "leave": None,
                 "fee": None, "charter": None, "activity": 1, "reporting": None},
    "senior": {"member_years": 5, "senior_title": None, "vote": None, "stand": None, "propose": None,
               "fee_discount": 70, "meetings": None, "training": None, "abstract": None, "award": None,
               "journal": None, "leave": None, "fee": None, "charter": None, "activity": 1},
    "student": {"studying": None, "propose": None, "meetings": None, "journal": None, "leave": None, "charter": None},
    "honorary": {"invited": None, "propose": None, "meetings": None, "journal": None, "leave": None, "charter": None},
    "unit": {"credit_code": None, "vote": None, "stand": None, "propose": None, "journal": None, "leave": None,
             "fee": None, "charter": None},
}
SQUADS = ("第一", "第二", "第三", "第四", "第五", "第六", "第七", "第八", "第九", "第十", "第十一")
LOCAL = {"南京地区": "320100", "苏州地区": "320500", "徐州地区": "320300"}
LEVELS = (("副会长单位", 20000, SEATS), ("理事单位", 8000, 15), ("会员单位", 3000, 5))


@dataclass
class Roll:
    """Who belongs, as the year goes."""

    house: House
    rng: random.Random
    year: int
    tiers: dict[str, Tier] = field(default_factory=dict)
    branches: list[Organisation] = field(default_factory=list)
    people: Iterator[Person] = field(default_factory=lambda: iter(()))
    old: list[Member] = field(default_factory=list)
    units: list[Member] = field(default_factory=list)


def belong(*, house: House, cast: Cast, today: date, seed: int) -> None:
    """Open tiers and fees, admit those of old and month by month those of this year, bill, and let most of them pay."""
    roll = Roll(house=house, rng=random.Random(seed + 7), year=today.year)
    roll.branches = _rows(house.branches)
    _lay_down(roll)
    _enter_the_old(roll, cast)
    _bill_the_old(roll, today)
    _admit_the_new(roll, today)
    _pay(roll, today, sure={account.person_id for account in cast.accounts.values()})
    _live(roll, cast, today)
    _name_contacts(roll, cast, today)
    _volunteer(roll, cast, today)
    apply_all(branches=roll.branches, hospital=house.hospital_names[0], today=today, seed=seed)


def _rows(refs: Sequence[str]) -> list[Organisation]:
    rows = Organisation.objects.in_bulk([int(ref.rpartition(":")[2]) for ref in refs])
    return [rows[int(ref.rpartition(":")[2])] for ref in refs]


def _lay_down(roll: Roll) -> None:
    """Open the tiers with their rights and duties, and the fee standard of a congress two years ago."""
    by, on, first = part("demo"), date(roll.year - 1, 12, 5), date(roll.year - 12, 1, 1)
    for order, (code, (zh, en, holder)) in enumerate(TIERS.items()):
        roll.tiers[code] = open_tier(by=by, on=on, code=Code(code), zh=zh, en=en, holder=holder, from_on=first,
                                     order=order)
        for word, amount in RULES[code].items():
            grant(by=by, on=on, tier=roll.tiers[code], code=word, amount=amount, from_on=first,
                  decision="会员管理办法（演示）")
    override_regulation(by=by, on=on, regulation_id="M2.policy", value="fixed_year", from_on=date(roll.year - 1, 1, 1),
                        reason="章程：会费按自然年缴纳（演示）")
    lines = [Fee(tier=roll.tiers["ordinary"], amount=Decimal(100)), Fee(tier=roll.tiers["senior"], amount=Decimal(200))]
    lines += [Fee(tier=roll.tiers["unit"], level=level, amount=Decimal(amount), seats=seats)
              for level, amount, seats in LEVELS]
    name_bank_account(by=by, on=on, holder=association(on=on).name, bank="江海商业银行（虚构）省府路支行",
                      number="1001200230034004", from_on=on)
    made = adopt_schedule(
        by=by, on=on, decision="第四届会员代表大会决议第 3 号（演示）", adopted_on=date(roll.year - 2, 11, 16),
        from_on=date(roll.year - 1, 1, 1), entitled=320, present=286, in_favour=271, secret_ballot=True, lines=lines)
    disclose_schedule(by=by, on=on, schedule=made, disclosed_on=date(roll.year - 2, 11, 28))


def _crowd(roll: Roll) -> Iterator[Person]:
    """Yield people who are nobody's account, in a mixed but repeatable order."""
    keys = list(Person.objects.known().filter(accounts=None).order_by("pk").values_list("pk", flat=True))
    roll.rng.shuffle(keys)
    rows = Person.objects.in_bulk(keys[: OF_OLD + NEW])
    return (rows[key] for key in keys[: OF_OLD + NEW])


def _enter_the_old(roll: Roll, cast: Cast) -> None:
    """Enter who was a member before this register was kept: twelve years of admissions, marked as such."""
    by, on = part("demo"), date(roll.year, 1, 4)
    roll.people = _crowd(roll)
    some = min(OF_OLD, Person.objects.count() // 4)
    known = [account.person for account in cast.accounts.values() if account.person and not account.administers]
    hospitals = _rows(roll.house.hospitals[NEW_UNITS:])
    with backfilling():
        for ago in range(12, 0, -1):
            day = date(roll.year - ago, 3, 1)
            people = [*islice(roll.people, some // 12), *(known if ago == 4 else ())]
            units = hospitals[ago::12][: OLD_UNITS // 12] if ago > 1 else []
            spells = admit_members(by=by, on=on, joined_on=day, decision="原会员名册（演示）", newcomers=[
                *(Newcomer(who=one, tier=_tier(roll, ago), branch=roll.rng.choice(roll.branches)) for one in people),
                *(Newcomer(who=one, tier=roll.tiers["unit"]) for one in units)])
            made = [spell.member for spell in spells]
            roll.old += made[: len(people)]
            roll.units += made[len(people):]


def _tier(roll: Roll, years: int) -> Tier:
    if years >= 6 and roll.rng.random() < 0.4:
        return roll.tiers["senior"]
    return roll.tiers["honorary" if roll.rng.random() < 0.02 else "ordinary"]


def _admit_the_new(roll: Roll, today: date) -> None:
    """Admit this year's newcomers in batches of the standing council, each to the credit of a branch."""
    by, number = part("demo"), min(NEW, Person.objects.count() // 10)
    share = number // 11 + 1
    hospitals = _rows(roll.house.hospitals[:NEW_UNITS])
    for month in range(1, today.month + 1):
        day = date(roll.year, month, 18)
        if day > today:
            break
        people = list(islice(roll.people, share))
        tiers = [roll.tiers["student" if roll.rng.random() < 0.1 else "ordinary"] for _one in people]
        newcomers = [Newcomer(who=one, tier=tier, branch=roll.rng.choice(roll.branches))
                     for one, tier in zip(people, tiers, strict=True)]
        newcomers += [Newcomer(who=one, tier=roll.tiers["unit"]) for one in hospitals[month - 1 :: 12]]
        spells = admit_members(by=by, on=day, joined_on=day, newcomers=newcomers,
                               decision=f"常〔{roll.year}〕{month}号（演示）")
        with suppress(NothingToBill):  # students pay nothing
            bill_newcomers(by=by, on=day, spells=spells[: len(people)], due_on=day + timedelta(days=30))


def _bill_the_old(roll: Roll, today: date) -> None:
    """Choose the level of each unit and run the dues of the year in January."""
    by, on = part("demo"), min(date(roll.year, 1, 20), today)
    lines = {line.level: line for line in FeeLine.objects.filter(schedule=Schedule.objects.get()).exclude(level="")}
    for place, unit in enumerate(roll.units):
        level = LEVELS[0 if place < 2 else 1 if place < 12 else 2][0]
        issue_charge(by=by, on=on, member=unit, line=lines[level], year=roll.year, due_on=date(roll.year, 3, 31))
    run = Run.objects.create(year=roll.year, due_on=date(roll.year, 3, 31), begun_on=on)
    run_dues(by=by, on=on, run=run)


def _pay(roll: Roll, today: date, *, sure: set[int | None]) -> None:
    """Let most individuals, and surely those shown, and all units pay their bills in the weeks after they came."""
    bills = Charge.objects.filter(year=roll.year, issued_on__lt=today)
    bills = bills.select_related("spell__member__person", "spell__member__unit").order_by("pk")
    for serial, charge in enumerate(bills, start=1):
        member = charge.spell.member
        paid_on = charge.issued_on + timedelta(days=roll.rng.randrange(1, 60))
        late = member.person_id not in sure and member.person_id and roll.rng.random() < 0.17
        if paid_on > today or late:
            continue  # has not paid yet
        receive_payment(by=part("demo"), on=paid_on, way=Payment.Way.TRANSFER, amount=charge.amount, paid_on=paid_on,
                        serial=f"YS{roll.year}{serial:07d}", payer_name=member.name, remark=f"会费 {charge.code}",
                        charges=[charge])


def _live(roll: Roll, cast: Cast, today: date) -> None:
    """Free seats of a unit, waivers, exits, and what the member of the demonstration has in hand."""
    by = part("demo")
    lapsed = Member.objects.filter(person__isnull=False, spells__charges__isnull=False,
                                   spells__coverages=None).order_by("pk")
    grant_seats(by=by, on=today, unit=roll.units[0], members=list(lapsed[: min(SEATS, lapsed.count() // 3)]))
    for member in roll.old[:25]:
        if not member.spells.filter(coverages__kind="waived").exists():
            waive_fee(by=by, on=today, member=member, from_on=date(roll.year + 1, 1, 1), reason="满七十周岁（演示）")
    for member in roll.old[40:70]:
        leave(by=by, on=today - timedelta(days=roll.rng.randrange(5, 40)), member=member)
    mine = Member.objects.get(person=cast.accounts["zhouxingzhou"].person)
    with suppress(NotInGoodStanding):  # in January nobody has paid yet
        issue_certificate(by=by, on=today, member=mine)
    make_choice(by=cast.actor("zhouxingzhou", today), on=today, member=mine, what=Choice.What.SUGGESTIONS, allowed=True)


def _name_contacts(roll: Roll, cast: Cast, today: date) -> None:
    """Give most units a contact, who sees the unit's membership after signing in; a few nobody can be written to."""
    by, named = part("demo"), [cast.accounts["zhouxingzhou"].person]
    for unit in roll.units[1 : -max(1, len(roll.units) // 8)]:
        named.append(Person.objects.known().filter(
            employments__organisation=unit.unit, employments__until_on=None, accounts=None).order_by("pk").first())
    for unit, person in zip(roll.units, named, strict=False):
        if person:
            begin_term(by=by, on=today, person=person.ref, organisation=unit.unit.ref, title="unit_contact",
                       from_on=date(roll.year, 1, 4), until_on=None)


def _volunteer(roll: Roll, cast: Cast, today: date) -> None:
    """Found eleven squads and three local bodies, take members in, and log the hours the squads gave."""
    by, kind = part("demo"), Kind.objects.get(code="volunteer_service")
    made = [(f"江海白求恩医疗志愿服务队{name}分队（演示）", "squad", "") for name in SQUADS]
    made += [(f"{city}会员联络处（演示）", "local_body", region) for city, region in LOCAL.items()]
    for place, (name, code, region) in enumerate(made):
        body = found_organisation(by=by, on=today, name=name, kind=code, region=region, parent=roll.house.association,
                                  from_on=date(roll.year - 3, 3, 5))
        [organisation] = _rows([body])
        for member in roll.old[100 + 8 * place : 108 + 8 * place]:
            begin_affiliation(by=by, on=today, member=member, organisation=organisation, from_on=date(roll.year, 1, 4))
        if code == "squad":
            works = [Work(kind=kind, title=f"{name}服务日", happened_on=date(roll.year, month, 5 + place),
                          organisation=body, hours=Decimal(roll.rng.randint(12, 60)),
                          patients=roll.rng.randint(40, 160))
                     for month in range(1, today.month + 1) if date(roll.year, month, 5 + place) <= today]
            if works:
                verify_work(by=cast.actor("shenzhiwei", today), on=today, entries=log_works(
                    by=by, on=today, works=works, submit=True))
