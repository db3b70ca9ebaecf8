"""Finds memberships for which nobody has paid for years, and the day on which each is deemed to have ended (M2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateField, Exists, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from xinglin.kernel import regulations
from xinglin.lib.periods import years_after

from .certificates import LapseNotice
from .members import Coverage, Spell, SpellQuerySet
from .statuses import FOR_EVER


@dataclass(frozen=True, kw_only=True)
class Unpaid:
    """A membership for which nobody pays: since when, when it would end, and the notice of that, if given."""

    spell: Spell
    since: date
    ends_on: date
    notice: LapseNotice | None
    notice_days: int

    def may_end(self, *, on: date) -> bool:
        """Say whether the day has come and the days of notice are over."""
        return self.notice is not None and on >= self.after(self.notice.given_on)

    def after(self, given_on: date) -> date:
        """Return the day on which it ends when the notice is given on a day."""
        return max(self.ends_on, given_on + timedelta(days=self.notice_days))


def covered(spells: SpellQuerySet, *, on: date) -> SpellQuerySet:
    """Annotate spells with `covered`, the first day that nobody has paid or waived yet, and `waived` on a day.

    Days paid in advance count at once, unlike in a status: who has paid the coming year is not asked again.
    """
    waivers = Coverage.objects.on(on).filter(spell=OuterRef("pk"), kind=Coverage.Kind.WAIVED)
    mine = Coverage.objects.filter(spell=OuterRef("pk")).order_by().values("spell")
    until = mine.annotate(last=Max(Coalesce("until_on", Value(FOR_EVER)))).values("last")
    return spells.annotate(covered=Subquery(until), waived=Exists(waivers))


def held(*, on: date) -> SpellQuerySet:
    """Return the memberships that hold on a day and whose fee is not waived, with `covered`."""
    spells = covered(Spell.objects.filter(joined_on__lte=on), on=on)
    spells = spells.filter(Q(ended_on=None) | Q(ended_on__gt=on), waived=False)
    return spells.select_related("member__person", "member__unit")


def unpaid(spells: SpellQuerySet, *, on: date) -> Iterator[Unpaid]:
    """Return those of these memberships (as `held` gives them) whose warning is due by a day, longest unpaid first."""
    years = int(regulations.value("M2.unpaid_years", on=on))
    days = int(regulations.value("M2.lapse_notice_days", on=on))
    notice = timedelta(days=days)
    spells = spells.annotate(since=Coalesce("covered", F("joined_on"), output_field=DateField()))
    latest = years_after(day=on + notice, years=-years) + timedelta(days=1)  # for 29 February; looked at below
    for spell in spells.filter(since__lte=latest).order_by("since", "pk").prefetch_related("lapse_notices"):
        since, ends_on = spell.since, years_after(day=spell.since, years=years)
        if spell.reinstated_on and spell.reinstated_on > since:  # taken back: a fresh notice before it may end again
            since, ends_on = spell.reinstated_on, max(ends_on, spell.reinstated_on + notice)
        if ends_on - notice <= on:
            given = next((one for one in spell.lapse_notices.all() if one.unpaid_from == since), None)
            yield Unpaid(spell=spell, since=since, ends_on=ends_on, notice=given, notice_days=days)
