"""When two entries turn out to be one person, projects and credits follow, and go back."""

from datetime import timedelta

import pytest

from xinglin.directory.actions.merging import merge_people
from xinglin.engines.learning.actions.awards import issue_credits
from xinglin.engines.learning.actions.certificates import issue_certificate
from xinglin.engines.learning.requirement import account

from .conftest import EVENT, OFFICE

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
