"""The organiser's page of what an event offers: a draft is edited, looked at, published under the next number."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.offers import publish_offer
from ..meetings import Event
from ..offering import sheet_of, wrong_in
from ..offers import OfferDraft
from ..registration_policy import may_publish_offer
from .offers_forms import Editor, first_content
from .register import seen_event


def draft_content(event: Event) -> dict[str, Any]:
    """Return what is being written: the draft, else the list in force, else what a list begins with."""
    draft = OfferDraft.objects.filter(event=event).first()
    if draft and draft.content:
        return dict(draft.content)
    before = event.offers.first()
    return dict(before.content) if before else first_content(event, at=clock.now())


@signed_in
def edit_offer(request: HttpRequest, key: int) -> HttpResponse:
    """Edit the list; saved rows can be named by others, and publishing says everything that is wrong at once."""
    event = seen_event(request, key)
    allow(may_publish_offer(actor=actor_of(request), event=event))
    editor = Editor(draft_content(event), request.POST or None, days=event.days,
                    sessions=dict(event.sessions.order_by("-pk").values_list("title", "pk")))
    here = reverse("events:edit_offer", args=[event.pk])
    if request.method == "POST" and editor.is_valid():
        OfferDraft.objects.update_or_create(event=event, defaults={
            "content": editor.content, "changed_by": actor_of(request).ref})
        if request.POST.get("step") != "publish":
            return done(request, _("Saved."), here)
        outcome = perform(request, publish_offer, editor.head, event=event, at=clock.now(),
                          sheet=sheet_of(editor.content))
        if outcome.ok:
            return done(request, _("Published as list %(number)d.") % {"number": outcome.answer.number}, here)
    wrong = wrong_in(sheet_of(editor.before)) if request.method == "GET" else []
    return render(request, "events/edit_offer.html", {
        "event": event, "editor": editor, "offers": event.offers.all(), "wrong": wrong,
        "drafting": OfferDraft.objects.filter(event=event).exists()}, status=422 if editor.failed else 200)
