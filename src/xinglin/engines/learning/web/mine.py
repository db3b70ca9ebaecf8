"""The reader's own credits: this year's requirement, what is missing, the list, certificates, outside credits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory.models import Person
from xinglin.kernel import clock
from xinglin.kernel.files import keep
from xinglin.kernel.policy import Refusal
from xinglin.shell.asking import actor_of
from xinglin.shell.web import done, perform, signed_in

from ..actions.claims import file_claim
from ..actions.people import choose_openness
from ..certificates import Certificate, Openness
from ..credits import Award, Claim
from ..policy import person_key
from ..requirement import account
from .forms import ClaimForm


def asked_year(request: HttpRequest) -> int:
    """Return the year that the address asks for, else this one."""
    asked, this = request.GET.get("year", ""), clock.today().year
    return int(asked) if asked.isdecimal() and 2000 <= int(asked) <= this + 1 else this


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Show the reader's credits of a year; what is missing comes first."""
    key, year = person_key(actor_of(request)), asked_year(request)
    if key is None:
        return render(request, "learning/mine_none.html", status=404)
    awards = Award.objects.standing().filter(person=key).select_related("project", "claim")
    years = sorted({*awards.values_list("year", flat=True), clock.today().year}, reverse=True)
    papers = {one.award_id: one for one in Certificate.objects.filter(award__person=key, revoked_on=None)}
    return render(request, "learning/mine.html", {
        "year": year, "years": years, "account": account(key, year=year),
        "awards": [(one, papers.get(one.pk)) for one in awards.filter(year=year)],
        "claims": Claim.objects.filter(person=key, completed_on__year=year).exclude(state="accepted"),
        "shown": Openness.objects.filter(person=key, shown=True).exists(), "any_paper": bool(papers)})


@signed_in
def claim(request: HttpRequest) -> HttpResponse:
    """Ask for credits earned elsewhere, with evidence."""
    key = person_key(actor_of(request))
    if key is None:
        return render(request, "learning/mine_none.html", status=404)
    form = ClaimForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = {**form.cleaned_data, "months": form.cleaned_data["months"] or 0}
        try:
            files = [keep(content=given.pop("evidence"))]
        except Refusal as refused:
            refused.field = "evidence"
            form.refuse(refused)
        else:
            person = Person.objects.get(pk=key)
            if perform(request, file_claim, form, person=person, files=files, **given):
                return done(request, _("Handed in. Somebody of the CME office reviews it."), reverse("learning:mine"))
    return render(request, "learning/claim_new.html", {"form": form}, status=422 if form.failed else 200)


@require_POST
@signed_in
def openness(request: HttpRequest) -> HttpResponse:
    """Let the public page of one's certificates show the full name, or no longer."""
    person = Person.objects.filter(pk=person_key(actor_of(request))).first()
    if person is None:
        return render(request, "learning/mine_none.html", status=404)
    outcome = perform(request, choose_openness, person=person, shown=request.POST.get("shown") == "yes")
    return done(request, _("Kept.") if outcome.ok else outcome.refusal, reverse("learning:mine"),
                level="ok" if outcome.ok else "bad")
