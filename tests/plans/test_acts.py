"""Acts of plans do what they say, say it as a fact, and refuse with a reason and nothing changed."""

from datetime import date
from decimal import Decimal

import pytest

from tests.plans.conftest import CLERK, DAY, HOUSE, LEADER, OFFICE, STRANGER, VISITS
from xinglin.kernel.actors import Actor
from xinglin.kernel.ledger.models import SealedFact
from xinglin.kernel.policy import NotAllowed, Refusal
from xinglin.kernel.refs import Ref
from xinglin.plans.actions.assigning import (
    AlreadyCarried,
    LeadIsPartner,
    WrongMilestones,
    assign_commitment,
    bind_commitment,
    bind_to_evidence,
    carry_over,
    carry_over_all,
)
from xinglin.plans.actions.correcting import (
    NothingToUndo,
    WrongTarget,
    accept_commitments,
    add_commitment,
    discard_commitments,
    edit_commitment,
    merge_commitments,
    split_commitment,
    undo_last,
)
from xinglin.plans.actions.documents import NotAdopted, SamePlan, StillWaiting, adopt_plan, close_plan, read_document
from xinglin.plans.actions.evidence import (
    DecidedBefore,
    WrongEvidence,
    refuse_evidence,
    submit_evidence,
    verify_evidence,
    withdraw_evidence,
)
from xinglin.plans.actions.running import (
    EmptyChange,
    OpenRequest,
    answer_supervision,
    ask_change,
    comment_on,
    decide_change,
    escalate_supervision,
    send_supervision,
)
from xinglin.plans.commitments import Commitment
from xinglin.plans.documents import Plan
from xinglin.plans.progress import standings
from xinglin.plans.reading import read_text
from xinglin.plans.running import Evidence
from xinglin.plans.supervising import to_escalate

pytestmark = pytest.mark.django_db
LEAD = "directory.organisation:9"
FIRST = (
    "江海省医师协会（演示）2026年工作要点\n一、学术交流\n（一）举办学术会议12场，培训300人次。\n"
    "（二）加强分支机构建设。\n"
)
SECOND = FIRST.replace("12场", "15场").replace("（二）加强分支机构建设。", "（二）发布调研报告3份。")


def facts(kind):
    return [one.body for one in SealedFact.objects.filter(type=kind).order_by("position")]


@pytest.fixture
def read():
    def reading(text, plan=None, name="要点.txt"):
        return read_document(
            by=OFFICE, on=DAY, reading=read_text(text=text), name=name, sha256=str(hash(text)), plan=plan
        )

    return reading


# Reading and correcting ----------------------------------------------------------------------------------------


def test_a_document_becomes_commitments_that_wait_for_the_office(read, sealed):
    plan = read(FIRST)
    rows = [(one.no, one.kind, one.value_min, one.unit, one.state) for one in plan.commitments.all()]
    assert rows == [
        ("一-1", "count", Decimal(12), "场", "waiting"),
        ("一-2", "count", Decimal(300), "人次", "waiting"),
        ("一-3", "words", None, "", "waiting"),
    ]
    sealed()
    assert [(one["draft"], one["commitments"]) for one in facts("plans.plan.read")] == [(1, 3)]


def test_every_commitment_stands_where_the_document_says_it(read):
    plan = read(FIRST)
    text = plan.documents.get().text
    assert all(text[one.start : one.end] == one.quote for one in plan.commitments.all())


def test_the_same_document_is_not_read_twice(read):
    plan = read(FIRST)
    with pytest.raises(SamePlan):
        read(FIRST, plan=plan)
    assert plan.documents.count() == 1


def test_a_second_draft_sends_back_only_what_changed(read):
    plan = read(FIRST)
    accept_commitments(by=OFFICE, on=DAY, commitments=list(plan.commitments.all()))
    read(SECOND, plan=plan)
    said = {one.quote: (one.state, one.drafted) for one in plan.commitments.all()}
    assert said["举办学术会议15场"] == ("waiting", "changed")
    assert said["培训300人次"] == ("accepted", "")
    assert said["发布调研报告3份"] == ("waiting", "")
    assert {one["what"] for one in plan.documents.get(number=2).differences} == {"changed", "new", "gone"}


def test_strangers_read_no_documents_into_the_plan(plan):
    with pytest.raises(NotAllowed):
        read_document(by=STRANGER, on=DAY, reading=read_text(text=FIRST), name="x", sha256="1", plan=plan)
    assert plan.commitments.count() == 0


