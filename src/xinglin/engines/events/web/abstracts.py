"""Pages of abstracts: handing in from the open page of an event, the organiser's list, the book."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory import answers as directory
from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..abstracts import Abstract
from ..actions.abstracts import decide_abstracts, is_asked, submit_abstract, withdraw_abstract
from ..papers import book_pdf
from ..policy import may_run_event, person_key
from .papers_forms import DecideForm, PaperForm
from .papers_lists import Abstracts
from .register import seen_event
from .site import open_event


@signed_in
def submit(request: HttpRequest, key: int) -> HttpResponse:
    """Hand in an abstract; below stand one's own."""
    event, form = open_event(request, key), PaperForm(request.POST or None)
    here = reverse("events:submit_abstract", args=[event.pk])
    if form.is_valid():
        outcome = perform(request, submit_abstract, form, event=event, paper=form.said())
        if outcome.ok:
            return done(request, _("Handed in under number %(n)d.") % {"n": outcome.answer.number}, here)
    mine = event.abstracts.filter(person=person_key(actor_of(request)) or 0)
    return render(request, "events/submit_abstract.html", {
        "event": event, "form": form, "mine": mine, "asked": is_asked(event, on=clock.today())},
        status=422 if form.failed else 200)


@require_POST
@signed_in
def withdraw(request: HttpRequest, key: int, abstract: int) -> HttpResponse:
    """Take one's own abstract back."""
    event = open_event(request, key)
    row = get_object_or_404(event.abstracts, pk=abstract)
    outcome = perform(request, withdraw_abstract, abstract=row)
    message, level = (_("Withdrawn."), "ok") if outcome.ok else (str(outcome.refusal), "bad")
    return done(request, message, reverse("events:submit_abstract", args=[event.pk]), level=level)


@signed_in
def abstracts(request: HttpRequest, key: int) -> HttpResponse:
    """List the abstracts of an event."""
    event = seen_event(request, key)
    counts = {state: event.abstracts.filter(state=state).count() for state in ("submitted", "accepted")}
    return Abstracts(request, event).response("events/abstracts.html", {"event": event, "counts": counts})


@signed_in
def abstract(request: HttpRequest, key: int, abstract: int) -> HttpResponse:
    """Show one abstract and take the decision; then comes the next that waits."""
    event = seen_event(request, key)
    row = get_object_or_404(event.abstracts.select_related("person"), pk=abstract)
    form = DecideForm(request.POST or None, initial={"form": row.form})
    if form.is_valid():
        given = form.cleaned_data
        outcome = perform(request, decide_abstracts, form, event=event, abstracts=[row.pk],
                          accepted=given["accepted"] == "yes", presented_as=given["form"], reason=given["reason"])
        if outcome.ok:
            waiting = event.abstracts.filter(state=Abstract.State.SUBMITTED).first()
            there = ("events:abstract", [event.pk, waiting.pk]) if waiting else ("events:abstracts", [event.pk])
            return done(request, _("The decision is noted."), reverse(there[0], args=there[1]))
    return render(request, "events/abstract.html", {
        "event": event, "row": row, "form": form,
        "may_run": may_run_event(actor=actor_of(request), event=event)}, status=422 if form.failed else 200)


@signed_in
def book(request: HttpRequest, key: int) -> HttpResponse:
    """Give the book of abstracts as PDF."""
    event, on = seen_event(request, key), clock.today()
    allow(may_run_event(actor=actor_of(request), event=event))
    ours = directory.association(on=on)
    response = HttpResponse(book_pdf(event, on=on, issuer=ours.name if ours else ""), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="abstracts-{event.pk}.pdf"'
    return response
