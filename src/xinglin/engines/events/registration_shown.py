"""Puts registering into the navigation and onto the event's page, and says codes of its facts in words."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinglin.shell import navigation, panels, search
from xinglin.shell.asking import actor_of
from xinglin.shell.navigation import Entry

from .meetings import Event
from .offers import Audience, Channel
from .orders import Order, Way
from .policy import may_see_events
from .registration_policy import may_publish_offer, may_refund, may_see_registrations
from .registrations import Registration, Role, State

WHAT = {"held": _("Registered, to be paid"), "named": _("Named"), "renamed": _("Name put right"),
        "transferred": _("Handed over"),
        "claimed": _("Taken into an account"), "options": _("Options changed"), "cancelled": _("Place given back"),
        "signed_up": _("Signed up for a session"), "signed_off": _("Signed off a session")}
WHY = {"asked": _("At their own wish"), "unpaid": _("Not paid in time"), "event": _("The event was cancelled"),
       "session": _("The session was taken off")}


def _panel(request: HttpRequest, event: Event) -> tuple[str, dict[str, Any]] | None:
    """Show how many have a place, and what the list of prices is."""
    actor = actor_of(request)
    if not may_see_registrations(actor=actor, event=event):
        return None
    rows = event.registrations
    return "events/_registering_panel.html", {
        "event": event, "offer": event.offers.first(), "live": rows.live().count(),
        "confirmed": rows.confirmed().count(), "unnamed": rows.live().filter(name="").count(),
        "may_publish": may_publish_offer(actor=actor, event=event)}


def _find(query: str, actor: Any, limit: int) -> list[search.Hit]:
    if not may_see_events(actor=actor):
        return []
    rows = Registration.objects.filter(name__icontains=query).select_related("event__organisation")[:limit * 3]
    hits = [search.Hit(label=one.name, sub=one.event.title, url=one.get_absolute_url(), icon="ticket")
            for one in rows if may_see_registrations(actor=actor, event=one.event)]
    orders = Order.objects.filter(number__iexact=query) | Order.objects.filter(code__iexact=query)
    hits += [search.Hit(label=one.number, sub=one.payer_name, url=one.get_absolute_url(), icon="receipt")
             for one in orders.select_related("event__organisation")[:3]
             if may_see_registrations(actor=actor, event=one.event)]
    return hits[:limit]


def registering_in_words(field: str, code: str) -> str:
    """Return a code of the facts of registering in words, "" when it has none."""
    words = {"what": WHAT, "why": WHY}.get(field, {})
    if code in words:
        return str(words[code])
    choices = {"channel": (Channel,), "standing": (State,), "role": (Role,), "way": (Way,), "audience": (Audience,)}
    for one in choices.get(field, ()):
        if code in one.values:
            return str(one(code).label)
    return ""


def show() -> None:
    """Register entries, the panel of the event's page and the finder."""
    navigation.register(Entry(section="open", label=_("My registrations"), icon="ticket",
                              url_name="events:my_registrations", order=24, when=lambda actor: actor.has("member")))
    navigation.register(Entry(section="work", label=_("Refunds to pay"), icon="receipt-refund",
                              url_name="events:refunds", order=23, when=lambda actor: bool(may_refund(actor=actor)),
                              count=lambda actor: Order.objects.to_send_back().count()))
    panels.register("event", 20, _panel)
    search.register("events.registration", _find, label=_("Registrations"), order=26)


show()
