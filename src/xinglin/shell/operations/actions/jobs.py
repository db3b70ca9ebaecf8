"""Stops a job in the name of the house."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.jobs import Job
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Ref, ref

from ..facts import JobStopped
from ..policy import may_operate

ALIVE = ("queued", "running")


class AlreadyEnded(Refusal):
    """The job has ended, so nothing is left to stop."""


@act
@open_to("system_admin")
def stop_job(*, by: Actor, on: date, job_id: int, now: datetime) -> Job:
    """Stop anybody's job: a waiting one at once, a running one at its next report. Owners stop theirs themselves."""
    require(may_operate(actor=by))
    job = Job.objects.one_locked(job_id=job_id)
    if job is None or job.state not in ALIVE or job.cancel_asked:
        raise AlreadyEnded(_("This job has ended or is being stopped."))
    if job.state == "queued":
        job.state, job.ended_at = "cancelled", now
    job.cancel_asked = True
    job.save(update_fields=["state", "ended_at", "cancel_asked"])
    state(JobStopped(job=ref("kernel.job", job.pk), owner=Ref(job.owner)))
    return job
