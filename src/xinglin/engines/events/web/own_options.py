"""The own page on which somebody changes what they chose: options, answers, while the event is not over."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xinglin.directory.security.rates import limited
from xinglin.kernel import clock
from xinglin.mechanics.questionnaires.answers import unpacked
from xinglin.mechanics.questionnaires.forms import AnswersForm, answers_form
from xinglin.shell.asking import actor_of
from xinglin.shell.web import done, perform

from ..actions.options import change_options
from ..offering import form_of
from ..offers import Offer
from ..places import giving_back, said_answers
from ..registration_policy import sees_order
from ..registrations import Registration, State
from .own import address_of, borne, form_in_force, row_of


def _form(request: HttpRequest, row: Registration) -> AnswersForm:
    asked = form_of(form_in_force(row))
    made = answers_form(asked, on=clock.today())
    return made(request.POST) if request.method == "POST" else made(initial=unpacked(asked, said_answers(row)))


@limited("event_own")
def choices(request: HttpRequest, key: str) -> HttpResponse:
    """Show the form of the event with what was chosen, and change it at the prices in force."""
    row, on = row_of(key), clock.today()
    if not form_in_force(row) or row.state == State.CANCELLED or on >= row.event.until_on:
        raise Http404
    form, bears = _form(request, row), borne(request, row)
    if form.is_valid():
        outcome = perform(request, change_options, form, registration=row, key=bears, at=clock.now(),
                          answers=form.cleaned_data)
        if outcome.ok:
            return done(request, _("Changed."), address_of(request, row))
    offer = Offer.objects.in_force(event=row.event_id, at=clock.now())
    return render(request, "events/own_choices.html", {
        "row": row, "event": row.event, "form": form, "back": address_of(request, row),
        "pays": sees_order(actor=actor_of(request), registration=row, key=bears),
        "share": giving_back(registration=row, on=on).share,
        "prices": offer.prices.filter(option__isnull=False).select_related("option") if offer else ()},
        status=422 if form.failed else 200)
