"""Two people, one entry or one edition, at the same moment, on PostgreSQL."""

from datetime import date

import pytest

from tests.kernel.test_concurrency import at_once
from xinglin.engines.worklog.actions.series import WrongEdition, open_series, plan_edition
from xinglin.engines.worklog.actions.verifying import NotWaiting, verify_work
from xinglin.engines.worklog.actions.words import seed_vocabulary
from xinglin.engines.worklog.actions.work import log_work
from xinglin.engines.worklog.words import Edition, Kind
from xinglin.engines.worklog.works import Work
from xinglin.kernel.ledger.models import SealedFact

from .conftest import ACADEMIC, CLERK, DAY, HEAD, HOUSE, OFFICE

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def forum():
    seed_vocabulary(by=HOUSE, on=DAY, from_on=date(2019, 1, 1))
    return Kind.objects.get(code="forum")


def test_two_verify_one_entry_at_once_and_exactly_one_fact_is_stated(forum, sealed):
    work = Work(kind=forum, title="肝病论坛", happened_on=DAY, organisation=ACADEMIC)
    entries = [log_work(by=CLERK, on=DAY, work=work, submit=True) for _ in range(10)]
    slower = []

    def check(actor):
        def verify():
            for entry in entries:
                try:
                    verify_work(by=actor, on=DAY, entries=[entry])
                except NotWaiting as refusal:
                    slower.append(str(refusal))

        return verify

    at_once(check(HEAD), check(OFFICE))
    sealed()
    assert SealedFact.objects.filter(type="worklog.work.verified").count() == 10
    assert len(slower) == 10
    assert all("directory.person:" in one for one in slower)


def test_two_plan_the_next_edition_at_once_and_one_learns_that_it_is_there(forum):
    series = open_series(by=OFFICE, on=DAY, title="华东论坛", kind=forum, organisation=ACADEMIC)
    plan_edition(by=OFFICE, on=DAY, series=series, year=2023, number=11, role="host")
    refused = []

    def plan():
        try:
            plan_edition(by=OFFICE, on=DAY, series=series, year=2024, number=12, role="host")
        except WrongEdition as refusal:
            refused.append(str(refusal))

    at_once(plan, plan)
    assert Edition.objects.filter(number=12).count() == 1
    assert len(refused) == 1
