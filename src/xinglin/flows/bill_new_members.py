"""Whoever is admitted this year is asked for the first fee."""

from datetime import timedelta

from xinglin.engines.membership.actions.charges import NothingToBill, bill_newcomers
from xinglin.engines.membership.facts import MemberAdmitted
from xinglin.engines.membership.members import Spell
from xinglin.kernel import clock, regulations
from xinglin.kernel.actors import house
from xinglin.kernel.flows import Happened, flow


@flow(on=MemberAdmitted, act=bill_newcomers)
def carry(happened: Happened) -> None:
    """Bill the new membership of this year, due after M2.first_fee_days; members of old come with the dues run."""
    today = clock.today()
    spells = Spell.objects.filter(pk=happened.body["spell"], ended_on=None)
    if happened.happened_on.year != today.year or not spells:
        return
    due = today + timedelta(days=int(regulations.value("M2.first_fee_days", on=today)))
    try:
        bill_newcomers(by=house("flows"), on=today, spells=list(spells), due_on=due)
    except NothingToBill:  # exempt, covered by a seat, billed by hand, or a unit whose level the office chooses
        return
