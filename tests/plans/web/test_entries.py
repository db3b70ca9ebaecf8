"""What plans add to the shell: search, navigation, panels."""

import pytest

from tests.plans.conftest import CLERK, DAY, OFFICE, STRANGER
from xinglin.kernel import clock
from xinglin.plans.actions.assigning import assign_commitment
from xinglin.plans.web.entries import found
from xinglin.plans.web.mine import organisation_panel, person_panel
from xinglin.plans.web.waiting import count_to_confirm

pytestmark = pytest.mark.django_db


class Asking:
    """A request of which only the actor matters."""

    def __init__(self, actor):
        self.actor = actor


class Subject:
    """A person or unit of the directory, of which only the ref matters."""

    def __init__(self, ref):
        self.ref = ref


def test_commitments_are_found_by_words_and_by_number_by_those_who_read_plans(card):
    one = card("走访")
    assert [hit.url for hit in found("走访 20", OFFICE, 5)] == [f"/plans/commitment/{one.pk}/"]
    assert [hit.url for hit in found(one.no, OFFICE, 5)] == [f"/plans/commitment/{one.pk}/"]
    assert found("走访", STRANGER, 5) == []


def test_the_count_beside_the_plan_is_what_waits_for_the_office(read_plan):
    assert count_to_confirm(OFFICE) == read_plan.commitments.waiting().count()
    assert count_to_confirm(CLERK) == 0


def test_the_directory_pages_show_what_a_person_and_a_unit_owe(commitment):
    assign_commitment(
        by=OFFICE, on=DAY, commitment=commitment, lead="directory.organisation:9", responsible="directory.person:3"
    )
    with clock.pretending(DAY):
        for panel, ref in ((person_panel, "directory.person:3"), (organisation_panel, "directory.organisation:9")):
            _template, context = panel(Asking(OFFICE), Subject(ref))
            assert [line.standing.commitment.pk for line in context["lines"]] == [commitment.pk]
            assert panel(Asking(STRANGER), Subject(ref)) is None
        assert person_panel(Asking(OFFICE), Subject("directory.person:4")) is None
