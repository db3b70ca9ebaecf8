"""The tables of booking: what there is, who holds it, who waits, who arrived."""

from datetime import datetime

from django.db import models
from django.db.models import F, Max, Q, Sum

from xinglin.kernel.refs import Ref, ref

from .values import Held

LIVE = ("held", "confirmed")
OWNER = 120  # characters of a ref


def owner_field() -> "models.CharField[str, str]":
    """Return a column for the ref of a stranger."""
    return models.CharField(max_length=OWNER)


class PoolQuerySet(models.QuerySet["Pool"]):
    """Sets of pools."""

    def some_locked(self, *, keys: list[int]) -> "list[Pool]":
        """Lock pools in the order of their keys: two who need several never wait for each other."""
        return list(self.select_for_update().filter(pk__in=keys).order_by("pk"))


class Pool(models.Model):
    """So many places of one sort under one owner; the counts are kept by the database.

    `taken` counts live holds, `kept` what open windows keep unsold, `awaited` says that somebody on a waiting list is
    short of this pool, `due_at` is the next moment at which time itself changes something here. `shape` counts
    what whoever takes a place must know of: changes of needs, and offers. Who looked before is refused and looks again.
    """

    PERSONAL = ()

    owner = owner_field()
    code = models.CharField(max_length=64)
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    awaited = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, db_index=True)
    shape = models.PositiveIntegerField(default=0)

    objects = PoolQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "code"], name="booking_pool_once"),
            models.CheckConstraint(condition=Q(capacity__gte=F("taken") + F("kept")), name="booking_pool_never_over"),
        ]


class Queue(models.Model):
    """A fair queue before an opening: who came before it is ordered by lot, later ones by arrival.

    `rate` people a second are let in; `numbered` have a number, those up to `admitted` were let in. The lot is drawn
    with `seed`, whose digest is shown beforehand and which is shown itself afterwards.
    """

    PERSONAL = ()

    owner = owner_field()
    code = models.CharField(max_length=64)
    channel = models.CharField(max_length=20, default="online")
    opens_at = models.DateTimeField()
    rate = models.FloatField()
    seed = models.CharField(max_length=64)
    numbered = models.PositiveIntegerField(default=0)
    admitted = models.PositiveIntegerField(default=0)
    ticked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "code"], name="booking_queue_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="booking_queue_moves"),
            models.CheckConstraint(condition=Q(numbered__gte=F("admitted")), name="booking_queue_admits_numbered"),
        ]

    @property
    def ref(self) -> Ref:
        """The queue's ref."""
        return ref("booking.queue", self.pk)


class Arrival(models.Model):
    """One person's place in a queue, one for each."""

    PERSONAL = ("who",)

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="arrivals")
    who = owner_field()
    arrived_at = models.DateTimeField()
    lot = models.CharField(max_length=64, blank=True)  # of those who came before the opening
    number = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "who"], name="booking_arrival_once"),
            models.UniqueConstraint(fields=["queue", "number"], name="booking_arrival_number_once"),
        ]
        indexes = [
            models.Index(fields=["queue", "id"], name="booking_arrival_unnumbered", condition=Q(number=None)),
        ]


class Item(models.Model):
    """What can be booked: needs places of one or several pools; one person takes at most `limit` (0: no limit)."""

    PERSONAL = ()

    owner = owner_field()
    code = models.CharField(max_length=64)
    limit = models.PositiveIntegerField(default=1)
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    waits_until_at = models.DateTimeField(null=True)
    hold_seconds = models.PositiveIntegerField(default=900)
    offer_seconds = models.PositiveIntegerField(default=86400)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, related_name="items")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "code"], name="booking_item_once"),
            models.CheckConstraint(condition=Q(hold_seconds__gt=0) & Q(offer_seconds__gt=0),
                                   name="booking_item_holds_a_while"),
        ]

    @property
    def ref(self) -> Ref:
        """The item's ref."""
        return ref("booking.item", self.pk)


class Need(models.Model):
    """How many places of a pool one of an item takes; fixed once somebody holds the item."""

    PERSONAL = ()

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="needs")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="needs")
    quantity = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "pool"], name="booking_need_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="booking_need_something"),
        ]


