"""Pages of the register: the list, the year's board, one event with what it lacks, series and their editions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.files import Attachment
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Form
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.series import open_series
from ..editions import proposed
from ..event_shown import shown_event
from ..meetings import TAKEN_PLACE, Event
from ..policy import events_seen, may_draft_event, may_keep_series, may_see_event, may_see_events
from ..series import Series
from ..year_board import brand, brands, months
from .register_lists import STATES, Events
from .running_forms import DecideForm, PermitForm, SeriesForm, WhyForm


@signed_in
def events(request: HttpRequest) -> HttpResponse:
    """Show the register of events; the answer says how many of this year were held."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_events(actor=actor))
    year = events_seen(actor=actor).filter(from_on__year=on.year).exclude(state__in=["cancelled", "refused"])
    return Events(request).response("events/events.html", {
        "number": year.count(), "held": year.filter(state__in=TAKEN_PLACE).count(), "year": on.year,
        "brands": brands(year=on.year, on=on), "may_draft": may_draft_event(actor=actor)})


@signed_in
def board(request: HttpRequest) -> HttpResponse:
    """Show a year by month, and each brand against its promise (C04)."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_events(actor=actor))
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 1990 <= int(asked) <= on.year + 5 else on.year
    rows = events_seen(actor=actor).exclude(state="refused").select_related("organisation", "series")
    chosen = request.GET.get("series", "")
    if chosen.isdecimal():
        rows = rows.filter(series=chosen)
    board_ = months(rows, year=year)
    for month in board_:
        for one in month.events:
            one.light = STATES[one.state]
    return render(request, "events/board.html", {
        "year": year, "on": on, "months": board_, "brands": brands(year=year, on=on), "chosen": chosen,
        "number": sum(len(one.events) for one in board_),
        "held": sum(one.state in TAKEN_PLACE for month in board_ for one in month.events)})


def seen_event(request: HttpRequest, key: int) -> Event:
    """Return an event that the reader may see."""
    event = get_object_or_404(Event.objects.select_related("organisation", "series"), pk=key)
    allow(may_see_event(actor=actor_of(request), event=event))
    return event


@signed_in
def event(request: HttpRequest, key: int) -> HttpResponse:
    """Show one event; the answer says what is missing before the next step and by when."""
    return event_page(request, seen_event(request, key))


def event_page(request: HttpRequest, event: Event, **forms: Any) -> HttpResponse:
    """Render the page of an event, with a form that came back or a refusal."""
    context: dict[str, Any] = {
        **shown_event(event, actor=actor_of(request), on=clock.today()), "light": STATES[event.state],
        "decide": DecideForm(prefix="decide"), "permit": PermitForm(prefix="permit"), "why": WhyForm(prefix="why"),
        "papers": Attachment.objects.filter(to=event.ref).select_related("file").order_by("pk")}
    refused = any(isinstance(one, Form) for one in forms.values())
    return render(request, "events/event.html", context | forms,
                  status=422 if refused else 409 if forms.get("refusal") else 200)


@signed_in
def series(request: HttpRequest, key: int) -> HttpResponse:
    """Show one series with its editions."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_events(actor=actor))
    one = get_object_or_404(Series.objects.select_related("organisation"), pk=key)
    rows = list(one.events.select_related("organisation").order_by("-from_on", "-pk"))
    for row in rows:
        row.light = STATES[row.state]
    return render(request, "events/series.html", {
        "series": one, "events": rows, "proposal": proposed(one), "brand_list": [brand(one, year=on.year, on=on)],
        "year": on.year, "may_draft": may_draft_event(actor=actor)})


@signed_in
def all_series(request: HttpRequest) -> HttpResponse:
    """Show every series with its next edition."""
    actor = actor_of(request)
    allow(may_see_events(actor=actor))
    rows = list(Series.objects.select_related("organisation").prefetch_related("events"))
    for one in rows:
        one.next = proposed(one) if one.numbered else None
        one.number = len([event for event in one.events.all() if event.state in TAKEN_PLACE])
    return render(request, "events/all_series.html", {"rows": rows, "may_keep": may_draft_event(actor=actor)})


@signed_in
def new_series(request: HttpRequest) -> HttpResponse:
    """Open a series."""
    actor, on = actor_of(request), clock.today()
    allow(may_draft_event(actor=actor))
    form = SeriesForm(request.POST or None, actor=actor, on=on)
    if request.method == "POST" and form.is_valid():
        said = form.said()
        allow(may_keep_series(actor=actor, organisation=said["organisation"].ref))
        outcome = perform(request, open_series, form, **said)
        if outcome.ok:
            return done(request, _("Set up."), outcome.answer.get_absolute_url())
    return render(request, "events/new_series.html", {"form": form}, status=422 if form.failed else 200)
