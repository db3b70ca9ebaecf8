"""The kernel's services under several hands at once, on PostgreSQL."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection, transaction

from tests.kernel.conftest import CLERK, DAY
from tests.kernel.test_concurrency import at_once
from xinglin.kernel import clock, files, jobs, notices, ports, scheduler
from xinglin.kernel.actions.files import NothingToDiscard, attach_file, detach_file, discard_files, sweep_files
from xinglin.kernel.actions.numbering import AlreadyNumbered, issue_number, open_series, void_number
from xinglin.kernel.acts import act
from xinglin.kernel.jobs import Job, cancel_job, recover_jobs, run_job, start_job
from xinglin.kernel.notices import wording
from xinglin.kernel.notices.delivery import deliver_due
from xinglin.kernel.notices.models import Letter, Notice
from xinglin.kernel.numbering import IssuedNumber
from xinglin.kernel.ports.addresses import Address, Addresses
from xinglin.kernel.refs import Code, Ref
from xinglin.kernel.scheduler import nightly, run_due

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]
LETTER, PAPER = Code("letter"), Ref("trial.paper:1")


@pytest.fixture
def series():
    open_series(by=CLERK, on=DAY, code=LETTER, label="公文", pattern="沪交医〔{year}〕{serial}号")


def test_eight_hands_take_numbers_without_gap_though_some_acts_fail(series):
    @act
    def take_and_fail(*, by, on):
        issue_number(by=by, on=on, code=LETTER)
        time.sleep(0.002)  # widens the window
        raise RuntimeError("half-way")

    def take():
        for round_ in range(10):
            if round_ % 3 == 2:
                with pytest.raises(RuntimeError):
                    take_and_fail(by=CLERK, on=DAY)
            else:
                number = issue_number(by=CLERK, on=DAY, code=LETTER)
                if round_ == 4:
                    void_number(by=CLERK, on=DAY, number=number.ref, reason=Code("misprint"))

    assert at_once(*[take] * 8) == [None] * 8
    assert sorted(IssuedNumber.objects.values_list("serial", flat=True)) == list(range(1, 57))
    assert IssuedNumber.objects.exclude(voided_on=None).count() == 8


def test_two_hands_that_number_one_thing_give_it_one_number(series):
    def take():
        return issue_number(by=CLERK, on=DAY, code=LETTER, about=PAPER).text

    answers = at_once(take, take)
    assert [one for one in answers if isinstance(one, str)] == ["沪交医〔2026〕1号"]
    assert [type(one) for one in answers if not isinstance(one, str)] == [AlreadyNumbered]


class Book:
    def of(self, *, people):
        return {person: Address(person=person, email=f"p{person.key}@example.org") for person in people}


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr(wording, "_wordings", {})
    monkeypatch.setattr(ports, "_answering", {Addresses: Book()})
    notices.register_notice("trial.due", app="tests.kernel.trial")


def test_two_acts_that_tell_the_same_people_tell_them_once_and_two_workers_send_once(registered):
    people = [Ref(f"trial.person:{number}") for number in range(40)]

    def tell():
        with transaction.atomic():
            notices.notify(to=people, template="trial.due", key="x", context={"plan": PAPER, "due": DAY, "left": 1})
            time.sleep(0.05)

    assert at_once(tell, tell, tell) == [None] * 3
    assert (Notice.objects.count(), Letter.objects.count()) == (40, 40)

    def send():
        return sum(deliver_due(now=clock.now(), limit=3) for _ in range(20))

    assert sum(at_once(send, send, send)) == 40
    assert sorted(one.to[0] for one in mail.outbox) == sorted(f"p{number}@example.org" for number in range(40))


def test_two_workers_run_a_night_once(monkeypatch):
    monkeypatch.setattr(scheduler, "_schedules", {})
    done = []

    @nightly("trial.night", at="00:00")
    def run(*, on):
        """Take a while."""
        time.sleep(0.05)
        done.append(on)

    now = clock.now()
    run_due(now=now)
    later = now + timedelta(days=2)
    assert sum(at_once(*[lambda: run_due(now=later)] * 4)) == 2
    assert len(done) == len(set(done)) == 3
    assert done == sorted(done)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(jobs, "PACE", 0)


def test_a_report_from_inside_a_transaction_is_seen_by_others_and_a_cancel_rolls_it_back(quick, series):
    seen = []

    @jobs.job("trial.import", again=True)
    def bring_in(running):
        with transaction.atomic():
            issue_number(by=running.by, on=DAY, code=LETTER)
            running.report(done=1, total=9)
            at_once(lambda: seen.append(Job.objects.get().done),
                    lambda: cancel_job(job_id=running.job.pk, by=CLERK))
            running.report(done=2, total=9)

    row = start_job(kind="trial.import", by=CLERK)
    run_job(job_id=row.pk)
    row.refresh_from_db()
    assert (seen, row.state, row.done, IssuedNumber.objects.count()) == ([1], "cancelled", 2, 0)


def test_a_job_queued_twice_runs_once_and_two_recoveries_give_it_out_once(quick):
    ran = []

    @jobs.job("trial.once", again=True)
    def run(running):
        time.sleep(0.05)
        ran.append(running.job.pk)

    row = start_job(kind="trial.once", by=CLERK)
    at_once(*[lambda: run_job(job_id=row.pk)] * 4)
    assert ran == [row.pk]
    Job.objects.update(state="running", beat_at=clock.now() - timedelta(hours=1))
    assert sum(at_once(*[lambda: recover_jobs(now=clock.now())] * 3)) == 1


def test_a_file_attached_while_the_night_job_sweeps_is_kept_or_refused_but_never_hollow():
    def fresh(number):
        return files.keep(content=ContentFile(f"%PDF-{number}".encode(), name="a.pdf"))

    kept = [fresh(number) for number in range(30)]
    for file in kept:
        attach_file(by=CLERK, on=DAY, file=file, to=PAPER)
        detach_file(by=CLERK, on=DAY, file=file.ref, to=PAPER)
    files.StoredFile.objects.update(seen_at=clock.now() - timedelta(days=2))
    before = clock.now() - timedelta(days=1)

    def attach():
        attached = 0
        for file in kept:
            try:
                attach_file(by=CLERK, on=DAY, file=file, to=PAPER)
                attached += 1
            except files.FileGone:
                continue
        return attached

    def sweep():
        with suppress(NothingToDiscard):
            while True:
                discard_files(by=CLERK, on=DAY, before=before, limit=2)
        return sweep_files(on=DAY)

    attached, swept = at_once(attach, sweep)
    assert isinstance(attached, int) and isinstance(swept, int), (attached, swept)
    for attachment in files.attachments(to=PAPER):
        with files.open_file(file=Ref(f"kernel.file:{attachment.file_id}")) as opened:
            assert opened.read().startswith(b"%PDF-")
    assert len(files.attachments(to=PAPER)) == attached


CHILD = """
import os, sys, time
sys.path[:0] = ["src", "."]
os.environ["DJANGO_SETTINGS_MODULE"] = sys.argv[3]
import django; django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
from xinglin.kernel import jobs
@jobs.job("trial.long", again=True)
def run(running):
    running.report(done=3, total=9)
    print("ready", flush=True)
    time.sleep(60)
jobs.run_job(job_id=int(sys.argv[2]))
"""


def test_a_job_whose_worker_is_killed_is_finished_by_another(quick):
    ran = []
    jobs.job("trial.long", again=True)(lambda running: ran.append(running.job.attempts))
    row = start_job(kind="trial.long", by=CLERK)
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-c", CHILD, name, str(row.pk), os.environ["DJANGO_SETTINGS_MODULE"]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline().strip() == "ready"
        child.kill()
    row.refresh_from_db()
    assert (row.state, row.done, row.attempts) == ("running", 3, 1)
    assert recover_jobs(now=clock.now() + timedelta(minutes=9)) == 0
    assert recover_jobs(now=clock.now() + timedelta(minutes=11)) == 1
    run_job(job_id=row.pk)
    row.refresh_from_db()
    assert (row.state, ran) == ("done", [2])
