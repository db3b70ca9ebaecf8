"""The status of members on any day: dated rules as data, in one query for all, or with its reason for one."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db import models
from django.db.models import Case, Count, Exists, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinglin.kernel import regulations

from .members import Coverage, Spell

FOR_EVER = date(9999, 12, 31)
# Who may use the rights that need a paid fee.
GOOD = frozenset({"exempt", "active", "renewing", "grace"})


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """A day of the member, moved by a regulation's days: paid_until + M2.grace_days."""

    day: str
    rule: str = ""
    sign: int = 1

    def shift(self, on: date) -> timedelta:
        """Return how far it lies from the member's own day, by the regulation in force on a day."""
        return timedelta(days=self.sign * int(regulations.value(self.rule, on=on)) if self.rule else 0)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of statuses.yaml."""

    status: str
    zh: str
    en: str
    light: str
    ended: bool = False
    waived: bool = False
    ahead: bool = False
    unpaid: bool = False
    before: Boundary | None = None

    @property
    def label(self) -> str:
        """The status in words."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


@dataclass(frozen=True, kw_only=True)
class Days:
    """The dated facts of one membership that decide its status on a day."""

    joined: date
    ended: date | None = None
    paid_until: date | None = None  # FOR_EVER: without end
    waived: bool = False
    ahead: bool = False  # some later days are paid already


@dataclass(frozen=True, kw_only=True)
class Status:
    """What a member is on a day and why: the rule that held, and the day up to which it will."""

    rule: Rule
    days: Days
    until: date | None = None

    @property
    def code(self) -> str:
        """The status as the lists know it."""
        return self.rule.status

    @property
    def good(self) -> bool:
        """Whether rights that need a paid fee may be used."""
        return self.code in GOOD


@lru_cache(maxsize=1)
def _versions() -> tuple[tuple[date, tuple[Rule, ...]], ...]:
    content = yaml.safe_load(Path(__file__).with_name("statuses.yaml").read_text("utf-8"))
    return tuple((one["from"], tuple(_rule(line) for line in one["rules"])) for one in content)


def _rule(line: dict[str, Any]) -> Rule:
    before = line.pop("before", None)
    if before:
        sign = -1 if "less" in before else 1
        before = Boundary(day=before["day"], rule=before.get("less") or before.get("plus", ""), sign=sign)
    return Rule(**line, before=before)


def rules(on: date) -> tuple[Rule, ...]:
    """Return the rules in force on a day, in the order in which they are tried."""
    return [lines for from_on, lines in _versions() if from_on <= on][-1]


def words() -> dict[str, tuple[str, str]]:
    """Return light and label of every status that any version knows."""
    return {rule.status: (rule.light, rule.label) for _from, lines in _versions() for rule in lines}


# One member, with the reason ------------------------------------------------------------------------------

Shifts = dict[Boundary, timedelta]  # of one day, read once for many members


def judge(days: Days, *, on: date, shifts: Shifts | None = None) -> Status:
    """Return the status that these dated facts give on a day; who asks for many keeps `shifts` between them."""
    shifts = {} if shifts is None else shifts
    for rule in rules(on):
        until = _end(rule, days, on, shifts)
        if _holds(rule, days, on, until):
            return Status(rule=rule, days=days, until=until)
    raise LookupError(f"statuses.yaml has no last rule on {on}")


def _end(rule: Rule, days: Days, on: date, shifts: Shifts) -> date | None:
    if rule.before is None:
        return None
    own: date | None = getattr(days, rule.before.day)
    if own is None or own == FOR_EVER:
        return own
    if rule.before not in shifts:
        shifts[rule.before] = rule.before.shift(on)
    return own + shifts[rule.before]


def _holds(rule: Rule, days: Days, on: date, until: date | None) -> bool:
    return ((not rule.ended or (days.ended is not None and days.ended <= on))
            and (not rule.waived or days.waived)
            and (not rule.ahead or days.ahead)
            and (not rule.unpaid or days.paid_until is None)
            and (rule.before is None or (until is not None and on < until)))


def reason(status: Status) -> str:
    """Say in one sentence from which days a status follows."""
    days = status.days
    if status.code == "left":
        return _("The membership ended on %(day)s.") % {"day": days.ended}
    if days.waived:
        return _("The fee is waived.")
    if days.paid_until is None:
        return _("Admitted on %(day)s; the first fee has not been paid.") % {"day": days.joined}
    if days.paid_until == FOR_EVER:
        return _("Nothing is owed, without end.")
    return _("The fee is paid until before %(day)s.") % {"day": days.paid_until}


# All members, in one query --------------------------------------------------------------------------------

def with_status(spells: "models.QuerySet[Spell]", *, on: date) -> "models.QuerySet[Spell]":
    """Annotate spells with `paid_until`, `waived` and `status` on a day, each looked up beside its row: for lists."""
    mine = Coverage.objects.filter(spell=OuterRef("pk"), from_on__lte=on)
    until = mine.order_by().values("spell").annotate(last=Max(Coalesce("until_on", Value(FOR_EVER)))).values("last")
    waivers = mine.filter(kind=Coverage.Kind.WAIVED).filter(Q(until_on=None) | Q(until_on__gt=on))
    later = Coverage.objects.filter(spell=OuterRef("pk"), from_on__gt=on)
    rows = spells.annotate(paid_until=Subquery(until), waived=Exists(waivers), ahead=Exists(later))
    return rows.annotate(status=_case(on))


def in_one_pass(spells: "models.QuerySet[Spell]", *, on: date) -> Any:
    """Return `pk` and `status` of spells on a day in one pass over members and coverages: for whole registers."""
    now = Q(coverages__from_on__lte=on)
    holds = Q(coverages__until_on=None) | Q(coverages__until_on__gt=on)
    rows = spells.order_by().values("pk", "joined_on", "ended_on").annotate(
        paid_until=Max(Coalesce("coverages__until_on", Value(FOR_EVER)), filter=now),
        waived=Max(Case(When(now & holds & Q(coverages__kind=Coverage.Kind.WAIVED), then=1), default=0)),
        ahead=Max(Case(When(coverages__from_on__gt=on, then=1), default=0)))
    return rows.annotate(status=_case(on, true=1))


def counted(spells: "models.QuerySet[Spell]", *, on: date) -> dict[str, int]:
    """Return how many of these spells have each status on a day."""
    rows = in_one_pass(spells, on=on)
    said: dict[str, int] = rows.aggregate(**{
        rule.status: Count("pk", filter=Q(status=rule.status)) for rule in rules(on)})
    return said


def _case(on: date, *, true: Any = True) -> Case:
    """Return the rules of a day as one CASE over `joined_on`, `ended_on`, `paid_until`, `waived` and `ahead`."""
    whens = []
    columns = {"joined": "joined_on", "paid_until": "paid_until", "ended": "ended_on"}
    for rule in rules(on):
        said = Q(pk__isnull=False)
        if rule.ended:
            said &= Q(ended_on__lte=on)
        if rule.waived:
            said &= Q(waived=true)
        if rule.ahead:
            said &= Q(ahead=true)
        if rule.unpaid:
            said &= Q(paid_until=None)
        if rule.before:
            said &= Q(**{f"{columns[rule.before.day]}__gt": on - rule.before.shift(on)})
        whens.append(When(said, then=Value(rule.status)))
    return Case(*whens, default=Value(""), output_field=models.CharField())
