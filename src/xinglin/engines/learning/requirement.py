"""Holds somebody's credits of a year against what is required of them, and says what is missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinglin.directory import answers as directory
from xinglin.directory.posts import Term
from xinglin.kernel import regulations
from xinglin.kernel.refs import Ref

from .credits import SELF, Award, Duty
from .projects import Level

ZERO = Decimal(0)
# Level of project → class I under the rule of 2006; what is claimed is class II.
CLASS_ONE = {Level.NATIONAL.value, Level.PROVINCIAL.value, Level.MUNICIPAL.value}


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing that is required in a year, and how much of it there is."""

    code: str
    label: str | Promise
    has: Decimal
    wants: Decimal
    unit: str
    regulation: str

    @property
    def missing(self) -> Decimal:
        """Return how much is still to be done."""
        return max(ZERO, self.wants - self.has)

    @property
    def percent(self) -> int:
        """Return how much of it is done, at most all."""
        return 100 if not self.wants else min(100, int(self.has * 100 / self.wants))


@dataclass(frozen=True, kw_only=True)
class Account:
    """A person's year: what counts of the credits, what is required, what was cut off."""

    person: int
    year: int
    duty: str
    credits: Decimal
    hours: Decimal
    needs: tuple[Need, ...]
    cut: Decimal  # credits above a cap, which do not count

    @property
    def met(self) -> bool:
        """Say whether the year is fulfilled."""
        return all(not one.missing for one in self.needs)

    @property
    def first_missing(self) -> Need | None:
        """Return what is furthest from done."""
        return min((one for one in self.needs if one.missing), key=lambda one: one.percent, default=None)


def accounts(people: Sequence[int], *, year: int) -> dict[int, Account]:
    """Return the accounts of these people for a year; few queries, however many they are."""
    day = date(year, 12, 31)
    asked = _Asked(day)
    sums: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for start in range(0, len(people), 800):
        part = people[start : start + 800]
        rows = Award.objects.standing().filter(person__in=part, year=year).values(
            "person", "kind", "level", "specialist").order_by().annotate(credits=Sum("credits"), hours=Sum("hours"))
        for row in rows:
            # The embedded database adds decimals as binary floats: 23.8 comes back as 23.800000000000001.
            sums[row["person"]].append(row | {name: tenths(row[name]) for name in ("credits", "hours")})
    duties = _duties(people, day)
    tertiary = [one for one in people if duties.get(one) == Duty.What.TERTIARY] if asked.classes else []
    national = _national(tertiary, year, asked.tertiary_years)
    return {one: _account(one, year, duties.get(one, Duty.What.HEALTH), sums[one], asked, national.get(one, ZERO))
            for one in people}


def tenths(value: Decimal | None) -> Decimal:
    """Return a sum of credits or hours in tenths, whole ones without a point: 35.3, 9."""
    found = (value or ZERO).quantize(Decimal("0.1"))
    return found.to_integral() if found == found.to_integral() else found


def account(person: int, *, year: int) -> Account:
    """Return the account of one person for a year."""
    return accounts([person], year=year)[person]


class _Asked:
    """What the rules of a day ask for, read once."""

    def __init__(self, day: date) -> None:
        def say(key: str) -> Any:
            return regulations.value(key, on=day)

        self.credits, self.hours = Decimal(say("E1.credits")), Decimal(say("E1.hours"))
        self.both, self.classes = bool(say("E1.both")), bool(say("E2.classes"))
        self.self_study = Decimal(say("E2.self_study_cap"))
        self.one = Decimal(say("E3.class_one_least")), Decimal(say("E3.class_one_most"))
        self.two = Decimal(say("E3.class_two_least")), Decimal(say("E3.class_two_most"))
        self.cuts = bool(say("E3.most_cuts"))
        self.tertiary, self.tertiary_years = Decimal(say("E3.tertiary_credits")), int(say("E3.tertiary_years"))
        self.technical = Decimal(say("E9.hours"))
        self.specialist = tuple(say("E9.specialist"))


