"""Records what members allow and ask for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..certificates import Choice
from ..facts import ChoiceMade
from ..members import Member
from ..policy import may_act_for


class ChosenAlready(Refusal):
    """The member chose this before."""


@act
@open_to("member")
def make_choice(*, by: Actor, on: date, member: Member, what: Choice.What, allowed: bool) -> Choice:
    """Allow or forbid something, or ask for the deletion of personal data; it can be taken back at any time."""
    require(may_act_for(actor=by, member=member, on=on))
    member = Member.objects.one_locked(pk=member.pk)
    row = member.choices.filter(what=what).first() or Choice(member=member, what=what, allowed=False)
    if row.allowed == allowed:
        raise ChosenAlready(_("This is set so already."))
    row.allowed, row.chosen_on = allowed, on
    row.save()
    state(ChoiceMade(member=member.ref, what=Code(what.value), allowed=allowed))
    return row
