"""Numbered series: which editions there were, in which year and role, and which one comes next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.series import cancel_edition, change_series, open_series, plan_edition
from ..editions import propose
from ..policy import may_keep_series, may_read_register
from ..words import Edition, Kind, Series
from .forms import EditionForm, ReasonForm, SeriesForm

LIGHTS = {"planned": "warn", "held": "done", "cancelled": "off"}


def _row(one: Series, year: int) -> dict[str, Any]:
    """Return a series as the list shows it: last edition, this year's, the next."""
    living = [edition for edition in one.editions.all() if edition.state != Edition.State.CANCELLED]
    this = next((edition for edition in living if edition.year == year), None)
    return {"series": one, "last": living[0] if living else None, "this": this,
            "light": LIGHTS[this.state] if this else "off", "next": propose(series=one, year=year)}


@signed_in
def all_series(request: HttpRequest) -> HttpResponse:
    """Show every series with its last and its next edition."""
    allow(may_read_register(actor=request.actor))
    year = clock.today().year
    rows = [_row(one, year) for one in Series.objects.select_related("kind").prefetch_related("editions")]
    return render(request, "worklog/all_series.html", {
        "rows": rows, "year": year, "may_keep": may_keep_series(actor=request.actor),
        "held": sum(row["light"] == "done" for row in rows)})


@signed_in
def add(request: HttpRequest) -> HttpResponse:
    """Register a series."""
    allow(may_keep_series(actor=request.actor))
    form = SeriesForm(request.POST or None, actor=request.actor, on=clock.today())
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "aliases": tuple(form.cleaned_data["aliases"].split()),
                 "kind": Kind.objects.get(code=form.cleaned_data["kind"])}
        outcome = perform(request, open_series, form, **given)
        if outcome.ok:
            return done(request, _("Registered; now name its first known edition."),
                        _address(outcome.answer.pk))
    return render(request, "worklog/form.html", {
        "form": form, "title": _("Add a series"), "back": reverse("worklog:all_series"),
        "back_label": _("Numbered series"), "submit": _("Put down"), "say": ""})


@signed_in
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Change a series: its title, other words, keeper or rhythm."""
    one = get_object_or_404(Series, pk=key)
    allow(may_keep_series(actor=request.actor, organisation=one.organisation))
    form, back = SeriesForm(request.POST or None, actor=request.actor, on=clock.today(), series=one), _address(key)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "aliases": tuple(form.cleaned_data["aliases"].split())}
        if perform(request, change_series, form, series=one, **given).ok:
            return done(request, _("Changed."), back)
    return render(request, "worklog/form.html", {
        "form": form, "title": _("Change: %(item)s") % {"item": one}, "back": back, "back_label": one.title,
        "submit": _("Save"), "say": str(one.kind)})


def _address(key: int) -> str:
    return reverse("worklog:series", args=[key])


@signed_in
def series(request: HttpRequest, key: int) -> HttpResponse:
    """Show the editions of a series and propose the next."""
    allow(may_read_register(actor=request.actor))
    one = get_object_or_404(Series.objects.select_related("kind"), pk=key)
    following = propose(series=one, year=clock.today().year)
    last = one.editions.exclude(state="cancelled").order_by("-number").first()
    form = EditionForm(request.POST or None, initial={
        "number": following.number, "year": following.year, "role": last.role if last else "host"})
    if request.method == "POST" and form.is_valid() and perform(
            request, plan_edition, form, series=one, **form.cleaned_data).ok:
        say = _("Edition %(number)d is registered for %(year)d.") % {
            name: form.cleaned_data[name] for name in ("number", "year")}
        return done(request, say, request.path)
    return render(request, "worklog/series.html", {
        "series": one, "editions": [(row, LIGHTS[row.state]) for row in one.editions.select_related("entry")],
        "form": form, "next": following, "last": last,
        "cancel_form": ReasonForm(prefix="cancel", label=_("Why it is cancelled")),
        "may_keep": may_keep_series(actor=request.actor, organisation=one.organisation)})


@require_POST
@signed_in
def cancel(request: HttpRequest, key: int) -> HttpResponse:
    """Cancel a planned edition; its number is free again."""
    edition = get_object_or_404(Edition.objects.select_related("series"), pk=key)
    form, back = (
        ReasonForm(request.POST, prefix="cancel", label=_("Why it is cancelled")),
        _address(edition.series_id),
    )
    if form.is_valid():
        outcome = perform(request, cancel_edition, form, edition=edition, reason=form.cleaned_data["reason"])
        if outcome.ok:
            return done(request, _("Edition %(number)d is cancelled.") % {"number": edition.number}, back)
        return done(request, outcome.refusal.message, back, level="bad")
    return done(request, _("Give the reason for cancelling."), back, level="bad")
