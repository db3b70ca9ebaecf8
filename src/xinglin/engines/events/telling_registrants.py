"""Tells those who come or wait: a place is free, an event was moved or called off; by notice or by letter."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from xinglin.directory.telling import tell
from xinglin.kernel.notices import notify, register_notice
from xinglin.kernel.refs import Ref, ref
from xinglin.mechanics.booking.telling import tell_of_offers
from xinglin.mechanics.booking.values import Offer

from .meetings import Event
from .offers import Option, Ticket
from .registrations import Draft, Registration

FREE, CALLED_OFF, MOVED = "events_place_free", "events_called_off", "events_days_moved"
for _one in (FREE, CALLED_OFF, MOVED):
    register_notice(_one, app="xinglin.engines.events")


def tell_offered(offer: Offer, at: datetime) -> None:
    """Tell who waited that a place of a ticket, or of a session or option, is theirs until a moment."""
    item = offer.held.item
    if ticket := Ticket.objects.of_item(item) or Ticket.objects.filter(group_item=item).select_related("event").first():
        if draft := Draft.objects.filter(waiting=offer.waiting).first():
            Draft.objects.filter(pk=draft.pk).update(hold=offer.held.token)
            who = offer.held.who if offer.held.who.kind == "directory.person" else None
            _tell_free(offer, what=ticket.event.title, about=ticket.event.ref, who=who, email=draft.email,
                       url=_address("events:fill_in", draft.key))
    elif option := Option.objects.filter(item=item).select_related("event").first():
        row = Registration.objects.live().filter(pk=offer.held.who.key).select_related("person").first() if (
            offer.held.who.kind == "events.registration") else None
        if row:
            _tell_free(offer, what=f"{option.event.title}：{option}"[:200], about=option.event.ref, email=row.email,
                       who=row.person.ref if row.person else None, url=_address("events:own_programme", row.key))


def _tell_free(offer: Offer, *, what: str, about: Ref, who: Ref | None, email: str, url: str) -> None:
    until = timezone.localtime(offer.held.expires_at).strftime("%m-%d %H:%M") if offer.held.expires_at else ""
    if who:
        notify(to=who, template=FREE, key=offer.waiting, about=about,
               context={"event": what, "until": until, "address": url})
    elif email:
        with translation.override(settings.LANGUAGE_CODE):
            tell(email=email, subject=_("A place is free for you"), words=_(
                "%(event)s: a place is kept for you until %(until)s. Take it here: %(url)s") % {
                    "event": what, "until": until, "url": url})


def _address(name: str, key: str) -> str:
    return f"{settings.XINGLIN_URL}{reverse(name, args=[key])}"


def tell_all(event: Event, *, template: str, key: str, reason: str) -> None:
    """Tell whoever has a place, pays for one without a name or is invited: it was moved or called off."""
    rows = event.registrations.live().select_related("order")
    people = set(event.faculty.standing().values_list("person", flat=True))
    letters: dict[str, str] = {}
    for row in rows.order_by("-pk"):
        payer = row.order if row.order and not row.named else None
        if person := row.person_id or (payer.person_id if payer else None):
            people.add(person)
        elif row.email:
            letters[row.email] = _address("events:own", row.key)
        elif payer and payer.email:
            letters[payer.email] = _address("events:own_order", payer.key)
    why = reason.strip().rstrip("。.")[:200]
    days = " – ".join(dict.fromkeys(date_format(one, "Y-m-d") for one in (event.from_on, event.last_on)))
    notify(to=[ref("directory.person", one) for one in sorted(people)], template=template, key=key, about=event.ref,
           context={"event": event.title, "days": days, "reason": why,
                    "address": f"{settings.XINGLIN_URL}{event.public_address}"})
    subject, words = _letter(template)
    for email, url in letters.items():
        tell(email=email, subject=subject, words=words % {
            "event": event.title, "days": days, "reason": why, "url": url})


def _letter(template: str) -> tuple[str, str]:
    with translation.override(settings.LANGUAGE_CODE):
        if template == CALLED_OFF:
            return _("An event was called off"), _(
                "%(event)s (%(days)s) was called off: %(reason)s. What was paid goes back in full: %(url)s")
        return _("An event was moved"), _(
            "%(event)s was moved to %(days)s: %(reason)s. Your place moves with it. Who cannot come gives it back here "
            "and gets everything back that was paid: %(url)s")


tell_of_offers("events.event", tell_offered)
