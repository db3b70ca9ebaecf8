"""Several at the same moment, on PostgreSQL: the last place of a session, two clicks, orders for many."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.kernel.test_concurrency import at_once
from xinglin.engines.events.actions.programme import Slot, arrange_session
from xinglin.engines.events.actions.signing_up import Full, Unchanged, sign_up
from xinglin.engines.events.groups import TooMany, hold_many, kept_back
from xinglin.engines.events.offering import PoolLine
from xinglin.engines.events.registrations import Chosen
from xinglin.engines.events.sign_up import sessions_of
from xinglin.kernel.policy import Refusals
from xinglin.mechanics.booking.models import Pool

from .conftest import DAY, HOUSE, at
from .selling import NOW, enrol, guest, selling, sheet
from .test_registration_at_once import each

__all__ = ["selling"]
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def workshops(selling):
    """A free event with two workshops of one place at the same time."""
    event = selling(prices=tuple(replace(one, amount=Decimal(0)) for one in sheet().prices),
                    pools=(PoolLine(code="hall", title="一号厅", capacity=200), sheet().pools[1]))
    return event, *(arrange_session(by=HOUSE, on=DAY, event=event, at=NOW, slot=Slot(
        title=title, room=title, from_at=at("13:00"), until_at=at("14:00"), places=1)) for title in ("超声", "起搏"))


def signing(row, session):
    return each(lambda: sign_up(by=HOUSE, on=DAY, at=NOW, registration=row, session=session), Full, Unchanged, Refusals)


def test_the_last_place_of_a_session_is_somebodys(workshops):
    event, echo, _pace = workshops
    works = [signing(enrol(event, guest(number)), echo) for number in range(4)]
    at_once(*(work for work, _note in works))
    assert sorted(note[0] for _work, note in works) == ["Full", "Full", "Full", "done"]
    assert (Chosen.objects.count(), Pool.objects.get(code=f"session:{echo.pk}").taken) == (1, 1)


def test_two_clicks_are_one_place_and_nobody_is_in_two_sessions(workshops):
    event, echo, pace = workshops
    row = enrol(event, guest(1))
    works = [signing(row, one) for one in (echo, echo, pace)]
    at_once(*(work for work, _note in works))
    assert [note[0] for _work, note in works].count("done") == 1
    assert len(sessions_of(row)) == 1


def test_orders_for_many_at_once_stay_below_what_one_payer_may_keep(workshops):
    event, _echo, _pace = workshops
    ticket, who = event.tickets.get(code="full"), guest(1)
    works = [each(lambda number=number: hold_many(ticket=ticket, who=who, quantity=3, key=f"v{number}", at=NOW),
                  TooMany) for number in range(4)]
    at_once(*(work for work, _note in works))
    won = 3 * [note[0] for _work, note in works].count("done")
    assert won in (0, 3)  # those who ask at the same moment may all be too many together, and ask again
    assert (kept_back(who, event=event.pk, at=NOW), Pool.objects.get(code="pool:hall").taken) == (won, won)
    assert hold_many(ticket=ticket, who=who, quantity=5 - won, key="after", at=NOW).quantity == 5 - won
