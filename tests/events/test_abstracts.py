"""Abstracts: handed in within the time and length, withdrawn, decided on."""

from datetime import date

import pytest

from xinglin.engines.events.actions.abstracts import (
    Author,
    Decided,
    HandedInAlready,
    NotAsked,
    Paper,
    decide_abstracts,
    submit_abstract,
    withdraw_abstract,
)
from xinglin.kernel.policy import NotAllowed, Refusals

from .conftest import DAY, HOUSE, actor

pytestmark = pytest.mark.django_db

LAST = date(2026, 4, 15)


@pytest.fixture
def call(draft, approve):
    return approve(draft(abstracts_until=LAST))


@pytest.fixture
def wang(someone):
    return actor(person=someone("王小明"))


def hand_in(event, by, on=DAY, **given):
    paper = Paper(**{"title": "房颤消融的随访", "text": "目的 方法 结果", "authors": (Author(name="王小明"),), **given})
    return submit_abstract(by=by, on=on, event=event, paper=paper)


def test_an_abstract_has_a_number_and_is_said_with_its_words_in_the_annex(call, wang, said):
    row = hand_in(call, wang)
    assert (row.number, row.state) == (1, "submitted")
    [(name, body)] = [one for one in said() if one[0] == "events.abstract.moved"]
    assert (body["number"], body["state"]) == (1, "submitted") and "text" not in body and name
    with pytest.raises(HandedInAlready):
        hand_in(call, wang)
    assert hand_in(call, wang, title="另一篇").number == 2


def test_k7_five_hundred_characters_and_authors_by_name(call, wang):
    assert hand_in(call, wang, text="字" * 500).pk
    with pytest.raises(Refusals) as refused:
        hand_in(call, wang, title="长", text="字" * 501, authors=(Author(name=" "),))
    assert [one.field for one in refused.value.problems] == ["text", "authors"]


def test_only_while_the_event_asks(call, draft, wang):
    with pytest.raises(NotAsked):
        hand_in(draft(title="不征文"), wang)
    assert hand_in(call, wang, on=LAST).pk
    with pytest.raises(NotAsked):
        hand_in(call, wang, on=date(2026, 4, 16), title="晚了")
    with pytest.raises(NotAllowed):
        hand_in(call, actor(), title="无名")


def test_withdrawing_is_the_authors_own_and_in_time(call, wang, someone):
    row = hand_in(call, wang)
    with pytest.raises(NotAllowed):
        withdraw_abstract(by=actor(person=someone("李小红")), on=DAY, abstract=row)
    with pytest.raises(Decided):
        withdraw_abstract(by=wang, on=date(2026, 4, 16), abstract=row)
    assert withdraw_abstract(by=wang, on=LAST, abstract=row).state == "withdrawn"
    with pytest.raises(Decided):
        withdraw_abstract(by=wang, on=LAST, abstract=row)
    assert hand_in(call, wang).number == 2


def test_decisions_are_said_one_by_one(call, wang, someone, said):
    rows = [hand_in(call, wang), hand_in(call, actor(person=someone("李小红")))]
    said()
    decide_abstracts(by=HOUSE, on=DAY, event=call, abstracts=[row.pk for row in rows], accepted=True,
                     presented_as="poster")
    assert [(body["state"], body["form"]) for _name, body in said()] == [("accepted", "poster")] * 2
    assert call.abstracts.accepted().count() == 2
    with pytest.raises(NotAllowed):
        decide_abstracts(by=wang, on=DAY, event=call, abstracts=[rows[0].pk], accepted=False)
    with pytest.raises(Decided):
        decide_abstracts(by=HOUSE, on=DAY, event=call, abstracts=[], accepted=True)
