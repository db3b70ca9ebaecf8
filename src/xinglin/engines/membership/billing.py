"""Who owes which fee: the line of the standard for each membership, the waivers due, found for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from xinglin.lib.days import full_years
from xinglin.lib.transfer_codes import code_for

from .fees import Bundle, Charge, FeeLine, Schedule
from .members import Coverage, Spell, TierSpan
from .renewals import Policy, amount_due, months_due
from .rules_of_fees import pays_by_month, terms_on, waived_from_age
from .statuses import FOR_EVER
from .tiers import Entitlement


@dataclass(frozen=True, kw_only=True)
class Due:
    """What a membership needs for a year: a bill by a line, or a waiver until a day (None: for life)."""

    spell: int
    member: int
    serial: int
    line: FeeLine | None = None
    months: int = 12
    due_on: date | None = None
    waived: str = ""  # why: "age", "tier"
    from_on: date | None = None
    until_on: date | None = None
    trouble: str = ""  # neither: "level" to be chosen, no "line" for the tier


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What decides on the bills of a year, read once for all."""

    year: int
    on: date
    due_on: date
    lines: dict[int, list[FeeLine]]  # by tier
    liable: frozenset[int]  # tiers with the duty to pay
    policy: Policy
    pro_rata: bool
    age: int

    @property
    def first(self) -> date:
        """The first day of the year, or today when it has begun."""
        return max(date(self.year, 1, 1), self.on)

    @property
    def next_year(self) -> date:
        """The first day of the year after."""
        return date(self.year + 1, 1, 1)


def rules_of(*, year: int, on: date, due_on: date) -> Rules:
    """Read the standard, the duties and the regulations for the bills of a year."""
    first = max(date(year, 1, 1), on)
    schedule = Schedule.objects.in_force(first)
    lines: dict[int, list[FeeLine]] = {}
    for line in FeeLine.objects.filter(schedule=schedule) if schedule else ():
        lines.setdefault(line.tier_id, []).append(line)
    liable = Entitlement.objects.on(first).filter(kind=Entitlement.Kind.DUTY, code="fee").values_list("tier", flat=True)
    return Rules(year=year, on=on, due_on=due_on, lines=lines, liable=frozenset(liable),
                 policy=terms_on(on).policy, pro_rata=pays_by_month(on), age=waived_from_age(first))


@dataclass(frozen=True, kw_only=True)
class Part:
    """Some memberships in the order of their keys: how many were looked at, up to which key, and what they need."""

    seen: int
    last: int
    dues: list[Due]


def memberships(rules: Rules) -> "QuerySet[Spell]":
    """Return the memberships of the day of a run, whether they need a bill or not."""
    here = Spell.objects.filter(joined_on__lte=rules.on).filter(Q(ended_on=None) | Q(ended_on__gt=rules.on))
    return here.order_by("pk")


def part_after(rules: Rules, *, after: int, size: int) -> Part | None:
    """Look at the next memberships after a key; None when there are no more."""
    # By ranges of keys: a join with all bills would be read again for every part of a run.
    rows = _rows(memberships(rules).filter(pk__gt=after)[:size])
    if not rows:
        return None
    first, last = rows[0][0], rows[-1][0]
    return Part(seen=len(rows), last=last, dues=_dues(rules, rows, Q(spell__gte=first, spell__lte=last)))


def dues_of(rules: Rules, *, spells: Sequence[int]) -> list[Due]:
    """Return what these memberships need."""
    return _dues(rules, _rows(memberships(rules).filter(pk__in=spells)), Q(spell__in=list(spells)))


_Row = tuple[int, int, int, date, date | None]


def _rows(spells: "QuerySet[Spell]") -> list[_Row]:
    return list(spells.values_list("pk", "member", "member__serial", "joined_on", "member__person__born_on"))


