"""What the CME office and branches look over: outside credits, requirements, a branch's year, bars."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.directory.models import Organisation, Person
from xinglin.kernel import clock
from xinglin.kernel.files import Attachment, attachments, may_download, respond_with
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.claims import decide_claim, full_year, most_of
from ..actions.people import impose_bar, set_duty
from ..credits import Award, Bar, Claim, Duty
from ..policy import may_decide, may_keep, may_see_person, may_see_unit
from ..projects import DONE, Project
from ..requirement import Account, account, accounts, people_of
from .forms import BarForm, DecideForm, DutyForm
from .lists import Claims, Requirements
from .mine import asked_year


@signed_in
def claims(request: HttpRequest) -> HttpResponse:
    """List outside credits, those that wait first."""
    allow(may_keep(actor=actor_of(request), on=clock.today()))
    return Claims(request).response("learning/claims.html", {"waiting": Claim.objects.filter(state="waiting").count()})


@signed_in
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a claim with its evidence; somebody else than the claimant decides."""
    row = get_object_or_404(Claim.objects.select_related("person"), pk=pk)
    actor, on = actor_of(request), clock.today()
    allow(may_see_person(actor=actor, person=row.person.ref))
    verdict, form = may_decide(actor=actor, claim=row, on=on), DecideForm(
        request.POST or None, initial={"credits": row.asked})
    if form.is_valid():
        allow(verdict)
        if perform(request, decide_claim, form, claim=row, **form.cleaned_data):
            return done(request, _("Decided."), reverse("learning:claims"))
    return render(request, "learning/claim.html", {
        "claim": row, "files": attachments(to=row.ref), "verdict": verdict, "form": form, "most": most_of(row),
        "full": full_year(row), "account": account(row.person_id, year=row.completed_on.year)},
        status=422 if form.failed else 200)


@signed_in
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a file of a claim to who may read it."""
    row = get_object_or_404(Attachment.objects.select_related("file"), pk=pk, to__startswith="learning.claim:")
    allow(may_download(actor=actor_of(request), attachment=row))
    return respond_with(attachment=row)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person in a report of requirements."""

    person: int
    name: str
    duty: str
    credits: Decimal
    hours: Decimal
    missing: str
    state: str

    @property
    def url(self) -> str:
        """Return the person's page of credits."""
        return reverse("learning:person", args=[self.person])


def _lines(people: list[int], year: int) -> list[Line]:
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    return [Line(person=key, name=names.get(key, ""), duty=str(Duty.What(one.duty).label), credits=one.credits,
                 hours=one.hours, missing=missing_words(one),
                 state="exempt" if not one.needs else "met" if one.met else "open")
            for key, one in accounts(people, year=year).items()]


def missing_words(one: Account) -> str:
    """Return what is missing of an account in words."""
    return "、".join(f"{need.label} {need.missing.normalize():f} {need.unit}" for need in one.needs if need.missing)


@signed_in
def requirements(request: HttpRequest, pk: int) -> HttpResponse:
    """Report who of a unit or a branch fulfils the year, and what is missing."""
    unit, year = get_object_or_404(Organisation, pk=pk), asked_year(request)
    allow(may_see_unit(actor=actor_of(request), organisation=unit.ref))
    lines = _lines(people_of(unit.ref, on=clock.today()), year)
    table = Requirements(request)
    table.people = lines
    counted = [one for one in lines if one.state != "exempt"]
    return table.response("learning/requirements.html", {
        "unit": unit, "year": year, "years": [year - 1, year, year + 1][: 2 if year >= clock.today().year else 3],
        "met": sum(1 for one in counted if one.state == "met"), "number": len(counted)})


@signed_in
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a branch's projects of a year by level, how many were carried out, and its people's requirement."""
    unit, year = get_object_or_404(Organisation, pk=pk), asked_year(request)
    actor = actor_of(request)
    allow(may_see_unit(actor=actor, organisation=unit.ref))
    rows = list(Project.objects.filter(branch=unit, year=year).select_related("leader"))
    published = [one for one in rows if one.number]
    lines = _lines(people_of(unit.ref, on=clock.today()), year)
    return render(request, "learning/branch.html", {
        "unit": unit, "year": year, "rows": rows, "published": len(published), "held": sum(
            1 for one in published if one.state in DONE),
        "rate": 100 * sum(1 for one in published if one.state in DONE) // len(published) if published else None,
        "filed": sum(1 for one in rows if one.state != "draft"), "people": len(lines),
        "met": sum(1 for one in lines if one.state == "met"),
        "years": [clock.today().year - back for back in range(3)]})


@signed_in
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show somebody's year; the CME office sets under which requirement they stand."""
    row, year, actor = get_object_or_404(Person, pk=pk), asked_year(request), actor_of(request)
    allow(may_see_person(actor=actor, person=row.ref))
    verdict = may_keep(actor=actor, on=clock.today())
    form = DutyForm(request.POST or None, initial={"from_on": clock.today()})
    if form.is_bound:
        allow(verdict)
    if form.is_valid() and perform(request, set_duty, form, person=row, **form.cleaned_data):
        return done(request, _("Requirement set."), request.path)
    one = account(row.pk, year=year)
    return render(request, "learning/person.html", {
        "person": row, "year": year, "account": one, "duty": Duty.What(one.duty).label, "form": form,
        "verdict": verdict, "awards": Award.objects.standing().filter(person=row, year=year).select_related(
            "project", "claim")}, status=422 if form.failed else 200)


@signed_in
def bars(request: HttpRequest) -> HttpResponse:
    """List who may not apply; the CME office bars after fraud."""
    actor, on = actor_of(request), clock.today()
    allow(may_keep(actor=actor, on=on))
    form = BarForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if perform(request, impose_bar, form, about=given["person"] or given["branch"], years=given["years"],
                   reason=given["reason"]):
            return done(request, _("Barred from applying."), request.path)
    return render(request, "learning/bars.html", {"rows": Bar.objects.all(), "form": form, "on": on},
                  status=422 if form.failed else 200)
