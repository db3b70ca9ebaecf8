"""When two entries of the directory are one person, what plans ask of the one they ask of the other."""

import pytest

from tests.directory.conftest import begin, branch, found, register  # noqa: F401  fixtures
from xinglin.directory.actions.merging import merge_people, preview_merge, unmerge_people
from xinglin.kernel.actors import Actor
from xinglin.kernel.refs import Ref
from xinglin.plans.actions.assigning import assign_commitment
from xinglin.plans.actions.correcting import add_commitment
from xinglin.plans.actions.evidence import submit_evidence
from xinglin.plans.policy import may_verify_evidence
from xinglin.plans.telling import leading_people, leading_people_of

from .conftest import DAY, HOUSE, OFFICE

pytestmark = pytest.mark.django_db


def as_office(person):
    return Actor(ref=Ref("directory.account:8"), person=person, name="李雷", roles=frozenset({"office"}))


def test_a_merge_moves_commitments_evidence_and_the_right_to_verify(register, commitment):  # noqa: F811
    loser, winner = register("李雷"), register("李 雷")
    assign_commitment(by=OFFICE, on=DAY, commitment=commitment, responsible=str(loser), leader=str(loser))
    evidence = submit_evidence(by=as_office(loser), on=DAY, commitment=commitment, words="走访三家")
    lines = [line for one in preview_merge(by=HOUSE, on=DAY, loser=loser, winner=winner) for line in one.lines]
    assert len(lines) == 3
    merge = merge_people(by=HOUSE, on=DAY, loser=loser, winner=winner)
    commitment.refresh_from_db()
    evidence.refresh_from_db()
    assert leading_people(commitment=commitment, on=DAY) == [winner]
    assert (commitment.leader, evidence.by) == (winner, winner)
    assert not may_verify_evidence(actor=as_office(winner), evidence=evidence)
    unmerge_people(by=HOUSE, on=DAY, merge=merge)
    commitment.refresh_from_db()
    assert (commitment.responsible, commitment.leader) == (loser, loser)


def test_heads_of_all_leading_units_are_asked_for_at_once(
    register, begin, branch, commitment, plan, django_assert_num_queries  # noqa: F811
):
    chair, helper = register("王芳"), register("张伟")
    begin(chair, title="chair")
    named, led = commitment, add_commitment(by=OFFICE, on=DAY, plan=plan, text="编印会刊", kind="words")
    assign_commitment(by=OFFICE, on=DAY, commitment=led, lead=str(branch), responsible=str(helper))
    assign_commitment(by=OFFICE, on=DAY, commitment=named, lead="", responsible=str(helper))
    with django_assert_num_queries(1):
        found = leading_people_of(commitments=[named, led], on=DAY)
    assert found == {named.pk: [helper], led.pk: [helper, chair]}
