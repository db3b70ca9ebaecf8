"""Acts around one commitment while the year runs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel.files import keep
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import ref
from xinglin.shell.web import done, perform

from ..actions.evidence import refuse_evidence, submit_evidence, verify_evidence, withdraw_evidence
from ..actions.running import answer_supervision, ask_change, comment_on, decide_change
from ..commitments import Commitment
from ..files import EVIDENCE
from ..running import ChangeRequest, Evidence, Supervision
from .commitment import page, unit_of
from .doors import commitment_or_404, reads_plans
from .plans import hand_out
from .running_forms import EVIDENCE_TYPES, AnswerForm, ChangeForm, CommentForm, DecisionForm, EvidenceForm, WhyForm


def _back(request: HttpRequest, commitment: Commitment, message: Any, part: str) -> HttpResponse:
    return done(request, message, reverse("plans:commitment", args=[commitment.pk]) + f"#{part}")


@reads_plans
@require_POST
def submit(request: HttpRequest, key: int) -> HttpResponse:
    """Hand in evidence, with a file where there is one."""
    one = commitment_or_404(key)
    form = EvidenceForm(request.POST, request.FILES, prefix="e", unit=unit_of(one))
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            upload = given.pop("file", None)
            kept = keep(content=upload, accept=EVIDENCE_TYPES, limit_mb=20) if upload else None
        except Refusal as refusal:
            refusal.field = refusal.field or "file"
            form.refuse(refusal)
            return page(request, one, evidence=form)
        if perform(request, submit_evidence, form, commitment=one, file=kept, **given):
            return _back(request, one, _("Evidence handed in. A second person verifies it."), "evidence")
    return page(request, one, evidence=form)


@reads_plans
@require_POST
def decide_evidence(request: HttpRequest, key: int) -> HttpResponse:
    """Verify evidence, refuse it with a reason, or take it back."""
    evidence = get_object_or_404(Evidence.objects.select_related("commitment__plan"), pk=key)
    one, what = evidence.commitment, request.POST.get("do", "")
    form = WhyForm(request.POST, prefix="w")
    if what == "verify":
        outcome = perform(request, verify_evidence, form, evidence=evidence)
    else:
        act = withdraw_evidence if what == "withdraw" else refuse_evidence
        outcome = perform(request, act, form, evidence=evidence, why=form.data.get("w-why", ""))
    said = {"verify": _("Verified. It counts now."), "withdraw": _("Taken back."), "refuse": _("Not accepted.")}
    if outcome:
        return _back(request, one, said.get(what, said["refuse"]), "evidence")
    return done(request, outcome.refusal.message, reverse("plans:commitment", args=[one.pk]) + "#evidence", level="bad")


@reads_plans
def evidence_file(request: HttpRequest, key: int) -> HttpResponse:
    """Hand out a file of evidence."""
    return hand_out(request, ref(EVIDENCE, get_object_or_404(Evidence, pk=key).pk))


@reads_plans
@require_POST
def ask(request: HttpRequest, key: int) -> HttpResponse:
    """Ask for a change."""
    one = commitment_or_404(key)
    form = ChangeForm(request.POST, prefix="ch")
    if form.is_valid() and perform(request, ask_change, form, commitment=one, **form.asked()):
        return _back(request, one, _("Asked. A leader decides."), "changes")
    return page(request, one, change=form)


@reads_plans
@require_POST
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """Decide a change."""
    wish = get_object_or_404(ChangeRequest.objects.select_related("commitment__plan"), pk=key)
    form = DecisionForm(request.POST, prefix="d")
    if form.is_valid():
        approved = form.cleaned_data["approved"] == "yes"
        outcome = perform(
            request, decide_change, form, wish=wish, approved=approved, decision=form.cleaned_data["decision"]
        )
        if outcome:
            said = _("Approved. It holds from today.") if approved else _("Refused.")
            return _back(request, wish.commitment, said, "changes")
    return page(request, wish.commitment, decision=form)


@reads_plans
@require_POST
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """Answer a supervision notice."""
    notice = get_object_or_404(Supervision.objects.select_related("commitment__plan"), pk=key)
    form = AnswerForm(request.POST, prefix="a")
    if form.is_valid() and perform(request, answer_supervision, form, supervision=notice, **form.cleaned_data):
        return _back(request, notice.commitment, _("Answered."), "supervision")
    return page(request, notice.commitment, answer=form)


@reads_plans
@require_POST
def comment(request: HttpRequest, key: int) -> HttpResponse:
    """Comment."""
    one = commitment_or_404(key)
    form = CommentForm(request.POST, prefix="m")
    if form.is_valid() and perform(request, comment_on, form, commitment=one, **form.cleaned_data):
        return _back(request, one, _("Comment written."), "comments")
    return page(request, one, comment=form)
