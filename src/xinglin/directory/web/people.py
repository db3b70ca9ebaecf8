"""Pages of people: the register, one person, entering and correcting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.policy import YES
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from .. import policy
from ..actions.people import correct_person, register_person, withdraw_person
from ..checks import Proof
from ..duplicates import likely
from ..people import Person
from .forms import ContactForm, PersonForm, RegisterForm
from .tables import People
from .timeline import timeline


@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """Show the register of people."""
    actor = actor_of(request)
    allow(policy.may_see_people(actor=actor))
    return People(request).response("directory/people.html", {
        "may_enter": policy.may_register_person(actor=actor), "may_import": policy.may_import(actor=actor),
        "may_merge": policy.may_merge_people(actor=actor)})


def seen_person(request: HttpRequest, pk: int) -> Person:
    """Return a person whom the reader may see."""
    person = get_object_or_404(Person, pk=pk)
    allow(policy.may_see_person(actor=actor_of(request), person=person, on=clock.today()))
    return person


@signed_in
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person: documents, titles, units, posts, what the ledger says, and panels of the engines."""
    person = seen_person(request, pk)
    if person.merged_into_id:
        return redirect("directory:person", pk=person.merged_into_id)
    actor, on = actor_of(request), clock.today()
    terms = person.terms.select_related("post__organisation").order_by("-from_on", "post__order")
    return render(request, "directory/person.html", {
        "person": person, "on": on,
        "now": [one for one in terms if one.from_on <= on and (not one.until_on or one.until_on > on)],
        "later": [one for one in terms if one.from_on > on],
        "before": [one for one in terms if one.until_on and one.until_on <= on],
        "jobs": person.employments.select_related("organisation"),
        "documents": [(one, f"directory.document:{one.pk}") for one in person.documents.all()],
        "may_edit": policy.may_correct_person(actor=actor, person=person, on=on),
        "may_enter": policy.may_enter_posts(actor=actor, person=person),
        "is_self": policy.is_self(actor=actor, person=person),
        "may_merge": policy.may_merge_people(actor=actor),
        "merges": person.merges_here.filter(undone_on=None).select_related("loser"),
        "history": timeline(person.ref),
    })


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Enter somebody; whoever may be meant already is shown before a second entry is made."""
    allow(policy.may_register_person(actor=actor_of(request)))
    form, same = RegisterForm(request.POST or None), []
    if form.is_valid():
        given = dict(form.cleaned_data)
        seen, proof = given.pop("seen"), Proof(number=given.pop("number"), kind=given.pop("kind") or "resident_id")
        same = [] if seen else _likely_seen(request, given, proof)
        if not same:
            outcome = perform(request, register_person, form, proof=proof, **given)
            if outcome:
                url = reverse("directory:person", args=[outcome.answer.key])
                return done(request, _("Registered: %(name)s.") % {"name": given["name"]}, url)
    if not same:
        form.fields.pop("seen")
        form.groups = RegisterForm.groups
    return render(request, "directory/person_new.html", {"form": form, "same": same},
                  status=422 if form.failed or same else 200)


def _likely_seen(request: HttpRequest, given: dict[str, Any], proof: Proof) -> list[Person]:
    """Return who may be meant, among those whom the reader may look up: a branch sees no namesakes elsewhere."""
    found = likely(name=given["name"], on=clock.today(), born_on=given["born_on"], mobile=given["mobile"],
                   number=proof.number)
    seen = policy.people_seen(actor=actor_of(request), on=clock.today()).filter(pk__in=[one.pk for one in found])
    return [one for one in found if one in seen]


def _said(person: Person, fields: Any) -> dict[str, Any]:
    return {name: getattr(person, name) for name in fields}


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what the directory says about somebody; about oneself only the contacts."""
    person, actor = seen_person(request, pk), actor_of(request)
    whole = policy.may_correct_person(actor=actor, person=person, on=clock.today())
    cls = PersonForm if whole else ContactForm
    allow(whole if not policy.is_self(actor=actor, person=person) else YES)
    form = cls(request.POST or None, initial=_said(person, cls.base_fields))
    if form.is_valid():
        given = dict(form.cleaned_data)
        outcome = perform(request, correct_person, form, person=person.ref, **given)
        if outcome:
            return done(request, _("Corrected."), person.get_absolute_url())
    return render(request, "directory/form.html", {
        "form": form, "person": person, "heading": _("Correct"), "back": person.get_absolute_url(),
        "submit": _("Save")}, status=422 if form.failed else 200)


@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out somebody entered by mistake, after asking."""
    person = seen_person(request, pk)
    allow(policy.may_merge_people(actor=actor_of(request)))
    if request.method == "POST":
        outcome = perform(request, withdraw_person, person=person.ref)
        if outcome:
            return done(request, _("Withdrawn: %(name)s.") % {"name": person.name}, reverse("directory:people"))
        return done(request, outcome.refusal, person.get_absolute_url(), level="bad")
    return render(request, "directory/ask.html", {
        "person": person, "back": person.get_absolute_url(), "submit": _("Withdraw the entry"), "danger": True,
        "heading": _("Withdraw the entry of %(name)s?") % {"name": person.name},
        "does": [_("The entry disappears from the register; the facts keep that it was there."),
                 _("It is refused when any other record names this person: merge the entries instead.")]})
