"""Whoever is newly admitted is asked for the first fee, also when the meeting of December is entered in January."""

from datetime import timedelta

from xinglin.engines.membership.actions.charges import NothingToBill, bill_newcomers
from xinglin.engines.membership.facts import MemberAdmitted
from xinglin.engines.membership.members import Spell
from xinglin.kernel import clock, regulations
from xinglin.kernel.actors import house
from xinglin.kernel.flows import Happened, flow
from xinglin.lib.periods import years_after


@flow(on=MemberAdmitted, act=bill_newcomers)
def carry(happened: Happened) -> None:
    """Bill the new membership for this year, due after M2.first_fee_days; members of old come with the dues run.

    New is who was admitted this year or within those days; who came by an application is so for a year, however late
    the meeting is entered.
    """
    today = clock.today()
    days = timedelta(days=int(regulations.value("M2.first_fee_days", on=today)))
    applied = bool(happened.body.get("application"))
    since = years_after(day=today, years=-1) if applied else min(today.replace(month=1, day=1), today - days)
    spells = Spell.objects.filter(pk=happened.body["spell"], ended_on=None)
    if happened.happened_on < since or not spells:
        return
    try:
        bill_newcomers(by=house("flows"), on=today, spells=list(spells), due_on=today + days)
    except NothingToBill:  # exempt, covered by a seat, billed by hand, or a unit whose level the office chooses
        return
