"""The lists of learning: projects, attendance, claims, who fulfils the year."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation
from xinglin.shell.tables import Choice, Column, Dates, Segment, Table, YesNo

from ..credits import Attendance, Claim, Kind, Refused
from ..numbers import subject_label
from ..policy import projects_seen
from ..projects import LIGHTS, Level, Project, Sort, State

_STATES = {one.value: (LIGHTS[one.value], one.label) for one in State}
_RUNNING = ("published", "scheduled", "held", "reported")


def _q(*states: str) -> Q:
    return Q(state__in=states)


def _years() -> list[tuple[str, str]]:
    years = Project.objects.order_by("-year").values_list("year", flat=True).distinct()
    return [(str(one), str(one)) for one in years]


def _branches() -> list[tuple[str, str]]:
    rows = Organisation.objects.filter(pk__in=Project.objects.values("branch"))
    return [(str(row.pk), row.label) for row in rows]


class Projects(Table):
    """Every project the reader may see."""

    code, unit = "learning.projects", "个"
    title = _("CME projects")
    columns = (
        Column("title", _("Project"), at="name", sub=lambda row: row.number or "", sort=True,
               link=lambda row: row.get_absolute_url()),
        Column("level", _("Level of the project"), value=lambda row: row.get_level_display(), sort=True),
        Column("branch", _("Branch in charge"), value=lambda row: row.branch.label, sort="branch__name"),
        Column("leader", _("Project leader"), value=lambda row: row.leader.name),
        Column("year", _("CME year"), sort=True),
        Column("subject", _("Subject area"), value=lambda row: subject_label(row.subject), sort=True, hidden=True),
        Column("sort", _("Sort of project"), value=lambda row: row.get_sort_display(), hidden=True),
        Column("repeat", _("Repeat of an earlier project"), kind="yes", hidden=True),
        Column("hours", _("Class hours"), kind="number", sort=True),
        Column("heads", _("People planned"), kind="number", sort=True, hidden=True),
        Column("from_on", _("First day"), kind="date", sort=True),
        Column("state", _("State"), kind="status", words=_STATES, at="status", sort=True),
    )
    search = ("title", "number", "leader__name", "branch__name")
    search_hint = _("Title, number, leader, branch")
    segments = (
        Segment("all", _("All")),
        Segment("applying", _("Applying"), where=_q("draft", "filed", "province", "expert")),
        Segment("running", _("To be held and reported"), where=_q(*_RUNNING)),
        Segment("stale", _("Credits to be reckoned anew"), where=Q(stale=True)),
        Segment("done", _("Credits issued"), where=_q("credited", "audited")),
        Segment("ended", _("Not carried out"), where=_q("cancelled", "not_held", "revoked")),
    )
    filters = (
        Choice("year", _("CME year"), options=_years),
        Choice("level", _("Level of the project"), options=Level.choices),
        Choice("state", _("State"), options=State.choices),
        Choice("branch", _("Branch in charge"), options=_branches),
        Choice("sort", _("Sort of project"), options=Sort.choices),
        YesNo("repeat", _("Repeat of an earlier project")),
        Dates("from_on", _("First day")))
    order = ("-year", "level", "number")
    empty = (_("No CME project yet"), _("Begin with an application."), "learning:draft", _("Begin an application"))

    def rows(self) -> Any:
        """Return those the reader may see."""
        return projects_seen(actor=self.actor).select_related("leader", "branch").distinct()


class Attendances(Table):
    """Who attended a project, by day."""

    code, unit = "learning.attendances", "条"
    title = _("Attendance of learners")
    columns = (
        Column("person", _("Person's name"), value=lambda row: row.person.name, at="name",
               sub=lambda row: row.person.workplace, sort="person__sort_key"),
        Column("day", _("On which day"), kind="date", sort=True),
        Column("minutes", _("Valid minutes"), kind="number", sort=True, total="minutes"),
        Column("channel", _("Where"), value=lambda row: row.get_channel_display()),
        Column("role", _("As what"), value=lambda row: row.get_role_display()),
        Column("source", _("Source of it"), hidden=True),
    )
    search = ("person__name",)
    filters = (Dates("day", _("On which day")),)
    order = ("person__sort_key", "day")
    empty = (_("Nobody's attendance came in yet"), _("It comes from the gate, or is typed here."), "", "")
    project: Project

    def rows(self) -> Any:
        """Return those of the project that count."""
        return Attendance.objects.standing().filter(project=self.project).select_related(
            "person").prefetch_related("person__employments__organisation")


class RefusedOnes(Table):
    """Attendances that were confirmed elsewhere and could not be taken in."""

    code, unit = "learning.refused", "条"
    title = _("Attendances not taken in")
    columns = (
        Column("person", _("Person's name"), value=lambda row: row.person.name, at="name",
               link=lambda row: row.get_absolute_url(), sort="person__sort_key"),
        Column("project", _("Project"), value=lambda row: row.project.title),
        Column("day", _("On which day"), kind="date", sort=True),
        Column("minutes", _("Valid minutes"), kind="number", sort=True),
        Column("reason", _("Why it was not taken in")),
        Column("refused_on", _("Noted on"), kind="date", sort=True),
        Column("state", _("State"), kind="status", at="status", words={
            "waiting": ("warn", Refused.State.WAITING.label), "taken": ("done", Refused.State.TAKEN.label),
            "left": ("off", Refused.State.LEFT.label)}),
    )
    search = ("person__name", "project__title")
    segments = (Segment("waiting", _("Waits for a decision"), where=_q("waiting")), Segment("all", _("All")))
    filters = (Dates("day", _("On which day")),)
    order = ("refused_on",)
    empty = (_("Every attendance was taken in"), "", "", "")

    def rows(self) -> Any:
        """Return all of them."""
        return Refused.objects.select_related("person", "project")


class Claims(Table):
    """Outside credits that were asked for."""

    code, unit = "learning.claims", "件"
    title = _("Outside credits")
    columns = (
        Column("person", _("Person's name"), value=lambda row: row.person.name, at="name",
               sub=lambda row: row.person.workplace, link=lambda row: row.get_absolute_url(), sort="person__sort_key"),
        Column("kind", _("Where credits come from"), value=lambda row: row.get_kind_display()),
        Column("words", _("What it was")),
        Column("asked", _("Credits asked for"), kind="number", sort=True),
        Column("completed_on", _("Completed on"), kind="date", sort=True),
        Column("filed_on", _("Asked on"), kind="date", sort=True),
        Column("state", _("State"), kind="status", at="status", words={
            "waiting": ("warn", Claim.State.WAITING.label), "accepted": ("done", Claim.State.ACCEPTED.label),
            "refused": ("off", Claim.State.REFUSED.label)}),
    )
    search = ("person__name", "words")
    segments = (Segment("waiting", _("Waits for review"), where=_q("waiting")), Segment("all", _("All")))
    filters = (Choice("kind", _("Where credits come from"), options=Kind.choices), Dates("filed_on", _("Asked on")))
    order = ("filed_on",)
    empty = (_("Nothing waits for review"), "", "", "")

    def rows(self) -> Any:
        """Return all of them."""
        return Claim.objects.select_related("person").prefetch_related("person__employments__organisation")


class Requirements(Table):
    """Who of a unit fulfils the year, and what is missing."""

    code, unit = "learning.requirements", "人"
    title = _("Yearly requirement")
    columns = (
        Column("name", _("Person's name"), at="name", link=lambda row: row.url),
        Column("duty", _("Requirement")),
        Column("credits", _("Credits"), kind="number", sort=True),
        Column("hours", _("Class hours"), kind="number", sort=True),
        Column("missing", _("Still missing")),
        Column("state", _("State"), kind="status", at="status", words={
            "met": ("done", _("Requirement met")), "open": ("warn", _("Credits still missing")),
            "exempt": ("off", _("No requirement"))}),
    )
    segments = (Segment("all", _("All")),
                Segment("open", _("Credits still missing"), test=lambda row: row.state == "open"),
                Segment("met", _("Requirement met"), test=lambda row: row.state == "met"))
    order = ("credits",)
    empty = (_("Nobody belongs to it on that day"), "", "", "")
    people: list[Any] = []

    def rows(self) -> Any:
        """Return the lines the view reckoned."""
        return self.people

    def key(self, row: Any) -> str:
        """Return the person's key."""
        return str(row.person)
