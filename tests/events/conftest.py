"""A small association with a branch, its people, and an event of each sort."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from tests.membership.conftest import HOUSE, actor, association, cardiology, found, someone, surgery, visit
from xinglin.engines.events.actions.deciding import decide_event
from xinglin.engines.events.actions.programme import Slot, arrange_session
from xinglin.engines.events.actions.proposing import Line, Plan, draft_event, propose_event
from xinglin.engines.events.meetings import Event
from xinglin.kernel.files import keep
from xinglin.kernel.ledger.models import SealedFact

__all__ = ["association", "cardiology", "found", "someone", "surgery", "visit"]

DAY = date(2026, 3, 2)
FIRST, AFTER = date(2026, 5, 16), date(2026, 5, 18)
OFFICE, GENERAL, LEADER = actor("office"), actor("secretary_general"), actor("leader")


def at(text: str, day: date = FIRST) -> datetime:
    """Return a moment of a day."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(text)))


def paper(name: str = "证明.txt"):
    """Keep a small synthetic file and return it."""
    return keep(content=ContentFile("合成佐证材料".encode(), name=name))


@pytest.fixture
def plan(cardiology):
    """Say what an event of the branch is to be."""
    def make(**given):
        return Plan(**{"title": "东方心血管病学学术会议", "kind": "academic", "organisation": cardiology,
                       "from_on": FIRST, "until_on": AFTER, "heads": 120, "place": "江海会议中心", **given})

    return make


@pytest.fixture
def draft(plan):
    """Draft an event with an opening and one lecture."""
    def make(*, sessions=True, budget=(), **given):
        lines = [Line(side=side, code=code, planned=Decimal(amount)) for side, code, amount in budget]
        event = draft_event(by=HOUSE, on=DAY, plan=plan(**given), budget=lines)
        if sessions:
            day = event.from_on
            arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
                title="开幕式", kind="opening", from_at=at("08:30", day), until_at=at("09:00", day), room="一号厅"))
            arrange_session(by=HOUSE, on=DAY, event=event, slot=Slot(
                title="冠心病介入进展", from_at=at("09:00", day), until_at=at("10:30", day), room="一号厅"))
        return event

    return make


@pytest.fixture
def approve():
    """Hand an event in and let everybody agree."""
    def make(event):
        event = propose_event(by=HOUSE, on=DAY, event=event) if event.state == "draft" else event
        for step in event.approvals.filter(answer=""):
            event = decide_event(by=actor("house", step.role, where=event.organisation) if step.role == "branch_chair"
                                 else actor(step.role), on=DAY, event=event, order=step.order, answer="yes")
        return Event.objects.get(pk=event.pk)

    return make


@pytest.fixture
def chair(cardiology):
    """The chair of the branch."""
    return actor("branch_chair", where=cardiology)


@pytest.fixture
def said(sealed):
    """Seal and return the facts of events said since the last call, as (type, body)."""
    seen = [0]

    def since():
        sealed()
        rows = list(SealedFact.objects.filter(position__gt=seen[0]).order_by("position"))
        seen[0] = rows[-1].position if rows else seen[0]
        return [(one.type, one.body) for one in rows if one.type.startswith("events.")]

    return since
