"""Pages before an event: drafting, amending, the grade as it is typed, handing in, the agenda to begin with."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory.models import Organisation
from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.agenda import lay_out_agenda
from ..actions.proposing import amend_event, draft_event, propose_event
from ..editions import Proposal, proposed
from ..kinds import kinds
from ..meetings import Event
from ..policy import may_draft_event, may_run_event, role_label
from ..rules import approvals_of, file_by, forbidden_words, graded, is_large
from ..series import Series
from .proposing_forms import PlanForm, number_of, sum_of
from .register import seen_event
from .register_lists import GRADES


@dataclass(frozen=True, kw_only=True)
class Grading:
    """What the form would come to if it were handed in now."""

    grade: str
    label: Any
    reason: Any
    regulation: str
    steps: tuple[str, ...]
    large: bool
    file_by: date | None
    words: tuple[str, ...]
    oath: bool
    series: Series | None
    proposal: Proposal | None
    expense: Decimal


def _typed(given: QueryDict) -> Event:
    """Return an event as far as it has been typed; never saved."""
    event = Event(title=given.get("title", ""), kind=given.get("kind") if given.get("kind") in kinds() else "academic",
                  heads=number_of(given.get("heads")), heads_online=number_of(given.get("heads_online")),
                  **{name: name in given for name in ("planned", "public", "international", "sponsored")})
    key = given.get("organisation", "")
    event.organisation = (Organisation.objects.filter(pk=key).first() if key.isdecimal() else None) or Organisation()
    return event


def grading(given: QueryDict, *, on: date, event: Event | None = None) -> Grading:
    """Return grade, reason and who must agree for what is being typed (C03)."""
    typed, day = _typed(given), on
    expense = sum((sum_of(given.get(name)) for name in given if name.startswith("expense-")
                   and name.endswith("-planned")), Decimal(0))
    with suppress(ValueError):
        day = date.fromisoformat(given.get("from_on", ""))
    typed.from_on = day
    found = graded(typed, expense=expense, on=on)
    series = Series.objects.filter(pk=given["series"]).first() if given.get("series", "").isdecimal() else None
    large = is_large(typed, on=on)
    same = bool(event and series and event.series == series)
    return Grading(
        grade=found.grade, label=GRADES[found.grade], reason=found.reason, regulation=found.regulation,
        steps=tuple(role_label(one) for one in approvals_of(typed, grade=found.grade, on=on)), large=large,
        file_by=file_by(typed).day if large and given.get("from_on") else None, oath=typed.sort.oath,
        words=tuple(forbidden_words(typed.title, on=on)), series=series, expense=expense,
        proposal=proposed(series) if series and series.numbered and not same else None)


@require_POST
@signed_in
def grade(request: HttpRequest) -> HttpResponse:
    """Answer with the grade of what is being typed."""
    allow(may_draft_event(actor=actor_of(request)))
    return render(request, "events/_grade.html", {"now": grading(request.POST, on=clock.today())})


@signed_in
def draft(request: HttpRequest) -> HttpResponse:
    """Write down an event."""
    actor, on = actor_of(request), clock.today()
    allow(may_draft_event(actor=actor))
    form = PlanForm(request.POST or None, actor=actor, on=on, initial=_asked(request))
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, draft_event, form, plan=form.plan(), budget=form.lines())
        if outcome.ok:
            return done(request, _("Written down."), outcome.answer.get_absolute_url())
    return _form(request, form, on=on)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Return what a link to this form says already: a kind, a day, a series with its title."""
    given = {name: request.GET[name] for name in ("kind", "from_on", "series", "title") if request.GET.get(name)}
    series = Series.objects.filter(pk=given["series"]).first() if given.get("series", "").isdecimal() else None
    return {"title": series.title, "organisation": str(series.organisation.pk), **given} if series else given


@signed_in
def amend(request: HttpRequest, key: int) -> HttpResponse:
    """Change an event; the grade is computed anew."""
    event, actor, on = seen_event(request, key), actor_of(request), clock.today()
    allow(may_run_event(actor=actor, event=event))
    form = PlanForm(request.POST or None, actor=actor, on=on, event=event)
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, amend_event, form, event=event, plan=form.plan(), budget=form.lines())
        if outcome.ok:
            again = event.state != outcome.answer.state
            said = _("Changed. The grade is higher now: hand it in again.") if again else _("Changed.")
            return done(request, said, event.get_absolute_url(), level="warn" if again else "ok")
    return _form(request, form, on=on, event=event)


def _form(request: HttpRequest, form: PlanForm, *, on: date, event: Event | None = None) -> HttpResponse:
    given = request.POST if request.method == "POST" else _initial(form)
    return render(request, "events/plan.html", {
        "form": form, "event": event, "now": grading(given, on=on, event=event),
        "back": event.get_absolute_url() if event else reverse("events:events")},
        status=422 if form.failed else 200)


def _initial(form: PlanForm) -> QueryDict:
    """Return what the form shows as if it were sent, for the grade beside it."""
    given = QueryDict(mutable=True)
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if value not in (None, "", False) and not isinstance(value, list):
            given[name] = str(value)
    return given


@require_POST
@signed_in
def hand_in(request: HttpRequest, key: int) -> HttpResponse:
    """Hand an event in to those who must agree."""
    event = seen_event(request, key)
    outcome = perform(request, propose_event, event=event)
    if outcome.refusal:
        return done(request, outcome.refusal, event.get_absolute_url(), level="bad")
    return done(request, _("Handed in."), event.get_absolute_url())


@require_POST
@signed_in
def lay_out(request: HttpRequest, key: int) -> HttpResponse:
    """Put the usual items on the agenda."""
    event = seen_event(request, key)
    outcome = perform(request, lay_out_agenda, event=event)
    if outcome.refusal:
        return done(request, outcome.refusal, event.get_absolute_url(), level="bad")
    return done(request, _("The agenda is laid out; change it item by item."), reverse("events:agenda", args=[key]))
