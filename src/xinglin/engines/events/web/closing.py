"""Pages during and after an event: checklists with photos, figures, report, accounts, summary."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.files import Attachment
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.closing import answer_check, hold_event, report_event, settle_event
from ..checklists import points, points_of
from ..counted import counted
from ..event_shown import accounts_of, phases_of
from ..figures import figures
from ..meetings import Event
from ..missing import next_step
from ..policy import may_check, may_run_event
from ..rules import report_by, settle_by
from ..summary import summary_pdf
from .register import seen_event
from .running import kept
from .running_forms import CheckForm, HoldForm, ReportForm, SettleForm

PICTURES = ("jpeg", "jpg", "png", "webp")


def _checks_page(request: HttpRequest, event: Event, *, code: str = "", form: CheckForm | None = None) -> HttpResponse:
    phases = phases_of(event)
    held: dict[str, list[Attachment]] = {}
    refs = [row.ref for one in phases for _point, row in one["points"] if row]
    for paper in Attachment.objects.filter(to__in=refs).select_related("file").order_by("pk"):
        paper.picture = paper.file.type in PICTURES
        held.setdefault(paper.to, []).append(paper)
    for one in phases:
        one["points"] = [(point, row, held.get(row.ref, []) if row else [],
                          form if form and point.code == code else CheckForm(prefix=point.code))
                         for point, row in one["points"]]
    return render(request, "events/checks.html", {
        "event": event, "phases": phases, "open": sum(one["number"] - one["passed"] for one in phases),
        "may_check": may_check(actor=actor_of(request), event=event), "code": code},
        status=422 if form else 200)


@signed_in
def checks(request: HttpRequest, key: int) -> HttpResponse:
    """Show the three checklists; a phone takes the photo."""
    return _checks_page(request, seen_event(request, key))


@require_POST
@signed_in
def check(request: HttpRequest, key: int, code: str) -> HttpResponse:
    """Answer one point with its evidence."""
    event = seen_event(request, key)
    allow(may_check(actor=actor_of(request), event=event))
    form = CheckForm(request.POST, request.FILES, prefix=code)
    if form.is_valid() and (evidence := kept(form, "evidence")) is not None:
        outcome = perform(request, answer_check, form, event=event, code=code, passed="failed" not in request.POST,
                          note=form.cleaned_data["note"], evidence=evidence)
        if outcome.ok:
            return done(request, _("Written down: %(point)s.") % {"point": points()[code]},
                        reverse("events:checks", args=[key]) + f"#{code}")
    known = code in {one.code for one in points_of(event)}
    return _checks_page(request, event, code=code if known else "", form=form)


@signed_in
def hold(request: HttpRequest, key: int) -> HttpResponse:
    """Say that an event took place, with its figures; those counted at the door are proposed."""
    event = seen_event(request, key)
    allow(may_run_event(actor=actor_of(request), event=event))
    proposal = counted(event)
    before = figures(event)
    initial: dict[str, Any] = {name: before[name] for name in HoldForm(event=event).fields if name in before}
    if proposal and not before:
        initial |= {"people_on_site": proposal.on_site, "people_online": proposal.online}
    form = HoldForm(request.POST or None, event=event, initial=initial)
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, hold_event, form, event=event, figures=form.figures())
        if outcome.ok:
            return done(request, _("Written down; the plan counts it."), event.get_absolute_url())
    return render(request, "events/hold.html", {
        "form": form, "event": event, "proposal": proposal, "again": bool(before)}, status=422 if form.failed else 200)


@signed_in
def report(request: HttpRequest, key: int) -> HttpResponse:
    """Hand in the report after an event."""
    event, on = seen_event(request, key), clock.today()
    allow(may_run_event(actor=actor_of(request), event=event))
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (papers := kept(form, "papers")) is not None:
        outcome = perform(request, report_event, form, event=event, papers=papers)
        if outcome.ok:
            return done(request, _("Handed in the report."), event.get_absolute_url())
    return render(request, "events/report.html", {
        "form": form, "event": event, "due": report_by(event), "late": report_by(event) < on},
        status=422 if form.failed else 200)


@signed_in
def settle(request: HttpRequest, key: int) -> HttpResponse:
    """Close the accounts, line by line against the plan."""
    event, on = seen_event(request, key), clock.today()
    allow(may_run_event(actor=actor_of(request), event=event))
    form = SettleForm(request.POST or None, lines=list(event.budget.all()))
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, settle_event, form, event=event, actual=form.actual())
        if outcome.ok:
            return done(request, _("Settled; the file is closed."), event.get_absolute_url())
    return render(request, "events/settle.html", {
        "form": form, "event": event, "due": settle_by(event), "late": settle_by(event) < on,
        "accounts": accounts_of(event), "next": next_step(event, on=on)}, status=422 if form.failed else 200)


@signed_in
def summary(request: HttpRequest, key: int) -> HttpResponse:
    """Answer with the summary of an event as PDF."""
    event = seen_event(request, key)
    response = HttpResponse(summary_pdf(event, on=clock.today()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="summary-{event.pk}.pdf"'
    return response
