"""The year on one screen: where it stands, what is due, why each red is red, what has happened."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.ledger.models import Checkpoint
from xinglin.shell.charts import Figures, Series
from xinglin.shell.naming import named
from xinglin.shell.navigation import address

from ..documents import Plan
from ..happened import happened
from ..outlook import Outlook
from ..overview import Overview, overview
from ..policy import leads, may_ask_change, may_assign, may_report, may_supervise
from ..running import Comment, Supervision
from .doors import reads_plans
from .telling import figure_text, hope_text, left_text, light_word, month_name, reason_of
from .waiting import waiting_for


@dataclass(frozen=True, kw_only=True)
class Red:
    """One red commitment: why, what is left, one action."""

    outlook: Outlook
    figure: str
    why: str
    left: str
    hope: str
    said: str
    action: str
    url: str


@reads_plans
def year(request: HttpRequest) -> HttpResponse:
    """Answer where the year stands."""
    on = clock.today()
    plans = _plans(request.GET.get("year", ""))
    plan = chosen_plan(plans, request.GET.get("plan", ""), on.year)
    waits = waiting_for(actor=request.actor, on=on)
    if plan is None:
        return render(request, "plans/year_empty.html", {"waits": waits, "drafts": Plan.objects.all()[:5]})
    view = overview(plan=plan, on=on)
    context = {
        "plan": plan,
        "plans": plans,
        "view": view,
        "waits": waits,
        "legend": [(light, light_word(light), view.count(light)) for light in ("done", "ok", "warn", "bad", "off")],
        "unbound": view.count("none"),
        "red_rest": len(view.reds) - view.reachable,
        "reds": reds_of(view, request.actor),
        "due": due_of(view),
        "pace": pace_of(view),
        **happened_of(plan, view),
        "may_report": may_report(actor=request.actor),
        "report_url": address("plans_reports:summary"),
    }
    return render(request, "plans/year.html", context)


def _plans(year: str) -> list[Plan]:
    """Return the plans with commitments, those of one year when it is asked for (Http404: there is none)."""
    plans = list(Plan.objects.filter(commitments__state="accepted").distinct().order_by("-year", "pk"))
    found = [one for one in plans if not year or str(one.year) == year]
    if year and not found:
        raise Http404
    return found


def chosen_plan(plans: list[Plan], wanted: str, year: int) -> Plan | None:
    """Return the plan asked for, else this year's adopted one, else this year's, else the newest."""
    order = sorted(
        plans,
        key=lambda one: (str(one.pk) != wanted, one.year != year, one.state == Plan.State.DRAFT, -one.year, one.pk),
    )
    return order[0] if order else None


def reds_of(view: Overview, actor: Actor) -> list[Red]:
    """Return the red ones with their reasons, what people said about them, and the one action."""
    keys = [one.standing.commitment.pk for one in view.reds]
    named(part for one in view.reds for part in (one.standing.commitment.lead, one.standing.commitment.responsible))
    said = {one.commitment_id: one.words for one in Comment.objects.filter(commitment__in=keys)}
    notices = Supervision.objects.filter(commitment__in=keys).order_by("quarter")
    said |= {one.commitment_id: one.reply for one in notices if one.reply}
    rows = []
    for one in view.reds:
        action, url = _action(one, actor)
        rows.append(
            Red(
                outlook=one,
                figure=figure_text(one.standing),
                why=reason_of(one.standing),
                left=left_text(one),
                hope=hope_text(one),
                said=said.get(one.standing.commitment.pk, ""),
                action=action,
                url=url,
            )
        )
    return rows


def _action(one: Outlook, actor: Actor) -> tuple[str, str]:
    """Return the one thing this reader can do about a red commitment, or a look at it."""
    commitment = one.standing.commitment
    page = reverse("plans:commitment", args=[commitment.pk])
    if not commitment.lead and may_assign(actor=actor, plan=commitment.plan):
        return _("Name a lead"), reverse("plans:table", args=[commitment.plan_id]) + f"#r-{commitment.pk}"
    if not one.reachable and may_ask_change(actor=actor, commitment=commitment):
        return _("Ask for a change"), page + "#changes"
    if leads(actor=actor, commitment=commitment):
        return _("Hand in evidence"), page + "#evidence"
    if may_supervise(actor=actor, plan=commitment.plan):
        return _("Supervise"), reverse("plans:supervision", args=[commitment.plan_id])
    return _("Look at it"), page


def due_of(view: Overview) -> list[tuple[Any, str, str]]:
    """Return what is due this week with the word beside its light."""
    rows = []
    for one in view.due:
        light = one.standing.light
        word = (
            _("Done") if light == "done" else figure_text(one.standing) if one.standing.measure else light_word(light)
        )
        rows.append((one, "off" if light == "none" else light, word))
    return rows


def pace_of(view: Overview) -> Figures:
    """Return plan and actual by month for the chart and its table."""
    months = view.months
    return Figures(
        id="pace-table",
        head=_("Month"),
        categories=tuple(month_name(one.first) for one in months),
        series=(
            Series(label=_("Plan"), values=tuple(one.planned for one in months), line="dashed", colour="ink-3"),
            Series(label=_("Actual"), values=tuple(one.actual for one in months), line="area", colour="accent"),
        ),
        now=view.on.month - 1 if view.on.year == view.plan.year else None,
    )


def happened_of(plan: Plan, view: Overview) -> dict[str, Any]:
    """Return the ledger's figures of the year and the newest checkpoint."""
    checkpoint = Checkpoint.objects.order_by("-size").only("size", "made_at").first()
    return {
        "happened": happened(year=plan.year, on=view.on),
        "checkpoint": checkpoint,
        "ledger_url": address("ledger:latest") or address("ledger:ledger"),
    }
