"""Pages of review: the list, one application with what speaks for and against, each step, the council's batch."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.directory.people import Person
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.files import Attachment, attachments, may_download, respond_with
from xinglin.mechanics.questionnaires.answers import Told, told
from xinglin.shell.forms import Form
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.approving import approve_applications
from ..actions.reviewing import pass_application, refuse_application, return_application, verify_application
from ..answers import status_of
from ..applicants import Twin, due_on, said_by, twins, vouching, waiting_for
from ..applications import UNDER_REVIEW, Application, Recommendation, State
from ..applications_policy import (
    may_approve_applications,
    may_compare,
    may_pass_application,
    may_see_application,
    may_see_applications,
    may_send_back,
    may_verify_application,
)
from ..applications_shown import READABLE
from ..applying import questionnaire_of
from ..statuses import reason
from .applications_forms import BatchForm, ReasonForm, RemarkForm, VerifyForm
from .applications_lists import STATES, Applications, stages_of

ELSEWHERE = frozenset({"file", "people", "agree"})


@signed_in
def applications(request: HttpRequest) -> HttpResponse:
    """List the applications the reader may see."""
    allow(may_see_applications(actor=request.actor))
    waiting = waiting_for(request.actor).count()
    return Applications(request).response("membership/applications.html", {"waiting": waiting})


def _found(request: HttpRequest, pk: int) -> Application:
    row = get_object_or_404(Application.objects.select_related("tier", "branch", "member", "batch", "person"), pk=pk)
    allow(may_see_application(actor=request.actor, application=row))
    return row


@signed_in
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one application."""
    return _page(request, _found(request, pk))


def _alike(request: HttpRequest, row: Application) -> list[Twin]:
    if row.state not in UNDER_REVIEW or not may_compare(actor=request.actor):
        return []
    return twins(row, on=clock.today())


def _people(found: list[Twin]) -> list[tuple[str, str]]:
    return [(str(one.who.ref), f"{one.who}　{'、'.join(one.reasons)}") for one in found if isinstance(one.who, Person)]


def _page(request: HttpRequest, row: Application, **forms: Any) -> HttpResponse:
    on, actor, found, steps = clock.today(), request.actor, _alike(request, row), list(row.steps.all())
    context: dict[str, Any] = {
        "application": row, "light": STATES[row.state], "stages": stages_of(row), "due_on": due_on(row),
        "late": bool((due := due_on(row)) and due < on), "sections": _sections(row, on), "readable": READABLE,
        "twins": found, "vouching": vouching(row, on=on), "steps": steps, "papers": attachments(to=row.ref),
        "last_step": steps[-1].pk if steps else "", "recommendations": _recommendations(row, on, actor),
        "remark": RemarkForm(prefix="pass"), "verify": VerifyForm(prefix="verify", people=_people(found)),
        "back": ReasonForm(prefix="back"), "refuse": ReasonForm(prefix="refuse"),
        "may_pass": row.state == State.SUBMITTED and may_pass_application(actor=actor, application=row),
        "may_verify": row.state == State.PASSED and may_verify_application(actor=actor, application=row),
        "may_approve": row.state == State.VERIFIED and may_approve_applications(actor=actor),
        "may_send_back": row.state in UNDER_REVIEW and may_send_back(actor=actor, application=row),
    }
    refused = any(isinstance(one, Form) for one in forms.values())
    return render(request, "membership/application.html", context | forms, status=422 if refused else 200)


def _recommendations(row: Application, on: date, actor: Actor) -> list[Recommendation]:
    """Return who was asked; whoever may compare reads who cannot recommend now, and why: the applicant does not."""
    rows = list(row.recommendations.select_related("member__person"))
    for one in rows if may_compare(actor=actor) and row.state in UNDER_REVIEW else ():
        status = status_of(one.member, on=on)
        one.hindered = reason(status) if status and not status.good else ""  # type: ignore[attr-defined]
    return rows