def test_an_edit_is_kept_and_undone_exactly(commitment, plan):
    edit_commitment(by=OFFICE, on=DAY, commitment=commitment, value_min=Decimal(25), deadline=date(2026, 11, 30))
    commitment.refresh_from_db()
    assert (commitment.value_min, commitment.deadline) == (25, date(2026, 11, 30))
    assert undo_last(by=OFFICE, on=DAY, plan=plan) == "edit"
    commitment.refresh_from_db()
    assert (commitment.value_min, commitment.deadline) == (20, date(2026, 12, 31))


def test_undoing_everything_ends_with_a_refusal(commitment, plan):
    undo_last(by=OFFICE, on=DAY, plan=plan)
    assert plan.commitments.on_the_table().count() == 0
    with pytest.raises(NothingToUndo):
        undo_last(by=OFFICE, on=DAY, plan=plan)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"value_min": None}, "value_min"),
        ({"value_min": Decimal(-1)}, "value_min"),
        ({"value_max": Decimal(3)}, "value_max"),
        ({"kind": "percent", "value_min": Decimal(120)}, "value_min"),
        ({"deadline": date(2025, 1, 1)}, "deadline"),
    ],
)
def test_an_impossible_target_is_refused_beside_its_field(commitment, given, field):
    with pytest.raises(WrongTarget) as refused:
        edit_commitment(by=OFFICE, on=DAY, commitment=commitment, **given)
    assert refused.value.field == field
    commitment.refresh_from_db()
    assert (commitment.value_min, commitment.kind) == (20, "count")


def test_a_split_gives_two_commitments_of_one_sentence_and_undo_gives_one(commitment, plan):
    parts = [
        {"text": "走访会员单位 12 次", "value_min": Decimal(12)},
        {"text": "走访医师家庭 8 次", "value_min": Decimal(8)},
    ]
    split_commitment(by=OFFICE, on=DAY, commitment=commitment, parts=parts)
    assert [one.value_min for one in plan.commitments.accepted()] == [12, 8]
    assert [one.object for one in plan.commitments.accepted()] == ["会员单位", "医师家庭"]
    undo_last(by=OFFICE, on=DAY, plan=plan)
    assert [one.value_min for one in plan.commitments.accepted()] == [20]


def test_a_merger_adds_up_figures_of_one_unit(read):
    plan = read("江海省医师协会（演示）2026年工作要点\n一、服务\n（一）走访医院5家，走访社区7家。\n")
    rows = list(plan.commitments.all())
    merged = merge_commitments(by=OFFICE, on=DAY, commitments=rows)
    assert (merged.value_min, merged.unit, plan.commitments.accepted().count()) == (12, "家", 1)


def test_an_adopted_commitment_is_no_longer_edited_but_changed_by_request(commitment, plan):
    adopt_plan(by=OFFICE, on=DAY, plan=plan, adopted_by="理事会")
    with pytest.raises(NotAllowed) as refused:
        edit_commitment(by=OFFICE, on=DAY, commitment=Commitment.objects.get(), value_min=Decimal(1))
    assert refused.value.regulation == "W4"
    with pytest.raises(NotAllowed):
        discard_commitments(by=OFFICE, on=DAY, commitments=[Commitment.objects.get()])


def test_a_plan_with_open_decisions_is_not_adopted(read):
    plan = read(FIRST)
    with pytest.raises(StillWaiting):
        adopt_plan(by=OFFICE, on=DAY, plan=plan)
    assert Plan.objects.get(pk=plan.pk).state == "draft"


def test_closing_states_what_was_reached_and_what_was_missed(plan, commitment, visits, sealed):
    with pytest.raises(NotAdopted):
        close_plan(by=OFFICE, on=DAY, plan=plan)
    bind_commitment(by=OFFICE, on=DAY, commitment=commitment, term=VISITS)
    adopt_plan(by=OFFICE, on=DAY, plan=plan)
    visits(20)
    sealed()
    close_plan(by=OFFICE, on=date(2026, 12, 31), plan=plan)
    sealed()
    assert [(one["reached"], one["missed"]) for one in facts("plans.plan.closed")] == [(1, 0)]


# Assigning --------------------------------------------------------------------------------------------------------


def test_an_assignment_names_everybody_and_is_a_fact(commitment, sealed):
    assign_commitment(
        by=OFFICE,
        on=DAY,
        commitment=commitment,
        lead=LEAD,
        partners=["directory.organisation:10"],
        weight=Decimal(3),
        milestones=[(date(2026, 6, 30), Decimal(50), "半年")],
    )
    commitment.refresh_from_db()
    assert (commitment.lead, commitment.weight, commitment.milestones.get().share) == (LEAD, 3, 50)
    sealed()
    assert facts("plans.commitment.assigned")[0]["partners"] == ["directory.organisation:10"]


def test_a_unit_does_not_lead_and_help_at_once(commitment):
    with pytest.raises(LeadIsPartner):
        assign_commitment(by=OFFICE, on=DAY, commitment=commitment, lead=LEAD, partners=[LEAD])
    commitment.refresh_from_db()
    assert commitment.lead == ""


