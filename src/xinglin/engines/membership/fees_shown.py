"""Puts fees into the navigation, names members in choosers, and says the codes of fee facts in words."""

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.shell import choosing, drawing, navigation
from xinglin.shell.navigation import Entry

from .dues_run import KIND
from .fee_figures import unused
from .policy import may_keep_fees, may_see_fees, members_seen


def _sees(actor: Actor) -> bool:
    return bool(may_see_fees(actor=actor))


def _waiting(actor: Actor) -> int:
    return unused().count() if may_keep_fees(actor=actor) else 0


def _members(query: str, actor: Actor, limit: int) -> list[choosing.Choice]:
    rows = members_seen(actor=actor, on=clock.today()).select_related("person", "unit")
    found = (rows.filter(number__endswith=query) | rows.filter(person__name__startswith=query)
             | rows.filter(unit__name__contains=query))
    return [choosing.Choice(ref=one.ref, label=one.name, sub=one.number) for one in found.distinct()[:limit]]


def show() -> None:
    """Register entries of the navigation, the chooser of members and the name of the job."""
    navigation.register(Entry(section="work", label=_("Membership fees"), icon="receipt-yuan",
                              url_name="membership:fees", order=24, when=_sees, count=_waiting))
    navigation.register_public(Entry(section="open", label=_("Fee standard"), icon="receipt-yuan",
                                     url_name="membership:standard", order=40))
    choosing.register("membership.member", _members)
    drawing.JOB_LABELS[KIND] = _("Dues run")


show()
