"""Puts the register of members into the navigation, the search and the panels, and says codes of its facts in words."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.shell import naming, navigation, panels, search
from xinglin.shell.navigation import Entry

from . import statuses
from .answers import status_of
from .certificates import Asked, Choice
from .matrix import catalogue
from .members import Affiliation, Coverage, Member, Spell
from .policy import may_see_member, may_see_members, members_seen
from .tiers import Entitlement, Holder


def _sees(actor: Actor) -> bool:
    return bool(may_see_members(actor=actor))


def _find(query: str, actor: Actor, limit: int) -> list[search.Hit]:
    rows = members_seen(actor=actor, on=clock.today()).select_related("person", "unit")
    found = rows.filter(number__endswith=query) | rows.filter(person__name=query) | rows.filter(unit__name=query)
    return [search.Hit(label=one.name, sub=one.number, url=one.get_absolute_url(), icon="id")
            for one in found.distinct()[:limit]]


def _person(request: HttpRequest, subject: Any) -> panels.Answer:
    """How somebody stands as a member."""
    member = Member.objects.filter(person=subject).first() if isinstance(subject, Person) else None
    on = clock.today()
    if member is None or not may_see_member(actor=request.actor, member=member, on=on):
        return None
    status = status_of(member, on=on)
    return "membership/panel_member.html", {"member": member, "status": status,
                                            "why": statuses.reason(status) if status else ""}


def in_words(field: str, code: str) -> str:
    """Return a code of membership's facts in words, "" when it has none."""
    if field == "code":
        return catalogue()[code].label if code in catalogue() else ""
    if field == "kind" and code in Entitlement.Kind.values:
        return str(Entitlement.Kind(code).label)
    choices = {"holder": Holder, "kind": Coverage.Kind, "what": (Choice.What, Asked),
               "how": (Spell.Ended, Affiliation.How)}.get(field, ())
    for one in choices if isinstance(choices, tuple) else (choices,):
        if code in one.values:
            return str(one(code).label)
    return ""


def show() -> None:
    """Register entries of the navigation, the finder and the panels."""
    navigation.register(Entry(section="work", label=_("Members"), icon="id", url_name="membership:members", order=20,
                              when=_sees, key="e"))
    search.register("membership.member", _find, label=_("Members"), order=15)
    panels.register("person", 20, _person)
    naming.register_codes("membership", in_words)


show()
