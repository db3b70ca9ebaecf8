"""Two things at the same moment, on PostgreSQL: the chain of the log holds, and nobody gets two administrations."""

import threading

import pytest
from django.db import connections

from tests.security.conftest import DAY, HOUSE
from xinglin.directory.security import log
from xinglin.directory.security.actions.grants import NotSeparated, give_grant
from xinglin.directory.security.models import Grant, LogEntry

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]


def at_once(*jobs):
    """Run the jobs in threads that start together; return what each returned or raised."""
    gate, found = threading.Barrier(len(jobs)), []

    def run(job):
        gate.wait()
        try:
            found.append(job())
        except Exception as trouble:
            found.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def test_the_log_stays_one_chain_when_many_write_at_once():
    def write():
        for _ in range(10):
            log.record(kind="signed_in")

    at_once(*[write] * 8)
    assert LogEntry.objects.count() == 80
    assert log.verify() == log.Checked(lines=80, broken_at=None)


def test_two_grants_for_one_account_at_once_leave_one(account, person):
    row = account(username="other", who=person(name="他"), administers=True)
    found = at_once(*[
        lambda role=role: give_grant(by=HOUSE, on=DAY, account=row, role=role, reason="x")
        for role in ("system_admin", "audit_admin")
    ])  # fmt: skip
    assert sorted(type(one) for one in found if isinstance(one, Exception)) == [NotSeparated]
    assert Grant.objects.count() == 1


def test_two_accounts_of_one_person_get_one_administration_between_them(account, person):
    who = person(name="他")
    rows = [account(username=f"other{n}", who=who, administers=True) for n in range(2)]
    found = at_once(*[
        lambda row=row, role=role: give_grant(by=HOUSE, on=DAY, account=row, role=role, reason="x")
        for row, role in zip(rows, ("system_admin", "audit_admin"), strict=True)
    ])  # fmt: skip
    assert [type(one) for one in found if isinstance(one, Exception)] == [NotSeparated]
    assert Grant.objects.count() == 1
