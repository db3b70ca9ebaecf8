"""Who may watch a session online."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.policy import YES, Verdict, no

from .meetings import Format
from .offers import Channel
from .programme import Session
from .registrations import Registration


def may_watch(*, session: Session, registrations: Sequence[Registration]) -> Verdict:
    """Whoever is registered and confirmed watches: by an online ticket, or by any of an event that is hybrid."""
    if not session.online:
        return no(_("This session is in the hall only."))
    confirmed = [one for one in registrations if one.admits and one.event_id == session.event_id]
    if not confirmed:
        return no(_("Only those whose registration is confirmed may watch. If somebody else registered you, open the "
                    "address of your ticket and take the place over first."))
    if session.event.format == Format.HYBRID or any(one.ticket.channel == Channel.ONLINE for one in confirmed):
        return YES
    return no(_("Your ticket admits to the hall only."))
