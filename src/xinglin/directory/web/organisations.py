"""Pages of organisations: the register, one with its parts and posts, the tree, and what becomes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.kernel import clock
from xinglin.lib.regions import line_of
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Form
from xinglin.shell.web import allow, done, perform, signed_in

from .. import answers, policy
from ..actions import endings
from ..actions.organisations import correct_organisation, found_organisation, move_organisation, rename_organisation
from ..organisations import Organisation
from ..people import Employment
from ..posts import Term
from . import forms
from .days import asked_day
from .tables import Organisations
from .timeline import timeline


@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """Show the register of organisations."""
    actor = actor_of(request)
    allow(policy.may_see_organisations(actor=actor))
    return Organisations(request).response("directory/organisations.html", {
        "may_change": policy.may_change_organisation(actor=actor)})


@signed_in
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an organisation as it was on a day: name, parent, parts, who held which post."""
    row = get_object_or_404(Organisation.objects.select_related("parent", "successor"), pk=pk)
    actor = actor_of(request)
    allow(policy.may_see_organisations(actor=actor))
    on = asked_day(request)
    parts = answers.parts(row.ref, on=on)
    terms = list(Term.objects.on(on).filter(post__organisation=row).select_related("person", "post")
                 .order_by("post__order", "person__sort_key"))
    return render(request, "directory/organisation.html", {
        "organisation": row, "then": answers.organisation(row.ref, on=on), "on": on, "is_today": on == clock.today(),
        "parts": parts[:100], "parts_count": len(parts), "terms": terms,
        "region": "".join(one.name for one in line_of(code=row.region)) if row.region else "",
        "staff": Employment.objects.on(on).filter(organisation=row).count(),
        "changes": row.changes.select_related("into", "old_parent", "new_parent"),
        "may_change": policy.may_change_organisation(actor=actor),
        "may_enter": policy.may_change_term(actor=actor, organisation=row), "history": timeline(row.ref),
    })


@signed_in
def tree(request: HttpRequest) -> HttpResponse:
    """Show the association with its departments and branches as they stood on a day."""
    allow(policy.may_see_organisations(actor=actor_of(request)))
    on = asked_day(request)
    top = answers.association(on=on)
    return render(request, "directory/tree.html", {
        "top": answers.tree(top.ref, on=on) if top else None, "on": on, "is_today": on == clock.today()})


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Enter an organisation."""
    allow(policy.may_change_organisation(actor=actor_of(request)))
    form = forms.FoundForm(request.POST or None)
    if form.is_valid():
        given = {**form.cleaned_data, "order": int(form.cleaned_data["order"] or 0)}
        outcome = perform(request, found_organisation, form, **given)
        if outcome:
            url = reverse("directory:organisation", args=[outcome.answer.key])
            return done(request, _("Entered: %(name)s.") % {"name": given["name"]}, url)
    return render(request, "directory/form.html", {
        "form": form, "heading": _("Enter an organisation"), "back": reverse("directory:organisations"),
        "submit": _("Enter"), "organisations": True}, status=422 if form.failed else 200)


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was entered wrongly about an organisation."""
    allow(policy.may_change_organisation(actor=actor_of(request)))
    row = get_object_or_404(Organisation, pk=pk)
    form = forms.OrganisationForm(request.POST or None, initial={
        name: getattr(row, name) for name in forms.OrganisationForm.base_fields})
    if form.is_valid():
        given = {**form.cleaned_data, "order": int(form.cleaned_data["order"] or 0)}
        if perform(request, correct_organisation, form, organisation=row.ref, **given):
            return done(request, _("Corrected."), row.get_absolute_url())
    return render(request, "directory/form.html", {
        "form": form, "organisation": row, "heading": _("Correct"), "back": row.get_absolute_url(),
        "submit": _("Save")}, status=422 if form.failed else 200)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something that becomes of an organisation: its form, its act, what it will do."""

    label: str | Promise
    form: type[Form]
    act: Callable[..., Any]
    does: tuple[str | Promise, ...] = ()


DEEDS = {
    "rename": Deed(label=gettext_lazy("Rename"), form=forms.RenameForm, act=rename_organisation, does=(
        gettext_lazy("The former name stays true for the days before and keeps finding it."),)),
    "move": Deed(label=gettext_lazy("Move"), form=forms.MoveForm, act=move_organisation),
    "close": Deed(label=gettext_lazy("Close down"), form=forms.CloseForm, act=endings.close_organisation, does=(
        gettext_lazy("Every post in it ends on that day."), gettext_lazy("Its parts must be closed or moved before."))),
    "merge": Deed(label=gettext_lazy("Merge"), form=forms.MergeForm, act=endings.merge_organisations, does=(
        gettext_lazy("Every post in it ends; its parts and its people belong to the other from that day on."),)),
    "split": Deed(label=gettext_lazy("Split up"), form=forms.SplitForm, act=endings.split_organisation),
}


@signed_in
def change(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Rename, move, close, merge or split an organisation."""
    if deed not in DEEDS:
        raise Http404(deed)
    allow(policy.may_change_organisation(actor=actor_of(request)))
    row, one = get_object_or_404(Organisation, pk=pk), DEEDS[deed]
    form = one.form(request.POST or None)
    if form.is_valid() and perform(request, one.act, form, organisation=row.ref, **form.cleaned_data):
        return done(request, _("Recorded."), row.get_absolute_url())
    return render(request, "directory/form.html", {
        "form": form, "organisation": row, "heading": one.label, "back": row.get_absolute_url(),
        "submit": _("Record"), "does": one.does}, status=422 if form.failed else 200)