def _sections(row: Application, on: date) -> list[tuple[str, list[Told]]]:
    """Return what was answered; papers, recommenders and the statement have places of their own."""
    sections = told(questionnaire_of(row.form), said_by(row), on=on)
    found = [(label, [one for one in lines if one.kind not in ELSEWHERE]) for label, lines in sections]
    return [(label, lines) for label, lines in found if lines]


@require_POST
@signed_in
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass an application on to the office."""
    row, form = _found(request, pk), RemarkForm(request.POST, prefix="pass")
    return _step(request, row, form, "remark", pass_application, _("Passed on to the office: %(name)s."))


@require_POST
@signed_in
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an application before the standing council."""
    row = _found(request, pk)
    form = VerifyForm(request.POST, prefix="verify", people=_people(_alike(request, row)))
    return _step(request, row, form, "verify", verify_application, _("Put before the standing council: %(name)s."))


@require_POST
@signed_in
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return an application for correction."""
    row, form = _found(request, pk), ReasonForm(request.POST, prefix="back")
    return _step(request, row, form, "back", return_application, _("Returned for correction: %(name)s."))


@require_POST
@signed_in
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse an application."""
    row, form = _found(request, pk), ReasonForm(request.POST, prefix="refuse")
    return _step(request, row, form, "refuse", refuse_application, _("Not approved: %(name)s."))


def _step(request: HttpRequest, row: Application, form: Form, name: str, act: Any, words: str) -> HttpResponse:
    """Run one step on the application as the reader saw it: its state and its last step travel with the form."""
    if form.is_valid():
        row.state, step = request.POST.get("seen", row.state), request.POST.get("step", "")
        seen = int(step) if step.isdecimal() else 0
        if perform(request, act, form, application=row, seen=seen, **form.cleaned_data).ok:
            return done(request, words % {"name": row.name}, _next(request, row))
        row.refresh_from_db()
    return _page(request, row, **{name: form})


def _next(request: HttpRequest, row: Application) -> str:
    """Return the address of the application that waits longest, else of the list."""
    after = waiting_for(request.actor).exclude(pk=row.pk).exclude(state=State.VERIFIED).order_by("submitted_on").first()
    return after.get_absolute_url() if after else reverse("membership:applications")


@signed_in
def batch(request: HttpRequest) -> HttpResponse:
    """Enter what the standing council decided: number, day, and who was approved."""
    allow(may_approve_applications(actor=request.actor))
    waiting = Application.objects.filter(state=State.VERIFIED).select_related("tier", "branch")
    decided = request.method == "POST" and not request.POST.get("from_list")
    form = BatchForm(request.POST if decided else None)
    picked = _picked(request, decided=decided)
    if decided and form.is_valid():
        chosen = list(Application.objects.filter(pk__in=picked))
        outcome = perform(request, approve_applications, form, applications=chosen, **form.cleaned_data)
        if outcome.ok:
            say = ngettext("%(n)d member admitted.", "%(n)d members admitted.", len(chosen)) % {"n": len(chosen)}
            return done(request, say, reverse("membership:applications") + "?list=over")
    return render(request, "membership/batch.html", {
        "form": form, "rows": waiting, "picked": picked}, status=422 if form.failed else 200)


def _picked(request: HttpRequest, *, decided: bool) -> set[int]:
    """Return the applications ticked: on the page, on the list before it, or all to begin with."""
    if decided:
        return {int(key) for key in request.POST.getlist("key") if key.isdecimal()}
    if request.POST.get("from_list"):
        return {row.pk for row in Applications(request).picked()}
    return set(Application.objects.filter(state=State.VERIFIED).values_list("pk", flat=True))


@signed_in
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with a file handed in with an application."""
    row = get_object_or_404(Attachment.objects.select_related("file"), pk=pk, to__startswith="membership.application:")
    allow(may_download(actor=request.actor, attachment=row))
    return respond_with(attachment=row)
