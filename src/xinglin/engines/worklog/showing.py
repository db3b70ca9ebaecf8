"""Puts the worklog into the navigation, the search and the pages of the floors below."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.shell import naming, navigation, panels, search
from xinglin.shell.navigation import Entry as Line

from . import answers, codes
from .entries import Entry, State
from .policy import (
    identity,
    may_log_work,
    may_read_register,
    may_verify_anything,
    readable_by,
)
from .web.queue import waiting_for


def _waiting(actor: Actor) -> int:
    return int(waiting_for(actor).count())


def _returned(actor: Actor) -> int:
    return Entry.objects.filter(logged_by=identity(actor), state=State.RETURNED).count()


def _logs(actor: Actor) -> bool:
    return bool(may_log_work(actor=actor))


def _reads(actor: Actor) -> bool:
    return bool(may_read_register(actor=actor))


def _verifies(actor: Actor) -> bool:
    return bool(may_verify_anything(actor=actor))


def _find(query: str, actor: Actor, limit: int) -> list[search.Hit]:
    rows = Entry.objects.filter(readable_by(actor), title__icontains=query).select_related("kind").distinct()[:limit]
    return [search.Hit(label=one.title, sub=f"{one.happened_on}　{one.kind}", icon="checklist",
                       url=reverse("worklog:entry", args=[one.pk])) for one in rows]


def _home(request: HttpRequest, subject: Any) -> panels.Answer:
    """What waits for the reader: entries to verify, entries that came back."""
    actor = request.actor
    if not (_logs(actor) or _verifies(actor)):
        return None
    drafts = Entry.objects.filter(logged_by=identity(actor), state=State.DRAFT).count()
    return "worklog/panel_home.html", {
        "waiting": _waiting(actor) if _verifies(actor) else 0, "returned": _returned(actor), "drafts": drafts,
        "logs": _logs(actor)}


def _organisation(request: HttpRequest, subject: Any) -> panels.Answer:
    """What an organisation did this year, newest first."""
    today = clock.today()
    one = str(getattr(subject, "ref", subject))
    rows = answers.counted(organisation=one, from_on=today.replace(month=1, day=1), until_on=today.replace(
        year=today.year + 1, month=1, day=1)).select_related("kind")
    if not _reads(request.actor) or not rows:
        return None
    return "worklog/panel_work.html", {"rows": rows[:8], "number": rows.count(), "year": today.year}


def _person(request: HttpRequest, subject: Any) -> panels.Answer:
    """In what a person took part."""
    one = str(getattr(subject, "ref", subject))
    rows = Entry.objects.counted().with_person(one).select_related("kind").order_by("-happened_on")
    if not rows or not (_reads(request.actor) or identity(request.actor) == one):
        return None
    return "worklog/panel_work.html", {"rows": rows[:8], "number": rows.count(), "person": one}


def show() -> None:
    """Register entries of the navigation, the finder and the panels."""
    navigation.register(Line(section="work", label=_("Report work"), icon="pencil-plus", url_name="worklog:report",
                             order=10, when=_logs, key="r"))
    navigation.register(Line(section="work", label=_("My entries"), icon="notebook", url_name="worklog:mine", order=11,
                             when=_logs, count=_returned))
    navigation.register(Line(section="work", label=_("To verify"), icon="checks", url_name="worklog:queue", order=12,
                             when=_verifies, count=_waiting, key="v"))
    navigation.register(Line(section="work", label=_("Work done"), icon="list-details", url_name="worklog:register",
                             order=13, when=_reads))
    navigation.register(Line(section="work", label=_("Registers"), icon="clipboard-list", url_name="worklog:registers",
                             order=14, when=_reads))
    navigation.register(Line(section="work", label=_("Numbered series"), icon="list-numbers",
                             url_name="worklog:all_series", order=15, when=_reads))
    search.register("worklog.entry", _find, label=_("Work done"), order=40)
    naming.register_codes("worklog", codes.in_words)
    panels.register("home", 30, _home)
    panels.register("organisation", 60, _organisation)
    panels.register("person", 60, _person)
