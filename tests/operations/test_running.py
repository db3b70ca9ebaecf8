"""What runs: the answer first, every trouble named, tried again by whom it is for, and nothing lost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.kernel.conftest import VisitMade, make_visit
from tests.operations.conftest import DAY, HOUSE, actor
from xinglin.kernel import clock, flows, scheduler
from xinglin.kernel.flows import Flow, FlowCursor, run_flows
from xinglin.kernel.jobs import Job
from xinglin.kernel.ledger.checkpoints import make_checkpoint
from xinglin.kernel.ledger.models import Checkpoint, SealedFact, UnsealedFact
from xinglin.kernel.notices.models import Letter, Notice
from xinglin.kernel.policy import NotAllowed
from xinglin.kernel.scheduler import ScheduleState, every, nightly
from xinglin.shell.operations import health
from xinglin.shell.operations.actions.jobs import AlreadyEnded, stop_job
from xinglin.shell.operations.actions.letters import NothingToSend, requeue_letters
from xinglin.shell.operations.masking import masked

pytestmark = pytest.mark.django_db
# The account of the reader is the first fact, so visits stand at positions 2 and 3.
PAGE = "operations:operations"
ADMIN = actor("system_admin")


def now():
    return clock.now()


@pytest.fixture(autouse=True)
def two_schedules(monkeypatch):
    """One pulse that beats and one nightly work that is up to date."""
    monkeypatch.setattr(scheduler, "_schedules", {})
    every("kernel.jobs", minutes=1)(lambda: 0)
    nightly("trial.night", at="00:00")(lambda on: 0)
    from django.utils import timezone

    ScheduleState.objects.create(name="kernel.jobs", done_on=DAY, done_at=now())
    ScheduleState.objects.create(name="trial.night", done_on=timezone.localdate(now()), done_at=now())


@pytest.fixture
def broken(monkeypatch):
    """A flow that fails until it is mended: `broken.mended = True`."""

    class Run:
        mended, carried = False, []

        def __call__(self, happened):
            if not self.mended:
                raise RuntimeError("no series general, asked by lin.xing@example.org")
            self.carried.append(happened.position)
            make_visit(by=HOUSE, on=DAY, kind="led")

    run = Run()
    run.carried = []
    only = Flow(name="visit_earns_visit", trigger=VisitMade, run=run, act="tests.actions.make_visit")
    monkeypatch.setattr(flows, "_flows", {only.name: only})
    return run


def wrong():
    return [(one.light, one.words, one.anchor) for one in health.examine(now=now()).wrong]


def letter(state="dead", trouble="SMTPRecipientsRefused: lin.xing@example.org", number=1):
    notice = Notice.objects.create(id=f"00000000-0000-0000-0000-{number:012d}", key=f"k{number}", template="trial.due",
                                   to="directory.person:7", made_at=now())
    return Letter.objects.create(notice=notice, channel="email", state=state, attempts=9, due_at=now(), trouble=trouble)


def job(state="running", **given):
    given = {"owner": "directory.account:77", "actor": {}, "kind": "trial.work", "queued_at": now()} | given
    return Job.objects.create(state=state, **given)


def test_when_nothing_is_wrong_the_page_says_so(as_role):
    page = as_role("system_admin").get(reverse(PAGE)).content.decode()
    assert "一切正常。" in page and wrong() == []


def test_a_stuck_flow_is_named_with_its_fact_its_reason_and_its_tries(as_role, broken, visit, sealed):
    visit(), visit()
    sealed()
    run_flows(), run_flows()
    page = as_role("system_admin").get(reverse(PAGE)).content.decode()
    assert "1 条流转停住" in page and "停在第 2 条" in page and "2 条在等" in page and "已试 2 次" in page
    assert "l***@example.org" in page and "lin.xing@" not in page
    assert ("bad", "1 条流转停住", "flows") in wrong()


def test_others_get_their_turn_to_write_after_each_fact(broken, visit, sealed):
    broken.mended = True
    visit(), visit()
    sealed()
    turns = []
    run_flows(pause=lambda: turns.append(len(broken.carried)))
    assert turns == [1, 2]


def test_trying_again_carries_the_fact_once_mended_and_loses_nothing(as_role, broken, visit, sealed):
    visit(), visit()
    sealed()
    run_flows()
    client, address = as_role("system_admin"), reverse("operations:retry", args=["visit_earns_visit"])
    assert "仍停在第 2 条" in client.post(address, follow=True).content.decode()
    assert FlowCursor.objects.get().tries == 2 and broken.carried == []
    broken.mended = True
    assert "流转已接上" in client.post(address, follow=True).content.decode()
    assert broken.carried == [2]
    cursor = FlowCursor.objects.get()
    assert (cursor.stuck_at, cursor.trouble, cursor.tries, cursor.position) == (None, "", 0, 2)
    run_flows()
    assert broken.carried == [2, 3]
    sealed()
    led = SealedFact.objects.filter(body__kind="led")
    assert [one.cause for one in led] == list(SealedFact.objects.filter(pk__in=(2, 3)).values_list("key", flat=True))
    assert {one.actor for one in led} == {"kernel.house:test"}, "what a flow does is never the administrator's act"


@pytest.mark.parametrize("role", ["supervisor", "audit_admin", "office", "member"])
def test_others_try_nothing_again(as_role, broken, visit, sealed, role):
    visit()
    sealed()
    run_flows()
    broken.mended = True
    assert as_role(role).post(reverse("operations:retry", args=["visit_earns_visit"])).status_code == 403
    assert broken.carried == [] and FlowCursor.objects.get().tries == 1


def test_a_flow_that_does_not_exist_is_not_found(as_role):
    assert as_role("system_admin").post(reverse("operations:retry", args=["nothing"])).status_code == 404


def test_watchers_see_no_buttons_and_the_reason(as_role, broken, visit, sealed):
    visit()
    sealed()
    run_flows()
    page = as_role("supervisor").get(reverse(PAGE)).content.decode()
    assert "停在第 2 条" in page and "只有系统管理员能操作" in page and "visit_earns_visit/" not in page


def test_letters_given_up_are_sent_again_and_it_is_said(as_role, sealed):
    dead, nowhere, waiting = letter(), letter("no_address", "", 2), letter("waiting", "OSError", 3)
    assert ("bad", "2 封信未送达", "letters") in wrong()
    client, address = as_role("system_admin"), reverse("operations:letters_again")
    asked = client.post(address, {"from_list": "1", "picked": [dead.pk, nowhere.pk, waiting.pk]})
    assert "2 封信重发" in asked.content.decode()
    assert not UnsealedFact.objects.filter(content__contains="letters.requeued").exists()
    assert Letter.objects.filter(state="dead").count() == 1
    client.post(address, {"letter": [dead.pk, nowhere.pk, waiting.pk]})
    assert sorted(Letter.objects.values_list("state", "attempts")) == [("waiting", 0), ("waiting", 0), ("waiting", 9)]
    sealed()
    fact = SealedFact.objects.get(type="operations.letters.requeued")
    assert fact.body == {"letters": 2}


def test_letters_refusals():
    waiting = letter("waiting", "OSError")
    with pytest.raises(NothingToSend):
        requeue_letters(by=ADMIN, on=DAY, letters=[waiting.pk], now=now())
    dead = letter(number=2)
    for role in ("supervisor", "audit_admin", "office", "security_admin", "member"):
        with pytest.raises(NotAllowed):
            requeue_letters(by=actor(role), on=DAY, letters=[dead.pk], now=now())
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["dead", "waiting"]


def test_the_administrator_never_reads_the_words_nor_the_whole_address(as_role):
    letter()
    page = as_role("system_admin").get(reverse("operations:letters")).content.decode()
    assert "l***@example.org" in page and "lin.xing" not in page


def test_the_masking_hides_addresses_and_long_numbers_only():
    said = masked("550 <zhang.san+a@mail.example.cn> 13900001234 failed")
    assert said == "550 <z***@mail.example.cn> 139****1234 failed"
    assert masked("Errno 111, line 4096") == "Errno 111, line 4096"


def test_a_running_job_shows_how_far_it_is_and_a_failed_one_why(as_role):
    job(done=30, total=120)
    job("failed", trouble="OSError: disk full", ended_at=now())
    page = as_role("audit_admin").get(reverse(PAGE)).content.decode()
    assert "30 / 120" in page and 'width="25%"' in page and "OSError: disk full" in page
    assert ("warn", "近 7 天 1 项作业失败", "jobs") in wrong()
    Job.objects.filter(state="failed").update(ended_at=now() - timedelta(days=8))
    assert wrong() == []


def test_the_administrator_stops_a_job_and_it_is_said(as_role, sealed, account):
    running, waiting = job(), job("queued")
    client = as_role("system_admin")
    assert "叫停这项作业？" in client.get(reverse("operations:stop_job", args=[running.pk])).content.decode()
    for one in (running, waiting):
        assert client.post(reverse("operations:stop_job", args=[one.pk])).status_code == 302
    running.refresh_from_db(), waiting.refresh_from_db()
    assert (running.state, running.cancel_asked) == ("running", True)
    assert (waiting.state, waiting.cancel_asked) == ("cancelled", True)
    assert client.post(reverse("operations:stop_job", args=[running.pk])).status_code == 409
    sealed()
    facts = SealedFact.objects.filter(type="operations.job.stopped").order_by("position")
    assert [one.body for one in facts] == [
        {"job": f"kernel.job:{one.pk}", "owner": "directory.account:77"} for one in (running, waiting)]
    assert facts[0].actor == f"directory.account:{account.pk}"


@pytest.mark.parametrize("role", ["supervisor", "audit_admin", "office", "security_admin", "member"])
def test_others_stop_no_job(as_role, role):
    running = job()
    assert as_role(role).post(reverse("operations:stop_job", args=[running.pk])).status_code == 403
    with pytest.raises(NotAllowed):
        stop_job(by=actor(role), on=DAY, job_id=running.pk, now=now())
    running.refresh_from_db()
    assert running.cancel_asked is False


@pytest.mark.parametrize("state", ["done", "failed", "refused", "cancelled"])
def test_what_has_ended_is_not_stopped(state):
    with pytest.raises(AlreadyEnded):
        stop_job(by=ADMIN, on=DAY, job_id=job(state).pk, now=now())
    assert not UnsealedFact.objects.exists()


def test_a_worker_without_pulse_is_said():
    ScheduleState.objects.filter(pk="kernel.jobs").update(done_at=now() - timedelta(minutes=5))
    assert wrong() == [("bad", "后台没有运行", "schedules")]
    ScheduleState.objects.filter(pk="kernel.jobs").delete()
    assert wrong() == [("bad", "后台没有运行", "schedules")]


def test_missed_nights_are_counted_and_a_failing_schedule_says_why(as_role):
    night = ScheduleState.objects.get(pk="trial.night")
    night.done_on -= timedelta(days=3)
    night.save()
    missed = next(one for one in health.examine(now=now()).schedules if one.name == "trial.night").missed
    assert missed in (2, 3)  # within ten minutes of midnight the last night is not yet due
    assert wrong() == [("warn", "1 项夜间作业漏做", "schedules")]
    night.trouble, night.tries = "KeyError: 'x'", 4
    night.save()
    assert wrong() == [("bad", "1 项定时作业出错", "schedules")]
    page = as_role("system_admin").get(reverse(PAGE)).content.decode()
    assert "KeyError: &#x27;x&#x27;" in page and "失败 4 次" in page


def test_a_sealer_that_stands_still_and_a_ledger_without_checkpoint_are_said(visit, sealed):
    visit()
    assert wrong() == []
    later = now() + timedelta(seconds=61)
    sealer = health.examine(now=later).sealer
    assert (sealer.waiting, sealer.late, sealer.light) == (1, True, "bad")
    sealed()
    assert health.examine(now=later).sealer.light == "ok"
    assert health.examine(now=now() + timedelta(minutes=6)).sealer.light == "warn"
    make_checkpoint()
    found = health.examine(now=now() + timedelta(minutes=6)).sealer
    assert (found.waiting, found.size, found.signed, found.light) == (0, 1, Checkpoint.objects.get().size, "ok")
