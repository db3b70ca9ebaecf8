"""Two clerks, one project or one person's cap, at the same moment, on PostgreSQL."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction

from tests.kernel.test_concurrency import at_once
from xinglin.directory.actions.merging import merge_people, unmerge_people
from xinglin.engines.learning.actions.attendance import (
    KnownAlready,
    Presence,
    credit_attendance,
    credit_attendances,
    record_test,
)
from xinglin.engines.learning.actions.awards import NothingToIssue, issue_credits
from xinglin.engines.learning.actions.certificates import PaperThere, issue_certificate, issue_certificates
from xinglin.engines.learning.actions.claims import OverTheCap, decide_claim, file_claim
from xinglin.engines.learning.certificates import Certificate
from xinglin.engines.learning.credits import Attendance, Award, Claim, TestResult
from xinglin.engines.learning.projects import Project
from xinglin.engines.learning.stale import GaveWay
from xinglin.kernel.files import keep
from xinglin.kernel.refs import Ref

from .conftest import DAY, EVENT, OFFICE, actor

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AFTER = EVENT + timedelta(days=20)


def test_two_clerks_issue_at_once_and_everybody_has_credits_once(project, someone):
    people = [someone(f"学员{number}") for number in range(8)]
    row = project("reported", people=people)

    def issue():
        return issue_credits(by=OFFICE, on=AFTER, project=row)

    answers = at_once(issue, issue)
    assert sorted(type(one).__name__ for one in answers) == [NothingToIssue.__name__, "list"]
    assert Award.objects.standing().count() == 8


def test_one_attendance_sent_twice_at_once_comes_in_once(project, someone):
    row, one = project("scheduled"), someone()
    presence = Presence(person=one, day=EVENT, minutes=200, source=Ref("events.presence:one"))

    def send():
        return credit_attendance(by=OFFICE, on=EVENT, project=row, presence=presence)

    answers = at_once(send, send, send)
    assert Attendance.objects.count() == 1
    assert sum(isinstance(one, KnownAlready) for one in answers) == 2


def test_two_certificates_of_one_award_asked_at_once_are_one(project, someone):
    [award] = issue_credits(by=OFFICE, on=AFTER, project=project("reported", people=[someone()]))

    def take():
        return issue_certificate(by=OFFICE, on=AFTER, award=award)

    answers = at_once(take, take)
    assert Certificate.objects.count() == 1 and sum(isinstance(one, PaperThere) for one in answers) == 1


def test_two_clerks_make_out_the_papers_of_a_list_and_of_outside_credits_once(project, someone):
    one = someone()
    proof = keep(content=ContentFile(b"%PDF-1.4\n%%EOF\n", name="proof.pdf"))
    claim = file_claim(by=actor(person=one), on=DAY, person=one, kind="elsewhere", words="外省项目", asked=Decimal(3),
                       completed_on=DAY, hours=Decimal(9), files=[proof])
    decide_claim(by=OFFICE, on=DAY, claim=claim, credits=Decimal(3), answer="已核")
    awards = [*issue_credits(by=OFFICE, on=AFTER, project=project("reported", people=[one, someone("李小红")])),
              Award.objects.get(claim=claim)]

    def make():
        return issue_certificates(by=OFFICE, on=AFTER, awards=awards)

    def take():
        return issue_certificate(by=actor(person=one), on=AFTER, award=awards[-1])

    answers = at_once(make, make, take)
    assert Certificate.objects.count() == 3
    assert {type(answer).__name__ for answer in answers} <= {"PaperThere", "list", "Certificate"}


def test_people_of_two_projects_are_taken_in_for_both_at_once(project, someone):
    people = [someone(f"学员{number}") for number in range(6)]
    rows = [project("reported", people=[*people, someone(f"独{number}")], tested=False) for number in range(2)]
    for row in rows:
        issue_credits(by=OFFICE, on=AFTER, project=row)

    def send(row, turn):
        return credit_attendances(by=OFFICE, on=AFTER, project=row, presences=[
            Presence(person=one, day=EVENT, minutes=5, source=Ref(f"events.presence:{turn}-{one.pk}"))
            for one in people[::-1 if turn % 2 else 1]])

    answers = at_once(*[lambda row=row, turn=turn: send(row, turn) for turn, row in enumerate(rows * 2)])
    assert [len(one) for one in answers] == [6] * 4
    assert Project.objects.filter(stale=True).count() == 2


def meanwhile(first, then, second):
    """Run `first`, let `second` begin beside it until it waits or is done, then run `then` and let both end."""
    begun, over = threading.Event(), threading.Event()

    def one():
        with transaction.atomic():
            first()
            begun.set()
            while not over.wait(0.01) and not _somebody_waits():
                pass
            return then()

    def other():
        begun.wait(5)
        try:
            return second()
        finally:
            over.set()

    return at_once(one, other)


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                       "AND wait_event_type = 'Lock'")
        return cursor.fetchone()[0] > 0


def test_what_is_written_for_somebody_during_a_merge_follows(project, someone):
    one, other, row = someone("王小明"), someone("王小明"), project("scheduled")

    def write():
        proof = keep(content=ContentFile(b"%PDF-1.4\n%%EOF\n", name="proof.pdf"))
        claim = file_claim(by=actor(person=one), on=DAY, person=one, kind="paper", words="论著", asked=Decimal(3),
                           completed_on=date(2026, 2, 1), hours=Decimal(9), files=[proof])
        decide_claim(by=OFFICE, on=DAY, claim=claim, credits=Decimal(3))
        record_test(by=OFFICE, on=AFTER, project=row, person=one, score=Decimal(90), taken_on=EVENT)

    _wrote, merge = meanwhile(write, lambda: None, lambda: merge_people(
        by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref))
    assert isinstance(merge, Ref), merge
    assert {made.person for model in (Claim, Award, TestResult) for made in model.objects.all()} == {other}
    with pytest.raises(GaveWay):  # who was read before the merge, and is written for after it
        credit_attendance(by=OFFICE, on=AFTER, project=row, presence=Presence(
            person=one, day=EVENT, minutes=200, source=Ref("events.presence:late")))


def test_a_merge_is_undone_while_credits_are_issued_anew(project, someone):
    one, other = someone("王小明"), someone("王小明")
    row = project("reported", people=[one])
    issue_credits(by=OFFICE, on=AFTER, project=row)
    merge = merge_people(by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref)
    credit_attendance(by=OFFICE, on=AFTER, project=row, corrects=Ref(Attendance.objects.first().source),
                      presence=Presence(person=other, day=EVENT, minutes=400, source=Ref("events.presence:less")))
    answers = meanwhile(lambda: Project.objects.one_locked(pk=row.pk),
                        lambda: issue_credits(by=OFFICE, on=AFTER, project=row),
                        lambda: unmerge_people(by=OFFICE, on=AFTER, merge=merge))
    assert [type(answer) for answer in answers] == [list, type(None)], answers
    assert {award.person for award in Award.objects.all()} <= {one, other}


def test_two_claims_decided_at_once_never_pass_the_cap_together(someone):
    one = someone()
    proof = keep(content=ContentFile(b"%PDF-1.4\n%%EOF\n", name="proof.pdf"))
    claims = [file_claim(by=actor(person=one), on=DAY, person=one, kind="self_study", words="自学",
                         completed_on=date(2026, 2, 1), asked=Decimal(6), hours=Decimal(18), files=[proof])
              for _number in range(2)]
    answers = at_once(*[lambda claim=claim: decide_claim(by=OFFICE, on=DAY, claim=claim, credits=Decimal(6))
                        for claim in claims])
    assert sum(isinstance(one, OverTheCap) for one in answers) == 1
    assert [award.credits for award in Award.objects.standing()] == [Decimal(6)]
