"""Attendances that could not be taken in: the CME office takes each in after all, or leaves it out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.refused import displaced, settle_refused
from ..credits import Attendance, Refused
from ..policy import may_keep
from .forms import SettleForm
from .lists import RefusedOnes


@signed_in
def listed(request: HttpRequest) -> HttpResponse:
    """List them, those to be decided first."""
    allow(may_keep(actor=actor_of(request), on=clock.today()))
    waiting = Refused.objects.filter(state=Refused.State.WAITING).count()
    return RefusedOnes(request).response("learning/refused_list.html", {"waiting": waiting})


@signed_in
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one beside what stands of that person and day, and settle it."""
    row = get_object_or_404(Refused.objects.select_related("person", "project"), pk=pk)
    allow(may_keep(actor=actor_of(request), on=clock.today()))
    others = Refused.objects.filter(project=row.project, reason=row.reason, state=Refused.State.WAITING).exclude(pk=pk)
    form = SettleForm(request.POST or None, takes=row.project.takes_in(row.day), replaces=displaced(row) is not None,
                      others=others.count())
    if form.is_valid() and perform(request, settle_refused, form, refused=row, **{
            **form.cleaned_data, "accepted": form.cleaned_data["accepted"] == "yes"}):
        return done(request, _("Settled."), reverse("learning:refused_list"))
    stands = Attendance.objects.standing().filter(person=row.person, project=row.project, day=row.day)
    return render(request, "learning/refused.html", {"row": row, "form": form, "stands": stands,
                                                     "open": row.state == Refused.State.WAITING},
                  status=422 if form.failed else 200)
