"""Puts applications into the navigation, the first page and the panels, and registers the words of their notice."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation, Person
from xinglin.directory.security import sensitive
from xinglin.kernel.actors import Actor
from xinglin.kernel.notices import register_notice
from xinglin.kernel.policy import Verdict, no
from xinglin.kernel.refs import Shown, resolves
from xinglin.mechanics.questionnaires.answers import covered
from xinglin.mechanics.questionnaires.kinds import KINDS
from xinglin.shell import landing, navigation, panels
from xinglin.shell.navigation import Entry

from . import applying, drafts, forgetting  # noqa: F401  lists to choose from, night work
from .applicants import applications_seen, said_by, waiting_for
from .applications import UNDER_REVIEW, Application, Recommendation
from .applications_policy import may_pass_application, may_see_applications
from .telling_applicants import ASKED
from .tiers import Holder


def _sees(actor: Actor) -> bool:
    return bool(may_see_applications(actor=actor))


def _waiting(actor: Actor) -> int:
    return waiting_for(actor).count()


def _home(request: HttpRequest, subject: Any) -> panels.Answer:
    """Applications whose next step is the reader's, the oldest first."""
    rows = waiting_for(request.actor).order_by("submitted_on", "pk")
    number = rows.count()
    if not number:
        return None
    return "membership/panel_applications.html", {"rows": rows.select_related("tier", "branch")[:5], "number": number}


def _organisation(request: HttpRequest, subject: Any) -> panels.Answer:
    """Applications under review for a branch."""
    if not (isinstance(subject, Organisation) and _sees(request.actor)):
        return None
    rows = applications_seen(request.actor).filter(branch=subject, state__in=UNDER_REVIEW)
    if not (number := rows.count()):
        return None
    return "membership/panel_applications.html", {"rows": rows.select_related("tier", "branch")[:5], "number": number}


def _person(request: HttpRequest, subject: Any) -> panels.Answer:
    """How somebody's application stands, before they are a member."""
    if not (isinstance(subject, Person) and _sees(request.actor)):
        return None
    rows = applications_seen(request.actor).filter(person=subject, state__in=UNDER_REVIEW)
    return ("membership/panel_applications.html", {"rows": rows.select_related("tier", "branch"), "number": len(rows)}
            ) if rows else None


def _readable() -> dict[str, Any]:
    """Return the questions whose answers are shown with their middle covered, with what they are called."""
    return {one.code: lazy(lambda one=one: one.label, str)() for holder in Holder
            for one in applying.questionnaire(holder).questions() if KINDS[one.kind].sensitive}


READABLE = _readable()


def _read(name: str) -> Callable[[str], str]:
    return lambda key: str(said_by(Application.objects.get(pk=key)).get(name, ""))


def _may_read(actor: Actor, key: str) -> Verdict:
    """Whoever has an application on the desk reads its numbers in full, with a reason that is a fact."""
    row = Application.objects.filter(pk=key).select_related("branch", "person").first()
    return may_pass_application(actor=actor, application=row) if row else no(_("This application does not exist."))


@resolves("membership.recommendation")
def _recommendations(keys: list[str]) -> dict[str, Shown]:
    rows = Recommendation.objects.filter(pk__in=[key for key in keys if key.isdecimal()]).select_related("application")
    return {str(row.pk): Shown(label=str(row.application), url=row.get_absolute_url()) for row in rows}


for _code, _label in READABLE.items():
    sensitive.register(kind="membership.application", name=_code, label=_label, read=_read(_code), mask=covered,
                       may=_may_read)
register_notice(ASKED, app="xinglin.engines.membership")
navigation.register(Entry(section="work", label=_("Applications"), icon="user-plus", url_name="membership:applications",
                          order=41, when=_sees, count=_waiting))
navigation.register_public(Entry(section="open", label=_("Become a member"), icon="user-plus",
                                 url_name="membership:choose", order=20))
landing.offer(order=5, icon="user-plus", label=_("Become a member"), url_name="membership:choose")
panels.register("home", 25, _home)
panels.register("organisation", 55, _organisation)
panels.register("person", 45, _person)
