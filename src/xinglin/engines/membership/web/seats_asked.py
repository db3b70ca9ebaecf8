"""Pages on which the office sees what units asked for about their free seats, and declines."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Form
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.seats import decline_seat
from ..certificates import SeatRequest
from ..policy import may_keep_fees, may_see_fees
from ..seating import asked_for


class DeclineForm(Form):
    """Why nothing changes."""

    reason = forms.CharField(label=gettext_lazy("Why it is declined"), max_length=300)


def waiting_seats(actor: Actor) -> int:
    """Return how many requests wait for the actor."""
    return asked_for(on=clock.today()).count() if may_keep_fees(actor=actor) else 0


@signed_in
def seats_asked(request: HttpRequest) -> HttpResponse:
    """List what units asked for and the office has not answered."""
    actor = actor_of(request)
    allow(may_see_fees(actor=actor))
    return render(request, "membership/seats_asked.html", {
        "rows": asked_for(on=clock.today()), "may_keep": may_keep_fees(actor=actor)})


@signed_in
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline one request with the reason."""
    allow(may_keep_fees(actor=actor_of(request)))
    row = get_object_or_404(SeatRequest.objects.select_related("unit__unit", "member__person"), pk=pk)
    form = DeclineForm(request.POST or None)
    if form.is_valid() and perform(request, decline_seat, form, asked=row, **form.cleaned_data).ok:
        return done(request, _("Answered; the unit gets a notice."), reverse("membership:seats_asked"))
    title = _("Decline: free seat of %(name)s") % {"name": row.member.name}
    return render(request, "membership/form.html", {"form": form, "title": title, "member": row.unit},
                  status=422 if form.failed else 200)