@pytest.mark.parametrize(
    "rows",
    [[(date(2026, 3, 1), Decimal(60), ""), (date(2026, 6, 1), Decimal(40), "")], [(date(2027, 3, 1), Decimal(60), "")]],
)
def test_milestones_rise_within_the_span(commitment, rows):
    with pytest.raises(WrongMilestones):
        assign_commitment(by=OFFICE, on=DAY, commitment=commitment, milestones=rows)
    assert commitment.milestones.count() == 0


def test_what_was_not_finished_is_carried_over_once(commitment, plan):
    new = read_document(
        by=OFFICE, on=DAY, reading=read_text(text=FIRST.replace("2026", "2027")), name="n", sha256="n", year=2027
    )
    carried = carry_over(by=OFFICE, on=DAY, commitment=commitment, plan=new)
    assert (carried.origin, carried.state, carried.deadline) == ("carried", "waiting", date(2027, 12, 31))
    with pytest.raises(AlreadyCarried):
        carry_over(by=OFFICE, on=DAY, commitment=commitment, plan=new)


# Evidence -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def proven(commitment):
    assign_commitment(by=OFFICE, on=DAY, commitment=commitment, lead=LEAD, leader="directory.person:78")
    bind_to_evidence(by=OFFICE, on=DAY, commitment=commitment)
    return commitment


def value(plan):
    return standings(plan=plan, on=DAY)[0].value


def test_evidence_counts_only_after_a_second_person_verified_it(plan, proven, sealed):
    evidence = submit_evidence(by=CLERK, on=DAY, commitment=proven, words="走访 4 家，见照片", amount=Decimal(4))
    sealed()
    assert value(plan) == 0
    with pytest.raises(NotAllowed):
        verify_evidence(by=CLERK, on=DAY, evidence=evidence)
    verify_evidence(by=OFFICE, on=DAY, evidence=evidence)
    sealed()
    assert value(plan) == 4


def test_whoever_handed_it_in_never_verifies_it_even_with_the_right(proven):
    evidence = submit_evidence(by=OFFICE, on=DAY, commitment=proven, words="x")
    with pytest.raises(NotAllowed) as refused:
        verify_evidence(by=OFFICE, on=DAY, evidence=evidence)
    assert refused.value.regulation == "W3"
    assert Evidence.objects.get().state == "submitted"


def test_the_second_to_decide_is_told_that_it_was_decided(proven):
    evidence = submit_evidence(by=CLERK, on=DAY, commitment=proven, words="x")
    verify_evidence(by=OFFICE, on=DAY, evidence=evidence)
    with pytest.raises(DecidedBefore):
        refuse_evidence(by=LEADER, on=DAY, evidence=evidence, why="晚了")


def test_withdrawn_evidence_takes_its_amount_back(plan, proven, sealed):
    evidence = submit_evidence(by=CLERK, on=DAY, commitment=proven, words="x", amount=Decimal(6))
    verify_evidence(by=OFFICE, on=DAY, evidence=evidence)
    sealed()
    assert value(plan) == 6
    withdraw_evidence(by=CLERK, on=DAY, evidence=evidence, why="数错了")
    sealed()
    assert value(plan) == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"happened_on": date(2026, 7, 3)}, "happened_on"),
        ({"happened_on": date(2025, 12, 31)}, "happened_on"),
        ({"amount": Decimal(0)}, "amount"),
    ],
)
def test_impossible_evidence_is_refused_beside_its_field(proven, given, field):
    with pytest.raises(WrongEvidence) as refused:
        submit_evidence(by=CLERK, on=DAY, commitment=proven, words="x", **given)
    assert refused.value.field == field
    assert Evidence.objects.count() == 0


def test_a_proof_of_a_percentage_states_0_to_100(plan, commitment):
    given = {"kind": "percent", "value_min": Decimal(90), "unit": ""}
    share = add_commitment(by=OFFICE, on=DAY, plan=plan, text="满意度达到 90%", **given)
    assert submit_evidence(by=OFFICE, on=DAY, commitment=share, words="x", amount=Decimal(0)).amount == 0
    for amount in (Decimal("-1"), Decimal("100.5")):
        with pytest.raises(WrongEvidence) as refused:
            submit_evidence(by=OFFICE, on=DAY, commitment=share, words="x", amount=amount)
        assert refused.value.field == "amount"


def test_another_department_hands_in_nothing(proven):
    other = Actor(
        ref=Ref("directory.account:8"),
        roles=frozenset({"department"}),
        scope={"department": frozenset({"directory.organisation:77"})},
    )
    with pytest.raises(NotAllowed):
        submit_evidence(by=other, on=DAY, commitment=proven, words="x")


