"""Booking: places are held, confirmed, given back, kept for some, awaited by others, and counted by the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking import sweeping, telling
from xinglin.mechanics.booking.cards import Ask, card_of
from xinglin.mechanics.booking.holding import (
    cancel,
    confirm,
    extend,
    grant,
    held_by,
    hold,
    left,
    look,
    release,
    transfer,
)
from xinglin.mechanics.booking.models import Hold, Pool, Waiting
from xinglin.mechanics.booking.setting import (
    NeedsFixed,
    change_item,
    change_needs,
    close_window,
    open_item,
    open_pool,
    open_window,
    set_capacity,
)
from xinglin.mechanics.booking.settling import settle
from xinglin.mechanics.booking.sweeping import forget, sweep
from xinglin.mechanics.booking.values import Freed, Held, Reason, Refused, Waitlisted
from xinglin.mechanics.booking.waiting import leave_waiting, offered_to, place_in_waiting, wait, waits_of

pytestmark = [pytest.mark.django_db, pytest.mark.on_postgres_too]

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OWNER = Ref("trial.congress:1")


def minutes(count):
    return AT + timedelta(minutes=count)


def who(number):
    return Ref(f"directory.person:{number}")


def one(capacity=2, **options):
    pool = open_pool(owner=OWNER, code=options.pop("pool", "hall"), capacity=capacity)
    return open_item(owner=OWNER, code=options.pop("code", "ticket"), needs={pool: 1}, **options)


def take(item, number, *, at=AT, quantity=1, key="", **options):
    return hold(item=item.pk, who=who(number), quantity=quantity, key=key or f"k{number}", at=at, **options)


def sums():
    """Return what each pool counts beside what the live holds add up to."""
    live = {pool.pk: 0 for pool in Pool.objects.all()}
    for row in Hold.objects.live():
        for need in row.item.needs.all():
            live[need.pool_id] += row.quantity * need.quantity
    return {pool.pk: pool.taken for pool in Pool.objects.all()}, live


def reason(answer):
    return answer.reason if isinstance(answer, Refused) else answer


def test_a_place_is_held_confirmed_and_then_stays():
    item = one()
    held = take(item, 1)
    assert (held.state, held.expires_at, held.again) == ("held", minutes(15), False)
    assert confirm(token=held.token, at=minutes(14)).state == "confirmed"
    assert confirm(token=held.token, at=minutes(99)).again
    assert sweep(at=minutes(100)).expired == 0
    assert look(token=held.token, at=minutes(100)).state == "confirmed"
    assert [one.token for one in held_by(who=who(1), items=[item.pk], at=minutes(100))] == [held.token]
    assert left(items=[item.pk], at=AT)[item.pk].left == 1


def test_the_same_key_gives_the_same_hold_and_is_counted_once():
    item = one(limit=5)
    first, second = take(item, 1, key="tab"), take(item, 1, key="tab", quantity=2)
    assert second.again and second.token == first.token and second.quantity == 1
    assert Pool.objects.get().taken == 1
    assert take(item, 2, key="tab").token != first.token  # another person's key is another key


def test_when_all_is_taken_the_next_is_refused_and_nothing_is_written():
    item = one(capacity=1)
    take(item, 1)
    refused = take(item, 2)
    assert (refused.reason, refused.left) == (Reason.SOLD_OUT, 0)
    assert Hold.objects.count() == 1
    assert str(refused.refusal(field="item")) == str(refused.message)


def test_the_database_itself_refuses_one_place_too_many():
    one(capacity=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.update(taken=2)


def test_nobody_takes_more_than_the_limit():
    item = one(capacity=9, limit=2)
    take(item, 1, key="a")
    take(item, 1, key="b")
    assert reason(take(item, 1, key="c")) is Reason.LIMIT
    assert reason(take(item, 2, quantity=3)) is Reason.LIMIT
    assert Pool.objects.get().taken == 2
    assert isinstance(take(item, 1, key="c", at=minutes(16)), Held)  # the first two ran out


@pytest.mark.parametrize("quantity", [0, -1])
def test_less_than_one_place_is_refused(quantity):
    assert reason(take(one(), 1, quantity=quantity)) is Reason.QUANTITY
    assert reason(hold(item=10**6, who=who(1), key="k", at=AT)) is Reason.UNKNOWN


def test_an_item_takes_places_of_all_its_pools_or_of_none():
    hall, room = open_pool(owner=OWNER, code="hall", capacity=5), open_pool(owner=OWNER, code="room", capacity=3)
    ticket = open_item(owner=OWNER, code="ticket", needs={hall: 1}, limit=0)
    table = open_item(owner=OWNER, code="table", needs={hall: 2, room: 1}, limit=0)
    assert isinstance(take(table, 1), Held)
    assert isinstance(take(table, 2), Held)
    assert reason(take(table, 3)) is Reason.SOLD_OUT  # one place in the hall is left, two are needed
    assert isinstance(take(ticket, 3), Held)
    assert dict(Pool.objects.values_list("code", "taken")) == {"hall": 5, "room": 2}
    assert sums()[0] == sums()[1]
    assert {key: one.left for key, one in left(items=[ticket.pk, table.pk], at=AT).items()} == {
        ticket.pk: 0, table.pk: 0}


def test_a_place_that_ran_out_is_free_at_once_though_no_sweep_ran():
    item = one(capacity=1)
    first = take(item, 1)
    assert reason(take(item, 2, at=minutes(14))) is Reason.SOLD_OUT
    assert left(items=[item.pk], at=minutes(15))[item.pk].left == 1
    assert isinstance(take(item, 2, at=minutes(15)), Held)
    assert reason(confirm(token=first.token, at=minutes(15))) is Reason.LAPSED
    assert reason(look(token=first.token, at=minutes(15))) is Reason.LAPSED
    assert sums()[0] == sums()[1]


def test_who_comes_back_after_the_time_gets_a_new_hold_by_the_same_key():
    item = one(capacity=1)
    first, second = take(item, 1), take(item, 1, at=minutes(20))
    assert second.token != first.token and not second.again
    assert Pool.objects.get().taken == 1


def test_a_hold_can_be_kept_longer():
    item = one(capacity=1)
    held = take(item, 1)
    assert extend(token=held.token, until_at=minutes(60), at=AT).expires_at == minutes(60)
    assert reason(take(item, 2, at=minutes(30))) is Reason.SOLD_OUT
    assert isinstance(take(item, 2, at=minutes(60)), Held)
    assert reason(extend(token=held.token, until_at=minutes(90), at=minutes(61))) is Reason.LAPSED
    assert reason(extend(token="?", until_at=minutes(90), at=AT)) is Reason.UNKNOWN


def test_giving_back_frees_once_and_only_what_is_held():
    item = one(capacity=2, limit=2)
    held, other = take(item, 1, quantity=2), None
    assert release(token=held.token, at=AT) == Freed(item=item.pk, quantity=2)
    assert release(token=held.token, at=AT).again
    other = take(item, 2)
    confirm(token=other.token, at=AT)
    assert reason(release(token=other.token, at=AT)) is Reason.UNKNOWN
    assert cancel(token=other.token, at=AT).quantity == 1
    assert cancel(token=other.token, at=AT).again
    assert Pool.objects.get().taken == 0
    assert reason(look(token=other.token, at=AT)) is Reason.UNKNOWN


def test_some_of_a_group_are_cancelled():
    item = one(capacity=40, limit=0)
    held = take(item, 1, quantity=40)
    confirm(token=held.token, at=AT)
    assert reason(cancel(token=held.token, quantity=41, at=AT)) is Reason.QUANTITY
    assert cancel(token=held.token, quantity=3, at=AT).quantity == 3
    assert (look(token=held.token, at=AT).quantity, Pool.objects.get().taken) == (37, 37)


def test_a_confirmed_place_goes_to_another_person_with_a_token_of_their_own():
    item = one(capacity=3)
    held = take(item, 1)
    assert reason(transfer(token=held.token, to=who(2), at=AT)) is Reason.UNKNOWN  # not confirmed
    confirm(token=held.token, at=AT)
    given = transfer(token=held.token, to=who(2), at=AT)
    assert (given.who, given.state) == (who(2), "confirmed")
    assert reason(look(token=held.token, at=AT)) is Reason.UNKNOWN
    assert reason(take(item, 2, key="more")) is Reason.LIMIT
    again = take(item, 1, key="again")
    confirm(token=again.token, at=AT)
    assert reason(transfer(token=again.token, to=who(2), at=AT)) is Reason.LIMIT
    assert Pool.objects.get().taken == 2


def test_capacity_is_raised_and_lowered_but_never_below_what_is_taken():
    item = one(capacity=2)
    pool = Pool.objects.get()
    take(item, 1)
    take(item, 2)
    refused = set_capacity(pool=pool.pk, capacity=1, at=AT)
    assert (refused.reason, refused.left) == (Reason.TAKEN, 2)
    waiting = wait(item=item.pk, who=who(3), at=AT)
    raised = set_capacity(pool=pool.pk, capacity=4, at=AT)
    assert [(one.held.who, one.waiting) for one in raised.offers] == [(who(3), waiting.token)]
    assert isinstance(take(item, 4), Held)
    assert Pool.objects.get().taken == 4


def test_an_item_is_booked_between_its_times():
    item = one(from_at=minutes(10), until_at=minutes(20))
    early = take(item, 1)
    assert (early.reason, early.opens_at) == (Reason.NOT_OPEN, minutes(10))
    assert isinstance(take(item, 1, at=minutes(10)), Held)
    assert reason(take(item, 2, at=minutes(20))) is Reason.CLOSED
    change_item(item=item.pk, until_at=minutes(30), at=minutes(20))
    assert isinstance(take(item, 2, at=minutes(20)), Held)
    with pytest.raises(TypeError, match="needs"):
        change_item(item=item.pk, needs={}, at=AT)


def test_a_place_that_ran_out_stops_nobody_from_being_handed_another():
    item = one()
    taken = confirm(token=take(item, 1).token, at=AT)
    take(item, 2)
    assert reason(transfer(token=taken.token, to=who(2), at=AT)) is Reason.LIMIT
    assert transfer(token=taken.token, to=who(2), at=minutes(15)).who == who(2)  # though nobody swept


def test_what_an_item_needs_is_fixed_once_somebody_held_it():
    item, other = one(), open_pool(owner=OWNER, code="room", capacity=1)
    change_needs(item=item.pk, needs={other: 1}, at=AT)
    take(item, 1)
    with pytest.raises(NeedsFixed):
        change_needs(item=item.pk, needs={Pool.objects.get(code="hall"): 1}, at=AT)


def test_who_takes_a_place_by_what_an_item_needed_before_counts_what_it_needs_now():
    hall, room = open_pool(owner=OWNER, code="hall", capacity=9), open_pool(owner=OWNER, code="room", capacity=1)
    item = open_item(owner=OWNER, code="ticket", needs={hall: 1})
    remembered = card_of(item.pk)
    change_needs(item=item.pk, needs={room: 1}, at=AT)

    def press(number):
        return grant(Ask(item=item.pk, who=who(number), quantity=1, key="k", at=AT),
                     cards=lambda key, fresh: card_of(key) if fresh else remembered)

    assert isinstance(press(1), Held)
    assert reason(press(2)) is Reason.SOLD_OUT  # the hall is not asked any more
    assert sums()[0] == sums()[1] == {hall.pk: 0, room.pk: 1}


def test_those_who_wait_follow_an_item_to_other_pools_and_nobody_waits_for_the_old_one():
    hall, room = open_pool(owner=OWNER, code="hall", capacity=0), open_pool(owner=OWNER, code="room", capacity=1)
    item = open_item(owner=OWNER, code="ticket", needs={hall: 1})
    line = wait(item=item.pk, who=who(1), at=AT)
    change_needs(item=item.pk, needs={room: 1}, at=AT)
    assert place_in_waiting(token=line.token, at=AT).offered
    assert not Pool.objects.filter(awaited=True).exists()


def test_nobody_asks_for_more_than_a_thousand_places_at_once():
    item = one(limit=0)
    for quantity in (0, 1001, 10**20):
        assert reason(take(item, 1, quantity=quantity)) is Reason.QUANTITY
        assert reason(wait(item=item.pk, who=who(1), quantity=quantity, at=AT)) is Reason.QUANTITY


# Windows --------------------------------------------------------------------------------------------------------

def test_places_are_kept_for_a_group_and_fall_back_to_all():
    item = one(capacity=3)
    open_window(pool=Pool.objects.get().pk, quantity=2, group="membership.tier:1", from_at=AT, until_at=minutes(60),
                at=AT)
    assert isinstance(take(item, 1), Held)
    assert reason(take(item, 2)) is Reason.SOLD_OUT
    assert left(items=[item.pk], at=AT)[item.pk].left == 0
    assert left(items=[item.pk], at=AT, group="membership.tier:1")[item.pk].left == 2
    member = take(item, 3, group="membership.tier:1")
    assert isinstance(member, Held)
    pool = Pool.objects.get()
    assert (pool.taken, pool.kept) == (2, 1)
    assert isinstance(take(item, 2, at=minutes(60)), Held)  # one was unsold
    release(token=take(item, 3, at=minutes(1), key="k3", group="membership.tier:1").token, at=minutes(61))
    assert Pool.objects.get().kept == 0
    assert sums()[0] == sums()[1]


def test_a_place_given_back_to_a_window_is_kept_again():
    item = one(capacity=1)
    open_window(pool=Pool.objects.get().pk, quantity=1, channel="desk", from_at=AT, until_at=minutes(60), at=AT)
    held = take(item, 1, channel="desk")
    assert (Pool.objects.get().taken, Pool.objects.get().kept) == (1, 0)
    release(token=held.token, at=AT)
    assert (Pool.objects.get().taken, Pool.objects.get().kept) == (0, 1)
    assert reason(take(item, 2)) is Reason.SOLD_OUT
    assert isinstance(take(item, 2, channel="desk"), Held)


def test_a_window_opens_before_everybody_may_book_and_gives_what_is_kept_only():
    item = one(capacity=5, from_at=minutes(60))
    open_window(pool=Pool.objects.get().pk, quantity=1, group="g", from_at=minutes(10), until_at=minutes(90), at=AT)
    assert reason(take(item, 1, group="g")) is Reason.NOT_OPEN
    assert isinstance(take(item, 1, at=minutes(10), group="g"), Held)
    assert reason(take(item, 2, at=minutes(10), group="g")) is Reason.SOLD_OUT
    assert isinstance(take(item, 2, at=minutes(60), group="g"), Held)  # from the pool at large


def test_a_window_keeps_what_is_free_when_it_opens_and_can_be_closed():
    item = one(capacity=2)
    take(item, 1)
    window = open_window(pool=Pool.objects.get().pk, quantity=5, group="g", from_at=AT, until_at=minutes(9), at=AT)
    window.refresh_from_db()
    assert (window.state, window.granted) == ("open", 1)
    waiting = wait(item=item.pk, who=who(2), at=AT)
    assert waiting.position == 1
    assert [one.held.who for one in close_window(window=window.pk, at=AT).offers] == [who(2)]
    later = open_window(pool=Pool.objects.get().pk, quantity=1, group="g", from_at=minutes(5), until_at=minutes(9),
                        at=AT)
    close_window(window=later.pk, at=AT)
    assert sweep(at=minutes(6)).expired == 0
    later.refresh_from_db()
    assert later.state == "closed"


def test_a_window_has_a_limit_of_its_own():
    item = one(capacity=90)
    open_window(pool=Pool.objects.get().pk, quantity=50, group="g", from_at=AT, until_at=minutes(9), at=AT, limit=40)
    assert take(item, 1, quantity=40, group="g").quantity == 40
    assert reason(take(item, 2, quantity=40)) is Reason.LIMIT


# The waiting list -----------------------------------------------------------------------------------------------

def test_what_is_freed_is_offered_in_order_and_no_newcomer_comes_first():
    item = one(capacity=1, offer_seconds=600)
    held = take(item, 1)
    second, third = wait(item=item.pk, who=who(2), at=AT), wait(item=item.pk, who=who(3), at=AT)
    assert (second.position, third.position) == (1, 2)
    assert wait(item=item.pk, who=who(2), at=AT).token == second.token
    assert isinstance(take(item, 2), Waitlisted)
    assert [one.position for one in waits_of(who=who(3), items=[item.pk], at=AT)] == [2]
    offers = release(token=held.token, at=AT).offers
    assert [one.held.who for one in offers] == [who(2)]
    assert reason(take(item, 4)) in (Reason.AWAITED, Reason.SOLD_OUT)
    offered = place_in_waiting(token=second.token, at=AT)
    assert (offered.offered, offered.expires_at) == (True, minutes(10))
    assert [one.token for one in offered_to(who=who(2), items=[item.pk], at=AT)] == [offered.token]
    assert place_in_waiting(token=third.token, at=AT).position == 1
    assert confirm(token=offered.token, at=minutes(9)).state == "confirmed"
    assert Waiting.objects.get(token=second.token).state == "served"


def test_an_offer_that_is_not_taken_goes_to_the_next_though_no_sweep_ran():
    item = one(capacity=1, offer_seconds=600)
    held = take(item, 1)
    second, third = wait(item=item.pk, who=who(2), at=AT), wait(item=item.pk, who=who(3), at=AT)
    release(token=held.token, at=AT)
    assert reason(place_in_waiting(token=second.token, at=minutes(10))) is Reason.LAPSED
    assert place_in_waiting(token=third.token, at=minutes(10)).offered
    assert Waiting.objects.get(token=second.token).state == "lapsed"


def test_an_offer_is_declined_and_one_may_leave():
    item = one(capacity=1)
    held = take(item, 1)
    tokens = [wait(item=item.pk, who=who(number), at=AT).token for number in (2, 3, 4)]
    offer = release(token=held.token, at=AT).offers[0]
    assert leave_waiting(token=tokens[1], at=AT)
    assert not leave_waiting(token=tokens[1], at=AT)
    assert reason(place_in_waiting(token=tokens[1], at=AT)) is Reason.UNKNOWN
    assert [one.held.who for one in release(token=offer.held.token, at=AT).offers] == [who(4)]
    assert Waiting.objects.get(token=tokens[0]).state == "declined"


def test_two_who_want_both_or_none_keep_one_place_waiting_until_they_leave():
    item = one(capacity=2, limit=2)
    first = take(item, 1)
    take(item, 2)
    pair = wait(item=item.pk, who=who(3), quantity=2, at=AT)
    single = wait(item=item.pk, who=who(4), at=AT)
    assert release(token=first.token, at=AT).offers == ()
    assert reason(take(item, 5)) is Reason.AWAITED
    assert left(items=[item.pk], at=AT)[item.pk].left == 0
    assert (place_in_waiting(token=pair.token, at=AT).position, place_in_waiting(token=single.token, at=AT).position
            ) == (1, 2)
    leave_waiting(token=pair.token, at=AT)
    assert place_in_waiting(token=single.token, at=AT).offered


def test_who_takes_fewer_is_offered_fewer():
    item = one(capacity=2, limit=2)
    first = take(item, 1)
    take(item, 2)
    wait(item=item.pk, who=who(3), quantity=2, least=1, at=AT)
    assert release(token=first.token, at=AT).offers[0].held.quantity == 1


def test_somebody_short_of_one_room_does_not_stop_those_who_need_another():
    hall = open_pool(owner=OWNER, code="hall", capacity=3)
    rooms = [open_pool(owner=OWNER, code=code, capacity=1) for code in ("a", "b")]
    first, second = (open_item(owner=OWNER, code=room.code, needs={hall: 1, room: 1}) for room in rooms)
    take(first, 1)
    blocked = wait(item=first.pk, who=who(2), at=AT)
    assert blocked.position == 1
    taken = take(second, 3)
    assert isinstance(taken, Held)
    other = wait(item=second.pk, who=who(4), at=AT)
    assert other.position == 1
    assert [one.held.who for one in release(token=taken.token, at=AT).offers] == [who(4)]


def test_the_earliest_of_several_items_is_first_when_they_share_the_scarce_pool():
    hall = open_pool(owner=OWNER, code="hall", capacity=1)
    first, second = (open_item(owner=OWNER, code=code, needs={hall: 1}) for code in ("a", "b"))
    held = take(first, 1)
    early, late = wait(item=second.pk, who=who(2), at=AT), wait(item=first.pk, who=who(3), at=AT)
    assert (early.position, late.position) == (1, 2)
    assert [one.held.who for one in release(token=held.token, at=AT).offers] == [who(2)]


def test_offers_outlive_the_sale_and_end_with_their_own_time():
    item = one(capacity=1, until_at=minutes(10), waits_until_at=minutes(30))
    held = take(item, 1)
    confirm(token=held.token, at=AT)
    wait(item=item.pk, who=who(2), at=AT)
    offer = cancel(token=held.token, at=minutes(20)).offers[0]
    assert offer.held.expires_at == minutes(30)
    assert reason(wait(item=item.pk, who=who(3), at=minutes(30))) is Reason.CLOSED
    assert sweep(at=minutes(31)).expired == 1


def test_an_entry_lapses_at_its_own_time_and_lets_the_next_pass():
    item = one(capacity=2, limit=2)
    first = take(item, 1)
    confirm(token=take(item, 2).token, at=AT)
    wait(item=item.pk, who=who(3), quantity=2, at=AT, until_at=minutes(5))
    single = wait(item=item.pk, who=who(4), at=AT)
    release(token=first.token, at=AT)
    assert place_in_waiting(token=single.token, at=minutes(4)).position == 2
    assert place_in_waiting(token=single.token, at=minutes(5)).offered


def test_waiting_where_something_is_free_is_answered_with_the_place():
    item = one(capacity=1)
    there = wait(item=item.pk, who=who(1), at=AT)
    assert (there.state, there.expires_at) == ("held", minutes(15))  # as long as a hold, not as an offer
    assert reason(wait(item=item.pk, who=who(2), quantity=2, at=AT)) is Reason.LIMIT
    assert reason(wait(item=item.pk, who=who(2), quantity=1, least=2, at=AT)) is Reason.QUANTITY
    assert reason(wait(item=10**6, who=who(2), at=AT)) is Reason.UNKNOWN
    assert reason(place_in_waiting(token="?", at=AT)) is Reason.UNKNOWN


def test_those_of_a_group_wait_for_what_is_kept_for_them_too():
    item = one(capacity=2)
    open_window(pool=Pool.objects.get().pk, quantity=1, group="g", from_at=AT, until_at=minutes(60), at=AT)
    member, other = take(item, 1, group="g"), take(item, 2)
    assert isinstance(other, Held)
    plain, grouped = wait(item=item.pk, who=who(3), at=AT), wait(item=item.pk, who=who(4), at=AT, group="g")
    assert plain.position == 1
    assert [one.held.who for one in release(token=member.token, at=AT).offers] == [who(4)]
    assert place_in_waiting(token=grouped.token, at=AT).offered


def test_the_engine_that_owns_an_item_is_told_of_offers(monkeypatch):
    told = []
    monkeypatch.setitem(telling._tellers, "trial.congress", lambda offer, at: told.append((offer.held.who, at)))
    item = one(capacity=1)
    take(item, 1)
    wait(item=item.pk, who=who(2), at=AT)
    assert sweep(at=minutes(15)).expired == 1
    assert told == [(who(2), minutes(15))]


def test_what_is_wrong_with_one_pool_keeps_nobody_waiting_for_another(monkeypatch):
    bad, good = one(capacity=1), one(capacity=1, pool="room", code="other")
    for item in (bad, good):
        take(item, 1)
        wait(item=item.pk, who=who(2), at=AT)
    first = Pool.objects.get(code="hall").pk

    def spoilt(*, pools, at):
        assert pools != [first], "spoilt"
        return settle(pools=pools, at=at)

    monkeypatch.setattr(sweeping, "settle", spoilt)
    assert [one.held.item for one in sweep(at=minutes(15)).offers] == [good.pk]


def test_who_got_nothing_is_forgotten_after_a_season():
    item = one(capacity=1)
    release(token=take(item, 1).token, at=AT)
    confirm(token=take(item, 2).token, at=AT)
    token = wait(item=item.pk, who=who(3), at=AT).token
    leave_waiting(token=token, at=AT)
    assert forget(on=(AT + timedelta(days=80)).date()) == 0
    assert forget(on=(AT + timedelta(days=99)).date()) == 2
    assert [one.who for one in Hold.objects.all()] == [who(2)]
