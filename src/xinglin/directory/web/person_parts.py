"""Pages that add a part to a person: a document, title, certificate, specialties, a unit, and leaving one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Form
from xinglin.shell.web import allow, done, perform, signed_in

from .. import policy
from ..actions.employments import begin_employment, end_employment
from ..actions.people import choose_specialties, record_document, record_licence, record_title
from ..checks import Proof
from .forms import DocumentForm, EmploymentForm, LeaveForm, LicenceForm, SpecialtyForm, TitleForm
from .people import seen_person


@dataclass(frozen=True, kw_only=True)
class Part:
    """One kind of part: its form, its act, and how the form's values become the act's."""

    label: str | Promise
    form: type[Form]
    act: Callable[..., Any]
    given: Callable[[dict[str, Any]], dict[str, Any]] = dict


def _proof(clean: dict[str, Any]) -> dict[str, Any]:
    return {"proof": Proof(number=clean["number"], kind=clean["kind"], country=clean["country"]),
            "until_on": clean["until_on"]}


def _codes(clean: dict[str, Any]) -> dict[str, Any]:
    return {"codes": [one.key for one in clean["codes"]]}


PARTS = {
    "document": Part(label=gettext_lazy("Record a document"), form=DocumentForm, act=record_document, given=_proof),
    "title": Part(label=gettext_lazy("Record a title"), form=TitleForm, act=record_title),
    "licence": Part(label=gettext_lazy("Record a certificate"), form=LicenceForm, act=record_licence),
    "specialties": Part(label=gettext_lazy("Choose specialties"), form=SpecialtyForm, act=choose_specialties,
                        given=_codes),
    "employment": Part(label=gettext_lazy("Record a unit"), form=EmploymentForm, act=begin_employment),
}


@signed_in
def add(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Add one part to a person."""
    if part not in PARTS:
        raise Http404(part)
    person, one = seen_person(request, pk), PARTS[part]
    allow(policy.may_correct_person(actor=actor_of(request), person=person, on=clock.today(), what=frozenset({part})))
    form = one.form(request.POST or None)
    if form.is_valid():
        outcome = perform(request, one.act, form, person=person.ref, **one.given(form.cleaned_data))
        if outcome:
            return done(request, _("Recorded."), person.get_absolute_url())
    return render(request, "directory/form.html", {
        "form": form, "person": person, "heading": one.label, "back": person.get_absolute_url(), "submit": _("Record")},
        status=422 if form.failed else 200)


@signed_in
def leave(request: HttpRequest, pk: int, job: int) -> HttpResponse:
    """Record that somebody left a unit."""
    person = seen_person(request, pk)
    allow(policy.may_correct_person(actor=actor_of(request), person=person, on=clock.today()))
    unit = get_object_or_404(person.employments.select_related("organisation"), pk=job).organisation
    form = LeaveForm(request.POST or None)
    if form.is_valid():
        outcome = perform(request, end_employment, form, person=person.ref, organisation=unit.ref, **form.cleaned_data)
        if outcome:
            return done(request, _("Recorded."), person.get_absolute_url())
    return render(request, "directory/form.html", {
        "form": form, "person": person, "back": person.get_absolute_url(), "submit": _("Record"),
        "heading": _("Left %(unit)s") % {"unit": unit.label}}, status=422 if form.failed else 200)
