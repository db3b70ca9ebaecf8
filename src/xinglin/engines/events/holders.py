"""Who holds a place, and who held it before: what somebody proved at doors and screens stays theirs for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from xinglin.directory.models import Person
from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated

from .doors import DoorScan
from .entering import release_entries
from .registrations import Registration, Role

Key = tuple[int, int]  # a registration, and the how-manieth who holds it


class FormerHolder(Stated):
    """Who had a place until it was handed over; the one after has another code, and the next turn."""

    PERSONAL = ("name",)

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="formers")
    turn = models.PositiveSmallIntegerField()
    person = models.ForeignKey("directory.Person", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=10, choices=Role)
    code = models.CharField(max_length=12)  # of their ticket; a gate that was offline still hands it in
    state = models.CharField(max_length=10)  # of the registration when it was handed over
    until_at = models.DateTimeField()

    class Meta:
        ordering = ("registration", "turn")
        constraints = [models.UniqueConstraint(fields=["registration", "turn"], name="a_turn_has_one_holder")]


def hand_on(*, registration: Registration, at: datetime) -> None:
    """Write down who holds a place until now; the act that hands it over saves the registration with its next turn."""
    FormerHolder.objects.create(
        registration=registration, turn=registration.turn, person=registration.person, name=registration.name,
        role=registration.role, code=registration.code, state=registration.state, until_at=at)
    place = held_place(registration=registration.pk, turn=registration.turn)
    registration.turn += 1
    release_entries(event=registration.event, who=place, at=at)
    # Gates are told that whoever scanned in has it no more.
    DoorScan.objects.filter(registration=registration).update(changed_at=at)


def held_place(*, registration: int, turn: int) -> Ref:
    """Return the name of a place in the hands of one holder: another one's half hour is not theirs."""
    return ref("events.registration", f"{registration}.{turn}" if turn else registration)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """One holder of one place, now or before: until when, with which code, in which state."""

    registration: int
    turn: int
    person: Person | None
    role: str
    code: str
    state: str
    until_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Which place, and the how-manieth holder."""
        return self.registration, self.turn

    @property
    def unnamed(self) -> Ref:
        """Under which name presence keeps what was proven before it was known who it is."""
        return held_place(registration=self.registration, turn=self.turn)

    @property
    def name(self) -> Ref:
        """Under which name presence counts them: the person, else the place."""
        return self.person.ref if self.person else self.unnamed

    def had_it(self, at: datetime) -> bool:
        """Say whether the place was not yet handed over at a moment."""
        return self.until_at is None or at < self.until_at


def holder_of(row: Registration) -> Holder:
    """Return who holds a place now."""
    return Holder(registration=row.pk, turn=row.turn, person=row.person, role=row.role, code=row.code, state=row.state)


def holders_of(rows: Iterable[Registration]) -> dict[Key, Holder]:
    """Return who holds some places, and all who held them before."""
    now = [holder_of(row) for row in rows]
    return {one.key: one for one in (*_formers(registration__in=[one.registration for one in now]), *now)}


def held_by(*, event: int, people: Iterable[int]) -> dict[Key, Holder]:
    """Return every place of an event that some people hold or held; what was given back comes after what is held."""
    known = list(people)
    rows = Registration.objects.filter(event=event, person__in=known).select_related("person").order_by("pk")
    now = sorted(rows, key=lambda row: row.state == "cancelled")
    return {one.key: one for one in (*_formers(registration__event=event, person__in=known), *map(holder_of, now))}


def _formers(**which: object) -> list[Holder]:
    return [Holder(registration=row.registration_id, turn=row.turn, person=row.person, role=row.role, code=row.code,
                   state=row.state, until_at=row.until_at)
            for row in FormerHolder.objects.filter(**which).select_related("person").order_by("until_at")]
