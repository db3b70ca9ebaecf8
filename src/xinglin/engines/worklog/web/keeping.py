"""Changing and closing a register: its title, keeper, target and date, and the end of keeping it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.registers import change_track, close_track
from ..policy import may_change_track
from ..registers import Track
from .forms import TrackForm


@signed_in
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Change a register; below, close it."""
    one = get_object_or_404(Track, pk=key)
    allow(may_change_track(actor=request.actor, track=one))
    form = TrackForm(request.POST or None, actor=request.actor, on=clock.today(), track=one)
    if request.method == "POST" and form.is_valid() and perform(
            request, change_track, form, track=one, **form.cleaned_data).ok:
        return done(request, _("Changed."), _address(key))
    unfinished = sum(not one.at.closed and not one.at.done for one in one.items.select_related("track"))
    return render(request, "worklog/change_track.html", {"form": form, "track": one, "unfinished": unfinished})


@require_POST
@signed_in
def close(request: HttpRequest, key: int) -> HttpResponse:
    """Stop keeping a register."""
    one = get_object_or_404(Track, pk=key)
    allow(may_change_track(actor=request.actor, track=one))
    outcome = perform(request, close_track, track=one)
    if outcome.ok:
        return done(request, _("Closed: %(title)s.") % {"title": one.title}, reverse("worklog:registers"))
    return done(request, outcome.refusal.message, _address(key), level="bad")


def _address(key: int) -> str:
    return reverse("worklog:track", args=[key])
