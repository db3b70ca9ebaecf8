"""Reporting work: the quick form for a phone, and the same form to correct what was said."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.files import Kept, keep
from xinglin.kernel.policy import Refusal
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.evidence import report_work
from ..actions.work import correct_work
from ..entries import Entry
from ..policy import may_correct_work, may_log_work
from ..words import Kind
from ..works import Work
from . import choosing
from .forms import WorkForm


def kept(form: WorkForm) -> list[Kept] | None:
    """Store the upload before the act; nothing when it was refused, with the reason beside the field."""
    file = form.cleaned_data.get("evidence")
    if not file:
        return []
    try:
        return [keep(content=file)]
    except Refusal as refusal:
        refusal.field = "evidence"
        form.refuse(refusal)
        return None


def chosen_kind(request: HttpRequest) -> Kind | None:
    """Return the kind the address or the form names."""
    code = request.POST.get("kind") or request.GET.get("kind") or ""
    return Kind.objects.loggable(clock.today()).select_related("parent").filter(code=code).first()


@signed_in
def report(request: HttpRequest) -> HttpResponse:
    """Ask what was done: first the kind, then the six fields that fit it."""
    allow(may_log_work(actor=request.actor))
    on, kind = clock.today(), chosen_kind(request)
    form = None
    if kind:
        form = WorkForm(request.POST or None, request.FILES or None, kind=kind, actor=request.actor, on=on)
    if form and request.method == "POST" and form.is_valid() and (evidence := kept(form)) is not None:
        hand_in = "draft" not in request.POST
        outcome = perform(request, report_work, form, work=form.said(), evidence=evidence, submit=hand_in)
        if outcome.ok:
            say = _("Submitted. It counts once a second person has verified it.") if hand_in else _("Draft kept.")
            return done(request, say, reverse("worklog:entry", args=[outcome.answer.pk]))
    return render(request, "worklog/report.html", {
        "form": form, "kind": kind, "recent": choosing.recent_kinds(actor=request.actor, on=on),
        "groups": choosing.kind_options(on=on), "correcting": None})


@signed_in
def correct(request: HttpRequest, key: int) -> HttpResponse:
    """Say anew what was done; a verified entry goes back to be verified."""
    entry = get_object_or_404(Entry.objects.told(), pk=key)
    allow(may_correct_work(actor=request.actor, entry=entry))
    form = WorkForm(request.POST or None, request.FILES or None, kind=entry.kind, actor=request.actor,
                    on=clock.today(), work=Work.of(entry))
    del form.fields["evidence"]
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, correct_work, form, entry=entry, work=form.said())
        if outcome.ok:
            return done(request, _("Corrected."), reverse("worklog:entry", args=[key]))
    return render(request, "worklog/report.html", {"form": form, "kind": entry.kind, "correcting": entry})
