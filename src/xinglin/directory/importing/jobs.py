"""The background jobs of imports: check and write a kept list while the page shows how far they are."""

from datetime import date

from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.jobs import Job, Running, job, start_job
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Ref
from xinglin.kernel.scheduler import nightly

from .. import policy
from ..imports import Batch
from . import running as imports
from .rows import Report

KIND, CHECK = "directory.import", "directory.import_check"
LARGE = 2000  # rows above which a check is no matter of one request
OVER = ("failed", "cancelled", "refused")


def start_check(*, by: Actor, on: date, batch: Batch) -> Job:
    """Queue the check of a list (ImportOver when it is under way or over)."""
    return _start(CHECK, by=by, on=on, batch=batch, state=Batch.State.CHECKING)


def start_import(*, by: Actor, on: date, batch: Batch, only_accepted: bool) -> Job:
    """Queue the writing of a checked list (ImportOver when it is under way or over)."""
    return _start(KIND, by=by, on=on, batch=batch, state=Batch.State.RUNNING, only_accepted=only_accepted)


def _start(kind: str, *, by: Actor, on: date, batch: Batch, state: str, **more: bool) -> Job:
    require(policy.may_import(actor=by))
    with transaction.atomic():
        # Two who press the button at once meet here: the second finds the import under way.
        if not Batch.objects.filter(pk=batch.pk, state__in=Batch.OPEN).update(state=state, trouble="", job=""):
            raise imports.ImportOver(_("This import is under way or over."))
        queued = start_job(kind=kind, by=by, subject=batch.ref, payload={
            "batch": batch.pk, "on": on.isoformat(), "language": get_language() or "", **more})
        Batch.objects.filter(pk=batch.pk).update(job=str(queued.pk))
    batch.state, batch.job = state, str(queued.pk)
    return queued


def settle(batch: Batch) -> None:
    """Let an import end with a job that was cancelled or lost, so that it can be started again or undone."""
    if batch.state in Batch.AT_WORK and batch.job.isdecimal():
        ended = Job.objects.filter(pk=int(batch.job), state__in=OVER).first()
        if ended:
            imports.fail(batch, imports.Stopped(ended.trouble or _("The import was stopped.")))


def _report(running: Running) -> Report:
    def report(done: int, total: int, message: str) -> None:
        running.report(done=done, total=total, message=message)

    return report


@job(CHECK, again=True)
def run_check(running: Running, *, batch: int, on: str, language: str = "") -> Ref:
    """Check a list; its reasons are written in the language of who asked."""
    row = Batch.objects.get(pk=batch)
    if row.state == Batch.State.CHECKING:
        with override(language or get_language()):
            try:
                imports.check(row, by=running.by, on=date.fromisoformat(on), report=_report(running))
            except Exception as trouble:
                imports.fail(row, trouble)
                raise
    return row.ref


@job(KIND, again=True)
def run_import(running: Running, *, batch: int, on: str, only_accepted: bool, language: str = "") -> Ref:
    """Write a list; a second run after a stopped worker finds what the first one wrote and adds the rest."""
    row = Batch.objects.get(pk=batch)
    if row.state == Batch.State.RUNNING:
        with override(language or get_language()):
            imports.write(row, by=running.by, on=date.fromisoformat(on), only_accepted=only_accepted,
                          report=_report(running))
    return row.ref


@nightly("directory.forget_import_files", at="03:20")
def forget_import_files(*, on: date) -> None:
    """Delete the sealed files of old imports."""
    imports.forget_files(on=min(on, clock.today()))
