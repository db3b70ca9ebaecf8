"""Every rule of the worklog that can be set changes what happens; those that are fixed cannot be set."""

from datetime import date

import pytest

from xinglin.engines.worklog import answers
from xinglin.engines.worklog.actions.registers import move_item
from xinglin.engines.worklog.actions.work import submit_work
from xinglin.engines.worklog.expecting import flags
from xinglin.engines.worklog.works import misses_evidence
from xinglin.kernel.actions.regulations import override_regulation
from xinglin.kernel.policy import NotAllowed, Refusals
from xinglin.kernel.regulations import regulation

from .conftest import ACADEMIC, CLERK, DAY, HOUSE, OFFICE

pytestmark = pytest.mark.django_db


def choose(rule, value):
    override_regulation(by=HOUSE, on=DAY, regulation_id=rule, value=value, from_on=date(2020, 1, 1), reason="会议决定")


@pytest.mark.parametrize("rule", ["WL1.second_person", "WL3.editions", "WL4.person_times", "WL8.one_counter"])
def test_what_the_database_itself_holds_cannot_be_set_and_offers_no_other_reading(rule):
    assert regulation(rule).alternatives == ()
    with pytest.raises(NotAllowed):
        choose(rule, regulation(rule).printed(DAY))


def test_an_entry_without_evidence_is_pointed_out_refused_or_let_pass(draft):
    entry = draft()
    assert misses_evidence(entry, on=DAY)
    choose("WL2.evidence", "none")
    assert not misses_evidence(entry, on=DAY)
    choose("WL2.evidence", "require")
    with pytest.raises(Refusals) as refusal:
        submit_work(by=CLERK, on=DAY, entries=[entry])
    assert [one.field for one in refusal.value.problems] == ["evidence"]


def test_an_unreached_strive_target_is_a_miss_where_the_house_says_so(track, listed):
    centres = track("centre", "力争新增", target=1, due_on=date(2024, 6, 1), modality="strive")
    item = listed(centres, title="一中心", subject="directory.organisation:1", organisation=ACADEMIC,
                  modality="strive", due_on=date(2024, 6, 1))
    assert (answers.standing(centres, on=DAY).word, flags(item, on=DAY)[0].light) == ("strived", "warn")
    choose("WL7.strive", "miss")
    assert (answers.standing(centres, on=DAY).word, flags(item, on=DAY)[0].light) == ("missed", "bad")


def test_the_cycle_of_assessments_is_the_number_that_is_set(track, listed):
    choose("WL5.cycle_months_two", 36)
    system = listed(track("assessment", "等保"), title="报名系统", grade="level2", organisation=ACADEMIC, due_on=DAY)
    document(system)
    assert move_item(by=OFFICE, on=DAY, item=system, stage="certified").due_on == date(2027, 6, 14)


def document(item):
    from django.core.files.base import ContentFile

    from xinglin.engines.worklog.actions.evidence import prove_item
    from xinglin.kernel.files import keep

    prove_item(by=OFFICE, on=DAY, item=item, evidence=[keep(content=ContentFile(b"passed\n", name="a.txt"))])
