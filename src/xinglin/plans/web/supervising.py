"""督办: who is behind in a quarter, the notices, replies, talks and the changes that wait."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.kernel import clock, regulations
from xinglin.shell.naming import named
from xinglin.shell.web import done, perform

from ..actions.running import escalate_supervision, send_supervision
from ..documents import Plan
from ..policy import may_supervise
from ..progress import Standing
from ..running import ChangeRequest, Supervision
from ..supervising import reply_due, spoken_of, stood, to_be_sent_by, to_escalate
from ..telling import leading_people_of
from .doors import plan_or_404, reads_plans
from .telling import figure_text, light_word, reason_of
from .waiting import change_text


@dataclass(frozen=True, kw_only=True)
class Behind:
    """A commitment that would get a notice, and who would read it."""

    standing: Standing
    figure: str
    reason: str
    word: str
    readers: tuple[str, ...]
    sent: Supervision | None


@reads_plans
def supervision(request: HttpRequest, key: int) -> HttpResponse:
    """Show the quarter: who is behind, what was sent, what is overdue."""
    plan, on = plan_or_404(key), clock.today()
    quarter = _asked_quarter(request, plan, on)
    behind = behind_of(plan=plan, quarter=quarter, on=on)
    sent = list(Supervision.objects.filter(commitment__plan=plan).select_related("commitment__plan"))
    named({one.commitment.lead for one in sent} | {one.standing.commitment.lead for one in behind})
    fresh = [one for one in behind if one.sent is None]
    changes = ChangeRequest.objects.filter(commitment__plan=plan, state="asked").select_related("commitment__plan")
    context = {
        "plan": plan,
        "quarter": quarter,
        "quarters": _begun(plan, on),
        "behind": behind,
        "fresh": fresh,
        "send_by": to_be_sent_by(quarter=quarter, on=on),
        "on": on,
        "reply_due": reply_due(sent_on=on),
        "sent": [(one, light_word(one.light)) for one in sent if one.quarter == quarter],
        "overdue": [one for one in sent if one.replied_on is None and one.reply_due_on < on],
        "talks": [(one, _why(reason, on)) for one, reason in to_escalate(plan=plan, on=on)],
        "changes": [(one, change_text(one)) for one in changes],
        "may_supervise": may_supervise(actor=request.actor, plan=plan),
    }
    return render(request, "plans/supervision.html", context)


def _why(reason: str, on: date) -> str:
    quarters = regulations.value("W4.escalate_after", on=on)
    return {
        "no_reply": _("no reply in time"),
        "red_again": _("red for %(n)s quarters in a row") % {"n": quarters},
    }[reason]


def _begun(plan: Plan, on: date) -> list[date]:
    """Return the plan's quarters that have begun; nothing is behind in one that lies ahead."""
    quarters = [date(plan.year, month, 1) for month in (1, 4, 7, 10)]
    return [one for one in quarters if one <= on] or quarters[:1]


def _asked_quarter(request: HttpRequest, plan: Plan, on: date) -> date:
    asked = request.POST.get("quarter") or request.GET.get("quarter", "")
    known = {one.isoformat(): one for one in _begun(plan, on)}
    return known.get(asked, spoken_of(plan=plan, on=on))


def behind_of(*, plan: Plan, quarter: date, on: date) -> list[Behind]:
    """Return what was red or yellow when the quarter ended, or is today, with who would read its notice."""
    sent = {one.commitment_id: one for one in Supervision.objects.filter(commitment__plan=plan, quarter=quarter)}
    rows = [one for one in stood(plan=plan, quarter=quarter, on=on) if one.light in {"bad", "warn"}]
    readers = leading_people_of(commitments=[one.commitment for one in rows], on=on)
    return [
        Behind(
            standing=one,
            figure=figure_text(one),
            reason=reason_of(one),
            word=light_word(one.light),
            readers=tuple(readers[one.commitment.pk]),
            sent=sent.get(one.commitment.pk),
        )
        for one in rows
    ]


@reads_plans
@require_POST
def send(request: HttpRequest, key: int) -> HttpResponse:
    """Send the ticked notices of the quarter."""
    plan, on = plan_or_404(key), clock.today()
    quarter = _asked_quarter(request, plan, on)
    picked = {int(one) for one in request.POST.getlist("pick") if one.isdigit()}
    rows = [one for one in stood(plan=plan, quarter=quarter, on=on) if one.commitment.pk in picked]
    outcome = perform(request, send_supervision, plan=plan, quarter=quarter, standings=rows)
    back = reverse("plans:supervision", args=[plan.pk]) + f"?quarter={quarter}"
    if not outcome:
        return done(request, outcome.refusal.message, back, level="bad")
    count = len(outcome.answer)
    return done(request, ngettext("%(n)s notice sent.", "%(n)s notices sent.", count) % {"n": count}, back)


@reads_plans
@require_POST
def escalate(request: HttpRequest, key: int) -> HttpResponse:
    """Ask the leader to talk."""
    notice = get_object_or_404(Supervision.objects.select_related("commitment__plan"), pk=key)
    plan = notice.commitment.plan
    outcome = perform(request, escalate_supervision, supervision=notice)
    said: Any = _("Handed to the leader.") if outcome else outcome.refusal.message
    return done(request, said, reverse("plans:supervision", args=[plan.pk]), level="ok" if outcome else "bad")
