"""A further draft keeps what the office decided, sends back what changed, and never touches an adopted plan."""

from decimal import Decimal

import pytest

from tests.plans.conftest import DAY, OFFICE, VISITS
from xinglin.kernel.policy import NotAllowed
from xinglin.plans.actions.assigning import bind_commitment
from xinglin.plans.actions.correcting import (
    BuiltUpon,
    accept_commitments,
    discard_commitments,
    edit_commitment,
    merge_commitments,
    split_commitment,
    undo_last,
)
from xinglin.plans.actions.documents import adopt_plan, read_document
from xinglin.plans.reading import read_text

pytestmark = pytest.mark.django_db
HEAD = "江海省医师协会（演示）2026年工作要点\n一、学术交流\n"
FIRST = HEAD + "（一）举办学术会议12场，培训300人次。\n（二）走访医院5家，走访社区7家。\n（三）发布调研报告3份。\n"
MORE = FIRST + "（四）举办义诊8场。\n"


@pytest.fixture
def read():
    def reading(text, plan=None):
        digest = str(hash(text))
        return read_document(
            by=OFFICE, on=DAY, reading=read_text(text=text), name="要点.txt", sha256=digest, plan=plan
        )

    return reading


@pytest.fixture
def plan(read):
    return read(FIRST)


def one(plan, word):
    return next(row for row in plan.commitments.all() if word in row.quote)


def table(plan):
    """Return what is on the table: words, lower figure, state, and what the draft did."""
    return {(row.text, row.value_min, row.state, row.drafted) for row in plan.commitments.on_the_table()}


def test_no_draft_is_read_into_an_adopted_plan(plan, read):
    accept_commitments(by=OFFICE, on=DAY, commitments=list(plan.commitments.all()))
    adopt_plan(by=OFFICE, on=DAY, plan=plan)
    before = table(plan)
    with pytest.raises(NotAllowed) as refused:
        read(FIRST.replace("12场", "9场"), plan=plan)
    assert refused.value.regulation == "W4"
    assert (table(plan), plan.documents.count(), plan.commitments.waiting().count()) == (before, 1, 0)


def test_what_was_discarded_does_not_come_back_with_the_next_draft(plan, read):
    discard_commitments(by=OFFICE, on=DAY, commitments=[one(plan, "调研报告")])
    before = table(plan)
    read(MORE, plan=plan)
    assert table(plan) - before == {("举办义诊8场", Decimal(8), "waiting", "")}
    assert before <= table(plan)
    read(MORE + "（五）编印会刊4期。\n", plan=plan)
    assert one(plan, "调研报告").state == "discarded" and not plan.commitments.filter(drafted="gone").exists()


def test_the_parts_of_a_split_stay_while_its_sentence_stays(plan, read):
    parts = [{"text": "举办论坛", "value_min": Decimal(4)}, {"text": "举办沙龙", "value_min": Decimal(8)}]
    split_commitment(by=OFFICE, on=DAY, commitment=one(plan, "学术会议"), parts=parts)
    before = table(plan)
    read(MORE, plan=plan)
    assert before <= table(plan) and len(table(plan)) == len(before) + 1
    text = plan.documents.get(number=2).text
    assert {text[row.start : row.end] for row in plan.commitments.accepted()} == {"举办学术会议12场"}


def test_a_changed_sentence_sends_its_parts_back_with_their_own_figures(plan, read):
    parts = [{"text": "举办论坛", "value_min": Decimal(4)}, {"text": "举办沙龙", "value_min": Decimal(8)}]
    split_commitment(by=OFFICE, on=DAY, commitment=one(plan, "学术会议"), parts=parts)
    read(FIRST.replace("12场", "15场"), plan=plan)
    assert {row for row in table(plan) if row[3]} == {
        ("举办论坛", Decimal(4), "waiting", "changed"), ("举办沙龙", Decimal(8), "waiting", "changed")}
    assert {row.quote for row in plan.commitments.filter(drafted="changed")} == {"举办学术会议15场"}


