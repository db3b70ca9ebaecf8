"""Pages of fees: the overview, the fee standard for everybody, adopting and disclosing one, the dues runs."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory.answers import collecting_account
from xinglin.kernel import clock
from xinglin.kernel.jobs import Job
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.schedules import adopt_schedule, disclose_schedule
from ..dues_run import start_dues
from ..fee_figures import figures_of
from ..fees import Payment, Run, Schedule
from ..policy import may_keep_fees, may_see_fees
from .fees_forms import DiscloseForm, RunForm, standard_form
from .years import year_asked


@signed_in
def fees(request: HttpRequest) -> HttpResponse:
    """Show how the fees of a year stand, and what waits for somebody."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_fees(actor=actor))
    figures = figures_of(year=year_asked(request), on=on)
    return render(request, "membership/fees.html", {
        "figures": figures, "years": (figures.year - 1, figures.year + 1), "schedule": Schedule.objects.in_force(on),
        "run": Run.objects.filter(year=figures.year).first(), "account": collecting_account(on=on),
        "may_keep": may_keep_fees(actor=actor),
        "latest": Payment.objects.weighed().select_related("member__person", "member__unit").order_by("-pk")[:8]})


def standard(request: HttpRequest) -> HttpResponse:
    """Show the fee standard to everybody, without an account (G10)."""
    on = clock.today()
    row = Schedule.objects.in_force(on)
    return render(request, "membership/standard.html", {
        "schedule": row, "lines": row.lines.select_related("tier") if row else (), "account": collecting_account(on=on),
        "coming": Schedule.objects.filter(from_on__gt=on).order_by("from_on").first()})


@signed_in
def schedules(request: HttpRequest) -> HttpResponse:
    """List the standards of all times."""
    allow(may_see_fees(actor=actor_of(request)))
    return render(request, "membership/schedules.html", {
        "rows": Schedule.objects.all(), "force": Schedule.objects.in_force(clock.today()), "on": clock.today(),
        "may_keep": may_keep_fees(actor=actor_of(request))})


@signed_in
def adopt(request: HttpRequest) -> HttpResponse:
    """Write down what a congress adopted."""
    allow(may_keep_fees(actor=actor_of(request)))
    form = standard_form(request.POST or None)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in (
            "decision", "adopted_on", "from_on", "entitled", "present", "in_favour", "secret_ballot")}
        outcome = perform(request, adopt_schedule, form, lines=form.lines(), **said)
        if outcome.ok:
            return done(request, _("Written down. Publish it within the time given."),
                        reverse("membership:schedule", args=[outcome.answer.pk]))
    return _fee_form(request, form, _("Write down a fee standard"), "membership:schedules", _("Fee standards"))


@signed_in
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one standard with its vote, its lines and its publication."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_fees(actor=actor))
    row = get_object_or_404(Schedule, pk=pk)
    form = DiscloseForm(request.POST or None, initial={"disclosed_on": on})
    if form.is_valid() and perform(request, disclose_schedule, form, schedule=row, **form.cleaned_data).ok:
        return done(request, _("Published, and written down."), reverse("membership:schedule", args=[pk]))
    return render(request, "membership/schedule.html", {
        "schedule": row, "lines": row.lines.select_related("tier"), "form": form, "on": on,
        "may_keep": may_keep_fees(actor=actor)}, status=422 if form.failed else 200)


def _fee_form(request: HttpRequest, form: object, title: str, back: str, label: str) -> HttpResponse:
    return render(request, "membership/fee_form.html", {
        "form": form, "title": title, "back": reverse(back), "back_label": label},
        status=422 if form.failed else 200)  # type: ignore[attr-defined]


@signed_in
def dues(request: HttpRequest) -> HttpResponse:
    """Show the runs of all years, and start one."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_fees(actor=actor))
    form = RunForm(request.POST or None, initial={"year": on.year, "due_on": date(on.year, 12, 31)})
    if form.is_valid():
        outcome = perform(request, start_dues, form, **form.cleaned_data)
        if outcome.ok:
            return done(request, _("The dues run has started."), reverse("membership:run", args=[outcome.answer.year]))
    return render(request, "membership/dues.html", {
        "runs": Run.objects.all(), "form": form, "may_keep": may_keep_fees(actor=actor),
        "schedule": Schedule.objects.in_force(on)}, status=422 if form.failed else 200)



@signed_in
def run(request: HttpRequest, year: int) -> HttpResponse:
    """Show how far a run is and what came of it."""
    allow(may_see_fees(actor=actor_of(request)))
    row = get_object_or_404(Run, year=year)
    return render(request, "membership/run.html", {
        "run": row, "job": Job.objects.filter(pk=int(row.job or 0)).first(),
        "figures": figures_of(year=year, on=clock.today()), "may_keep": may_keep_fees(actor=actor_of(request))})


@require_POST
@signed_in
def go_on(request: HttpRequest, year: int) -> HttpResponse:
    """Run a year again: whoever has no bill yet gets one."""
    row = get_object_or_404(Run, year=year)
    outcome = perform(request, start_dues, year=year, due_on=max(row.due_on, clock.today()))
    url = reverse("membership:run", args=[year])
    if outcome.ok:
        return done(request, _("The dues run goes on."), url)
    return done(request, outcome.refusal, url, level="bad")
