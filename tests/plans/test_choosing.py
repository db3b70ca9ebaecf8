"""What a commitment may be counted by: percentages are shares or the latest proof, editions their own series."""

from datetime import date
from decimal import Decimal

import pytest

from tests.plans.conftest import CLERK, DAY, HOUSE, LEADER, OFFICE
from tests.plans.reporting.conftest import kinds, term, work_done, worked
from xinglin.engines.worklog.actions.series import open_series
from xinglin.kernel.vocabulary import terms
from xinglin.plans.actions.assigning import assign_commitment, bind_commitment, bind_to_evidence
from xinglin.plans.actions.correcting import add_commitment, edit_commitment, take_commitment, undo_last
from xinglin.plans.actions.evidence import submit_evidence, verify_evidence, withdraw_evidence
from xinglin.plans.binding import propose_measures
from xinglin.plans.choosing import AnyEdition, NoShare
from xinglin.plans.measuring import Asked, head_size, rebuild, total
from xinglin.plans.progress import standings
from xinglin.plans.reporting.counting import count_all
from xinglin.plans.reporting.scoring import late_days

__all__ = ["kinds", "term", "work_done", "worked"]
pytestmark = pytest.mark.django_db
LEAD = "directory.organisation:9"


@pytest.fixture
def rate(plan):
    return add_commitment(by=OFFICE, on=DAY, plan=plan, text="问题整改率达到95%", object="问题整改率", kind="percent",
                          value_min=Decimal(95), unit="%")


@pytest.fixture
def eleventh(plan):
    return add_commitment(by=OFFICE, on=DAY, plan=plan, text="举办第十一届江海发展论坛", object="江海发展论坛",
                          kind="edition", edition=11)


@pytest.fixture
def series(kinds):
    made = {title: open_series(by=HOUSE, on=DAY, title=title, kind=kinds["forum"], organisation=LEAD)
            for title in ("江海发展论坛", "青年论坛")}
    return {title: one.ref for title, one in made.items()}


def one(commitment):
    return standings(plan=commitment.plan, on=DAY, commitments=[commitment])[0]


def proof(commitment, percent, on):
    handed = submit_evidence(by=CLERK, on=DAY, commitment=commitment, words="已整改", amount=Decimal(percent),
                             happened_on=on)
    verify_evidence(by=LEADER, on=DAY, evidence=handed)
    return handed


def test_two_proofs_of_a_percentage_are_not_added_up(rate, sealed):
    assign_commitment(by=OFFICE, on=DAY, commitment=rate, lead=LEAD)
    measure = bind_to_evidence(by=OFFICE, on=DAY, commitment=rate)
    later = proof(rate, 92, date(2026, 6, 20))
    proof(rate, 90, date(2026, 3, 20))
    proof(rate, 91, date(2026, 6, 2))
    sealed()
    assert (one(rate).value, one(rate).light) == (92, "ok")
    withdraw_evidence(by=CLERK, on=DAY, evidence=later, why="数错")
    sealed()
    assert one(rate).value == 91
    asked = Asked.of(measure)
    assert count_all(questions=[asked], size=head_size())[asked].value("latest") == 91 == total(asked=asked)
    rebuild(measures=[measure], upto=head_size())
    assert one(rate).value == 91


def test_a_percentage_is_never_a_sum(rate, term):
    with pytest.raises(NoShare):
        bind_commitment(by=OFFICE, on=DAY, commitment=rate, term=term("qc_inspection"))
    assert not rate.measures.exists()


def test_a_share_of_itself_is_refused(rate, term):
    whole = term("qc_inspection")
    with pytest.raises(NoShare):
        bind_commitment(by=OFFICE, on=DAY, commitment=rate, term=whole, how="ratio", base_filter=whole.filter)


