"""The background job of imports: checks and writes a kept list while the page shows how far it is."""

from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.jobs import Job, Running, job, start_job
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Ref
from xinglin.kernel.scheduler import nightly

from .. import policy
from ..imports import Batch
from . import running as imports

KIND = "directory.import"


def start_import(*, by: Actor, on: date, batch: Batch, only_accepted: bool) -> Job:
    """Queue the writing of a checked list."""
    require(policy.may_import(actor=by))
    batch.state, batch.trouble = Batch.State.RUNNING, ""
    batch.save()
    queued = start_job(kind=KIND, by=by, subject=batch.ref, payload={
        "batch": batch.pk, "on": on.isoformat(), "only_accepted": only_accepted})
    Batch.objects.filter(pk=batch.pk).update(job=str(queued.pk))
    return queued


@job(KIND, again=True)
def run_import(running: Running, *, batch: int, on: str, only_accepted: bool) -> Ref:
    """Write a list; a second run after a stopped worker finds what the first one wrote and adds the rest."""
    row = Batch.objects.get(pk=batch)

    def report(done: int, total: int, message: str) -> None:
        running.report(done=done, total=total, message=message)

    try:
        imports.write(row, by=running.by, on=date.fromisoformat(on), only_accepted=only_accepted, report=report)
    except Exception as trouble:
        stopped = _("The import stopped; nothing of this part was written.")
        words = str(trouble) if isinstance(trouble, Refusal) else stopped
        Batch.objects.filter(pk=batch).update(state=Batch.State.FAILED, trouble=words)
        raise
    return row.ref


@nightly("directory.forget_import_files", at="03:20")
def forget_import_files(*, on: date) -> None:
    """Delete the sealed files of old imports."""
    imports.forget_files(on=min(on, clock.today()))
