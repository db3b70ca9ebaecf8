"""Pages of one's own programme: stars, places of sessions with their waiting lists, a calendar to subscribe to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory.security.rates import limited
from xinglin.kernel import clock
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking.values import Refused
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform

from ..actions.signing_up import Unchanged, sign_off, sign_up
from ..holders import held_place
from ..icalendars import sessions_ics
from ..policy import person_key
from ..programme import Session
from ..registration_policy import may_change_registration
from ..registrations import Registration
from ..schedules import Schedule, Whose, asker, owner_of, renew_key, schedule_of, sessions_in, set_star, starred
from ..sign_up import SignUp, leave_wait, sessions_of, sign_ups, wait_for
from .site import ics, open_event, programme_of


@dataclass(frozen=True, kw_only=True)
class Line:
    """A session in somebody's own programme."""

    session: Session
    star: bool
    chosen: bool
    sign_up: SignUp | None
    meets: tuple[Session, ...] = ()
    refused: str = ""

    @property
    def mine(self) -> bool:
        """Whether it stands in the own programme, or is waited for."""
        return self.star or self.chosen or bool(self.sign_up and (self.sign_up.waits or self.sign_up.held))


def my_programme(request: HttpRequest, key: int) -> HttpResponse:
    """Show their own programme of an event to who is signed in or confirmed an e-mail address."""
    event = open_event(request, key)
    whose = asker(request, event)
    if whose is None:
        return redirect(f"{reverse('events:visitor')}?event={event.pk}")
    return _page(request, whose)


def own_programme(request: HttpRequest, key: str) -> HttpResponse:
    """Show the programme of a registration to who bears its address."""
    rows = Registration.objects.select_related("event__organisation", "ticket__event", "person", "order")
    row = get_object_or_404(rows.live(), key=key)
    own = row.person is None or row.person_id == person_key(actor_of(request))
    # Who bears the key of somebody else's place sees that place, not where the person is at other events.
    owner = owner_of(row) if own else held_place(registration=row.pk, turn=row.turn)
    return _page(request, Whose(event=row.event, owner=owner, row=row, key=key,
                                url=reverse("events:own_programme", args=[key])))


def _page(request: HttpRequest, whose: Whose) -> HttpResponse:
    """Show, or do what was asked of one session; a refusal stands beside it."""
    refused: tuple[int, str] = (0, "")
    if request.method == "POST":
        said = request.POST.get("session", "")
        number = said if said.isdecimal() and len(said) < 10 else 0
        session = get_object_or_404(whose.event.sessions.select_related("event"), pk=number)
        answer = _do(request, whose, session, request.POST.get("do", ""))
        if isinstance(answer, HttpResponse):
            return answer
        refused = (session.pk, answer)
    lines = lines_of(whose, at=clock.now(), refused=refused)
    every = request.GET.get("all") == "1" or not any(one.mine for one in lines)
    calendar = schedule_of(whose.owner).key
    return render(request, "events/programme.html", {
        "whose": whose, "event": whose.event, "row": whose.row, "every": every, "on": clock.today(),
        "days": _by_day([one for one in lines if every or one.mine or one.refused]),
        "signed": sum(one.chosen for one in lines), "stars": sum(one.star for one in lines),
        "next": next((one.session for one in lines if one.mine and one.session.until_at > clock.now()), None),
        "waits": [one for one in lines if one.sign_up and (one.sign_up.waits or one.sign_up.held)],
        "calendar": calendar,
        "feed": f"{settings.XINGLIN_URL.rstrip('/')}{reverse('events:programme_feed', args=[calendar])}"},
        status=422 if refused[0] else 200)


def lines_of(whose: Whose, *, at: datetime, refused: tuple[int, str]) -> list[Line]:
    """Return the sessions of an event as they stand for somebody."""
    sessions, stars = programme_of(whose.event), starred(whose.owner, event=whose.event)
    taken = sessions_of(whose.row) if whose.row else []
    ups = sign_ups(whose.row, sessions, at=at) if whose.row else {}
    mine = [one for one in sessions if one.pk in stars or one in taken]
    return [Line(session=one, star=one.pk in stars, chosen=one in taken, sign_up=ups.get(one.pk),
                 meets=tuple(other for other in mine if one.meets(other)) if one in mine or one.pk in ups else (),
                 refused=refused[1] if one.pk == refused[0] else "") for one in sessions]


def _by_day(lines: Sequence[Line]) -> list[tuple[date, list[Line]]]:
    days: dict[date, list[Line]] = {}
    for one in lines:
        days.setdefault(timezone.localtime(one.session.from_at).date(), []).append(one)
    return list(days.items())


def _do(request: HttpRequest, whose: Whose, session: Session, what: str) -> HttpResponse | str:
    """Do what was asked: the answer, or why not."""
    here = f"{whose.url}?{'all=1' if request.GET.get('all') else ''}#s{session.pk}"
    if what in ("star", "unstar"):
        set_star(who=whose.owner, session=session, on=what == "star")
        to = reverse("events:site", args=[whose.event.pk]) + f"#s{session.pk}" if request.POST.get("site") else here
        return redirect(to)
    if whose.row is None or what not in ("sign_up", "sign_off", "wait", "leave"):
        return _("Register for the event first.")
    if what in ("sign_up", "sign_off"):
        given: dict[str, Any] = {"registration": whose.row, "session": session, "key": whose.key, "at": clock.now()}
        outcome = perform(request, sign_up if what == "sign_up" else sign_off, **given)
        if outcome.refusal and not isinstance(outcome.refusal, Unchanged):
            return str(outcome.refusal)
        return done(request, _("Signed up.") if what == "sign_up" else _("Given back."), here)
    allow(may_change_registration(actor=actor_of(request), registration=whose.row, key=whose.key))
    if what == "leave":
        leave_wait(whose.row, session=session, at=clock.now())
        return done(request, _("You do not wait for it any more."), here)
    found = wait_for(whose.row, session, at=clock.now())
    return str(found.message) if isinstance(found, Refused) else redirect(here)


@require_POST
@limited("event_calendar")
def new_address(request: HttpRequest, key: str) -> HttpResponse:
    """Give the calendar another address; whoever knew the old one sees nothing more."""
    schedule = get_object_or_404(Schedule, key=key)
    renew_key(Ref(schedule.who))
    back = request.POST.get("back", "")
    own = reverse("events:my_registrations")
    return done(request, _("The calendar has another address; the old one is dead."),
                back if back.startswith("/events/") else own)


@limited("event_calendar", methods=("GET",))
def programme_feed(request: HttpRequest, key: str) -> HttpResponse:
    """Give somebody's own programme as iCalendar, to be subscribed to; its address is the right to read it."""
    schedule = get_object_or_404(Schedule, key=key)
    return ics(sessions_ics(sessions_in(schedule), name=_("My programme"), at=clock.now()), "programme")
