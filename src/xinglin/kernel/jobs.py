"""Background jobs: queued with their act, watched while they run, not lost with their worker."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from . import clock
from .actors import Actor, ActorSource
from .policy import Refusal
from .ports import ask
from .refs import Ref
from .scheduler import every, nightly

log = logging.getLogger(__name__)
QUIET = timedelta(minutes=10)  # a job that reported nothing for so long has lost its worker
ATTEMPTS = 3
PACE = 0.5  # seconds between two reports that are written down


class Cancelled(Exception):
    """Somebody cancelled the job: it stops at its next report."""


class Superseded(Exception):
    """The job was given to another worker meanwhile: this one must stop."""


class NotYours(Refusal):
    """Only who started a job may cancel it."""


class JobQuerySet(models.QuerySet["Job"]):
    """Sets of jobs."""

    def one_locked(self, *, job_id: int) -> "Job | None":
        """Lock one job."""
        return self.select_for_update().filter(pk=job_id).first()

    def lost_locked(self, *, now: datetime) -> list["Job"]:
        """Lock the jobs that run without a sign of life, or wait without being fetched."""
        lost = models.Q(state="running", beat_at__lt=now - QUIET) | models.Q(state="queued", queued_at__lt=now - QUIET)
        return list(self.filter(lost).order_by("pk").select_for_update(skip_locked=True))


class Job(models.Model):
    """One piece of long work: queued, running, then done, refused, failed or cancelled."""

    PERSONAL = ("owner", "actor", "payload")

    kind = models.CharField(max_length=64)
    owner = models.CharField(max_length=120, db_index=True)
    actor = models.JSONField()
    subject = models.CharField(max_length=120, blank=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="queued")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=120, blank=True)
    trouble = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    queued_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        app_label = "kernel"
        indexes = [models.Index(fields=["state", "beat_at"], name="jobs_alive")]


@dataclass(kw_only=True)
class Running:
    """A job in the hands of a worker: on whose behalf it runs, and how it reports."""

    job: Job
    by: Actor
    _nested: bool = field(default_factory=lambda: transaction.get_connection().in_atomic_block)
    _beside: BaseDatabaseWrapper | None = None
    _written: float = 0.0

    def report(self, *, done: int, total: int, message: str = "") -> None:
        """Say how far the job is; call it at least once a minute. Raises Cancelled or Superseded."""
        if time.monotonic() - self._written < PACE and done < total:
            return
        self._written, connection = time.monotonic(), self._connection()
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Job._meta.db_table} SET done = %s, total = %s, message = %s, beat_at = %s"
                " WHERE id = %s AND attempts = %s AND state = 'running' RETURNING cancel_asked",
                [done, total, message[:200], connection.ops.adapt_datetimefield_value(clock.now()),
                 self.job.pk, self.job.attempts])
            row = cursor.fetchone()
        if row is None:
            raise Superseded(str(self.job.pk))
        if row[0]:
            raise Cancelled

    def _connection(self) -> BaseDatabaseWrapper:
        """Return a connection on which a report is seen at once, even inside the job's own transaction.

        SQLite has one writer: there, reports made inside a transaction are seen when it ends.
        """
        connection = transaction.get_connection()
        if self._nested or not connection.in_atomic_block or connection.vendor == "sqlite":
            return connection
        self._beside = self._beside or connection.copy()
        return self._beside

    def close(self) -> None:
        """Give the connection for reports back."""
        if self._beside:
            self._beside.close()


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """A registered kind of job: `again` when it may run a second time after a killed worker, `forgets` when nothing
    of its payload is kept after its end."""

    name: str
    run: Callable[..., Ref | None]
    again: bool
    forgets: bool = False


_kinds: dict[str, JobKind] = {}


def job(
    name: str, *, again: bool, forgets: bool = False,
) -> Callable[[Callable[..., Ref | None]], Callable[..., Ref | None]]:
    """Register `run(running, **payload)` as a kind of job; what it returns is the ref of its result."""

    def register(run: Callable[..., Ref | None]) -> Callable[..., Ref | None]:
        _kinds[name] = JobKind(name=name, run=run, again=again, forgets=forgets)
        return run

    return register


@task
def _work(job_id: int) -> None:
    run_job(job_id=job_id)


def start_job(*, kind: str, by: Actor, subject: Ref | None = None, payload: Mapping[str, Any] | None = None) -> Job:
    """Queue a job in the running transaction; payload holds refs, codes, numbers and dates as JSON values."""
    if kind not in _kinds:
        raise KeyError(f"no job {kind} is registered; known are {', '.join(sorted(_kinds))}")
    actor = {"ref": by.ref, "person": by.person, "name": by.name, "roles": sorted(by.roles),
             "scope": {role: sorted(where) for role, where in by.scope.items()}}
    with transaction.atomic():
        made = Job.objects.create(kind=kind, owner=by.ref, actor=actor, subject=subject or "",
                                  payload=dict(payload or {}), queued_at=clock.now())
        _work.enqueue(made.pk)
    return made


def cancel_job(*, job_id: int, by: Actor) -> None:
    """Cancel a job: a waiting one at once, a running one at its next report (NotYours)."""
    with transaction.atomic():
        row = Job.objects.one_locked(job_id=job_id)
        if row is None or by.ref != row.owner:
            raise NotYours(_("Only who started this may cancel it."))
        if row.state == "queued":
            row.state, row.ended_at, row.payload = "cancelled", clock.now(), _kept(row)
        row.cancel_asked = True
        row.save(update_fields=["state", "ended_at", "cancel_asked", "payload"])


def run_job(*, job_id: int) -> None:
    """Run a queued job to its end; a job that somebody else has is left alone."""
    with transaction.atomic():
        row = Job.objects.one_locked(job_id=job_id)
        if row is None or row.state != "queued":
            return
        row.state, row.attempts, row.beat_at = "running", row.attempts + 1, clock.now()
        row.save(update_fields=["state", "attempts", "beat_at"])
    said = row.actor
    by = Actor(ref=Ref(said["ref"]), person=said["person"] and Ref(said["person"]), name=said["name"],
               roles=frozenset(said["roles"]), scope={role: frozenset(on) for role, on in said["scope"].items()})
    running = Running(job=row, by=ask(ActorSource).again(actor=by, on=clock.today()))
    outcome = _outcome(running)
    running.close()
    ended = Job.objects.filter(pk=row.pk, attempts=row.attempts, state="running")
    ended.update(ended_at=clock.now(), payload=_kept(row), **outcome)


def _kept(row: Job) -> dict[str, Any]:
    kind = _kinds.get(row.kind)
    return {} if kind and kind.forgets else row.payload


def _outcome(running: Running) -> dict[str, str]:
    row = running.job
    try:
        result = _kinds[row.kind].run(running, **row.payload)
    except Cancelled:
        return {"state": "cancelled"}
    except Refusal as refusal:
        return {"state": "refused", "trouble": str(refusal)}
    except Exception as trouble:
        log.exception("job %s %s failed", row.pk, row.kind)
        return {"state": "failed", "trouble": f"{type(trouble).__name__}: {trouble}"}
    return {"state": "done", "result": result or ""}


@transaction.atomic
def recover_jobs(*, now: datetime) -> int:
    """Give jobs of killed workers to others, or mark them failed when they must not run twice; return how many."""
    lost = Job.objects.lost_locked(now=now)
    for row in lost:
        kind = _kinds.get(row.kind)
        if row.state == "running" and not (kind and kind.again and row.attempts < ATTEMPTS):
            row.state, row.ended_at, row.payload = "failed", now, _kept(row)
            row.trouble = _("The worker stopped half-way; start it again after looking at what was done.")
        else:
            row.state, row.queued_at = "queued", now
            _work.enqueue(row.pk)
    Job.objects.bulk_update(lost, ["state", "ended_at", "trouble", "queued_at", "payload"])
    return len(lost)


@nightly("kernel.queue", at="03:40")
def prune_queue(*, on: date) -> int:
    """Forget the queue's own rows of tasks that ended a fortnight ago; jobs themselves stay."""
    ended = datetime.combine(on, datetime.min.time(), tzinfo=UTC) - timedelta(days=14)
    return DBTaskResult.objects.finished().filter(finished_at__lt=ended).delete()[0]


@every("kernel.jobs", minutes=1)
def recover() -> int:
    """Look for lost jobs."""
    return recover_jobs(now=clock.now())
