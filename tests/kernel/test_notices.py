"""A notice is never lost and never sent twice, whatever the mail server does."""

import smtplib
import socket
from datetime import date, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction

from tests.kernel.conftest import CLERK, DAY, make_visit
from xinglin.kernel import clock, notices, ports, refs
from xinglin.kernel.acts import act
from xinglin.kernel.notices import delivery, inbox, mark_read, notify, register_notice, unread_count, wording
from xinglin.kernel.notices.delivery import BACK_OFF, deliver_due, send_again, troubled
from xinglin.kernel.notices.models import Letter, Notice
from xinglin.kernel.notices.wording import NoticeError
from xinglin.kernel.ports.addresses import Address, Addresses
from xinglin.kernel.refs import Ref, Shown

pytestmark = pytest.mark.django_db
ANNA, BO, NOBODY = Ref("trial.person:1"), Ref("trial.person:2"), Ref("trial.person:3")
PLAN = Ref("trial.plan:9")


class Book:
    def of(self, *, people):
        book = {
            ANNA: Address(person=ANNA, email="anna@example.org", mobile="13900001234"),
            BO: Address(person=BO, email="bo@example.org", language="en"),
        }
        return {person: book[person] for person in people if person in book}


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setattr(wording, "_wordings", {})
    monkeypatch.setattr(ports, "_answering", {Addresses: Book()})
    monkeypatch.setattr(
        refs,
        "_resolvers",
        {"trial.plan": lambda keys: {key: Shown(label="2026 工作要点", url=f"/plans/{key}") for key in keys}},
    )
    register_notice("trial.due", app="tests.kernel.trial")


class Post:
    """A mail server that remembers what it took, and can be told to misbehave."""

    def __init__(self):
        self.taken, self.answers = [], []

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "hang up":
            self.taken.append(message_from_bytes(envelope.content))  # it took the letter and never said so
            server.transport.close()
            return "421 gone"
        if answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content))
        return answer


@pytest.fixture
def server(settings):
    post = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield post
    controller.stop()


def tell(to=ANNA, key="2026-03", **context):
    return notify(
        to=to,
        template="trial.due",
        key=key,
        about=PLAN,
        context={"plan": PLAN, "due": date(2026, 3, 31), "left": 4} | context,
    )


def later(**how):
    return clock.now() + timedelta(**how)


def states():
    return list(Letter.objects.order_by("pk").values_list("state", "attempts"))


def test_a_letter_goes_out_once_in_the_readers_language(server):
    assert tell(to=[ANNA, BO, ANNA]) == 2
    assert tell(to=[BO, ANNA]) == 0
    assert deliver_due(now=later(seconds=1)) == 2
    assert deliver_due(now=later(days=9)) == 0
    subjects = [str(make_header(decode_header(one["Subject"]))) for one in server.taken]
    assert subjects == ["2026 工作要点：2026-03-31 前须办", "2026 工作要点: due 2026-03-31"]
    body = server.taken[0].get_payload(decode=True).decode()
    assert body == "提醒：2026 工作要点 还差 4 项，2026-03-31 前办完。\r\nhttp://127.0.0.1:8000/plans/9\r\n"
    assert [one["To"] for one in server.taken] == ["anna@example.org", "bo@example.org"]
    first = Notice.objects.get(to=ANNA)
    assert server.taken[0]["Message-ID"] == f"<{first.id.hex}@localhost>"


def test_another_key_is_another_notice():
    assert (tell(), tell(key="2026-04"), tell(key="2026-04")) == (1, 1, 0)


def test_an_act_that_fails_tells_nobody():
    @act
    def visit_and_tell(*, by, on):
        make_visit(by=by, on=on)
        tell()
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError), transaction.atomic():
        visit_and_tell(by=CLERK, on=DAY)
    assert (Notice.objects.count(), Letter.objects.count()) == (0, 0)


def test_a_server_that_fails_half_way_gets_each_letter_again_under_the_same_message_id(server):
    for number in range(5):
        tell(key=str(number))
    server.answers = ["250 OK", "hang up", "451 later", "250 OK", "250 OK"]
    assert deliver_due(now=later(seconds=1)) == 3
    assert sorted(states()) == [("sent", 1)] * 3 + [("waiting", 1)] * 2
    assert deliver_due(now=later(seconds=30)) == 0  # it waits a minute
    assert deliver_due(now=later(minutes=2)) == 2
    assert {state for state, _ in states()} == {"sent"}
    ids = [one["Message-ID"] for one in server.taken]
    assert (len(ids), len(set(ids))) == (6, 5)


