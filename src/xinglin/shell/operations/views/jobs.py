"""Background jobs: what runs and how far, what failed, and stopping one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from xinglin.kernel import clock
from xinglin.kernel.jobs import Job

from ...drawing import JOB_LABELS
from ...tables import Column, Dates, Segment, Table
from ...web import allow, done, perform, signed_in
from .. import policy
from ..actions.jobs import ALIVE, stop_job
from ..masking import masked

STATES: dict[str, tuple[str, Any]] = {
    "queued": ("warn", pgettext_lazy("job", "Waiting")),
    "running": ("ok", _("Running")),
    "done": ("done", _("Finished")),
    "refused": ("off", pgettext_lazy("job", "Refused")),
    "failed": ("bad", pgettext_lazy("job", "Failed")),
    "cancelled": ("off", pgettext_lazy("job", "Stopped")),
}


def label_of(row: Job) -> str:
    """Return what a job is called."""
    return str(JOB_LABELS.get(row.kind, row.kind))


def alive() -> QuerySet[Job]:
    """Return the jobs that wait or run, longest first."""
    return Job.objects.filter(state__in=ALIVE).order_by("queued_at")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One job on the page of what runs."""

    row: Job
    label: str
    light: str
    word: Any
    percent: int
    trouble: str


def line_of(row: Job) -> Line:
    """Return a job as the page of what runs shows it."""
    light, word = STATES[row.state]
    return Line(row=row, label=label_of(row), light=light, word=word, trouble=masked(row.trouble),
                percent=percent_of(row))


def percent_of(row: Job) -> int:
    """Return how far a job is, in per cent."""
    return row.done * 100 // row.total if row.total else 0


def _progress(row: Job) -> str:
    return f"{row.done:,} / {row.total:,}" if row.total else ""


def _link(row: Job) -> str:
    return reverse("operations:stop_job", args=[row.pk])


class Jobs(Table):
    """Every job, newest first."""

    code, unit = "operations.jobs", "项"
    title = _("Background jobs")
    columns = (
        Column("kind", _("Job"), value=label_of, at="name", link=_link, sort="kind"),
        Column("owner", _("Started by"), kind="ref"),
        Column("subject", _("About"), kind="ref", hidden=True),
        Column("progress", _("How far"), value=_progress),
        Column("queued_at", _("Started"), kind="datetime", sort=True),
        Column("ended_at", _("Ended"), kind="datetime", sort=True),
        Column("trouble", _("What went wrong"), value=lambda row: masked(row.trouble), at="wide"),
        Column("attempts", _("Tries"), kind="number", unit="次", hidden=True),
        Column("state", _("State"), kind="status", words=STATES, at="status"),
    )
    search = ("kind", "message", "trouble")
    segments = (
        Segment("all", _("All")), Segment("alive", _("Waiting or running"), where=Q(state__in=ALIVE)),
        Segment("failed", pgettext_lazy("job", "Failed"), where=Q(state="failed")),
        Segment("ended", _("Ended"), where=~Q(state__in=(*ALIVE, "failed"))),
    )
    filters = (Dates("queued_at", _("Started"), lookup="queued_at__date"),)
    order = ("-queued_at",)
    empty = (_("No job was started yet"), _("Long work such as an import runs here while people go on."))

    def rows(self) -> QuerySet[Job]:
        """Return all jobs."""
        return Job.objects.all()


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def jobs(request: HttpRequest) -> HttpResponse:
    """List the jobs."""
    allow(policy.may_see_operations(actor=request.actor))
    return Jobs(request).response("operations/jobs.html")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def stop(request: HttpRequest, key: int) -> HttpResponse:
    """Show one job; by POST stop it."""
    allow(policy.may_see_operations(actor=request.actor))
    row = Job.objects.filter(pk=key).first()
    if row is None:
        return render(request, "operations/job.html", {"job": None}, status=404)
    refusal = None
    if request.method == "POST":
        allow(policy.may_operate(actor=request.actor))
        outcome = perform(request, stop_job, job_id=row.pk, now=clock.now())
        if outcome.ok:
            return done(request, _("The job stops at its next step."), _link(row))
        refusal = outcome.refusal
    light, word = STATES[row.state]
    context = {"job": row, "label": label_of(row), "light": light, "word": word, "trouble": masked(row.trouble),
               "percent": percent_of(row), "alive": row.state in ALIVE, "refusal": refusal,
               "verdict": policy.may_operate(actor=request.actor)}
    return render(request, "operations/job.html", context, status=409 if refusal else 200)
