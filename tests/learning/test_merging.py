"""When two entries turn out to be one person, projects and credits follow, and go back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from xinglin.directory.actions.merging import merge_people, unmerge_people
from xinglin.engines.learning.actions.awards import issue_credits
from xinglin.engines.learning.actions.certificates import issue_certificate
from xinglin.engines.learning.actions.claims import decide_claim, file_claim
from xinglin.engines.learning.computing import reckon
from xinglin.engines.learning.projects import Project
from xinglin.engines.learning.requirement import account
from xinglin.kernel.files import keep

from .conftest import DAY, EVENT, OFFICE, actor

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


def test_credits_from_outside_follow_though_the_other_entry_has_some_too(someone):
    one, other = someone("王小明"), someone("王小明")
    for person in (one, other):
        proof = keep(content=ContentFile(b"%PDF-1.4\n%%EOF\n", name="proof.pdf"))
        claim = file_claim(by=actor(person=person), on=DAY, person=person, kind="paper", words="论著",
                           completed_on=DAY, asked=Decimal(2), hours=Decimal(6), files=[proof])
        decide_claim(by=OFFICE, on=DAY, claim=claim, credits=Decimal(2))
    merge_people(by=OFFICE, on=AFTER, loser=one.ref, winner=other.ref)
    assert (account(one.pk, year=2026).credits, account(other.pk, year=2026).credits) == (0, 4)