# Changes, supervision, comments ---------------------------------------------------------------------------------


def test_a_change_takes_effect_only_when_a_leader_approves(proven):
    wish = ask_change(by=CLERK, on=DAY, commitment=proven, value_min=Decimal(15), reason="汛情停办")
    with pytest.raises(NotAllowed):
        decide_change(by=CLERK, on=DAY, wish=wish, approved=True)
    proven.refresh_from_db()
    assert proven.value_min == 20
    decide_change(by=LEADER, on=DAY, wish=wish, approved=True)
    proven.refresh_from_db()
    assert proven.value_min == 15


def test_a_cancelled_commitment_turns_grey_and_a_refused_wish_changes_nothing(plan, proven):
    wish = ask_change(by=CLERK, on=DAY, commitment=proven, cancel=True, reason="上级取消")
    with pytest.raises(OpenRequest):
        ask_change(by=CLERK, on=DAY, commitment=proven, value_min=Decimal(1), reason="再减")
    decide_change(by=LEADER, on=DAY, wish=wish, approved=False, decision="仍须完成")
    again = ask_change(by=CLERK, on=DAY, commitment=proven, cancel=True, reason="上级发文取消")
    decide_change(by=LEADER, on=DAY, wish=again, approved=True)
    assert standings(plan=plan, on=DAY)[0].light == "off"


@pytest.mark.parametrize(
    "given", [{"reason": " ", "cancel": True}, {"reason": "有"}, {"reason": "有", "deadline": date(2026, 7, 1)}]
)
def test_an_empty_or_backward_wish_is_refused(proven, given):
    with pytest.raises(EmptyChange):
        ask_change(by=CLERK, on=DAY, commitment=proven, **given)


def test_a_notice_goes_out_once_a_quarter_is_answered_and_escalated_by_rule(plan, proven, sealed):
    rows = standings(plan=plan, on=DAY)
    assert rows[0].light == "bad"
    [notice] = send_supervision(by=OFFICE, on=DAY, plan=plan, quarter=date(2026, 4, 1), standings=rows)
    with pytest.raises(Refusal):
        send_supervision(by=OFFICE, on=DAY, plan=plan, quarter=date(2026, 4, 1), standings=rows)
    assert notice.reply_due_on == date(2026, 7, 9)
    assert to_escalate(plan=plan, on=date(2026, 7, 9)) == []
    assert [why for _, why in to_escalate(plan=plan, on=date(2026, 7, 10))] == ["no_reply"]
    answer_supervision(by=CLERK, on=date(2026, 7, 10), supervision=notice, reply="八月补办")
    sealed()
    assert facts("plans.supervision.answered")[0]["late"] is True
    [again] = send_supervision(
        by=OFFICE,
        on=date(2026, 10, 9),
        plan=plan,
        quarter=date(2026, 7, 1),
        standings=standings(plan=plan, on=date(2026, 10, 9)),
    )
    assert "red_again" in [why for _, why in to_escalate(plan=plan, on=date(2026, 10, 9))]
    assert escalate_supervision(by=OFFICE, on=date(2026, 10, 9), supervision=again) == "red_again"
    assert again.pk not in [one.pk for one, _ in to_escalate(plan=plan, on=date(2026, 10, 9))]


def test_the_words_of_a_comment_stay_out_of_the_chain(proven, sealed):
    comment_on(by=LEADER, on=DAY, commitment=proven, words="请每周报一次")
    sealed()
    content = SealedFact.objects.get(type="plans.comment.made").content
    assert "每周" not in content
    with pytest.raises(NotAllowed):
        comment_on(
            by=Actor(ref=Ref("directory.account:9"), roles=frozenset({"audit_admin"})),
            on=DAY,
            commitment=proven,
            words="x",
        )


def test_the_house_may_do_what_the_demonstration_needs(proven):
    evidence = submit_evidence(by=HOUSE, on=DAY, commitment=proven, words="x")
    verify_evidence(by=HOUSE, on=DAY, evidence=evidence)
    assert Evidence.objects.get().state == "verified"


def test_several_unfinished_commitments_are_carried_over_together_or_not_at_all(commitment, plan):
    later = FIRST.replace("2026", "2027")
    new = read_document(by=OFFICE, on=DAY, reading=read_text(text=later), name="n", sha256="n", year=2027)
    [carried] = carry_over_all(by=OFFICE, on=DAY, commitments=[commitment], plan=new)
    assert carried.carried_from_id == commitment.pk
    with pytest.raises(AlreadyCarried):
        carry_over_all(by=OFFICE, on=DAY, commitments=[commitment], plan=new)
    assert commitment.carried_to.count() == 1