def test_a_merger_stays_while_its_sentence_stays(plan, read):
    merged = merge_commitments(by=OFFICE, on=DAY, commitments=list(plan.commitments.filter(unit="家")))
    before = table(plan)
    read(MORE, plan=plan)
    assert before <= table(plan) and len(table(plan)) == len(before) + 1
    merged.refresh_from_db()
    assert plan.documents.get(number=2).text[merged.start : merged.end] == merged.quote


def test_a_changed_piece_of_a_merger_sends_back_the_whole(plan, read):
    merged = merge_commitments(by=OFFICE, on=DAY, commitments=list(plan.commitments.filter(unit="家")))
    for draft in (FIRST.replace("7家", "9家"), FIRST.replace("5家", "6家").replace("7家", "9家")):
        read(draft, plan=plan)
        merged.refresh_from_db()
        assert (merged.value_min, merged.state, merged.drafted) == (12, "waiting", "changed")
        assert [row for row in table(plan) if "走访" in row[0]] == [(merged.text, Decimal(12), "waiting", "changed")]


def test_a_new_promise_in_the_words_of_a_merged_one_elsewhere_is_not_dropped(plan, read):
    merge_commitments(by=OFFICE, on=DAY, commitments=list(plan.commitments.filter(unit="家")))
    read(FIRST.replace("7家", "9家") + "二、服务基层\n（一）走访社区3家。\n", plan=plan)
    assert [(row.chapter, row.value_min) for row in plan.commitments.waiting().filter(quote__contains="3家")] == [
        ("二", Decimal(3))]


def test_a_kind_the_office_corrected_is_no_change_of_the_draft(plan, read):
    edit_commitment(by=OFFICE, on=DAY, commitment=one(plan, "调研报告"), kind="words", value_min=None, value_max=None)
    before = table(plan)
    read(MORE, plan=plan)
    assert before <= table(plan)


def test_a_draft_that_promises_another_unit_asks_for_the_measure_again(plan, read):
    meeting = one(plan, "学术会议")
    bind_commitment(by=OFFICE, on=DAY, commitment=meeting, term=VISITS)
    again = FIRST.replace("12场", "15场")
    assert read(again, plan=plan) and meeting.measures.get().confirmed_on == DAY
    read(again.replace("15场", "15次"), plan=plan)
    assert (one(plan, "学术会议").unit, meeting.measures.get().confirmed_on) == ("次", None)


def test_a_sentence_said_twice_keeps_both_decisions(read):
    twice = HEAD + "（一）举办义诊8场。\n二、服务\n（一）举办义诊8场。\n"
    plan = read(twice)
    first, second = plan.commitments.all()
    discard_commitments(by=OFFICE, on=DAY, commitments=[first])
    accept_commitments(by=OFFICE, on=DAY, commitments=[second])
    read(twice + "（二）编印会刊4期。\n", plan=plan)
    assert [(row.chapter, row.state) for row in plan.commitments.filter(quote="举办义诊8场").order_by("chapter_order")
            ] == [("一", "discarded"), ("二", "accepted")]
    read(HEAD + "（一）举办义诊8场。\n", plan=plan)
    assert {(row.state, row.drafted) for row in plan.commitments.filter(quote="举办义诊8场")} == {
        ("accepted", ""), ("discarded", "")}


def test_nothing_is_undone_past_a_new_draft(plan, read):
    accept_commitments(by=OFFICE, on=DAY, commitments=[one(plan, "学术会议")])
    step = plan.changes.first()
    read(FIRST.replace("12场", "15场"), plan=plan)
    stands = table(plan)
    for change in (None, step):
        with pytest.raises(BuiltUpon):
            undo_last(by=OFFICE, on=DAY, plan=plan, change=change)
    assert table(plan) == stands
    accept_commitments(by=OFFICE, on=DAY, commitments=[one(plan, "学术会议")])
    assert undo_last(by=OFFICE, on=DAY, plan=plan) == "accept"
    assert table(plan) == stands
