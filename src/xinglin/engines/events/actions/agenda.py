"""Lays out the agenda that an event of its kind begins with."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.policy import Refusal

from ..agenda import skeleton
from ..meetings import Event, Format
from ..programme import Session
from .programme import Slot, arrange_session


class AgendaThere(Refusal):
    """There is a programme already; it is changed item by item."""


@act
def lay_out_agenda(*, by: Actor, on: date, event: Event) -> list[Session]:
    """Put the items that events of this kind have on the programme, the oath where it is due (C14)."""
    event = Event.objects.one_locked(pk=event.pk)
    if event.sessions.exists():
        raise AgendaThere(_("There is a programme already; change it item by item."))
    return [arrange_session(by=by, on=on, event=event, slot=Slot(
        title=one.title, title_en=one.title_en, kind=one.kind, from_at=one.from_at, until_at=one.until_at,
        room=one.room, on_site=event.format != Format.ONLINE, online=event.format != Format.ON_SITE))
        for one in skeleton(event)]
