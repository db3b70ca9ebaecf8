"""Pages of the register of events: the list, one event, one series."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, signed_in

from ..editions import proposed
from ..meetings import TAKEN_PLACE, Event
from ..policy import events_seen, may_draft_event, may_see_event, may_see_events
from ..series import Series
from .register_lists import Events


@signed_in
def events(request: HttpRequest) -> HttpResponse:
    """Show the register of events; the answer says how many of this year were held."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_events(actor=actor))
    year = events_seen(actor=actor).filter(from_on__year=on.year)
    return Events(request).response("events/events.html", {
        "number": year.count(), "held": year.filter(state__in=TAKEN_PLACE).count(), "year": on.year,
        "may_draft": may_draft_event(actor=actor)})


def seen_event(request: HttpRequest, key: int) -> Event:
    """Return an event that the reader may see."""
    event = get_object_or_404(Event.objects.select_related("organisation", "series"), pk=key)
    allow(may_see_event(actor=actor_of(request), event=event))
    return event


@signed_in
def event(request: HttpRequest, key: int) -> HttpResponse:
    """Show one event."""
    return render(request, "events/event.html", {"event": seen_event(request, key)})


@signed_in
def series(request: HttpRequest, key: int) -> HttpResponse:
    """Show one series with its editions."""
    allow(may_see_events(actor=actor_of(request)))
    one = get_object_or_404(Series.objects.select_related("organisation"), pk=key)
    return render(request, "events/series.html", {
        "series": one, "events": one.events.select_related("organisation").order_by("-from_on"),
        "proposal": proposed(one)})
