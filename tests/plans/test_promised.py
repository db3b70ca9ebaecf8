"""The port Promises: what the adopted plan promises of something an engine counts."""

from datetime import date
from decimal import Decimal

import pytest

from xinglin.kernel.ports import ask, conformance
from xinglin.kernel.ports.promises import Promises
from xinglin.kernel.refs import ref
from xinglin.kernel.vocabulary import Term
from xinglin.plans.actions.assigning import bind_commitment
from xinglin.plans.actions.correcting import accept_commitments
from xinglin.plans.actions.documents import adopt_plan
from xinglin.plans.promised import Planned

from .conftest import OFFICE

pytestmark = pytest.mark.django_db
ON = date(2026, 7, 2)


def test_the_adopted_plan_of_the_year_answers_with_its_own_words(plan, commitment):
    term = Term(fact="trial.visit.made", measure="count", filter=(("hospital", "directory.organisation:4"),),
                zh="走访", en="")
    bind_commitment(by=OFFICE, on=date(2026, 1, 6), commitment=commitment, term=term, how="count")
    port = ask(Promises)
    asked = {"fact": "trial.visit.made", "filter": (("hospital", "directory.organisation:4"),)}
    assert isinstance(port, Planned) and port.of(**asked, on=ON) is None
    if commitment.state != "accepted":
        accept_commitments(by=OFFICE, on=date(2026, 1, 6), commitments=[commitment])
    adopt_plan(by=OFFICE, on=date(2026, 1, 10), plan=plan, adopted_by="理事会（虚构）")
    found = port.of(**asked, on=ON)
    assert (found.number, found.words, found.commitment) == (
        Decimal(20), "走访会员单位 20 次", ref("plans.commitment", commitment.pk))
    assert port.of(**asked, on=date(2027, 3, 1)) is None
    assert port.of(fact="trial.visit.made", filter=(), on=ON) is None
    conformance.check(Promises, port, known=ref("directory.organisation", 4), on=ON)
