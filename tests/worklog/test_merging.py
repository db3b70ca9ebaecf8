"""When two entries of the directory are one person, what is due from the one is due from the other."""

from datetime import date

import pytest

from tests.directory.conftest import register  # noqa: F401  a fixture
from xinglin.directory.actions.merging import merge_people, preview_merge, unmerge_people
from xinglin.engines.worklog.actions.verifying import return_work, verify_work
from xinglin.engines.worklog.actions.work import correct_work
from xinglin.engines.worklog.overdue import tell_of_overdue
from xinglin.engines.worklog.policy import may_verify_work
from xinglin.kernel.actors import Actor
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.refs import Ref

from .conftest import ACADEMIC, CLERK, DAY, HEAD, HOUSE, OFFICE

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(register):  # noqa: F811
    return register("李雷"), register("李 雷")


def signed_in_as(person):
    return Actor(ref=Ref("directory.account:li"), person=person, name="李雷", roles=frozenset({"member", "office"}),
                 scope={})


def test_a_merge_moves_what_is_due_from_the_person_and_an_undo_moves_it_back(two, track, listed, submitted):
    loser, winner = two
    task = listed(track("entrusted", "委托任务"), title="汇总", party_name="市卫健委", organisation=ACADEMIC,
                  owner=str(loser), due_on=date(2024, 6, 1))
    entry = submitted(by=signed_in_as(loser))
    return_work(by=HEAD, on=DAY, entry=entry, reason="缺签到表")
    lines = [line for one in preview_merge(by=HOUSE, on=DAY, loser=loser, winner=winner) for line in one.lines]
    assert len(lines) >= 2
    merge = merge_people(by=HOUSE, on=DAY, loser=loser, winner=winner)
    task.refresh_from_db()
    entry.refresh_from_db()
    assert (task.owner, entry.logged_by) == (winner, winner)
    tell_of_overdue(on=DAY)
    assert list(Notice.objects.values_list("to", flat=True)) == [str(winner)]
    unmerge_people(by=HOUSE, on=DAY, merge=merge)
    task.refresh_from_db()
    entry.refresh_from_db()
    assert (task.owner, entry.logged_by) == (loser, loser)


def test_who_wrote_an_entry_under_another_entry_of_the_directory_never_verifies_it(two, submitted, work):
    loser, winner = two
    entry = submitted(by=signed_in_as(loser))
    verify_work(by=HEAD, on=DAY, entries=[entry])
    merge_people(by=HOUSE, on=DAY, loser=loser, winner=winner)
    entry.refresh_from_db()
    correct_work(by=OFFICE, on=DAY, entry=entry, work=work(count=2))
    entry.refresh_from_db()
    assert not may_verify_work(actor=signed_in_as(winner), entry=entry)
    assert may_verify_work(actor=HEAD, entry=entry)


def test_an_entry_that_the_one_wrote_and_the_other_verified_stays_as_it_was_said(two, submitted):
    loser, winner = two
    entry = submitted(by=signed_in_as(loser))
    verify_work(by=signed_in_as(winner), on=DAY, entries=[entry])
    merge_people(by=HOUSE, on=DAY, loser=loser, winner=winner)
    entry.refresh_from_db()
    assert (entry.logged_by, entry.verified_by) == (loser, winner)
    assert CLERK.person != winner
