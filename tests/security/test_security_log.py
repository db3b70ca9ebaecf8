"""The security log: chained, unchangeable, sealed into the ledger each night, kept as long as the law asks."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from freezegun import freeze_time

from tests.security.conftest import HOUSE
from xinglin.directory.security import log
from xinglin.directory.security.actions.log_keeping import NothingLogged, close_log, shorten_log
from xinglin.directory.security.models import LogEntry, LogHead
from xinglin.directory.security.registration import keep_log
from xinglin.kernel.ledger.models import SealedFact

NEXT_DAY = date(2026, 3, 6)  # made before any clock is frozen: a frozen clock's dates are no plain dates

pytestmark = pytest.mark.django_db


def behind_the_back(sql, *values):
    """Change the log as somebody with the database password would, its trigger dropped."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql, values)
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("DROP TRIGGER IF EXISTS security_logentry_kept")
        cursor.execute(sql, values)


@pytest.fixture
def ten():
    request = RequestFactory().get("/", headers={"user-agent": "浏览器"})
    for number in range(10):
        log.record(kind="signed_in", request=request, account=f"directory.account:{number}")


def test_a_whole_log_verifies(ten):
    assert log.verify() == log.Checked(lines=10, broken_at=None)


def test_the_database_refuses_to_change_a_line(ten):
    with pytest.raises(DatabaseError), transaction.atomic():
        LogEntry.objects.filter(number=3).update(ip="203.0.113.1")


@pytest.mark.parametrize(("sql", "broken"), [
    ("UPDATE security_logentry SET ip = '203.0.113.1' WHERE number = 4", 4),
    ("UPDATE security_logentry SET kind = 'signed_out' WHERE number = 1", 1),
    ("DELETE FROM security_logentry WHERE number = 5", 5),
    ("DELETE FROM security_logentry WHERE number = 10", 10),
    ("UPDATE security_logentry SET link = 'x' WHERE number = 7", 7),
])  # fmt: skip
def test_a_change_behind_the_back_is_named(ten, sql, broken):
    behind_the_back(sql)
    assert log.verify().broken_at == broken


def test_an_unknown_kind_is_refused(ten):
    with pytest.raises(ValueError, match="no kind"):
        log.record(kind="whatever")


def test_each_night_the_log_of_the_day_is_sealed_into_the_ledger(sealed):
    with freeze_time("2026-03-05 04:00:00") as clock:
        for _ in range(3):
            log.record(kind="signed_in")
        clock.move_to("2026-03-06 04:00:00")
        log.record(kind="signed_in")
        keep_log(on=NEXT_DAY)
    sealed()
    fact = SealedFact.objects.get(type="security.log.closed")
    third = LogEntry.objects.get(number=3)
    assert fact.body == {"day": "2026-03-05", "last": 3, "lines": 3, "link": third.link}
    with pytest.raises(NothingLogged):
        close_log(by=HOUSE, on=date(2026, 3, 9), day=date(2026, 3, 8))


def forged(*numbers):
    """Write the chain anew with other addresses, as somebody who knows how it is made."""
    before = "0" * 64
    for entry in LogEntry.objects.order_by("number"):
        entry.ip = "203.0.113.9" if entry.number in numbers else entry.ip
        entry.link = before = log.link_of(before=before, entry=entry)
        behind_the_back("UPDATE security_logentry SET ip = %s, link = %s WHERE number = %s",
                        entry.ip, entry.link, entry.number)
    LogHead.objects.update(link=before)


@pytest.fixture
def closed(sealed):
    """Three lines of a day that is sealed into the ledger, and two of the next."""
    with freeze_time("2026-03-05 04:00:00") as clock:
        for _ in range(3):
            log.record(kind="signed_in")
        clock.move_to("2026-03-06 04:00:00")
        for _ in range(2):
            log.record(kind="signed_in")
        keep_log(on=NEXT_DAY)
    sealed()
    assert log.verify() == log.Checked(lines=5, broken_at=None)


def test_a_chain_written_anew_as_a_whole_does_not_fit_the_ledger(closed):
    forged(2)
    assert log.verify() == log.Checked(lines=2, broken_at=3)


def test_the_oldest_lines_are_missed(closed):
    behind_the_back("DELETE FROM security_logentry WHERE number < 3")
    assert log.verify().broken_at == 1


def test_a_log_cut_off_behind_a_sealed_day_is_missed(closed):
    behind_the_back("DELETE FROM security_logentry WHERE number > 1")
    LogHead.objects.update(number=1, link=LogEntry.objects.get().link)
    assert log.verify().broken_at == 2
    behind_the_back("DELETE FROM security_logentry")
    LogHead.objects.all().delete()
    assert log.verify().broken_at == 1


def test_lines_are_kept_for_six_months_at_least_and_dropped_after_their_time(sealed):
    with freeze_time("2026-01-01 04:00:00") as clock:
        log.record(kind="signed_in")
        for days in (184, 200):
            clock.move_to("2026-01-01 04:00:00")
            clock.tick(timedelta(days=days))
            log.record(kind="signed_in")
            if days == 184:
                with pytest.raises(NothingLogged):
                    shorten_log(by=HOUSE, on=date(2026, 1, 1) + timedelta(days=days))
        assert shorten_log(by=HOUSE, on=date(2026, 1, 1) + timedelta(days=200)) == 1
    sealed()
    assert log.verify() == log.Checked(lines=2, broken_at=None)


def test_a_line_holds_no_password_and_no_name_that_was_typed(client, account):
    account()
    client.post("/account/login/", {"login": "13900005678", "password": "my-secret-word"})
    text = " ".join(f"{one.account} {one.detail}" for one in LogEntry.objects.all())
    assert "13900005678" not in text and "my-secret-word" not in text
