"""Scores of departments and leaders by regulation W5, each point with its commitment, and the quality factor."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.shell.web import allow, done, perform

from ...actions.reporting import set_quality
from ...policy import may_appraise, may_see_performance
from ...web.doors import commitment_or_404, plan_or_404, reads_plans
from ..scoring import Account, Performance, performance
from .forms import QualityForm

_ALL = {"office", "secretary_general", "leader", "supervisor", "house"}
LEFT_OUT = {
    "cancelled": _("cancelled"),
    "unmeasured": _("not measured"),
    "not_due": _("not due yet"),
    "strive": _("only strived for, not reached"),
}
GRADES = {"A": "done", "B": "ok", "C": "warn", "": "off"}


@reads_plans
def scores(request: HttpRequest, key: int) -> HttpResponse:
    """Show the scores of units and leaders."""
    plan = plan_or_404(key)
    allow(may_see_performance(actor=request.actor))
    found = performance(plan=plan, on=clock.today())
    accounts = seen_by(actor=request.actor, found=found)
    context: dict[str, Any] = {
        "plan": plan, "found": found, "groups": accounts, "left_out": LEFT_OUT, "grades": GRADES,
        "whole": bool(request.actor.roles & _ALL),
        "may_appraise": bool(request.actor.roles & {"office", "secretary_general", "leader", "house"}),
    }
    return render(request, "plans/reporting/performance.html", context)


def seen_by(*, actor: Actor, found: Performance) -> list[tuple[str, Any, list[Account]]]:
    """Return the accounts an actor may see: all, or those of the units they head."""
    if actor.roles & _ALL:
        return [("departments", _("Departments"), list(found.departments)), ("leaders", _("Leaders"),
                                                                             list(found.leaders))]
    own = actor.scope.get("department_head", frozenset())
    return [("departments", _("Departments"), [one for one in found.departments if one.ref in own])]


@reads_plans
def quality(request: HttpRequest, key: int) -> HttpResponse:
    """Set the quality factor of a commitment."""
    commitment = commitment_or_404(key)
    allow(may_appraise(actor=request.actor, commitment=commitment))
    kept = getattr(commitment, "quality", None)
    given = {"factor": kept.factor, "reason": kept.reason} if kept else {"factor": 1}
    form = QualityForm(request.POST or None, initial=given)
    back = reverse("plans_reports:performance", args=[commitment.plan_id])
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, set_quality, form, commitment=commitment, **form.cleaned_data)
        if outcome:
            return done(request, _("Quality factor of %(no)s set.") % {"no": commitment.no}, back)
    context = {"commitment": commitment, "plan": commitment.plan, "form": form, "back": back}
    return render(request, "plans/reporting/quality.html", context, status=422 if form.failed else 200)
