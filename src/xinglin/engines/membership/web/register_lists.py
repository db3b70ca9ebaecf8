"""The register of members as a list: status on the day, tier, branches, and the questions the office asks."""

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation
from xinglin.kernel import clock
from xinglin.shell.tables import Bulk, Choice, Column, Dates, Segment, Table

from .. import questions, statuses
from ..addressees import unheard
from ..members import Affiliation, Spell, TierSpan
from ..tiers import Holder, Tier

ACTIVITY = (("none", _("No activity this year")), ("some", _("Active this year")))
DUE_DAYS = 30
SPECIAL = (("due", _("Paid time ends within 30 days")),
           ("senior", _("Due to become senior")), ("waiver", _("Due for a waiver by age")),
           ("office", _("Holds a post")), ("unheard", _("Unit nobody can be written to")))


def status_words() -> dict[str, tuple[str, Any]]:
    """Return light and word of every status, the word in the language of whoever reads it."""
    label = lazy(lambda code: statuses.words()[code][1], str)
    return {code: (light, label(code)) for code, (light, _word) in statuses.words().items()}


def _tier(row: Spell) -> str:
    return "、".join(str(one.tier) for one in row.member.tiers_now)


def _branches(row: Spell) -> str:
    return "、".join(one.organisation.label for one in row.member.branches_now)


def _workplace(row: Spell) -> str:
    return row.member.person.workplace if row.member.person else str(row.member.unit.kind_label)


def _until(row: Spell) -> date | None:
    return None if row.paid_until == statuses.FOR_EVER else row.paid_until


def tier_options() -> list[tuple[str, str]]:
    """Return the tiers of today."""
    return [(one.code, str(one)) for one in Tier.objects.open_on(clock.today())]


def branch_options() -> list[tuple[str, str]]:
    """Return the branches and groups that have members."""
    rows = Organisation.objects.filter(pk__in=Affiliation.objects.filter(until_on=None).values("organisation"))
    return [(str(row.pk), row.label) for row in rows]


def _of_tiers(rows: Any, codes: list[str]) -> Any:
    return questions.of_tiers(rows, codes, on=clock.today())


def _of_branches(rows: Any, keys: list[str]) -> Any:
    return questions.of_branches(rows, keys, on=clock.today())


def _by_activity(rows: Any, values: list[str]) -> Any:
    if len(values) != 1:
        return rows
    choose = questions.idle if values == ["none"] else questions.busy
    return choose(rows, year=clock.today().year)


def _special(rows: Any, values: list[str]) -> Any:
    chosen = {"senior": questions.due_for_senior, "waiver": questions.due_for_waiver, "office": questions.in_office,
              "due": lambda rows, *, on: questions.ending(rows, on=on, days=DUE_DAYS),
              "unheard": lambda rows, *, on: rows.filter(member__in=unheard(on=on))}
    for value in values:
        rows = chosen[value](rows, on=clock.today())
    return rows


class Members(Table):
    """Every member the reader may see, with the status of today."""

    code, unit = "membership.members", "个"
    title = _("Members")
    columns = (
        Column("name", _("Name and unit"), value="member.name", at="name", sub=_workplace,
               sort=("member__person__sort_key", "member__unit__sort_key"),
               link=lambda row: row.member.get_absolute_url()),
        Column("number", _("Member number"), value="member.number", sort="member__number"),
        Column("tier", _("Tier"), value=_tier),
        Column("branch", _("Branches"), value=_branches),
        Column("status", _("State"), kind="status", words=status_words(), at="status", sort="status"),
        Column("paid_until", _("Paid until before"), kind="date", value=_until, sort="paid_until"),
        Column("joined_on", _("Member since"), kind="date", sort=True),
        Column("brought_by", _("Brought in by"), value=lambda row: row.brought_by.label if row.brought_by else "",
               hidden=True),
        Column("ended_on", _("Ended on"), kind="date", sort=True, hidden=True),
    )
    search = ("member__number",)  # and by the search keys of the directory, below
    search_hint = _("Name, pinyin, member number, unit")
    segments = (
        Segment("current", _("On the register"), where=~Q(status="left")),
        Segment("renewing", _("To renew"), where=Q(status="renewing")),
        Segment("grace", _("In grace"), where=Q(status="grace")),
        Segment("joining", _("First fee due"), where=Q(status="joining")),
        Segment("lapsed", _("Lapsed"), where=Q(status="lapsed")),
        Segment("left", _("Left the register"), where=Q(status="left")),
    )
    filters = (
        Choice("tier", _("Tier"), options=tier_options, apply=_of_tiers),
        Choice("branch", _("Branch"), options=branch_options, apply=_of_branches),
        Choice("holder", _("Individual or unit"), options=Holder.choices,
               apply=lambda rows, values: rows.filter(
                   Q(member__unit=None) if values == ["person"] else Q(member__person=None)) if len(
                       values) == 1 else rows),
        Choice("activity", _("Activity"), options=ACTIVITY, apply=_by_activity),
        Choice("special", _("To follow up"), options=SPECIAL, apply=_special),
        Dates("paid_until", _("Paid until before")),
        Dates("joined_on", _("Member since")),
    )
    bulk = (Bulk("membership:write_to", _("Write to them"), icon="send"),)
    order = ("member__number",)
    empty = (_("No members yet"), _("They come by application, or the office enters those of old."),
             "membership:admit", _("Enter a member"))

    @cached_property
    def narrowed(self) -> Any:
        """Rows after search and conditions."""
        rows = self.everything
        for one in self.conditions:
            rows = one.narrow(rows)
        return questions.found(rows, self.text) if self.text else rows

    @cached_property
    def today(self) -> dict[str, int]:
        """How many members the reader may see have each status today."""
        on = clock.today()
        return statuses.counted(questions.seen_spells(actor=self.actor, on=on), on=on)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Counts of the segments: every status is worked out once for all of them."""
        by = self.today
        if self.is_narrowed:
            chosen = self.narrowed.order_by().values("pk")
            by = statuses.counted(Spell.objects.filter(pk__in=chosen), on=clock.today())
        return {f"n_{one.name}": by.get(one.name, sum(by.values()) - by["left"]) for one in self.segments}

    def rows(self) -> Any:
        """Return the last membership of each member, with its status of today."""
        on = clock.today()
        rows = statuses.with_status(questions.seen_spells(actor=self.actor, on=on), on=on)
        branches = Affiliation.objects.on(on).select_related("organisation")
        tiers = TierSpan.objects.on(on).select_related("tier")
        return rows.select_related("member__person", "member__unit", "brought_by").prefetch_related(
            Prefetch("member__tiers", tiers, to_attr="tiers_now"),
            Prefetch("member__affiliations", branches, to_attr="branches_now"),
            "member__person__employments__organisation")
