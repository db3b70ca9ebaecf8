"""The year's summary: how it reads today, the drafts that were made, and their files."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal
from xinglin.shell.web import allow

from ...actions.reporting import draft_report
from ...documents import Plan
from ...drafts import ReportDraft
from ...policy import may_report
from ...web.doors import plan_or_404, reads_plans
from ..composing import compose
from ..keeping import paper_from
from ..laying import paper_of
from .bulletins import quarters_of
from .drafting import drafted
from .files import answer_with
from .showing import blocks_of


def as_of(*, plan: Plan, today: date) -> date:
    """Return the day a summary speaks of: today while the year runs, else its last day, or that of closing."""
    return min(today, date(plan.year, 12, 31), plan.closed_on or today)


@reads_plans
def newest(request: HttpRequest) -> HttpResponse:
    """Lead to the summary of this year's plan, else of the newest one."""
    plans = Plan.objects.filter(commitments__state="accepted").distinct()
    order = sorted(plans, key=lambda one: (one.year != clock.today().year, one.state == Plan.State.DRAFT, -one.year))
    target = reverse("plans_reports:report", args=[order[0].pk]) if order else reverse("plans:plans")
    return HttpResponseRedirect(target)


@reads_plans
def report(request: HttpRequest, key: int) -> HttpResponse:
    """Show how the summary reads today."""
    plan = plan_or_404(key)
    drafts = list(plan.report_drafts.defer("blocks"))
    context = {
        "plan": plan,
        "drafts": [one for one in drafts if not one.quarter],
        "quarters": quarters_of(plan=plan, drafts=drafts, today=clock.today()),
        "may_report": may_report(actor=request.actor),
    }
    try:
        found = compose(plan=plan, on=as_of(plan=plan, today=clock.today()), annex=False)
    except Refusal as refusal:
        return render(request, "plans/reporting/report.html", context | {"refusal": refusal})
    context |= {"report": found, "blocks": blocks_of(paper=paper_of(report=found), figures=found.figures)}
    return render(request, "plans/reporting/report.html", context)


@reads_plans
@require_POST
def draft(request: HttpRequest, key: int) -> HttpResponse:
    """Draft the summary, after signing a checkpoint over what is sealed."""
    plan = plan_or_404(key)
    allow(may_report(actor=request.actor))
    said = _("Draft %(n)s: %(figures)s figures.")
    return drafted(request, draft_report, said=said, plan=plan, drawn_on=as_of(plan=plan, today=clock.today()))


@reads_plans
def paper(request: HttpRequest, key: int, number: int, form: str, quarter: int = 0) -> HttpResponse:
    """Hand out a draft as Word or PDF: the same draft always says the same."""
    row = get_object_or_404(ReportDraft, plan=key, quarter=quarter, number=number)
    if form not in {"docx", "pdf"}:
        raise Http404
    return answer_with(paper=paper_from(draft=row), form=form, name=f"{row.title}（稿{row.number}）")
