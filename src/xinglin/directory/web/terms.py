"""Pages of terms: begin one from a person or an organisation, end, correct and withdraw it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from xinglin.kernel.policy import Verdict
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Form
from xinglin.shell.web import allow, done, perform, signed_in
from xinglin.shell.web.doors import safe_next

from .. import policy
from ..actions.terms import begin_term, correct_term, end_term, withdraw_term
from ..organisations import Organisation
from ..posts import Term
from .forms import TermDaysForm, TermEndForm, TermForm, TermHereForm
from .people import seen_person


def _session(clean: dict[str, Any]) -> dict[str, Any]:
    return {**clean, "session": int(clean["session"]) if clean.get("session") else None}


def _show(request: HttpRequest, form: Form, **more: Any) -> HttpResponse:
    return render(request, "directory/form.html", {"form": form, **more}, status=422 if form.failed else 200)


@signed_in
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a post that a person holds."""
    person = seen_person(request, pk)
    allow(policy.may_enter_posts(actor=actor_of(request), person=person))
    form = TermForm(request.POST or None)
    if form.is_valid():
        outcome = perform(request, begin_term, form, person=person.ref, **_session(form.cleaned_data))
        if outcome:
            return done(request, _("The term is entered."), person.get_absolute_url())
    return _show(request, form, person=person, heading=_("Enter a post"), back=person.get_absolute_url(),
                 submit=_("Enter"))


@signed_in
def begin_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter who holds a post of an organisation."""
    unit = get_object_or_404(Organisation, pk=pk)
    allow(policy.may_change_term(actor=actor_of(request), organisation=unit))
    form = TermHereForm(request.POST or None)
    if form.is_valid():
        outcome = perform(request, begin_term, form, organisation=unit.ref, **_session(form.cleaned_data))
        if outcome:
            return done(request, _("The term is entered."), unit.get_absolute_url())
    return _show(request, form, organisation=unit, heading=_("Enter a post"), back=unit.get_absolute_url(),
                 submit=_("Enter"))


def _term(request: HttpRequest, pk: int) -> Term:
    term = get_object_or_404(Term.objects.select_related("person", "post__organisation"), pk=pk)
    allow(_verdict(request, term))
    return term


def _verdict(request: HttpRequest, term: Term) -> Verdict:
    return policy.may_change_term(actor=actor_of(request), organisation=term.organisation, person=term.person.ref)


def _change(
    request: HttpRequest, pk: int, *, form_class: type[Form], act: Callable[..., Any], heading: str,
    initial: Callable[[Term], dict[str, Any]],
) -> HttpResponse:
    term = _term(request, pk)
    back = safe_next(request, request.GET.get("back"), fallback=term.person.get_absolute_url())
    form = form_class(request.POST or None, initial=initial(term))
    if form.is_valid():
        given = _session(form.cleaned_data) if "session" in form.fields else form.cleaned_data
        if perform(request, act, form, term=term.ref, **given):
            return done(request, _("Recorded."), back)
    said = f"{term.person.name}　{term.organisation.label}{term.post.label}"
    return _show(request, form, person=term.person, heading=heading, said=said, back=back, submit=_("Record"))


@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a term."""
    return _change(request, pk, form_class=TermEndForm, act=end_term, heading=_("End a term"),
                   initial=lambda term: {"until_on": term.until_on})


@signed_in
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the days of a term right."""
    return _change(request, pk, form_class=TermDaysForm, act=correct_term, heading=_("Correct a term"),
                   initial=lambda term: {name: getattr(term, name) for name in TermDaysForm.base_fields})


@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out a term entered by mistake, after asking."""
    term = _term(request, pk)
    back = term.person.get_absolute_url()
    if request.method == "POST" and perform(request, withdraw_term, term=term.ref):
        return done(request, _("The term was withdrawn."), back)
    return render(request, "directory/ask.html", {
        "person": term.person, "back": back, "submit": _("Withdraw the entry"), "danger": True,
        "heading": _("Withdraw the term “%(post)s”?") % {"post": f"{term.organisation.label}{term.post.label}"},
        "does": [_("The term is as if it had never been; the facts keep that it was entered."),
                 _("A term that was held and is over is ended instead.")]})