def test_a_share_of_a_sum_is_the_same_however_it_is_counted(rate, term, worked, sealed):
    whole, part = term("training"), term("law_training")
    measure = bind_commitment(by=OFFICE, on=DAY, commitment=rate, term=part, how="ratio", base_filter=whole.filter)
    worked("law_training", date(2026, 3, 2), count=3)
    worked("training_course", date(2026, 4, 2), count=1)
    sealed()
    asked = Asked.of(measure)
    assert one(rate).value == 75 == count_all(questions=[asked], size=head_size())[asked].value("ratio")


def test_any_forum_is_no_eleventh_one(eleventh, series, term, worked, sealed):
    with pytest.raises(AnyEdition):
        bind_commitment(by=OFFICE, on=DAY, commitment=eleventh, term=term("forum"), how="met")
    proposal = propose_measures(commitment=eleventh, on=DAY)[0]
    assert dict(proposal.choice.filter) == {"series": series["江海发展论坛"], "edition": "11"}
    take_commitment(by=OFFICE, on=DAY, commitment=eleventh, term=proposal.term, how=proposal.how)
    assert eleventh.measures.get().label == "江海发展论坛，第 11 届"
    worked("forum", date(2026, 5, 1), series=series["青年论坛"], edition=11)
    worked("forum", date(2026, 5, 1), series=series["江海发展论坛"], edition=10)
    sealed()
    assert one(eleventh).light != "done"
    worked("forum", date(2026, 5, 2), series=series["江海发展论坛"], edition=11)
    sealed()
    assert one(eleventh).light == "done"


def test_an_edition_is_proposed_by_its_series_only(eleventh, kinds):
    assert propose_measures(commitment=eleventh, on=DAY) == []
    forum = [one for one in terms(DAY) if one.zh == "论坛"]
    assert propose_measures(commitment=eleventh, on=DAY, known=forum) == []


def test_another_kind_unit_or_edition_asks_for_the_measure_again(eleventh, rate, series, term):
    bind_to_evidence(by=OFFICE, on=DAY, commitment=rate)
    forum = term("forum")
    for commitment, given in (
        (eleventh, {"edition": 12}), (rate, {"kind": "count"}), (rate, {"kind": "count", "unit": "项"}),
    ):
        extra = [("series", series["江海发展论坛"])] if commitment is eleventh else []
        if commitment is eleventh:
            bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=forum, extra_filter=extra)
        assert one(commitment).measure is not None
        edit_commitment(by=OFFICE, on=DAY, commitment=commitment, text="改", **given)
        assert one(commitment).measure is None
        undo_last(by=OFFICE, on=DAY, plan=commitment.plan)
        commitment.refresh_from_db()
        assert one(commitment).measure is not None


def test_undoing_a_kind_does_not_keep_the_measure_chosen_for_the_other(rate, term):
    edit_commitment(by=OFFICE, on=DAY, commitment=rate, text="督查 95 次", kind="count", unit="次")
    bind_commitment(by=OFFICE, on=DAY, commitment=rate, term=term("qc_inspection"))
    edit_commitment(by=OFFICE, on=DAY, commitment=rate, text="督查 95 次以上")
    assert one(rate).measure is not None  # other words change nothing of it
    for _step in range(2):
        undo_last(by=OFFICE, on=DAY, plan=rate.plan)
    rate.refresh_from_db()
    assert (rate.kind, one(rate).measure) == ("percent", None)


def test_a_percentage_stated_after_its_deadline_is_late_by_those_days(rate, sealed):
    edit_commitment(by=OFFICE, on=DAY, commitment=rate, deadline=date(2026, 5, 31))
    assign_commitment(by=OFFICE, on=DAY, commitment=rate, lead=LEAD)
    bind_to_evidence(by=OFFICE, on=DAY, commitment=rate)
    late = [proof(rate, percent, day) for percent, day in ((90, date(2026, 5, 20)), (96, date(2026, 6, 15)))]
    sealed()
    assert late_days(standing=one(rate), on=DAY) == 15
    withdraw_evidence(by=CLERK, on=DAY, evidence=late[0], why="数错")
    proof(rate, 95, date(2026, 5, 31))
    sealed()
    assert late_days(standing=one(rate), on=DAY) == 0
