"""Puts projects and credits into the navigation, the tabs, the finder and the panels, and says codes in words."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation, Person
from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.shell import choosing, naming, navigation, panels, search
from xinglin.shell.choosing import Choice
from xinglin.shell.navigation import Entry

from .credits import Channel, Claim, Duty, Kind, Refused, Role
from .numbers import subject_label
from .policy import keeps, may_see_person, may_see_projects, may_see_unit, person_key, projects_seen
from .projects import Level, Project, Sort, State
from .requirement import account

_CHOICES = {"level": (Level,), "sort": (Sort,), "before": (State,), "after": (State,), "channel": (Channel,),
            "role": (Role,), "kind": (Kind,), "what": (Duty.What,)}
TO_COME = (State.PUBLISHED, State.SCHEDULED)


def in_words(field: str, code: str) -> str:
    """Return a code of learning's facts in words, "" when it has none."""
    if field == "specialty":
        return subject_label(code)
    for one in _CHOICES.get(field, ()):
        if code in one.values:
            return str(one(code).label)
    return ""


def _has_entry(actor: Actor) -> bool:
    return person_key(actor) is not None


def _waiting(actor: Actor) -> int:
    return Claim.objects.filter(state=Claim.State.WAITING).count()


def _refused(actor: Actor) -> int:
    return Refused.objects.filter(state=Refused.State.WAITING).count()


def _reviews(actor: Actor) -> bool:
    return keeps(actor=actor, on=clock.today())


def _reviews_refused(actor: Actor) -> bool:
    return _reviews(actor) and _refused(actor) > 0  # a rare thing, shown while there is one


def _find(query: str, actor: Actor, limit: int) -> list[search.Hit]:
    rows = projects_seen(actor=actor).filter(Q(title__icontains=query) | Q(number__icontains=query)).distinct()
    return [search.Hit(label=one.title, sub=one.number or "", url=one.get_absolute_url(), icon="school")
            for one in rows[:limit]]


def _choose(query: str, actor: Actor, limit: int) -> list[Choice]:
    """Offer projects that are published and not over, with their numbers."""
    rows = projects_seen(actor=actor).filter(state__in=TO_COME, title__icontains=query).order_by("-pk")
    return [Choice(ref=one.ref, label=one.title, sub=one.number or "") for one in rows.distinct()[:limit]]


def _home(request: HttpRequest, subject: Any) -> panels.Answer:
    """How far the reader's year is."""
    key = person_key(request.actor)
    one = account(key, year=clock.today().year) if key else None
    return ("learning/panel_mine.html", {"account": one}) if one and one.needs else None


def _person(request: HttpRequest, subject: Any) -> panels.Answer:
    """How far somebody's year is."""
    if not isinstance(subject, Person) or not may_see_person(actor=request.actor, person=subject.ref):
        return None
    return "learning/panel_person.html", {"person": subject, "account": account(subject.pk, year=clock.today().year)}


def _organisation(request: HttpRequest, subject: Any) -> panels.Answer:
    """Where an organisation's projects and requirements are found."""
    if not isinstance(subject, Organisation) or not may_see_unit(actor=request.actor, organisation=subject.ref):
        return None
    count = Project.objects.filter(branch=subject, year=clock.today().year).count()
    return "learning/panel_organisation.html", {"unit": subject, "projects": count}


def show() -> None:
    """Register entries, tabs, the finder and panels."""
    navigation.register(Entry(section="work", label=_("CME projects"), icon="school", url_name="learning:projects",
                              order=30, when=lambda actor: bool(may_see_projects(actor=actor))))
    navigation.register(Entry(section="work", label=_("Outside credits"), icon="certificate",
                              url_name="learning:claims", order=31, when=_reviews, count=_waiting))
    navigation.register(Entry(section="work", label=_("Attendances not taken in"), icon="calendar-x",
                              url_name="learning:refused_list", order=32, when=_reviews_refused, count=_refused))
    navigation.register(Entry(section="work", label=_("My credits"), icon="certificate-2", url_name="learning:mine",
                              order=6, when=_has_entry))
    navigation.register_public(Entry(section="open", label=_("Verify a certificate"), icon="rosette-discount-check",
                                     url_name="learning:verify", order=40))
    choosing.register("learning.project", _choose)
    search.register("learning.project", _find, label=_("CME projects"), order=40)
    panels.register("home", 14, _home)
    panels.register("person", 30, _person)
    panels.register("organisation", 40, _organisation)
    naming.register_codes("learning", in_words)


show()
