"""What runs: the answer first, then flows, sealer, schedules, letters and jobs."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xinglin.kernel import clock
from xinglin.kernel.jobs import Job
from xinglin.kernel.notices.delivery import troubled

from ...navigation import forget_counts
from ...units import marks
from ...web import allow, done, signed_in
from .. import health, policy, sealing, streams
from ..masking import masked
from .jobs import alive
from .jobs import line_of as line_of_job
from .letters import line_of

SHOWN = 5


def _failed() -> QuerySet[Job]:
    return Job.objects.filter(state="failed").order_by("-ended_at")[:SHOWN]


@require_safe
@signed_in
def operations(request: HttpRequest) -> HttpResponse:
    """Say whether everything runs, and show where it does not."""
    allow(policy.may_see_operations(actor=request.actor))
    found, (between, stop) = health.examine(now=clock.now()), marks()
    context: dict[str, Any] = {
        "health": found, "between": between, "stop": stop, "sealer_word": sealing.said(found.sealer),
        "letters": [line_of(row) for row in troubled()[:SHOWN]], "verdict": policy.may_operate(actor=request.actor),
        "running": alive().exists(),
        "jobs": [line_of_job(row) for row in (*alive()[:SHOWN * 2], *_failed())],
        "said": {one.name: masked(one.trouble) for one in (*found.flows, *found.schedules)},
    }
    return render(request, "operations/operations.html", context)


@require_POST
@signed_in
def retry(request: HttpRequest, name: str) -> HttpResponse:
    """Try the fact a flow is stuck at once more."""
    allow(policy.may_operate(actor=request.actor))
    try:
        cursor = streams.try_again(name=name)
    except streams.UnknownFlow:
        raise Http404(name) from None
    forget_counts(actor=request.actor)
    back = f"{reverse('operations:operations')}#flows"
    if cursor.stuck_at:
        said = _("Still stuck at fact %(position)d: %(trouble)s") % {
            "position": cursor.stuck_at, "trouble": masked(cursor.trouble)[:200]}
        return done(request, said, back, level="bad")
    return done(request, _("The flow runs again; the worker carries the rest."), back)
