"""Two clerks, one application, one moment, on PostgreSQL; and one number sent twice at once."""

from datetime import date

import pytest

from tests.kernel.test_concurrency import at_once
from xinglin.engines.membership.actions.applications import AppliedAlready, MemberAlready, submit_application
from xinglin.engines.membership.actions.approving import approve_applications
from xinglin.engines.membership.actions.erasing import StillNeeded, erase_application
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.actions.reviewing import (
    MovedMeanwhile,
    pass_application,
    refuse_application,
    return_application,
)
from xinglin.engines.membership.applications import Application, Batch
from xinglin.engines.membership.members import Member
from xinglin.kernel.policy import Refusal, Refusals

from .applied import NEXT, VISITOR, apply, person, verified
from .conftest import DAY, HOUSE, OFFICE, actor

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def applied(cardiology, someone, admit):
    members = [admit(someone(name), on=date(2025, 3, 2)) for name in ("王小明", "李小红")]
    for one in members:
        waive_fee(by=HOUSE, on=DAY, member=one, from_on=DAY, reason="试用")
    return lambda serial=1: apply(person(branch=cardiology, members=members, serial=serial, name=f"林{serial}"))


def test_two_clerks_take_one_application_and_the_second_reads_who_was_faster(applied, cardiology):
    rows = [applied(serial) for serial in range(1, 7)]
    chair = actor("branch_chair", where=cardiology)

    def each(do):
        def run():
            return [one for one in map(do, rows) if one]

        return run

    def passing(row):
        return _refused(pass_application, by=OFFICE, on=DAY, application=Application.objects.get(pk=row.pk), seen=row)

    def returning(row):
        return _refused(return_application, by=chair, on=DAY, application=Application.objects.get(pk=row.pk), seen=row,
                        reason="缺证")

    first, second = at_once(each(passing), each(returning))
    assert len(first) + len(second) == 6
    assert all("2026-03-02" in one for one in (*first, *second))
    assert {one.steps.count() for one in Application.objects.all()} == {2}


def _refused(act, *, seen, application, **given):
    application.state = seen.state  # as the page showed it
    try:
        act(application=application, **given)
    except MovedMeanwhile as refusal:
        return str(refusal)
    return ""


def test_one_batch_entered_twice_at_once_admits_once(applied):
    rows = [verified(applied(serial)) for serial in (1, 2, 3)]

    def decide(order):
        return lambda: approve_applications(by=OFFICE, on=NEXT, applications=order, decision="常〔2026〕5号",
                                            held_on=NEXT)

    answers = at_once(decide(rows), decide(rows[::-1]))
    assert sorted(type(one).__name__ for one in answers) == ["Batch", "Refusals"]
    assert isinstance(next(one for one in answers if not isinstance(one, Batch)), Refusals)
    assert (Batch.objects.count(), Member.objects.count()) == (1, 5)


def test_one_page_sent_twice_at_once_is_one_application(applied, cardiology):
    members = list(Member.objects.all())

    def send():
        return submit_application(by=VISITOR, on=DAY, holder="person", key="k" * 32,
                                  answers=person(branch=cardiology, members=members))

    answers = at_once(send, send)
    assert sorted(type(one).__name__ for one in answers) == ["Application", AppliedAlready.__name__]
    assert Application.objects.count() == 1


def test_one_number_in_two_batches_at_once_is_admitted_once(applied):
    rows = [verified(applied()), verified(applied())]

    def decide(row, decision):
        return lambda: approve_applications(by=OFFICE, on=NEXT, applications=[row], decision=decision, held_on=NEXT)

    answers = at_once(decide(rows[0], "常〔2026〕5号"), decide(rows[1], "常〔2026〕6号"))
    assert sorted(isinstance(one, Batch) for one in answers) == [False, True], answers
    assert isinstance(next(one for one in answers if not isinstance(one, Batch)), Refusal | Refusals), answers
    assert (Batch.objects.count(), Member.objects.count()) == (1, 3)


def test_one_number_in_two_applications_is_admitted_once(applied):
    first, second = verified(applied()), applied()
    approve_applications(by=OFFICE, on=NEXT, applications=[first], decision="常〔2026〕5号", held_on=NEXT)
    with pytest.raises(MemberAlready):
        verified(second, on=NEXT)
    assert Member.objects.count() == 3


def test_an_application_is_erased_once_by_its_bearer_and_the_night(applied):
    row = refuse_application(by=OFFICE, on=DAY, application=applied(), reason="不符合")

    def erase(by):
        return lambda: erase_application(by=by, on=NEXT, key=row.key)

    answers = at_once(erase(VISITOR), erase(HOUSE))
    assert sorted(type(one).__name__ for one in answers) == ["Application", StillNeeded.__name__]
