"""Pages on which branches answer who asks to join."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.kernel.actors import Actor
from xinglin.shell.forms import Form
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.joining import answer_join
from ..certificates import JoinRequest
from ..policy import may_answer_requests, may_change_affiliation, requests_seen
from .leaving import page_of


class AnswerForm(Form):
    """Whether somebody is taken in; who is not, learns why."""

    taken_in = forms.ChoiceField(label=gettext_lazy("Answer of the branch"), widget=forms.RadioSelect, choices=[
        ("yes", gettext_lazy("Take in from today")), ("no", gettext_lazy("Do not take in"))])
    reason = forms.CharField(label=gettext_lazy("Why it is declined"), max_length=300, required=False)


def waiting_for(actor: Actor) -> int:
    """Return how many requests wait for the actor."""
    return requests_seen(actor=actor).filter(answered_on=None).count()


@signed_in
def requests(request: HttpRequest) -> HttpResponse:
    """List who asks to join the reader's branches."""
    allow(may_answer_requests(actor=request.actor))
    rows = requests_seen(actor=request.actor).select_related("member__person", "member__unit", "organisation")
    answered = rows.exclude(answered_on=None).order_by("-answered_on", "-pk")[:50]
    return render(request, "membership/requests.html", {"open": rows.filter(answered_on=None), "answered": answered})


@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one request and answer it."""
    rows = JoinRequest.objects.select_related("member__person", "member__unit", "organisation")
    row, form = get_object_or_404(rows, pk=pk), AnswerForm(request.POST or None)
    allow(may_change_affiliation(actor=request.actor, member=row.member, organisation=row.organisation.ref))
    if form.is_valid():
        given = form.cleaned_data
        if perform(request, answer_join, form, asked=row, taken_in=given["taken_in"] == "yes",
                   reason=given["reason"]):
            return done(request, _("Answered; the member gets a notice."), reverse("membership:requests"))
    return render(request, "membership/request.html", {
        "form": form, "one": row, "page": page_of(row.member)}, status=422 if form.failed else 200)