class Window(models.Model):
    """Places of a pool kept for a channel or a group from–until; what is unsold at the end falls back to all.

    `quantity` were asked for; `granted` could be kept when it opened, `taken` of them went. Empty channel or group
    mean any. `limit` replaces the item's while it is used (0: the item's).
    """

    PERSONAL = ()
    STATES = ("waiting", "open", "closed")

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="windows")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, null=True, related_name="windows")
    channel = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=OWNER, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    quantity = models.PositiveIntegerField()
    granted = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    limit = models.PositiveIntegerField(default=0)
    awaited = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="waiting", choices=[(one, one) for one in STATES])

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="booking_window_has_length"),
            models.CheckConstraint(condition=Q(granted__gte=F("taken")), name="booking_window_never_over"),
        ]


class HoldQuerySet(models.QuerySet["Hold"]):
    """Sets of holds."""

    def live(self) -> "HoldQuerySet":
        """Return those that take places."""
        return self.filter(state__in=LIVE)

    def of_person(self, *, item: int, who: str, at: datetime) -> tuple[int, int]:
        """Return how many places of an item a person has, those that ran out not counted, and the next turn."""
        has = Q(state="confirmed") | Q(state="held", expires_at__gt=at)
        found = self.filter(item=item, who=who).aggregate(has=Sum("quantity", filter=has), turn=Max("turn"))
        return found["has"] or 0, (found["turn"] or 0) + 1

    def one_locked(self, *, token: str) -> "Hold | None":
        """Lock the hold of a token."""
        return self.select_for_update().filter(token=token).first()

    def over_locked(self, *, pools: list[int], at: datetime) -> "list[Hold]":
        """Lock holds of these pools whose time is over; those in somebody's hands just now are left to them."""
        over = self.filter(state="held", expires_at__lte=at, item__needs__pool__in=pools).values("pk")
        return list(self.filter(pk__in=over).order_by("pk").select_for_update(skip_locked=True))


class Hold(models.Model):
    """Places of an item taken by one person.

    `turn` counts the holds of one person and item: two requests at the same moment would have the same turn, so the
    second is refused by the database and tried again with the first one counted.
    """

    PERSONAL = ("who",)
    STATES = ("held", "confirmed", "released", "expired", "cancelled")

    # Items and windows are never deleted; a constraint would lock the row of an item that everybody wants, once a hold.
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="holds", db_constraint=False)
    who = owner_field()
    quantity = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    token = models.CharField(max_length=43, unique=True)
    turn = models.PositiveIntegerField()
    channel = models.CharField(max_length=20, blank=True)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="holds", db_constraint=False)
    offered = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="held", choices=[(one, one) for one in STATES])
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "who", "turn"], name="booking_hold_turn"),
            models.UniqueConstraint(fields=["item", "who", "key"], condition=Q(state__in=LIVE),
                                   name="booking_hold_same_key"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="booking_hold_something"),
        ]
        indexes = [
            models.Index(fields=["item", "expires_at"], name="booking_hold_running_out", condition=Q(state="held")),
        ]

    @property
    def ref(self) -> Ref:
        """The hold's ref."""
        return ref("booking.hold", self.pk)

    def shown(self, *, again: bool = False) -> Held:
        """Return it as a value."""
        return Held(token=self.token, item=self.item_id, who=Ref(self.who), quantity=self.quantity, state=self.state,
                    expires_at=self.expires_at, offered=self.offered, again=again)


class Waiting(models.Model):
    """One person on the waiting list of an item; at least `least` of `quantity` are taken, until `until_at`."""

    PERSONAL = ("who",)
    STATES = ("waiting", "offered", "served", "declined", "lapsed", "left")

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="waitings")
    who = owner_field()
    quantity = models.PositiveIntegerField()
    least = models.PositiveIntegerField()
    channel = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=OWNER, blank=True)
    token = models.CharField(max_length=43, unique=True)
    state = models.CharField(max_length=10, default="waiting", choices=[(one, one) for one in STATES])
    until_at = models.DateTimeField(null=True)
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, null=True, related_name="waiting")
    waiting_since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "who"], condition=Q(state="waiting"), name="booking_waiting_once"),
            models.CheckConstraint(condition=Q(least__gt=0) & Q(quantity__gte=F("least")),
                                   name="booking_waiting_something"),
        ]
        indexes = [
            models.Index(fields=["item", "id"], name="booking_waiting_in_order", condition=Q(state="waiting")),
        ]
