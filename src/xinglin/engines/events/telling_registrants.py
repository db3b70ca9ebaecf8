"""Tells people of places: one is free for who waited; accounts get a notice, others a letter."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from xinglin.directory.telling import tell
from xinglin.kernel.notices import notify, register_notice
from xinglin.mechanics.booking.telling import tell_of_offers
from xinglin.mechanics.booking.values import Offer

from .offers import Ticket
from .registrations import Draft

FREE = "events_place_free"
register_notice(FREE, app="xinglin.engines.events")


def tell_offered(offer: Offer, at: datetime) -> None:
    """Tell who waited that a place is theirs until a moment; places that are no tickets are told by nobody here."""
    ticket = Ticket.objects.filter(item=offer.held.item).select_related("event").first() or Ticket.objects.filter(
        group_item=offer.held.item).select_related("event").first()
    draft = Draft.objects.filter(waiting=offer.waiting).first()
    if ticket is None or draft is None:
        return
    Draft.objects.filter(pk=draft.pk).update(hold=offer.held.token)
    until = timezone.localtime(offer.held.expires_at).strftime("%m-%d %H:%M") if offer.held.expires_at else ""
    url = f"{settings.XINGLIN_URL}{reverse('events:fill_in', args=[draft.key])}"
    if offer.held.who.kind == "directory.person":
        notify(to=offer.held.who, template=FREE, key=offer.waiting, about=ticket.event.ref,
               context={"event": ticket.event.title, "until": until, "address": url})
    elif draft.email:
        with translation.override(settings.LANGUAGE_CODE):
            tell(email=draft.email, subject=_("A place is free for you"), words=_(
                "%(event)s: a place is kept for you until %(until)s. Take it here: %(url)s") % {
                    "event": ticket.event.title, "until": until, "url": url})


tell_of_offers("events.event", tell_offered)