def _dues(rules: Rules, rows: Sequence[_Row], where: Q) -> list[Due]:
    """Return what memberships need that were not billed for the year and are not covered to its end.

    Who was billed and excused is not asked again, but who was billed and covered otherwise is, when that has ended.
    """
    billed = set(Charge.objects.filter(where, year=rules.year, replaced=False).values_list("spell", flat=True))
    until = dict(Coverage.objects.filter(where).order_by().values("spell").annotate(
        last=Max(Coalesce("until_on", Value(FOR_EVER)))).values_list("spell", "last"))
    left = [row for row in rows if row[0] not in billed and (row[0] not in until or until[row[0]] < rules.next_year)]
    tiers = dict(TierSpan.objects.on(rules.first).filter(_among("member", [row[1] for row in left])).values_list(
        "member", "tier"))
    levels = _levels([row[0] for row in left if len(rules.lines.get(tiers.get(row[1], 0), ())) > 1])
    return [_due(rules, row, until.get(row[0]), tiers.get(row[1], 0), levels.get(row[0])) for row in left]


def _among(field: str, keys: Sequence[int]) -> Q:
    """Return a condition for these keys, and others between them where they lie close: many are slow to send."""
    if keys and max(keys) - min(keys) < 2 * len(keys):
        return Q(**{f"{field}__gte": min(keys), f"{field}__lte": max(keys)})
    return Q(**{f"{field}__in": keys})


def _levels(spells: list[int]) -> dict[int, str]:
    """Return the level of the last bill of each membership: the next one keeps it."""
    rows = Charge.objects.filter(spell__in=spells).order_by("year", "pk").values_list("spell", "line__level")
    return dict(rows)


def _due(rules: Rules, row: _Row, covered_until: date | None, tier: int, level: str | None) -> Due:
    spell, member, serial, joined_on, born_on = row
    who = {"spell": spell, "member": member, "serial": serial}
    start = max(covered_until or joined_on, date(rules.year, 1, 1))
    if born_on and full_years(born_on=born_on, on=max(start, born_on)) >= rules.age:
        return Due(**who, waived="age", from_on=start)
    lines = rules.lines.get(tier, [])
    line = lines[0] if len(lines) == 1 else next((one for one in lines if one.level == level), None)
    if tier not in rules.liable or (line and not line.amount):
        return Due(**who, waived="tier", from_on=start, until_on=max(rules.next_year, start + timedelta(days=1)))
    if line is None:
        return Due(**who, trouble="level" if lines else "line")
    months = months_due(policy=rules.policy, pro_rata=rules.pro_rata, year_of_bill=rules.year, joined_on=joined_on)
    late = covered_until if covered_until and rules.policy is not Policy.FIXED_YEAR else rules.due_on
    return Due(**who, line=line, months=months, due_on=max(rules.due_on, late))


def charges_of(rules: Rules, dues: Sequence[Due], **given: object) -> list[Charge]:
    """Return the bills, not yet written, that these dues come to, each with a code that nobody has."""
    billed = [one for one in dues if one.line]
    codes = free_codes([f"{rules.year}/{one.serial}" for one in billed])
    return [Charge(spell_id=one.spell, line=one.line, year=rules.year, months=one.months, code=code,
                   amount=amount_due(amount=one.line.amount, months=one.months),  # type: ignore[union-attr]
                   issued_on=rules.on, due_on=one.due_on, **given) for one, code in zip(billed, codes, strict=True)]


def free_codes(things: Sequence[str]) -> list[str]:
    """Return a transfer code for each thing that no bill and no bundle bears."""
    taken: set[str] = set()
    answer = [code_for(what=one) for one in things]
    bundles = set(Bundle.objects.values_list("code", flat=True))  # few
    asked, attempt = set(range(len(things))), 0
    while asked:
        wanted = [answer[at] for at in asked]
        there = bundles.union(Charge.objects.filter(code__in=wanted).values_list("code", flat=True))
        again = set()
        for at in sorted(asked):
            if answer[at] in there or answer[at] in taken:
                again.add(at)
            taken.add(answer[at])
        attempt += 1
        for at in again:
            answer[at] = code_for(what=things[at], attempt=attempt)
        asked = again
    return answer
