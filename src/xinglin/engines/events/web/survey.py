"""Pages of the survey after an event: open to whoever has the link, without names, and its result."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xinglin.kernel import clock
from xinglin.kernel.refs import Ref
from xinglin.lib.square_codes import square_code
from xinglin.mechanics.questionnaires.answers import packed
from xinglin.mechanics.questionnaires.forms import answers_form
from xinglin.shell.asking import actor_of
from xinglin.shell.web import signed_in

from ..surveys import event_of, is_open, questionnaire, summary, take_answer, token_of
from .register import seen_event

COOKIE_DAYS = 90


def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask how the event was; nothing that names the reader is kept."""
    event, on = event_of(token), clock.today()
    if event is None:
        raise Http404
    mark = f"x_survey_{event.pk}"
    actor = actor_of(request)
    who = Ref(str(actor.person or actor.ref)) if request.user.is_authenticated else None
    form = answers_form(questionnaire(), on=on)(request.POST or None)
    open_, taken = is_open(event, on=on), mark in request.COOKIES
    if request.method == "POST" and open_ and not taken and form.is_valid():
        fresh = take_answer(event=event, answers=packed(form.cleaned_data), who=who)
        response = render(request, "events/surveyed.html", {"event": event, "fresh": fresh})
        response.set_cookie(mark, "1", max_age=COOKIE_DAYS * 86400, httponly=True, samesite="Lax",
                            secure=request.is_secure())
        return response
    return render(request, "events/survey.html", {
        "event": event, "form": form, "open": open_, "taken": taken, "questionnaire": questionnaire()},
        status=422 if form.failed else 200)


@signed_in
def answers(request: HttpRequest, key: int) -> HttpResponse:
    """Show what was answered, and the link to give out."""
    event, on = seen_event(request, key), clock.today()
    number, lines = summary(event, on=on)
    link = request.build_absolute_uri(reverse("events:survey", args=[token_of(event)]))
    return render(request, "events/survey_answers.html", {
        "event": event, "number": number, "lines": lines, "link": link, "code": square_code(link),
        "open": is_open(event, on=on)})
