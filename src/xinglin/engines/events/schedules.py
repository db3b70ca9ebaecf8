"""Own programmes: what somebody starred, what they signed up for, and the secret address of their calendar."""

from dataclasses import dataclass, replace

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.directory.merging import Joining, moving_refs, register_merge
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking.models import Hold

from .carts import who_asks
from .holders import holder_of
from .keys import new_key
from .meetings import Event, State
from .programme import Session
from .registrations import Registration


class Schedule(models.Model):
    """Somebody's own programme over all events: a plain row, no fact, for what nobody else needs to know."""

    PERSONAL = ("who",)

    who = models.CharField(max_length=120, unique=True)  # a person, or a place and the how-manieth who holds it
    key = models.CharField(max_length=43, unique=True, default=new_key)  # of the calendar they subscribe to


class Star(models.Model):
    """A session that somebody means to see."""

    PERSONAL = ()

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="stars")
    session = models.ForeignKey(Session, models.CASCADE, related_name="stars")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "session"], name="a_session_is_starred_once")]


def owner_of(row: Registration) -> Ref:
    """Return whose programme the page of a registration shows: the person's, else that of who holds the place now."""
    return holder_of(row).name


def own_place(event: Event, *, who: Ref | None, email: str = "") -> Registration | None:
    """Return the registration by which somebody takes part in an event; places they ordered for many are not theirs.

    A visitor's is also what was sent to the e-mail address they confirmed.
    """
    if who is None:
        return None
    rows = event.registrations.live().select_related("ticket__event", "event__organisation", "person")
    many = Exists(Hold.objects.filter(token=OuterRef("booking"), item=OuterRef("ticket__group_item")))
    sent = Q(email__iexact=email) if email else Q(pk=None)
    theirs = Q(person=None) & (Q(who=who) & (Q(turn__gt=0) | ~many) | sent)
    return rows.filter(Q(person=who.key) if who.kind == "directory.person" else theirs).order_by("pk").first()


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose programme of which event: the owner of stars, the registration if there is one, the address of the page."""

    event: Event
    owner: Ref
    row: Registration | None
    url: str
    key: str = ""  # of the registration's page, when that is the right to change it


def asker(request: HttpRequest, event: Event) -> Whose | None:
    """Return whose programme a reader sees: a person's, or that of the place they registered for; None for nobody."""
    who = who_asks(request)
    row = own_place(event, who=who)
    url = reverse("events:my_programme", args=[event.pk])
    if row:
        return Whose(event=event, owner=owner_of(row), row=row, url=url)
    return Whose(event=event, owner=who, row=None, url=url) if who and who.kind == "directory.person" else None


def schedule_of(who: Ref) -> Schedule:
    """Return somebody's own programme, begun when it is first looked at."""
    return Schedule.objects.get_or_create(who=who)[0]


def set_star(*, who: Ref, session: Session, on: bool) -> None:
    """Star a session or take the star away; twice is once."""
    schedule = schedule_of(who)
    if on:
        Star.objects.get_or_create(schedule=schedule, session=session)
    else:
        Star.objects.filter(schedule=schedule, session=session).delete()


def starred(who: Ref, *, event: Event) -> set[int]:
    """Return the keys of the sessions of an event that somebody starred."""
    return set(Star.objects.filter(schedule__who=who, session__event=event).values_list("session", flat=True))


def renew_key(who: Ref) -> Schedule:
    """Give somebody's calendar another address; the old one is dead."""
    schedule = schedule_of(who)
    schedule.key = new_key()
    schedule.save(update_fields=["key"])
    return schedule


def sessions_in(schedule: Schedule) -> list[Session]:
    """Return what stands in somebody's calendar: what they starred and signed up for, of events that take place."""
    who = Ref(schedule.who)
    if who.kind == "directory.person":
        held = Registration.objects.live().filter(person=who.key)
    else:
        place, _dot, turn = who.key.partition(".")
        held = Registration.objects.live().filter(pk=place, turn=int(turn or 0))
    wanted = Q(stars__schedule=schedule) | Q(options__chosen__registration__in=held)
    rows = Session.objects.filter(wanted).exclude(event__state__in=[State.CANCELLED, State.REFUSED]).distinct()
    return list(rows.select_related("event", "room").prefetch_related("speakers").order_by("from_at", "pk"))


_moving = moving_refs(kind="events.programmes", label=_("Own programmes"), model=Schedule, field="who")


def _move(joining: Joining) -> list[int]:
    """Hand a programme over to the remaining entry, unless that one has its own."""
    return [] if Schedule.objects.filter(who=joining.winner).exists() else _moving.move(joining)


register_merge("events.programmes", replace(_moving, move=_move))
