"""Pages of faculty: the organiser's list and one invitation, the invited person's answer, the letter as PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory import answers as directory
from xinglin.directory.security.rates import limited
from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.faculty import answer_invitation, invite_faculty, pay_faculty, promise_fee, withdraw_invitation
from ..faculty import Invitation
from ..faculty_fees import ceiling, sessions_of, taxed
from ..meetings import State
from ..papers import letter_pdf
from ..policy import may_file, may_run_event
from .papers_forms import AnswerForm, FeeForm, InviteForm
from .papers_lists import Faculty
from .register import seen_event


@signed_in
def faculty(request: HttpRequest, key: int) -> HttpResponse:
    """List who is invited; the answer says who has not answered and what the fees come to."""
    event = seen_event(request, key)
    rows = event.faculty.standing()
    return Faculty(request, event).response("events/faculty.html", {
        "event": event, "number": rows.count(), "waiting": rows.filter(state="invited").count(),
        "promised": sum(row.net for row in rows), "may_run": may_run_event(actor=actor_of(request), event=event)})


@signed_in
def invite(request: HttpRequest, key: int) -> HttpResponse:
    """Invite somebody."""
    event, form = seen_event(request, key), InviteForm(request.POST or None)
    allow(may_run_event(actor=actor_of(request), event=event))
    if form.is_valid():
        outcome = perform(request, invite_faculty, form, event=event, **form.cleaned_data)
        if outcome.ok:
            return done(request, _("Invited; the letter with the link is on its way."),
                        reverse("events:faculty", args=[event.pk]))
    return render(request, "events/papers_form.html", {
        "event": event, "form": form, "title": _("Invite faculty"), "submit": _("Invite"),
        "back": reverse("events:faculty", args=[event.pk])}, status=422 if form.failed else 200)


@signed_in
def one(request: HttpRequest, key: int, invitation: int) -> HttpResponse:
    """Show one invitation with its ceiling and tax; change the fee promised."""
    event = seen_event(request, key)
    row = get_object_or_404(event.faculty.select_related("person", "event"), pk=invitation)
    form = FeeForm(request.POST or None, initial={"rank": row.rank, "net": row.net, "reason": row.reason})
    if form.is_valid():
        outcome = perform(request, promise_fee, form, invitation=row, **form.cleaned_data)
        if outcome.ok:
            return done(request, _("Noted."), request.path)
    on, actor = clock.today(), actor_of(request)
    return render(request, "events/faculty_one.html", {
        "event": event, "row": row, "form": form, "limit": ceiling(row, on=on), "sessions": sessions_of(row),
        "cost": taxed(row, month=row.paid_on or on), "may_run": may_run_event(actor=actor, event=event),
        "may_pay": may_file(actor=actor, event=event)}, status=422 if form.failed else 200)


@require_POST
@signed_in
def move(request: HttpRequest, key: int, invitation: int) -> HttpResponse:
    """Take an invitation back, or write down that the fee was paid."""
    event = seen_event(request, key)
    row = get_object_or_404(event.faculty, pk=invitation)
    act = pay_faculty if request.POST.get("step") == "pay" else withdraw_invitation
    outcome = perform(request, act, invitation=row)
    there = reverse("events:faculty_one", args=[event.pk, row.pk])
    message, level = (_("Noted."), "ok") if outcome.ok else (str(outcome.refusal), "bad")
    return done(request, message, there, level=level)


@limited("invitation", methods=("GET", "HEAD", "POST"))
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Show an invitation to its bearer and take the answer; no account is needed."""
    row = get_object_or_404(Invitation.objects.select_related("event__organisation", "person"), key=key)
    form, refusal = AnswerForm(request.POST or None), None
    if form.is_valid() and request.POST.get("answer") in ("yes", "no"):
        outcome = perform(request, answer_invitation, form, key=key, accepted=request.POST["answer"] == "yes",
                          note=form.cleaned_data["note"])
        if outcome.ok:
            return done(request, _("Thank you, your answer is noted."), request.path)
        refusal = outcome.refusal
    response = render(request, "events/invitation.html", {
        "row": row, "event": row.event, "form": form, "refusal": refusal, "sessions": sessions_of(row),
        "open": row.state == Invitation.State.INVITED and row.event.state != State.CANCELLED},
        status=409 if refusal else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


@limited("invitation", methods=("GET", "HEAD", "POST"))
def letter(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Give the bearer the letter of invitation as PDF."""
    row = get_object_or_404(Invitation.objects.standing().select_related("event", "person"), key=key)
    on = clock.today()
    ours = directory.association(on=on)
    content = letter_pdf(row, on=on, issuer=ours.name if ours else "", english=language == "en")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="invitation-{row.pk}-{language}.pdf"'
    return response
