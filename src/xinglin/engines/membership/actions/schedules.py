"""Writes down the fee standard that a congress adopted, and that it was disclosed (G10)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Code
from xinglin.lib.thresholds import at_least_fraction

from ..facts import ScheduleAdopted, ScheduleDisclosed
from ..fees import FeeLine, Schedule
from ..policy import may_keep_fees
from ..tiers import Tier


class NotPassed(Refusal):
    """Too few were present, or too few in favour."""

    regulation = "G10"


class TooManyLevels(Refusal):
    """More levels for one kind of member than are allowed."""

    field, regulation = "lines", "G10.levels"


class WrongLines(Refusal):
    """The lines are none, or name a tier and level twice."""

    field = "lines"


class NotAfterLast(Refusal):
    """A standard takes effect after the one before it."""

    field = "from_on"


class DisclosedAlready(Refusal):
    """The standard was disclosed before."""


@dataclass(frozen=True, kw_only=True)
class Fee:
    """One line as the congress adopted it: a tier, a level within it, yuan a year, seats that come with it."""

    tier: Tier
    amount: Decimal
    level: str = ""
    seats: int = 0


@act
def adopt_schedule(
    *, by: Actor, on: date, decision: str, adopted_on: date, from_on: date, entitled: int, present: int,
    in_favour: int, secret_ballot: bool, lines: Sequence[Fee],
) -> Schedule:
    """Write down a fee standard with the vote that carried it; it ends the one before on its first day (G10)."""
    require(may_keep_fees(actor=by))
    _refuse_vote(adopted_on, entitled, present, in_favour, secret_ballot)
    _refuse_lines(lines, adopted_on)
    last = Schedule.objects.first()
    if last and from_on <= last.from_on:
        raise NotAfterLast(_("The standard in force takes effect on %(day)s; choose a later day.") % {
            "day": last.from_on})
    if from_on < adopted_on:
        raise NotAfterLast(_("It cannot take effect before it was adopted on %(day)s.") % {"day": adopted_on})
    if adopted_on > on:
        raise NotAfterLast(_("That day has not come yet."), field="adopted_on")
    row = Schedule.objects.create(decision=decision.strip(), adopted_on=adopted_on, from_on=from_on, entitled=entitled,
                                  present=present, in_favour=in_favour)
    made = FeeLine.objects.bulk_create([
        FeeLine(schedule=row, tier=one.tier, level=one.level.strip(), amount=one.amount, seats=one.seats)
        for one in lines])
    state(ScheduleAdopted(
        schedule=row.ref, adopted_on=adopted_on, from_on=from_on, entitled=entitled, present=present,
        in_favour=in_favour, fee_lines=tuple(one.ref for one in made), tiers=tuple(one.tier.ref for one in made),
        amounts=tuple(Code(f"{one.amount:.2f}") for one in made), seats=tuple(Code(str(one.seats)) for one in made),
    ), happened_on=adopted_on)
    return row


def _share(rule: str, on: date) -> tuple[int, int]:
    over, under = str(regulations.value(rule, on=on)).split("/")
    return int(over), int(under)


def _refuse_vote(on: date, entitled: int, present: int, in_favour: int, secret_ballot: bool) -> None:
    wrong = [Problem(field=field, message=message) for field, message, bad in (
        ("entitled", _("Nobody was entitled to attend."), entitled < 1),
        ("present", _("More were present than were entitled to attend."), present > entitled),
        ("in_favour", _("More were in favour than were present."), in_favour > present)) if bad]
    if wrong:
        raise Refusals(wrong)
    needed = at_least_fraction(*_share("G10.attendance_share", on), of=entitled)
    if present < needed:
        raise NotPassed(_("%(present)d of %(entitled)d were present; %(needed)d are needed.") % {
            "present": present, "entitled": entitled, "needed": needed}, field="present",
            instead=_("Adopt it at a congress that has its quorum."))
    needed = at_least_fraction(*_share("G10.votes_share", on), of=present)
    if in_favour < needed:
        raise NotPassed(_("%(votes)d of %(present)d were in favour; %(needed)d are needed.") % {
            "votes": in_favour, "present": present, "needed": needed}, field="in_favour")
    if not secret_ballot:
        raise NotPassed(_("A fee standard is adopted by secret ballot; a show of hands is not enough."),
                        field="secret_ballot", instead=_("Repeat the vote by secret ballot."))


def _refuse_lines(lines: Sequence[Fee], on: date) -> None:
    if not lines:
        raise WrongLines(_("A standard has at least one line."))
    twice = [pair for pair, times in Counter((one.tier.pk, one.level.strip()) for one in lines).items() if times > 1]
    if twice:
        tier = next(one.tier for one in lines if one.tier.pk == twice[0][0])
        raise WrongLines(_("%(tier)s stands twice with the same level.") % {"tier": tier})
    if any(one.amount != one.amount.quantize(Decimal("0.01")) or one.amount < 0 for one in lines):
        raise WrongLines(_("Each line has one fixed amount in yuan and fen, no range."), regulation="G10")
    if wrong := [one for one in lines if one.seats and one.tier.holder != "unit"]:
        raise WrongLines(_("Free seats come with unit members only, not with %(tier)s.") % {"tier": wrong[0].tier})
    most = int(regulations.value("G10.levels", on=on))
    for holder in {one.tier.holder for one in lines}:
        levels = {one.amount for one in lines if one.tier.holder == holder and one.amount}
        if len(levels) > most:
            raise TooManyLevels(_("%(number)d levels for one kind of member; at most %(most)d are allowed.") % {
                "number": len(levels), "most": most})


@act
def disclose_schedule(*, by: Actor, on: date, schedule: Schedule, disclosed_on: date) -> Schedule:
    """Write down when a standard was published to the members; late is written down all the same, and shown."""
    require(may_keep_fees(actor=by))
    row = Schedule.objects.one_locked(pk=schedule.pk)
    if row.disclosed_on:
        raise DisclosedAlready(_("It was disclosed on %(day)s.") % {"day": row.disclosed_on})
    if not row.adopted_on <= disclosed_on <= on:
        raise NotAfterLast(_("Choose a day from its adoption on %(day)s until today.") % {"day": row.adopted_on},
                           field="disclosed_on")
    row.disclosed_on = disclosed_on
    row.save(update_fields=["disclosed_on"])
    state(ScheduleDisclosed(schedule=row.ref), happened_on=disclosed_on)
    return row
