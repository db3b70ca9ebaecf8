"""The register of work done, my own entries, and the log of exchanges."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.shell.web import allow, done, perform, signed_in

from .. import answers
from ..actions.work import submit_work
from ..entries import OPEN, Entry
from ..policy import identity, may_log_work
from .lists import Exchanges, Mine, Register


@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """Show what was done; the answer counts this year's verified work."""
    today = clock.today()
    year = answers.summary(kind="", from_on=date(today.year, 1, 1), until_on=date(today.year + 1, 1, 1))
    return Register(request).response("worklog/register.html", {
        "year": year, "number": today.year, "may_log": may_log_work(actor=request.actor)})


@signed_in
def exchange(request: HttpRequest) -> HttpResponse:
    """Show visits and exchanges with the clause each fulfils."""
    table = Exchanges(request)
    loose = table.everything.filter(item=None).count()
    return table.response("worklog/exchange.html", {"loose": loose})


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Show what the reader logged, what waits and what came back."""
    rows = Entry.objects.filter(logged_by=identity(request.actor))
    return Mine(request).response("worklog/mine.html", {
        "returned": rows.filter(state="returned").count(), "drafts": rows.filter(state="draft").count(),
        "may_log": may_log_work(actor=request.actor)})


@require_POST
@signed_in
def submit(request: HttpRequest) -> HttpResponse:
    """Hand in the entries picked in a list, after showing them once."""
    allow(may_log_work(actor=request.actor))
    keys = request.POST.getlist("key")
    picked = Mine(request).picked() if not keys else Entry.objects.filter(pk__in=keys)
    entries = list(picked.filter(state__in=OPEN, logged_by=identity(request.actor)).select_related("kind"))
    refusal = None
    if keys:
        outcome = perform(request, submit_work, entries=entries)
        if outcome.ok:
            return done(request, ngettext("%(n)d entry submitted.", "%(n)d entries submitted.", len(entries)) % {
                "n": len(entries)}, reverse("worklog:mine"))
        refusal = outcome.refusal
    return render(request, "worklog/submit.html", {"entries": entries, "refusal": refusal, "title": _("Submit")})
