"""An event that sells places, for the tests of registration."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from xinglin.engines.events.actions.deciding import file_event, open_registration
from xinglin.engines.events.actions.offers import publish_offer
from xinglin.engines.events.actions.registrations import register
from xinglin.engines.events.meetings import Event
from xinglin.engines.events.offering import (
    ChoiceLine,
    PoolLine,
    PriceLine,
    QuestionLine,
    Sheet,
    TicketLine,
    VoucherLine,
)
from xinglin.engines.events.offers import Ticket
from xinglin.engines.events.places import Party
from xinglin.engines.events.rules import is_large
from xinglin.kernel import ports
from xinglin.kernel.actors import Actor
from xinglin.kernel.ports.standing import Roll, Standing, Standings
from xinglin.kernel.refs import Code, Ref, ref
from xinglin.mechanics.booking import holding
from xinglin.mechanics.booking.values import Held

from .conftest import AFTER, DAY, FIRST, HOUSE, at

OPENS = at("09:00", DAY)
NOW = OPENS + timedelta(hours=1)
EARLY = date(2026, 4, 16)  # D−30
DINNER = QuestionLine(code="dinner", kind="many", zh="晚宴", en="Dinner", choices=(
    ChoiceLine(code="gala", zh="欢迎晚宴", en="Gala dinner", amount=Decimal(300), places=2),))
WORKSHOP = QuestionLine(code="workshop", kind="choice", zh="工作坊", choices=(
    ChoiceLine(code="echo", zh="超声工作坊", places=1), ChoiceLine(code="none", zh="不参加")))


def sheet(**given) -> Sheet:
    """Return a list: members 600 (early 500), all 800, students free with a code, online 0."""
    return Sheet(**{
        "opens_at": OPENS, "closes_at": at("18:00", date(2026, 5, 15)), "pay_days": 7,
        "pools": (PoolLine(code="hall", title="一号厅", capacity=3),
                  PoolLine(code="stream", title="直播", capacity=1000)),
        "tickets": (TicketLine(code="full", title="全程", title_en="Full", pools=("hall",)),
                    TicketLine(code="student", title="学生", audience="student", pools=("hall",), voucher_needed=True),
                    TicketLine(code="online", title="线上", channel="online", pools=("stream",))),
        "prices": (PriceLine(ticket="full", amount=Decimal(800)),
                   PriceLine(ticket="full", amount=Decimal(700), label="早鸟价", until_on=EARLY),
                   PriceLine(ticket="full", amount=Decimal(500), members=True),
                   PriceLine(ticket="student", amount=Decimal(200)), PriceLine(ticket="online", amount=Decimal(0))),
        "vouchers": (VoucherLine(code="XS2026", title="学生", ticket="student", uses=2),
                     VoucherLine(code="HALF", title="合作单位", percent=50, uses=1)),
        "questions": (DINNER, WORKSHOP), **given})


@pytest.fixture
def selling(draft, approve):
    """Return an event that sells places, agreed to and open."""
    def make(**given) -> Event:
        event = approve(draft(**given.pop("event", {})))
        publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(**given), at=OPENS - timedelta(hours=1))
        if is_large(event, on=DAY):
            file_event(by=HOUSE, on=DAY, event=event, number="〔2026〕1号")
        open_registration(by=HOUSE, on=DAY, at=at("09:00", DAY), event=event)
        return Event.objects.get(pk=event.pk)

    return make


def guest(number: int = 1) -> Ref:
    """Return the ref of somebody without an account."""
    return ref("events.visitor", f"v{number}")


def take(
    event: Event, who: Ref, code: str = "full", *, moment: datetime = NOW, quantity: int = 1, key: str = "k",
) -> Held:
    """Hold places of a ticket."""
    ticket = Ticket.objects.get(event=event, code=code)
    item = ticket.item if quantity == 1 else ticket.group_item
    held = holding.hold(item=item, who=who, quantity=quantity, key=key, at=moment)
    assert isinstance(held, Held), held
    return held


def enrol(event: Event, who: Ref, code: str = "full", *, moment: datetime = NOW, by: Actor = HOUSE, **given):
    """Hold a place and register for it."""
    party = {"name": "周宁", **given.pop("party", {})}
    held = take(event, who, code, moment=moment)
    return register(by=by, on=moment.date(), at=moment, token=held.token, party=Party(**party), **given)


class Members:
    """Answers the port Standings: who is in the list is a member."""

    def __init__(self, *members: Ref) -> None:
        self.members = set(members)

    def of(self, *, members, on):
        return {one: Standing(good=one in self.members, category=Code("member"), reason="" if one in self.members
                              else "不是会员") for one in members}

    def roll(self, *, rule, on):
        return Roll(rule=rule, on=on, members=tuple(sorted(self.members)))


@pytest.fixture
def members(monkeypatch):
    """Say who is a member."""
    def make(*refs: Ref) -> None:
        monkeypatch.setitem(ports._answering, Standings, Members(*refs))

    return make


__all__ = ["AFTER", "DAY", "FIRST", "HOUSE", "enrol", "guest", "members", "selling", "sheet", "take"]
