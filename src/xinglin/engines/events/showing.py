"""Puts events into the navigation and the search, and says codes of their facts in words."""

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.shell import landing, naming, navigation, search
from xinglin.shell.navigation import Entry

from .abstracts import Abstract
from .caring import Care
from .checklists import points
from .faculty import Invitation
from .healthdays import health_days
from .kinds import kinds
from .meetings import Approval, Check, Format, Role, State
from .policy import events_seen, may_see_events, role_label
from .programme import Session, Speaking
from .registration_shown import registering_in_words
from .services_policy import may_see_care


def _sees(actor: Actor) -> bool:
    return bool(may_see_events(actor=actor))


def _find(query: str, actor: Actor, limit: int) -> list[search.Hit]:
    rows = events_seen(actor=actor).filter(title__icontains=query).order_by("-from_on")[:limit]
    return [search.Hit(label=one.title, sub=one.from_on.isoformat(), url=one.get_absolute_url(), icon="calendar-event")
            for one in rows]


def in_words(field: str, code: str) -> str:
    """Return a code of the facts of events in words, "" when it has none."""
    if said := registering_in_words(field, code):
        return said
    if field in ("kind", "kinds") and code in kinds():
        return str(kinds()[code])
    if field == "code" and code in points():
        return str(points()[code])
    if field in ("role", "steps"):
        return str(Role(code).label) if code in Role.values else role_label(code)
    if field == "healthday" and code in health_days():
        return str(health_days()[code])
    if field == "reason" and code in Care.Reason.values:
        return str(Care.Reason(code).label)
    choices = {"format": (Format,), "state": (State, Invitation.State, Abstract.State), "before": (State,),
               "answer": (Approval.Answer,),
               "phase": (Check.Phase,), "kind": (Session.Kind,),
               "part": (Speaking.Part,), "rank": (Invitation.Rank,), "form": (Abstract.Form,)}
    for one in choices.get(field, ()):
        if code in one.values:
            return str(one(code).label)
    return ""


def show() -> None:
    """Register entries of the navigation and the finder."""
    navigation.register(Entry(section="work", label=_("Events"), icon="calendar-event", url_name="events:events",
                              order=22, when=_sees))
    navigation.register(Entry(section="work", label=_("Visits of care"), icon="heart-handshake", url_name="events:care",
                              order=46, when=lambda actor: bool(may_see_care(actor=actor))))
    navigation.register_public(Entry(section="open", label=_("Calendar of events"), icon="calendar-event",
                                     url_name="events:calendar", order=20))
    landing.offer(order=30, icon="calendar-event", label=_("Calendar of events"), url_name="events:calendar")
    search.register("events.event", _find, label=_("Events"), order=25)
    naming.register_codes("events", in_words)


show()
