"""Pages of deciding and running: what waits for me, agreements, filing, permit, registration, calling off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock, regulations
from xinglin.kernel.files import Attachment, Kept, keep, may_download, respond_with
from xinglin.kernel.policy import Refusal
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Form
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.deciding import (
    cancel_event,
    close_registration,
    decide_event,
    file_event,
    note_permit,
    open_registration,
)
from ..meetings import Approval, State
from ..policy import events_seen, may_decide, may_file, may_see_events, role_label
from ..rules import file_by, is_large
from .register import event_page, seen_event
from .running_forms import DecideForm, FilingForm, PermitForm, WhyForm


def waiting_for(request: HttpRequest) -> list[Approval]:
    """Return the agreements that are asked of the reader now, the oldest first."""
    actor = actor_of(request)
    rows = Approval.objects.filter(answer="", asked_on__isnull=False, event__state=State.PROPOSED)
    rows = rows.filter(event__in=events_seen(actor=actor)).select_related("event__organisation", "event__series")
    return [one for one in rows.order_by("asked_on", "pk") if may_decide(actor=actor, event=one.event, approval=one)]


@signed_in
def approvals(request: HttpRequest) -> HttpResponse:
    """Show what waits for the reader, and what waits for others."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_events(actor=actor))
    mine = waiting_for(request)
    days = int(regulations.value("C07.approval_days", on=on))
    others = Approval.objects.filter(answer="", asked_on__isnull=False, event__state=State.PROPOSED,
                                     event__in=events_seen(actor=actor)).exclude(pk__in=[one.pk for one in mine])
    others = others.select_related("event__organisation").order_by("asked_on", "pk")
    for one in [*mine, *others]:
        one.label, one.due_on = role_label(one.role), one.asked_on + timedelta(days=days)
        one.late = one.due_on < on
    return render(request, "events/approvals.html", {"mine": mine, "others": others, "on": on})


@require_POST
@signed_in
def decide(request: HttpRequest, key: int, order: int) -> HttpResponse:
    """Agree, refuse or send back."""
    event, form = seen_event(request, key), DecideForm(request.POST, prefix="decide")
    answer = request.POST.get("answer", "")
    said = {Approval.Answer.YES: _("Agreed."), Approval.Answer.NO: _("Refused to agree."),
            Approval.Answer.BACK: _("Sent back.")}
    if answer in said and form.is_valid():
        outcome = perform(request, decide_event, form, event=event, order=order, answer=answer,
                          reason=form.cleaned_data["reason"])
        if outcome.ok:
            after = waiting_for(request)
            return done(request, said[Approval.Answer(answer)],
                        after[0].event.get_absolute_url() if after else event.get_absolute_url())
    return event_page(request, seen_event(request, key), decide=form)


@signed_in
def file(request: HttpRequest, key: int) -> HttpResponse:
    """Write down the receipt of a large event, with its paper."""
    event, on = seen_event(request, key), clock.today()
    allow(may_file(actor=actor_of(request), event=event))
    form = FilingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (papers := kept(form, "paper")) is not None:
        said = {name: form.cleaned_data[name] for name in ("number", "filed_on")}
        outcome = perform(request, file_event, form, event=event, papers=papers, **said)
        if outcome.ok:
            late = outcome.answer.filed_late
            return done(request, _("Filed, and marked as late.") if late else _("Filed."), event.get_absolute_url(),
                        level="warn" if late else "ok")
    return render(request, "events/filing.html", {
        "form": form, "event": event, "due": file_by(event), "late": file_by(event).day < on,
        "large": is_large(event, on=on)}, status=422 if form.failed else 200)


def kept(form: Form, name: str) -> list[Kept] | None:
    """Store an upload before the act; None when it was refused, with the reason beside the field."""
    file = form.cleaned_data.get(name)
    try:
        return [keep(content=file)] if file else []
    except Refusal as refusal:
        refusal.field = name
        form.refuse(refusal)
        return None


def _one_step(
    request: HttpRequest, key: int, step: Callable[..., Any], words: str, form: Form | None = None, name: str = "",
    **given: Any,
) -> HttpResponse:
    event = seen_event(request, key)
    if form is not None and not form.is_valid():
        return event_page(request, event, **{name: form})
    outcome = perform(request, step, form, event=event, **(form.cleaned_data if form else {}), **given)
    if outcome.ok:
        return done(request, words, event.get_absolute_url())
    if form is None:
        return event_page(request, event, refusal=outcome.refusal)
    return event_page(request, event, **{name: form})


@require_POST
@signed_in
def permit(request: HttpRequest, key: int) -> HttpResponse:
    """Write down the permit of the police."""
    return _one_step(request, key, note_permit, _("Written down."), PermitForm(request.POST, prefix="permit"), "permit")


@require_POST
@signed_in
def start(request: HttpRequest, key: int) -> HttpResponse:
    """Open registration."""
    return _one_step(request, key, open_registration, _("Registration is open."), at=clock.now())


@require_POST
@signed_in
def stop(request: HttpRequest, key: int) -> HttpResponse:
    """Close registration."""
    return _one_step(request, key, close_registration, _("Registration is closed."), at=clock.now())


@require_POST
@signed_in
def call_off(request: HttpRequest, key: int) -> HttpResponse:
    """Call an event off."""
    return _one_step(request, key, cancel_event, _("Called off."), WhyForm(request.POST, prefix="why"), "why",
                     at=clock.now())


@signed_in
def paper(request: HttpRequest, key: int) -> HttpResponseBase:
    """Answer with a paper of an event or the evidence of a point."""
    row = get_object_or_404(Attachment.objects.select_related("file"), pk=key, to__startswith="events.")
    allow(may_download(actor=actor_of(request), attachment=row))
    return respond_with(attachment=row)