def test_a_refusal_for_good_is_buried_at_once_where_staff_can_see_and_revive_it(server):
    tell()
    server.answers = ["554 no such user"]
    assert deliver_due(now=later(seconds=1)) == 0
    assert states() == [("dead", 1)]
    dead = troubled().get()
    assert "554" in dead.trouble
    assert send_again(letters=[dead.pk], now=later(seconds=1)) == 1
    assert deliver_due(now=later(seconds=2)) == 1


def test_a_server_that_is_away_costs_attempts_for_three_days_and_then_the_letter_is_dead(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    tell()
    moment = later(seconds=1)
    for minutes in BACK_OFF:
        assert deliver_due(now=moment) == 0
        assert Letter.objects.get().state == "waiting"
        moment += timedelta(minutes=minutes, seconds=1)
    assert deliver_due(now=moment) == 0
    assert states() == [("dead", 9)]
    assert troubled().get().trouble.startswith("ConnectionRefusedError")


def test_a_worker_killed_while_sending_leaves_the_letter_to_the_next(server, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    tell()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(smtplib.SMTP, "sendmail", killed)
        deliver_due(now=later(seconds=1))
    assert states() == [("sending", 1)]
    assert deliver_due(now=later(minutes=5)) == 0
    assert deliver_due(now=later(minutes=11)) == 1
    assert (states(), len(server.taken)) == ([("sent", 2)], 1)


def test_behind_a_slow_server_no_letter_is_claimed_before_its_turn(monkeypatch, mailoutbox):
    """Fifty letters at twelve seconds each take ten minutes: the last must not look forsaken to a second worker."""
    for number in range(3):
        tell(key=str(number))
    clock_now, seen = [1000.0], []
    monkeypatch.setattr(delivery.time, "monotonic", lambda: clock_now[0])
    moment, post = later(seconds=1), delivery._post

    def slow(*given):
        clock_now[0] += 400
        seen.append(states().count(("sending", 1)))
        if len(seen) == 3:  # eleven minutes on, another worker looks for forsaken letters
            assert deliver_due(now=moment + timedelta(seconds=810)) == 0
        post(*given)

    monkeypatch.setattr(delivery, "_post", slow)
    assert deliver_due(now=moment) == 3
    assert (seen, len(mailoutbox)) == ([1, 1, 1], 3)


def test_no_letter_is_claimed_once_the_worker_is_told_to_stop(mailoutbox):
    tell()
    assert deliver_due(now=later(seconds=1), stop=lambda: True) == 0
    assert (states(), mailoutbox) == ([("waiting", 0)], [])


def test_who_has_no_address_keeps_the_inbox(server):
    tell(to=NOBODY)
    assert deliver_due(now=later(seconds=1)) == 0
    assert states() == [("no_address", 1)]
    assert unread_count(person=NOBODY) == 1


def test_the_inbox_shows_newest_first_and_marks_only_ones_own(sealed):
    tell()
    tell(key="2026-04", left=2)
    tell(to=BO)
    assert unread_count(person=ANNA) == 2
    newest, _ = arrived = inbox(person=ANNA, language="zh-hans")
    assert newest.subject == "2026 工作要点：2026-03-31 前须办"
    assert "还差 2 项" in newest.body
    assert (newest.url, newest.read) == ("/plans/9", False)
    assert "2 left in" in inbox(person=ANNA, language="en")[0].body
    assert mark_read(person=BO, notices=[newest.id]) == 0
    assert mark_read(person=ANNA, notices=[newest.id]) == 1
    assert mark_read(person=ANNA) == 1
    assert (unread_count(person=ANNA), unread_count(person=BO), len(arrived)) == (0, 1, 2)


def test_short_messages_go_through_the_gateway_with_a_key(monkeypatch, caplog):
    register_notice("trial.due", app="tests.kernel.trial", channels=("sms",))
    tell()
    assert deliver_due(now=later(seconds=1)) == 1
    key = Notice.objects.get().id.hex
    assert [record.getMessage() for record in caplog.records] == [f"SMS 139***1234 {key}: 2026 工作要点 还差 4 项"]


def test_notices_are_declared_and_filled_wholly():
    with pytest.raises(NoticeError, match=r"notices/trial\.none\.zh\.txt is missing"):
        register_notice("trial.none", app="tests.kernel.trial")
    with pytest.raises(NoticeError, match=r"trial\.due also needs due, left"):
        notify(to=ANNA, template="trial.due", key="1", context={"plan": PLAN})
    with pytest.raises(NoticeError, match="left is a ref, code, date"):
        tell(left=["a", "b"])
    with pytest.raises(NoticeError, match=r"no notice trial\.other"):
        notify(to=ANNA, template="trial.other", key="1", context={})
    assert notices.Notice.objects.count() == 0