def _duties(people: Sequence[int], day: date) -> dict[int, str]:
    rows = Duty.objects.filter(from_on__lte=day).order_by("from_on")
    rows = rows.filter(person__in=people) if len(people) < 800 else rows
    return dict(rows.values_list("person", "what"))


def _national(people: Sequence[int], year: int, years: int) -> dict[int, Decimal]:
    rows = Award.objects.standing().filter(person__in=people, level=Level.NATIONAL, year__gt=year - years,
                                           year__lte=year)
    sums = rows.values_list("person").order_by().annotate(sum=Sum("credits"))
    return {person: tenths(total) for person, total in sums}


def _account(person: int, year: int, duty: str, rows: list[dict[str, Any]], asked: _Asked,
             national: Decimal) -> Account:
    hours = sum((row["hours"] for row in rows), ZERO)
    special = sum((row["hours"] for row in rows if row["specialist"]), ZERO)
    study = sum((row["credits"] for row in rows if row["kind"] in SELF), ZERO)
    one = sum((row["credits"] for row in rows if row["level"] in CLASS_ONE), ZERO)
    two = sum((row["credits"] for row in rows if row["level"] not in CLASS_ONE), ZERO)
    if asked.classes:
        counted = (min(one, asked.one[1]) + min(two, asked.two[1])) if asked.cuts else one + two
    else:
        counted = one + two - (max(ZERO, study - asked.self_study) if asked.self_study else ZERO)
    needs: list[Need] = []
    if duty in (Duty.What.HEALTH, Duty.What.TERTIARY):
        needs.append(Need(code="credits", label=_("Credits of the year"), has=counted, wants=asked.credits, unit="分",
                          regulation="E1.credits"))
        if asked.classes:
            needs += _classes(one, two, asked)
        elif asked.both:
            needs.append(Need(code="hours", label=_("Hours of the year"), has=hours, wants=asked.hours, unit="学时",
                              regulation="E1.hours"))
        if duty == Duty.What.TERTIARY and asked.classes:
            needs.append(Need(code="national", label=_("National credits within the term"), has=national,
                              wants=asked.tertiary, unit="分", regulation="E3.tertiary_credits"))
    elif duty == Duty.What.TECHNICAL:
        needs.append(Need(code="hours", label=_("Hours of the year"), has=hours, wants=asked.technical, unit="学时",
                          regulation="E9.hours"))
    if duty != Duty.What.EXEMPT:
        needs.append(_specialist(special, hours, asked))
    return Account(person=person, year=year, duty=duty, credits=counted, hours=hours, needs=tuple(needs),
                   cut=one + two - counted)


def _classes(one: Decimal, two: Decimal, asked: _Asked) -> Iterable[Need]:
    yield Need(code="one", label=_("Class I credits"), has=one, wants=asked.one[0], unit="分",
               regulation="E3.class_one_least")
    yield Need(code="two", label=_("Class II credits"), has=two, wants=asked.two[0], unit="分",
               regulation="E3.class_two_least")


def _specialist(special: Decimal, hours: Decimal, asked: _Asked) -> Need:
    """Specialist subjects are at least 2/3 of the hours that are required, the fraction included (X1)."""
    above, below = asked.specialist
    return Need(code="specialist", label=_("Hours of specialist subjects"), has=special,
                wants=Decimal(-(-int(asked.technical) * above // below)), unit="学时", regulation="E9.specialist")


def people_of(organisation: Ref, *, on: date) -> list[int]:
    """Return the keys of who belongs to an organisation: those employed there, and those with a post in it."""
    employed = [int(one.ref.key) for one in directory.employed_at(organisation, on=on)]
    posts = Term.objects.on(on).filter(post__organisation=int(organisation.key)).values_list("person", flat=True)
    return sorted({*employed, *posts})

