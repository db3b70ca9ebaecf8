"""Sensitive numbers: reading one in full, and taking a column of them out with a second person."""

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.refs import Ref
from xinglin.kernel.regulations import value
from xinglin.shell.web import allow, done, perform, signed_in

from .. import policy
from ..actions.exports import ask_export, decide_export
from ..actions.unmasking import unmask_field
from ..gate import SALT
from ..models import ExportRequest
from ..rates import limited
from ..sensitive import sensitive_field
from .forms import ExportReasonForm, UnmaskForm
from .tables import ExportTable


@signed_in
@limited("unmask")
def unmask(request: HttpRequest, subject: str, field: str) -> HttpResponse:
    """Ask why, then show the number for some seconds; an htmx part of whichever page shows it masked."""
    one = sensitive_field(kind=Ref(subject).kind, name=field)
    allow(one.may(request.actor, Ref(subject).key))
    form = UnmaskForm(request.POST or None)
    context = {"form": form, "subject": subject, "field": field, "label": one.label}
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, unmask_field, form, subject=subject, field=field, **form.cleaned_data)
        if outcome:
            context |= {"plain": outcome.answer, "seconds": value("SE6.seconds", on=clock.today())}
    response = render(request, "security/unmask.html", context)
    response["Cache-Control"] = "no-store"
    return response


@signed_in
def masked_again(request: HttpRequest, subject: str, field: str) -> HttpResponse:
    """Cover the number again."""
    one = sensitive_field(kind=Ref(subject).kind, name=field)
    allow(one.may(request.actor, Ref(subject).key))
    return render(request, "security/covered.html", {
        "subject": subject, "field": field, "label": one.label, "may": True,
        "masked": one.mask(one.read(Ref(subject).key)),
    })  # fmt: skip


@signed_in
def exports(request: HttpRequest) -> HttpResponse:
    """List requests to export sensitive columns."""
    allow(policy.may_see_exports(actor=request.actor))
    return ExportTable(request).response("security/exports.html")


@signed_in
@limited("export")
def ask(request: HttpRequest, asked: str) -> HttpResponse:
    """Say what the numbers are needed for; the list, its conditions and columns come signed from the list."""
    allow(policy.may_ask_export(actor=request.actor))
    try:
        given = signing.loads(asked, salt=SALT, max_age=3600)
    except signing.BadSignature:
        return redirect("security:exports")
    form = ExportReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = perform(
            request, ask_export, form, export=given["table"], query=given["address"], columns=given["columns"],
            rows=given["rows"], reason=form.cleaned_data["reason"],
        )  # fmt: skip
        if outcome:
            return done(request, _("Asked. A head of department decides."), reverse("security:exports"))
    return render(request, "security/export_ask.html", {"form": form, "given": given})


@signed_in
def export_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request and the decision."""
    allow(policy.may_see_exports(actor=request.actor))
    seen = policy.exports_seen(actor=request.actor)
    one = get_object_or_404(seen.select_related("asked_by__person", "decided_by"), pk=pk)
    may = policy.may_decide_export(actor=request.actor, request=one)
    conditions, _mark, chosen = one.query.partition("#")
    picked = len(QueryDict(chosen).getlist("picked"))
    return render(request, "security/export.html", {
        "one": one, "may": may, "now": clock.now(), "conditions": conditions, "picked": picked,
    })  # fmt: skip


@signed_in
@require_POST
def export_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or decline as the second person."""
    one = get_object_or_404(ExportRequest, pk=pk)
    approve = request.POST.get("approve") == "1"
    outcome = perform(request, decide_export, asked=one, approve=approve)
    if not outcome and outcome.refusal:
        raise outcome.refusal
    words = _("Approved. One download within the hours set.") if approve else _("Declined.")
    return done(request, words, reverse("security:exports"))
