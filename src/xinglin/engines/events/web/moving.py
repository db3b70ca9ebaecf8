"""The page by which the days of an event are moved after its places were offered."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import DateField, Form
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.moving import move_event
from ..policy import may_move_event
from .register import seen_event


class MoveForm(Form):
    """To which days an event is moved, and why."""

    from_on = DateField(label=_("First day"))
    until_on = DateField(label=_("Last day"))
    reason = forms.CharField(label=_("Why it is moved, for those who come"), max_length=200,
                             widget=forms.Textarea(attrs={"rows": 2}))


@signed_in
def move(request: HttpRequest, key: int) -> HttpResponse:
    """Move the days: programme, places and terms follow, and everybody who has a place is told."""
    event = seen_event(request, key)
    allow(may_move_event(actor=actor_of(request), event=event, on=clock.today()))
    form = MoveForm(request.POST or None, initial={"from_on": event.from_on, "until_on": event.last_on})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        outcome = perform(request, move_event, form, event=event, at=clock.now(), from_on=said["from_on"],
                          until_on=said["until_on"] + timedelta(days=1), reason=said["reason"])
        if outcome.ok:
            return done(request, _("Moved; all who can be reached were told."), event.get_absolute_url())
    return render(request, "events/move.html", {
        "form": form, "event": event, "live": event.registrations.live().count()}, status=422 if form.failed else 200)
