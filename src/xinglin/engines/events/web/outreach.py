"""Pages of services: tours by region, free clinics, visits of care, the calendar of health days."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.kernel import clock, regulations
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.caring import give_care
from ..actions.healthdays import assign_health_day
from ..caring import Care
from ..healthdays import HealthDayOwner, health_days, kept_days
from ..meetings import TAKEN_PLACE
from ..outreach import coverage, outings, total
from ..services_policy import may_assign_health_day, may_give_care, may_see_care, may_see_services
from .register_lists import STATES, Visits
from .services_forms import CareForm, HealthDayForm


def asked_year(request: HttpRequest) -> int:
    """Return the year of the address, else this one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and 1990 <= int(asked) <= 2200 else clock.today().year


@signed_in
def tours(request: HttpRequest) -> HttpResponse:
    """Show where teaching at the grass roots has been this year, and where not (C13)."""
    allow(may_see_services(actor=actor_of(request)))
    on, year = clock.today(), asked_year(request)
    rows = outings("grassroots", year=year)
    covered = coverage(rows, on=on)
    for one in rows:
        one.event.light = STATES[one.event.state]
    held = [one for one in rows if one.event.state in TAKEN_PLACE]
    return render(request, "events/tours.html", {
        "year": year, "rows": rows, "covered": covered, "held": len(held),
        "uncovered": [one for one in covered if not one.held], "reached": sum(one.held > 0 for one in covered),
        "served": total(held, "people_served"), "patients": total(held, "patients")})


@signed_in
def clinics(request: HttpRequest) -> HttpResponse:
    """Show the free clinics of a year with doctors, patients and follow-ups (W07)."""
    allow(may_see_services(actor=actor_of(request)))
    year = asked_year(request)
    rows = outings("free_clinic", year=year)
    for one in rows:
        one.event.light = STATES[one.event.state]
    held = [one for one in rows if one.event.state in TAKEN_PLACE]
    return render(request, "events/clinics.html", {
        "year": year, "rows": rows, "held": len(held), **{name: total(held, name) for name in (
            "doctors", "patients", "follow_ups")}})


@signed_in
def care(request: HttpRequest) -> HttpResponse:
    """Show visits of care (C15)."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_care(actor=actor))
    year = Care.objects.filter(year=on.year)
    return Visits(request).response("events/care.html", {
        "year": on.year, "number": year.count(), "people": sum(year.values_list("people", flat=True)),
        "money": sum(year.values_list("money", flat=True)), "may_give": may_give_care(actor=actor)})


@signed_in
def visit(request: HttpRequest, key: int = 0) -> HttpResponse:
    """Write down a visit, or correct one."""
    allow(may_give_care(actor=actor_of(request)))
    row = get_object_or_404(Care.objects.select_related("person", "organisation"), pk=key) if key else None
    form = CareForm(request.POST or None, on=clock.today(), care=row)
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, give_care, form, visit=form.visit(), corrects=row)
        if outcome.ok:
            return done(request, _("Written down."), reverse("events:care"))
    return render(request, "events/visit.html", {"form": form, "care": row}, status=422 if form.failed else 200)


@signed_in
def healthdays(request: HttpRequest) -> HttpResponse:
    """Show the calendar of health days and who answers for each (W06)."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_services(actor=actor))
    year = asked_year(request)
    owned = {(one.code, one.held_on): one for one in HealthDayOwner.objects.filter(held_on__year=year).select_related(
        "owner", "organisation", "event")}
    ahead = timedelta(days=int(regulations.value("W06.owner_days", on=on)))
    rows: list[dict[str, Any]] = []
    for day, one in kept_days(year=year, on=on):
        row = owned.get((one.code, day))
        rows.append({"day": day, "one": one, "row": row, "by": day - ahead, "over": day < on,
                     "late": row is None and day - ahead <= on})
    return render(request, "events/healthdays.html", {
        "year": year, "on": on, "rows": rows, "late": [one for one in rows if one["late"] and not one["over"]],
        "may_assign": may_assign_health_day(actor=actor), "others": [
            (one.in_year(year), one) for code, one in health_days().items()
            if code not in {given["one"].code for given in rows}]})


@signed_in
def assign(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Say who answers for a day."""
    actor, on = actor_of(request), clock.today()
    allow(may_assign_health_day(actor=actor))
    if code not in health_days():
        raise Http404
    one = health_days()[code]
    day = one.in_year(year)
    row = HealthDayOwner.objects.filter(code=code, held_on=day).select_related("owner", "organisation", "event").first()
    initial = {"owner": row.owner.ref, "organisation": str(row.organisation.pk) if row.organisation else "",
               "event": str(row.event.pk) if row.event else ""} if row else {}
    form = HealthDayForm(request.POST or None, actor=actor, on=on, day=day, initial=initial)
    if request.method == "POST" and form.is_valid() and perform(
            request, assign_health_day, form, code=code, year=year, **form.said()).ok:
        return done(request, _("Written down."), reverse("events:health_days") + f"?year={year}")
    return render(request, "events/healthday.html", {"form": form, "one": one, "day": day, "year": year},
                  status=422 if form.failed else 200)
