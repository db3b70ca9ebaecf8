"""Whatever happens, in whatever order: pools count their live holds, nobody jumps a line, nothing is left idle."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinglin.mechanics.booking.cards import Ask, card_of
from xinglin.mechanics.booking.holding import cancel, confirm, extend, grant, hold, left, release, transfer
from xinglin.mechanics.booking.models import Arrival, Hold, Item, Pool, Queue, Waiting, Window
from xinglin.mechanics.booking.queueing import join_queue, move, open_queue
from xinglin.mechanics.booking.setting import (
    NeedsFixed,
    change_needs,
    open_item,
    open_pool,
    open_window,
    set_capacity,
)
from xinglin.mechanics.booking.sweeping import sweep
from xinglin.mechanics.booking.values import Held, Reason, Refused, Waitlisted
from xinglin.mechanics.booking.waiting import leave_waiting, wait

from .test_booking import AT, OWNER, sums, who

pytestmark = [pytest.mark.django_db, pytest.mark.on_postgres_too]

PEOPLE, ITEMS = st.integers(0, 4), st.integers(0, 3)
VERBS = ["hold", "hold", "wait", "confirm", "release", "cancel", "some", "leave", "later", "extend", "sweep",
         "capacity", "transfer", "late", "window", "join", "remembered", "needs"]
NARROW = [["needs", "remembered"], ["hold", "confirm", "late"]]  # what rarely meets by itself


def steps(verbs, *, items=ITEMS, least=0):
    return st.lists(st.tuples(st.sampled_from(verbs), PEOPLE, items, st.integers(1, 3), st.sampled_from(["", "g"])),
                    min_size=least, max_size=30 - least)


class History:
    """A hall that all items share, a room that one needs too, a queue before the last, and what people do with them."""

    def __init__(self):
        self.hall = open_pool(owner=OWNER, code="hall", capacity=4)
        self.room = open_pool(owner=OWNER, code="room", capacity=2)
        self.items = [open_item(owner=OWNER, code="a", needs={self.hall: 1}, limit=2, hold_seconds=60,
                                offer_seconds=70),
                      open_item(owner=OWNER, code="b", needs={self.hall: 1, self.room: 1}, limit=3, hold_seconds=60),
                      open_item(owner=OWNER, code="c", needs={self.hall: 2}, limit=0, hold_seconds=40),
                      open_item(owner=OWNER, code="d", needs={self.room: 1}, limit=1, hold_seconds=60, queue=open_queue(
                          owner=OWNER, code="q", opens_at=AT + timedelta(seconds=20), rate=0.02, channel=""))]
        self.at, self.tokens, self.lines, self.turn = AT, [], [], 0
        self.cards = {one.pk: card_of(one.pk) for one in self.items}

    def step(self, verb, person, item, quantity, group):
        self.turn += 1
        getattr(self, verb)(person, self.items[item].pk, quantity, group)
        self.check()
        self.nobody_waits_for_what_is_free()
        self.nobody_came_before_their_turn()

    def hold(self, person, item, quantity, group):
        found = hold(item=item, who=who(person), quantity=quantity, key=f"{self.turn}", at=self.at, group=group)
        self.tokens += [found.token] if isinstance(found, Held) else []
        if isinstance(found, Refused) and found.reason is Reason.SOLD_OUT and not group:
            assert self.free(item) < quantity

    def join(self, person, item, quantity, group):
        join_queue(queue=Queue.objects.get().pk, who=who(person), at=self.at)

    def remembered(self, person, item, quantity, group):
        """Ask with the card of the beginning, as a process would that looked a moment ago."""
        grant(Ask(item=item, who=who(person), quantity=quantity, key=f"{self.turn}", at=self.at, group=group),
              cards=lambda key, fresh: card_of(key) if fresh else self.cards[key])

    def needs(self, person, item, quantity, group):
        held = Hold.objects.filter(item=item).exists()
        try:
            change_needs(item=item, at=self.at, needs={self.hall: quantity} if person % 2 else {self.room: 1})
            assert not held
        except NeedsFixed:
            assert held

    def free(self, item):
        return left(items=[item], at=self.at)[item].left

    def wait(self, person, item, quantity, group):
        found = wait(item=item, who=who(person), quantity=quantity, least=1 if quantity == 3 else quantity, at=self.at,
                     group=group)
        self.lines += [found.token] if isinstance(found, Waitlisted) else []
        if isinstance(found, Held) and not Waiting.objects.filter(hold__token=found.token).exclude(
                waiting_since=self.at).exists():
            row = Item.objects.get(pk=item)
            assert found.expires_at == self.at + timedelta(seconds=row.hold_seconds)

    def token(self, number):
        live = list(Hold.objects.live().order_by("pk").values_list("token", flat=True))
        return live[number % len(live)] if live else "none"

    def confirm(self, person, item, quantity, group):
        confirm(token=self.token(person), at=self.at)

    def release(self, person, item, quantity, group):
        release(token=self.token(person), at=self.at)

    def cancel(self, person, item, quantity, group):
        cancel(token=self.token(person), at=self.at)

    def some(self, person, item, quantity, group):
        cancel(token=self.token(person), at=self.at, quantity=quantity)

    def leave(self, person, item, quantity, group):
        if self.lines:
            leave_waiting(token=self.lines.pop(person % len(self.lines)), at=self.at)

    def later(self, person, item, quantity, group):
        self.at += timedelta(seconds=25 * quantity)

    def extend(self, person, item, quantity, group):
        extend(token=self.token(person), until_at=self.at + timedelta(seconds=30), at=self.at)

    def sweep(self, person, item, quantity, group):
        sweep(at=self.at)

    def capacity(self, person, item, quantity, group):
        set_capacity(pool=self.room.pk if item == 1 else self.hall.pk, capacity=quantity + person, at=self.at)

    def transfer(self, person, item, quantity, group):
        token = self.token(quantity)
        row = Hold.objects.filter(token=token, state="confirmed").exclude(who=who(person)).first()
        has = [one.quantity for one in Hold.objects.live().filter(item=row and row.item, who=who(person))
               if one.state == "confirmed" or one.expires_at > self.at]
        answer = transfer(token=token, to=who(person), at=self.at)
        if row:
            assert isinstance(answer, Held) == (not row.item.limit or sum(has) + row.quantity <= row.item.limit)

    def late(self, person, item, quantity, group):
        """Hand over when time has passed and nobody swept."""
        self.at += timedelta(seconds=75)
        self.transfer(person, item, 3 - quantity, group)

    def window(self, person, item, quantity, group):
        if Window.objects.count() < 2:
            open_window(pool=self.hall.pk, quantity=quantity, group="g",
                        from_at=self.at + timedelta(seconds=20 * person),
                        until_at=self.at + timedelta(seconds=120), at=self.at)

    def check(self):
        counted, live = sums()
        assert counted == live
        for pool in Pool.objects.all():
            kept = sum(one.granted - one.taken for one in pool.windows.filter(state="open"))
            assert pool.kept == kept and pool.taken + pool.kept <= pool.capacity
            held = pool.needs.filter(item__holds__state="held").values_list("item__holds__expires_at", flat=True)
            assert all(pool.due_at is not None and pool.due_at <= max(one, self.at + timedelta(seconds=1))
                       for one in held)
        for item in Item.objects.exclude(limit=0):
            for row in Hold.objects.live().filter(item=item).values("who").distinct():
                mine = Hold.objects.live().filter(item=item, who=row["who"])
                assert sum(one.quantity for one in mine
                           if one.state == "confirmed" or one.expires_at > self.at) <= item.limit

    def nobody_came_before_their_turn(self):
        """Who has or awaits a place behind the queue was let in; an offer of what is free lasts as long as a hold."""
        item = self.items[-1]
        admitted = move(queue=item.queue_id, at=self.at).admitted
        let_in = set(Arrival.objects.filter(number__lte=admitted).values_list("who", flat=True))
        handed = {row.who for row in Hold.objects.filter(item=item) if row.key.startswith("from:")}
        got = {*Hold.objects.filter(item=item).values_list("who", flat=True),
               *Waiting.objects.filter(item=item).values_list("who", flat=True)}
        assert got - handed <= let_in

    def nobody_waits_for_what_is_free(self):
        """The first of each line is short of a pool that is marked, and nobody else may take from it."""
        sweep(at=self.at)
        for item in self.items:
            first = Waiting.objects.filter(item=item, state="waiting", group="").order_by("pk").first()
            if first is None:
                continue
            pools = {one.pk: one for one in Pool.objects.filter(needs__item=item)}
            assert any(one.awaited for one in pools.values())
            room = min((pools[key].capacity - pools[key].taken - pools[key].kept) // need
                       for key, need in card_of(item.pk).needs)
            earlier = Waiting.objects.filter(state="waiting", pk__lt=first.pk)
            assert room < first.least or earlier.exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(steps(VERBS), *(steps(verbs, items=st.just(0), least=10) for verbs in NARROW)))
def test_random_histories_keep_the_counts(steps):
    from django.db import transaction

    with transaction.atomic():
        history = History()
        for one in steps:
            history.step(*one)
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(PEOPLE, st.integers(1, 2)), min_size=1, max_size=12), st.integers(1, 3),
       st.lists(st.integers(0, 3), max_size=12))
def test_those_who_wait_are_served_in_their_order(entries, capacity, freed):
    from django.db import transaction

    with transaction.atomic():
        pool = open_pool(owner=OWNER, code="hall", capacity=capacity)
        item = open_item(owner=OWNER, code="a", needs={pool: 1}, limit=0)
        for number in range(capacity):
            confirm(token=hold(item=item.pk, who=who(100 + number), key="k", at=AT).token, at=AT)
        for place, (_person, quantity) in enumerate(entries):
            found = wait(item=item.pk, who=who(place), quantity=quantity, at=AT)
            assert found.position == place + 1
        for number in freed:
            live = list(Hold.objects.filter(state="confirmed").order_by("pk"))
            if live:
                cancel(token=live[number % len(live)].token, at=AT)
            states = list(Waiting.objects.order_by("pk").values_list("state", flat=True))
            assert states == sorted(states, key=["offered", "waiting"].index), states
        transaction.set_rollback(True)
