"""The facts alone, folded in order, give where applications stand and what recommenders answered."""

from datetime import date

import pytest

from xinglin.engines.membership.actions import applications, erasing, recommending, reviewing
from xinglin.engines.membership.actions.approving import approve_applications
from xinglin.engines.membership.actions.members import waive_fee
from xinglin.engines.membership.applications import Application, Recommendation
from xinglin.kernel.ledger.models import SealedFact

from .applied import NEXT, VISITOR, apply, person, unit, verified, vouch
from .conftest import DAY, HOUSE, OFFICE

pytestmark = pytest.mark.django_db


def folded() -> tuple[dict, dict]:
    """Read the ledger from its first fact."""
    rows, answers = {}, {}
    for fact in SealedFact.objects.filter(type__startswith="membership.").order_by("position"):
        body = fact.body
        match fact.type.removeprefix("membership."):
            case "application.submitted":
                state = "submitted" if body.get("branch") else "passed"
                if body["renamed"]:
                    answers = {key: one for key, one in answers.items() if key[0] != body["application"]}
                rows[body["application"]] = [body["holder"], body["tier"], body.get("branch"), state,
                                             fact.happened_on, None, None]
            case "application.moved":
                assert rows[body["application"]][3] == body["before"]
                rows[body["application"]][3] = body["after"]
            case "recommendation.answered":
                answers[body["application"], body["member"]] = body["vouched"]
            case "member.admitted" if body.get("application"):
                rows[body["application"]][5:7] = [body["member"], (body["batch"], fact.happened_on)]
    return rows, answers


def test_the_facts_give_the_applications(someone, admit, cardiology, association, sealed):
    members = [admit(someone(name), on=date(2025, 3, 2)) for name in ("王小明", "李小红")]
    for one in members:
        waive_fee(by=HOUSE, on=DAY, member=one, from_on=DAY, reason="试用")
    first, second, third, fourth = (apply(person(branch=cardiology, members=members, serial=serial, name=f"林{serial}"))
                                    for serial in (1, 2, 3, 4))
    units = apply(unit(), holder="unit")
    approve_applications(by=OFFICE, on=NEXT, applications=[verified(first), verified(units)], decision="常〔2026〕5号",
                         held_on=NEXT)
    reviewing.return_application(by=OFFICE, on=DAY, application=second, reason="缺证")
    applications.hand_in_again(by=VISITOR, on=NEXT, key=second.key,
                               answers=person(branch=cardiology, members=members, serial=2, name="林贰"))
    reviewing.refuse_application(by=OFFICE, on=DAY, application=third, reason="不符合")
    applications.withdraw_application(by=VISITOR, on=DAY, key=fourth.key)
    fifth = apply(person(branch=cardiology, members=members, serial=5, name="林5"))
    vouch(fifth)
    applications.hand_in_again(by=VISITOR, on=NEXT, key=fifth.key,
                               answers=person(branch=cardiology, members=members, serial=6, name="林6"))
    erasing.erase_application(by=VISITOR, on=NEXT, key=fourth.key)
    recommending.answer_recommendation(by=VISITOR, on=NEXT, vouched=False,
                                       key=Recommendation.objects.filter(application=second).first().key)
    sealed()
    rows, answers = folded()
    assert rows == {str(one.ref): [
        one.holder, str(one.tier.ref), str(one.branch.ref) if one.branch else None, one.state, one.submitted_on,
        str(one.member.ref) if one.member else None, (str(one.batch.ref), one.batch.held_on) if one.batch else None]
        for one in Application.objects.all()}
    assert answers == {(str(one.application.ref), str(one.member.ref)): one.vouched
                       for one in Recommendation.objects.exclude(answered_on=None)}
    assert len(rows) == 6 and len(answers) == 3
