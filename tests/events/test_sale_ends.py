"""When a sale ends and who goes on: the desk while the event lasts, nobody after it was closed or called off."""

from datetime import timedelta

import pytest

from xinglin.directory.telling import KIND as TELLING
from xinglin.engines.events.actions.deciding import cancel_event, close_registration, open_registration
from xinglin.engines.events.actions.doors import enrol_device
from xinglin.engines.events.actions.offers import publish_offer
from xinglin.engines.events.actions.registrations import cancel_registration, register
from xinglin.engines.events.closing import empty_cancelled
from xinglin.engines.events.offering import PoolLine
from xinglin.engines.events.offers import Ticket
from xinglin.engines.events.places import Party
from xinglin.engines.events.walk_ins import NoTicketHere, walk_in
from xinglin.kernel.jobs import Job
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.policy import Refusals
from xinglin.mechanics.booking import holding, queueing, waiting
from xinglin.mechanics.booking.models import Queue
from xinglin.mechanics.booking.values import Held, Reason, Refused

from .conftest import DAY, FIRST, HOUSE, at
from .selling import NOW, OPENS, enrol, guest, selling, sheet, take

__all__ = ["selling"]
pytestmark = pytest.mark.django_db
SMALL = (PoolLine(code="hall", title="一号厅", capacity=1), sheet().pools[1])


def asked(event, number=9, moment=NOW):
    """Ask for a place as everybody does."""
    ticket = Ticket.objects.get(event=event, code="full")
    return holding.hold(item=ticket.item, who=guest(number), key="k", at=moment)


def test_who_comes_on_the_day_is_registered_at_the_gate_after_the_sale_closed(selling):
    event, moment = selling(), at("08:40", FIRST)
    assert asked(event, moment=moment).reason == Reason.CLOSED
    device = enrol_device(by=HOUSE, on=FIRST, at=moment, event=event, gate="东门").device
    row = walk_in(device=device, name="来客", key="k-1", at=moment)
    assert (row.ticket.code, row.state, row.order.way) == ("full", "held", "on_spot")
    assert walk_in(device=device, name="来客", key="k-1", at=moment).pk == row.pk
    for key in ("x" * 60, "a b", ""):
        with pytest.raises(NoTicketHere):
            walk_in(device=device, name="来客", key=key, at=moment)


def test_who_was_offered_a_place_after_the_sale_closed_has_the_options_too(selling):
    event = selling(pools=SMALL)
    first = enrol(event, guest(1))
    ticket, moment = Ticket.objects.get(event=event, code="full"), at("07:00", FIRST)
    waiting.wait(item=ticket.item, who=guest(2), at=NOW)
    cancel_registration(by=HOUSE, on=FIRST, at=moment, registration=first)
    [offer] = waiting.offered_to(who=guest(2), items=[ticket.item], at=moment)
    row = register(by=HOUSE, on=FIRST, at=moment, token=offer.token,
                   party=Party(name="吴双", answers={"workshop": "echo"}))
    assert [one.option.code for one in row.chosen.all()] == ["echo"]


def test_closing_registration_ends_the_sale_at_once_and_opening_takes_it_up(selling):
    event = selling()
    begun = take(event, guest(1))
    moment = NOW + timedelta(minutes=5)
    close_registration(by=HOUSE, on=DAY, at=moment, event=event)
    assert asked(event, moment=moment).reason == Reason.CLOSED
    assert register(by=HOUSE, on=DAY, at=moment, token=begun.token, party=Party(name="周宁")).pk
    event.refresh_from_db()
    publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(note="改"), at=moment)
    assert asked(event, moment=moment).reason == Reason.CLOSED  # a new list opens nothing
    open_registration(by=HOUSE, on=DAY, at=moment, event=event)
    assert isinstance(asked(event, moment=moment), Held)


def test_nobody_is_offered_a_place_of_an_event_that_was_called_off(selling, someone):
    event, wang = selling(pools=SMALL), someone()
    enrol(event, wang.ref)
    enrol_two = waiting.wait(item=Ticket.objects.get(event=event, code="full").item, who=guest(2), at=NOW)
    cancel_event(by=HOUSE, on=DAY, at=NOW, event=event, reason="台风。")
    empty_cancelled(at=NOW)
    assert isinstance(waiting.place_in_waiting(token=enrol_two.token, at=NOW), Refused)
    assert not event.registrations.live().exists()
    assert Notice.objects.get(template="events_called_off").to == str(wang.ref)


def test_who_has_no_account_gets_a_letter_about_the_end(selling):
    event = selling()
    enrol(event, guest(1), "online", party={"email": "zhou@example.org"})
    enrol(event, guest(2), "online", party={"name": "无邮箱"})
    cancel_event(by=HOUSE, on=DAY, at=NOW, event=event, reason="台风")
    letters = [one.payload["subject"] for one in Job.objects.filter(kind=TELLING)]
    assert letters.count("东方心血管病学学术会议已取消") == 1


def test_moving_the_opening_moves_the_queue_until_somebody_has_a_number(selling):
    event = selling(queue_rate=5)
    later = OPENS + timedelta(hours=3)
    before = OPENS - timedelta(minutes=30)
    queue = Queue.objects.get(owner=event.ref)
    queueing.join_queue(queue=queue.pk, who=guest(1), at=before)
    publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(queue_rate=8, opens_at=later), at=before)
    queue.refresh_from_db()
    assert (queue.opens_at, queue.rate) == (later, 8)
    assert not queueing.place_in_queue(queue=queue.pk, who=guest(1), at=OPENS).admitted
    assert queueing.join_queue(queue=queue.pk, who=guest(2), at=later + timedelta(seconds=1)).number
    with pytest.raises(Refusals) as refused:
        publish_offer(by=HOUSE, on=DAY, event=event, sheet=sheet(queue_rate=8), at=later + timedelta(minutes=1))
    assert refused.value.problems[0].field == "opens_at"
