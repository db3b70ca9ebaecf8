"""When two entries of the directory are one person, what plans ask of the one they ask of the other."""

import pytest

from tests.directory.conftest import register  # noqa: F401  a fixture
from xinglin.directory.actions.merging import merge_people, preview_merge, unmerge_people
from xinglin.kernel.actors import Actor
from xinglin.kernel.refs import Ref
from xinglin.plans.actions.assigning import assign_commitment
from xinglin.plans.actions.evidence import submit_evidence
from xinglin.plans.policy import may_verify_evidence
from xinglin.plans.telling import leading_people

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
