"""Puts the member's own pages, requests, appeals and erasures into the navigation, the tabs and the front page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.shell import navigation, panels
from xinglin.shell.navigation import Entry

from .certificates import Appeal, Choice
from .policy import may_answer_requests, may_keep_members
from .web.joining import waiting_for
from .web.mine import card_of
from .web.own import has_pages, is_member, member_of, tabs
from .web.seats_asked import waiting_seats


def _keeps(actor: Actor) -> bool:
    return bool(may_keep_members(actor=actor))


def _answers(actor: Actor) -> bool:
    return bool(may_answer_requests(actor=actor))


def _appeals(actor: Actor) -> int:
    return Appeal.objects.filter(decided_on=None).count()


def _erasures(actor: Actor) -> int:
    return Choice.objects.filter(what=Choice.What.ERASURE, allowed=True).count()


def _home(request: HttpRequest, subject: Any) -> panels.Answer:
    """How the reader stands as a member."""
    member = member_of(request.actor)
    if member is None:
        return None
    return "membership/panel_mine.html", {"member": member, "card": card_of(member, on=clock.today())}


def show() -> None:
    """Register entries, tabs and the panel."""
    navigation.register(Entry(section="work", label=_("My membership"), icon="id-badge-2", url_name="membership:mine",
                              order=5, when=has_pages))
    navigation.register(Entry(section="work", label=_("Requests to join"), icon="user-plus",
                              url_name="membership:requests", order=23, count=waiting_for,
                              when=lambda actor: _answers(actor) and waiting_for(actor) > 0))
    navigation.register(Entry(section="work", label=_("Appeals"), icon="scale", url_name="membership:appeals", order=24,
                              when=lambda actor: _keeps(actor) and _appeals(actor) > 0, count=_appeals))
    navigation.register(Entry(section="work", label=_("Free seats asked for"), icon="id-badge-2",
                              url_name="membership:seats_asked", order=26, count=waiting_seats,
                              when=lambda actor: waiting_seats(actor) > 0))
    navigation.register(Entry(section="work", label=_("Requests for deletion"), icon="eraser",
                              url_name="membership:erasures", order=25,
                              when=lambda actor: _keeps(actor) and _erasures(actor) > 0, count=_erasures))
    for tab in tabs(when=is_member):
        navigation.register_tab(tab)
    panels.register("home", 12, _home)


show()
