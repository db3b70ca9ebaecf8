"""Pages open to everybody: the calendar, an event with its programme, and both as iCalendar."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.directory.models import Organisation
from xinglin.kernel import clock
from xinglin.shell.asking import actor_of

from ..actions.abstracts import is_asked
from ..icalendars import events_ics, sessions_ics
from ..kinds import choices
from ..meetings import Event, Format, Partner, State
from ..open_calendar import WHEN, by_month, chosen, open_events
from ..policy import PUBLIC, may_see_event
from ..programme import Session
from ..schedules import asker, starred
from ..timetable import days

PAGE = 40


def asked(request: HttpRequest) -> dict[str, str]:
    """Return the conditions of the calendar that stand in the address."""
    when = request.GET.get("when", "")
    return {"words": request.GET.get("q", "").strip()[:60], "kind": request.GET.get("kind", ""),
            "form": request.GET.get("form", ""), "branch": request.GET.get("branch", ""),
            "when": when if when in WHEN else "coming"}


def calendar(request: HttpRequest) -> HttpResponse:
    """Show the events of the association by month; no account is needed."""
    on, conditions = clock.today(), asked(request)
    rows = chosen(on=on, **conditions)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    branches = Organisation.objects.filter(pk__in=open_events().values("organisation"))
    return render(request, "events/calendar.html", {
        "months": by_month(page.object_list), "page": page, "number": page.paginator.count, "conditions": conditions,
        "open": rows.filter(state=State.OPEN).count(), "kinds": choices(),
        "forms": [(Format.ON_SITE, Format.ON_SITE.label), (Format.ONLINE, Format.ONLINE.label)],
        "branches": [(str(one.pk), one.label) for one in branches]})


def feed(request: HttpRequest) -> HttpResponse:
    """Give the coming events as iCalendar, by the same conditions as the page."""
    rows = chosen(on=clock.today(), **asked(request))[:500]
    return ics(events_ics(rows, name=_("Events"), at=clock.now()), "events")


def open_event(request: HttpRequest, key: int) -> Event:
    """Return an event that everybody may see; those who run it see it before (404)."""
    event = open_events().filter(pk=key).first()
    if event is None:
        event = get_object_or_404(Event.objects.select_related("organisation", "series"), pk=key)
        if not may_see_event(actor=actor_of(request), event=event):
            raise Http404
    return event


def programme_of(event: Event) -> list[Session]:
    """Return the sessions of an event with rooms and speakers, in order of time."""
    return list(event.sessions.select_related("room", "event").prefetch_related("speakers").order_by(
        "from_at", "room__order", "pk"))


def site(request: HttpRequest, key: int) -> HttpResponse:
    """Show what an event is, where and when, who holds it, and its programme."""
    event = open_event(request, key)
    sessions, partners = programme_of(event), list(event.partners.all())
    whose = asker(request, event)
    stars = starred(whose.owner, event=event) if whose else set()
    for one in sessions:
        one.starred = one.pk in stars
    parts: list[tuple[Any, list[Partner]]] = [
        (part.label, held) for part in Partner.Part if (held := [one for one in partners if one.part == part])]
    return render(request, "events/site.html", {
        "event": event, "days": days(sessions), "partners": parts, "may_star": whose is not None,
        "programme_url": reverse("events:my_programme", args=[event.pk]) if sessions and event.state in PUBLIC else "",
        "on": clock.today(), "count": len(sessions), "abstracts": is_asked(event, on=clock.today()),
        "speakers": len({one.name for session in sessions for one in session.speakers.all()}),
        "runs": bool(may_see_event(actor=actor_of(request), event=event))})


def event_feed(request: HttpRequest, key: int) -> HttpResponse:
    """Give the programme of an event as iCalendar."""
    event = open_event(request, key)
    return ics(sessions_ics(programme_of(event), name=event.name, at=clock.now()), f"event-{event.pk}")


def ics(content: bytes, name: str) -> HttpResponse:
    """Answer with a calendar as a file that calendars take in."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
