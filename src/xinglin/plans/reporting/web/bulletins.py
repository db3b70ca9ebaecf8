"""Quarterly bulletins: which quarters are over, and drafting one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.shell.web import allow

from ...actions.reporting import draft_bulletin
from ...documents import Plan
from ...drafts import ReportDraft
from ...policy import may_report
from ...supervising import end_of
from ...web.doors import plan_or_404, reads_plans
from .drafting import drafted

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """A quarter of a plan's year, whether it is over, and the drafts of its bulletin."""

    first: date
    last: date
    number: int
    over: bool
    drafts: Sequence[ReportDraft]


def quarters_of(*, plan: Plan, drafts: Sequence[ReportDraft], today: date) -> list[Quarter]:
    """Return the four quarters of a plan's year with their drafts."""
    found = []
    for number in QUARTERS:
        first = date(plan.year, number * 3 - 2, 1)
        last = end_of(quarter=first)
        own = [one for one in drafts if one.quarter == number]
        found.append(Quarter(first=first, last=last, number=number, over=last <= today, drafts=own))
    return found


@reads_plans
@require_POST
def draft(request: HttpRequest, key: int, quarter: int) -> HttpResponse:
    """Draft the bulletin of a quarter that is over."""
    if quarter not in QUARTERS:
        raise Http404
    allow(may_report(actor=request.actor))
    said = _("Bulletin of quarter %(quarter)s, draft %(n)s.")
    return drafted(request, draft_bulletin, said=said, plan=plan_or_404(key), quarter=quarter)
