"""When two entries turn out to be one person, projects and credits follow, and go back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from xinglin.directory.actions.merging import merge_people, unmerge_people
from xinglin.engines.learning.actions.attendance import Presence, by_hand, credit_attendance
from xinglin.engines.learning.actions.awards import issue_credits
from xinglin.engines.learning.actions.certificates import issue_certificate
from xinglin.engines.learning.actions.claims import decide_claim, file_claim
from xinglin.engines.learning.actions.refused import settle_refused
from xinglin.engines.learning.computing import reckon
from xinglin.engines.learning.credits import Attendance, Refused
from xinglin.engines.learning.projects import Project
from xinglin.engines.learning.requirement import account
from xinglin.kernel import clock
from xinglin.kernel.files import keep

from .conftest import DAY, EVENT, OFFICE, actor, attend, confirm

pytestmark = pytest.mark.django_db
AFTER = EVENT + timedelta(days=20)


def test_credits_follow_the_person(project, someone):
    one, other = someone("王小明"), someone("王小明")
    row = project("reported", people=[one])
    [award] = issue_credits(by=OFFICE, on=AFTER, project=row)
    issue_certificate(by=OFFICE, on=AFTER, award=award)
    merge_people(by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref)
    award.refresh_from_db()
    assert award.person == other and account(other.pk, year=2026).credits == 5
    assert account(one.pk, year=2026).credits == 0
    assert not Project.objects.get(pk=row.pk).stale  # nothing of the two meets


def test_what_both_entries_attended_is_reckoned_anew_and_no_minute_counts_twice(project, someone):
    one, other = someone("王小明"), someone("王小明")
    both = project("reported", people=[one, other])
    assert len(issue_credits(by=OFFICE, on=AFTER, project=both)) == 2
    merge = merge_people(by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref)
    both.refresh_from_db()
    assert both.stale
    [found] = reckon(both)
    assert (found.attended, found.counted, found.cuts[0].minutes) == (1920, 960, 480)
    issue_credits(by=OFFICE, on=AFTER, project=both)
    assert [award.person for award in both.awards.standing()] == [other]
    unmerge_people(by=OFFICE, on=AFTER, merge=merge)
    both.refresh_from_db()
    assert both.stale


def test_what_comes_after_a_merge_keeps_the_entry_it_came_as(project, someone):
    row, one, other = project("scheduled", tested=False), someone("王小明"), someone("王小明")
    enter = {"by": OFFICE, "on": AFTER, "project": row}
    credit_attendance(**enter, presence=Presence(
        person=one, day=EVENT, minutes=240, source=by_hand(one, row, EVENT, 1)))
    with clock.pretending(AFTER):
        confirm(row, one, online=240)  # minutes were typed that day: it waits
        merge_people(by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref)
        confirm(row, other, online=240, key=8)
        confirm(row, one, on_site=230, key=9)
    credit_attendance(**enter, corrects=by_hand(one, row, EVENT, 1), presence=Presence(
        person=other, day=EVENT, minutes=230, source=by_hand(one, row, EVENT, 2)))
    for listed in Refused.objects.filter(channel="online", state="waiting").order_by("pk")[:2]:
        settle_refused(by=OFFICE, on=AFTER, refused=listed, accepted=True)
    assert {(made.entry, made.minutes) for made in Attendance.objects.standing()} == {
        (one, 230), (one, 240), (other, 240)}
    assert set(Refused.objects.filter(state="waiting").values_list("entry", flat=True)) == {one.pk}
    [found] = reckon(row)
    assert found.counted == 470 and found.cuts[0].regulation == "E7.overlap"


@pytest.mark.parametrize("role", ["learner", "lecturer"])
def test_hall_and_screen_of_two_entries_are_no_sum(project, someone, role):
    one, other = someone("王小明"), someone("王小明")
    row = project("scheduled", lecturer=other if role == "lecturer" else None)
    attend(row, [one], minutes=120, days=1, role=role)
    attend(row, [other], minutes=110, days=1, channel="online", tag="screen", role=role)
    merge_people(by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref)
    [found] = reckon(row)
    assert (found.attended, found.counted) == (230, 120)


def test_credits_from_outside_follow_though_the_other_entry_has_some_too(someone):
    one, other = someone("王小明"), someone("王小明")
    for person in (one, other):
        proof = keep(content=ContentFile(b"%PDF-1.4\n%%EOF\n", name="proof.pdf"))
        claim = file_claim(by=actor(person=person), on=DAY, person=person, kind="paper", words="论著",
                           completed_on=DAY, asked=Decimal(2), hours=Decimal(6), files=[proof])
        decide_claim(by=OFFICE, on=DAY, claim=claim, credits=Decimal(2))
    merge_people(by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref)
    assert (account(one.pk, year=2026).credits, account(other.pk, year=2026).credits) == (0, 4)
