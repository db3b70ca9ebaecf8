"""The working calendar: a year of days, and what the association declares about them."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinglin.kernel import clock
from xinglin.kernel.actions.calendar import declare_days
from xinglin.kernel.calendar import DeclaredDay, association_calendar
from xinglin.kernel.rights import may_declare_days

from ...web import allow, done, perform, signed_in
from .. import year as days_of_year
from ..actions.days import withdraw_days
from ..forms import DaysForm, NoticeForm
from ..policy import may_see_calendar

FIRST, LAST = 2000, 2100


def _year(text: str) -> int:
    today = clock.today().year
    return int(text) if text.isdigit() and FIRST <= int(text) <= LAST else today


def _back(chosen: int) -> str:
    return f"{reverse('operations:calendar')}?year={chosen}"


@require_safe
@signed_in
def year(request: HttpRequest) -> HttpResponse:
    """Show a year of days: worked, off, made up, and the association's own."""
    allow(may_see_calendar(actor=request.actor))
    on = clock.today()
    chosen, calendar = _year(request.GET.get("year", "")), association_calendar(on=on)
    sources = dict(DeclaredDay.objects.filter(day__year=chosen).values_list("day", "source"))
    months = days_of_year.months(year=chosen, calendar=calendar, sources=sources, today=on)
    cells = [cell for month in months for week in month.weeks for cell in week if cell]
    return render(request, "operations/calendar.html", {
        "year": chosen, "before": chosen - 1, "after": chosen + 1, "months": months, "known": calendar.covers(chosen),
        "worked": sum(one.worked for one in months), "off": len(cells) - sum(one.worked for one in months),
        "holidays": days_of_year.holidays(cells=cells), "declared": days_of_year.declared(year=chosen),
        "verdict": may_declare_days(actor=request.actor), "words_off": ",".join((_("Off"), _("Worked")))})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def declare(request: HttpRequest) -> HttpResponse:
    """Declare days of the association's own off or worked."""
    allow(may_declare_days(actor=request.actor))
    form = DaysForm(request.POST or None)
    if form.is_valid():
        days, source = form.days(), form.cleaned_data["source"]
        if perform(request, declare_days, form, days=days, source=source).ok:
            said = ngettext("%(n)d day is declared.", "%(n)d days are declared.", len(days)) % {"n": len(days)}
            return done(request, said, _back(min(days).year))
    return render(request, "operations/declare.html", {"form": form}, status=422 if form.failed else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notice(request: HttpRequest) -> HttpResponse:
    """Enter the holiday notice of a year; it then speaks for the whole year."""
    allow(may_declare_days(actor=request.actor))
    form = NoticeForm(request.POST or None, initial={"year": _year(request.GET.get("year", ""))})
    if form.is_valid():
        given = form.cleaned_data
        if perform(request, declare_days, form, days=form.days(), source=given["source"], statutory=True).ok:
            said = _("%(year)d: %(off)d days off, %(worked)d made up.") % {
                "year": given["year"], "off": len(given["off"]), "worked": len(given["worked"])}
            return done(request, said, _back(given["year"]))
    return render(request, "operations/holidays.html", {"form": form}, status=422 if form.failed else 200)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_POST
@signed_in
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back what was declared about a span of days."""
    allow(may_declare_days(actor=request.actor))
    first, last = _day(request.POST.get("first", "")), _day(request.POST.get("last", ""))
    rows = DeclaredDay.objects.filter(day__gte=first, day__lte=last) if first and last else DeclaredDay.objects.none()
    outcome = perform(request, withdraw_days, days=list(rows.values_list("day", flat=True)))
    back = _back(first.year if first else clock.today().year)
    if not outcome.ok:
        return done(request, outcome.refusal, back, level="bad")
    number = outcome.answer
    return done(request, ngettext("%(n)d day follows the public calendar again.",
                                  "%(n)d days follow the public calendar again.", number) % {"n": number}, back)
