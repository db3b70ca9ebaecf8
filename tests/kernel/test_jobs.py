"""A job is watched, cancelled, and not lost with its worker."""

from datetime import timedelta

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from tests.kernel.conftest import CLERK
from xinglin.kernel import clock, jobs
from xinglin.kernel.actors import Actor
from xinglin.kernel.jobs import Cancelled, Job, NotYours, Superseded, cancel_job, recover_jobs, run_job, start_job
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Ref

pytestmark = pytest.mark.django_db
PERSON = Ref("directory.person:1")
ANNA = Actor(ref=PERSON, person=PERSON, name="虚构", roles=frozenset({"branch_secretary"}),
             scope={"branch_secretary": frozenset({"directory.branch:3"})})


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(jobs, "PACE", 0)


@pytest.fixture
def seen():
    seen = []

    @jobs.job("trial.count", again=True)
    def count(running, *, rows):
        for number in range(rows):
            running.report(done=number + 1, total=rows, message="导入")
            row = Job.objects.get(pk=running.job.pk)
            seen.append((running.by, row.state, row.done, row.total, row.message))
        return Ref("trial.import:1")

    return seen


def start(kind="trial.count", by=ANNA, **payload):
    return start_job(kind=kind, by=by, subject=Ref("trial.plan:1"), payload=payload)


def work():
    """Do what is queued, as the worker does."""
    while row := DBTaskResult.objects.ready().get_locked():
        row.claim("trial")
        row.task.call(*row.task_result.args, **row.task_result.kwargs)
        row.set_successful(None)


def state(job):
    job.refresh_from_db()
    return job.state


def test_a_job_runs_for_its_owner_and_shows_how_far_it_is(seen):
    job = start(rows=2)
    assert state(job) == "queued"
    work()
    assert seen == [(ANNA, "running", 1, 2, "导入"), (ANNA, "running", 2, 2, "导入")]
    assert seen[0][0].scope == ANNA.scope
    assert (state(job), job.result, job.attempts, job.owner) == ("done", "trial.import:1", 1, PERSON)
    assert job.ended_at is not None


def test_a_job_that_was_run_does_not_run_again(seen):
    job = start(rows=1)
    work()
    run_job(job_id=job.pk)
    work()
    assert len(seen) == 1


def test_a_job_is_queued_with_its_transaction_or_not_at_all(seen):
    with pytest.raises(RuntimeError), transaction.atomic():
        start(rows=1)
        raise RuntimeError("half-way")
    work()
    assert (Job.objects.count(), seen) == (0, [])


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_report(seen):
    waiting = start(rows=1)
    cancel_job(job_id=waiting.pk, by=ANNA)
    assert state(waiting) == "cancelled"

    @jobs.job("trial.long", again=True)
    def long(running):
        running.report(done=1, total=9)
        cancel_job(job_id=running.job.pk, by=ANNA)
        with pytest.raises(Cancelled):
            running.report(done=2, total=9)
        running.report(done=3, total=9)

    running = start("trial.long")
    work()
    assert (state(running), running.done, seen) == ("cancelled", 3, [])


def test_only_the_owner_cancels(seen):
    job = start(rows=1)
    with pytest.raises(NotYours):
        cancel_job(job_id=job.pk, by=CLERK)
    assert state(job) == "queued"


def test_a_refusal_and_a_fault_end_the_job_in_words():
    @jobs.job("trial.refuse", again=True)
    def refuse(running):
        raise Refusal("第 3 行没有姓名")

    @jobs.job("trial.fail", again=True)
    def fail(running):
        raise RuntimeError("no disk")

    refused, failed = start("trial.refuse"), start("trial.fail")
    work()
    assert (state(refused), refused.trouble) == ("refused", "第 3 行没有姓名")
    assert (state(failed), failed.trouble) == ("failed", "RuntimeError: no disk")


def killed_while_running(kind, **payload):
    """Leave a job as a worker killed half-way leaves it: running, with an old heartbeat."""
    job = start(kind, **payload)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, beat_at=clock.now() - timedelta(minutes=11))
    return job


def test_the_job_of_a_killed_worker_is_given_to_another(seen):
    job = killed_while_running("trial.count", rows=1)
    work()
    assert state(job) == "running"
    assert recover_jobs(now=clock.now()) == 1
    assert recover_jobs(now=clock.now()) == 0
    work()
    assert (state(job), job.attempts, len(seen)) == ("done", 2, 1)


def test_a_job_that_keeps_killing_its_worker_is_given_up(seen):
    job = killed_while_running("trial.count", rows=1)
    Job.objects.update(attempts=3)
    assert recover_jobs(now=clock.now()) == 1
    assert state(job) == "failed"
    assert job.trouble


def test_a_job_that_must_not_run_twice_is_marked_instead():
    jobs.job("trial.once", again=False)(lambda running: None)
    job = killed_while_running("trial.once")
    recover_jobs(now=clock.now())
    work()
    assert (state(job), job.attempts) == ("failed", 1)


def test_a_job_whose_worker_died_before_taking_it_is_queued_again(seen):
    job = start(rows=1)
    DBTaskResult.objects.update(status="RUNNING")  # the queue's own row is lost with the worker that claimed it
    work()
    assert state(job) == "queued"
    assert recover_jobs(now=clock.now() + timedelta(minutes=11)) == 1
    work()
    assert state(job) == "done"


def test_a_worker_that_was_thought_dead_stops_and_changes_nothing():
    @jobs.job("trial.slow", again=True)
    def slow(running):
        Job.objects.filter(pk=running.job.pk).update(attempts=2)  # another worker has it now
        with pytest.raises(Superseded):
            running.report(done=1, total=1)
        return Ref("trial.import:9")

    job = start("trial.slow")
    work()
    assert (state(job), job.result, job.done) == ("running", "", 0)


def test_reports_are_written_at_a_measured_pace(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(jobs, "PACE", 60)

    @jobs.job("trial.fast", again=True)
    def fast(running):
        with django_assert_num_queries(2):
            for number in range(1000):
                running.report(done=number + 1, total=1000)

    job = start("trial.fast")
    work()
    assert (state(job), job.done) == ("done", 1000)


def test_the_queues_own_rows_go_after_a_fortnight_and_jobs_stay(seen):
    start(rows=1)
    work()
    today = clock.now().date()
    assert jobs.prune_queue(on=today + timedelta(days=14)) == 0
    assert jobs.prune_queue(on=today + timedelta(days=16)) == 1
    assert (DBTaskResult.objects.count(), Job.objects.count()) == (0, 1)


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError, match=r"no job trial\.none"):
        start("trial.none")
