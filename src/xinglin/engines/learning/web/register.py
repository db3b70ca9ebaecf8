"""The register of projects, applications, and batches."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from xinglin.directory.models import Organisation, Person
from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.batches import open_batch
from ..actions.projects import Plan, amend_project, draft_project, refile_project
from ..deadlines import window
from ..policy import keeps, may_keep, may_run, may_see_project, may_see_projects, projects_seen
from ..projects import DONE, Batch, Level, Project
from .forms import BatchForm, ProjectForm, YearForm
from .lists import Projects


@signed_in
def projects(request: HttpRequest) -> HttpResponse:
    """Show the register; the answer counts this year's projects by level."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_projects(actor=actor))
    rows = list(projects_seen(actor=actor).filter(year=on.year).distinct().values_list("level", "state"))
    held = [level for level, state in rows if state in DONE]
    return Projects(request).response("learning/projects.html", {
        "year": on.year, "number": len(rows), "held": len(held), "may_draft": _may_draft(request),
        "levels": [(one.label, held.count(one.value), sum(1 for level, _state in rows if level == one.value))
                   for one in Level if any(level == one.value for level, _state in rows)],
        "keeps": keeps(actor=actor, on=on)})


def _may_draft(request: HttpRequest) -> bool:
    actor = actor_of(request)
    return keeps(actor=actor, on=clock.today()) or any(actor.has(one) for one in ("branch_secretary", "branch_chair"))


def plan_of(given: dict[str, Any], **more: Any) -> Plan:
    """Return the plan that a cleaned form says."""
    return Plan(
        title=given["title"], level=given["level"], sort=given["sort"], year=given["year"],
        subject=f"{given['first']}-{given['second']}", leader=Person.objects.get(pk=given["leader"].key),
        branch=Organisation.objects.get(pk=given["branch"].key), hours=given["hours"], heads=given["heads"],
        planned_on=given["planned_on"], tested=given["tested"],
        teachers=list(Person.objects.filter(pk__in=[one.key for one in given["teachers"] or ()])), **more)


@signed_in
def draft(request: HttpRequest) -> HttpResponse:
    """Begin an application."""
    allow(may_see_projects(actor=actor_of(request)))
    form = ProjectForm(request.POST or None, initial={"year": clock.today().year + 1})
    if form.is_valid():
        outcome = perform(request, draft_project, form, plan=plan_of(form.cleaned_data))
        if outcome.ok:
            return done(request, _("Draft kept: %(title)s") % {"title": outcome.answer.title},
                        outcome.answer.get_absolute_url())
    return render(request, "learning/form.html", {"form": form, "title": _("Begin an application")},
                  status=422 if form.failed else 200)


def seen(request: HttpRequest, pk: int) -> Project:
    """Return a project whom the reader may see."""
    row = get_object_or_404(Project.objects.select_related("leader", "branch", "batch", "of"), pk=pk)
    allow(may_see_project(actor=actor_of(request), project=row))
    return row


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the draft of an application."""
    row = seen(request, pk)
    allow(may_run(actor=actor_of(request), organisation=row.branch, on=clock.today()))
    first, _sign, second = row.subject.partition("-")
    form = ProjectForm(request.POST or None, initial={
        **{name: getattr(row, name) for name in ("title", "level", "sort", "year", "hours", "heads", "planned_on",
                                                  "tested")},
        "first": first, "second": second, "leader": row.leader.ref, "branch": row.branch.ref,
        "teachers": [one.person.ref for one in row.teachers.select_related("person")]})
    if form.is_valid():
        plan = plan_of(form.cleaned_data, repeat=row.repeat, of=row.of)
        if perform(request, amend_project, form, project=row, plan=plan):
            return done(request, _("Draft changed."), row.get_absolute_url())
    return render(request, "learning/form.html", {"form": form, "title": _("Change the draft"), "project": row},
                  status=422 if form.failed else 200)


@signed_in
def refile(request: HttpRequest, pk: int) -> HttpResponse:
    """File a project anew for a later year."""
    row = seen(request, pk)
    allow(may_run(actor=actor_of(request), organisation=row.branch, on=clock.today()))
    form = YearForm(request.POST or None, initial={"year": max(row.year, clock.today().year) + 1})
    if form.is_valid():
        outcome = perform(request, refile_project, form, project=row, year=form.cleaned_data["year"])
        if outcome.ok:
            return done(request, _("A new draft was begun."), outcome.answer.get_absolute_url())
    return render(request, "learning/form.html", {"form": form, "title": _("File it anew"), "project": row},
                  status=422 if form.failed else 200)


@signed_in
def batches(request: HttpRequest) -> HttpResponse:
    """Show the yearly windows with how many projects came; the CME office opens them."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_projects(actor=actor))
    first, last = window(year=on.year + 1, level="national", on=on)
    form = BatchForm(request.POST or None, initial={"year": on.year + 1, "opens_on": first, "closes_on": last})
    verdict = may_keep(actor=actor, on=on)
    if request.method == "POST":
        allow(verdict)
    if form.is_valid() and perform(request, open_batch, form, **form.cleaned_data):
        return done(request, _("Window kept."), request.path)
    rows = [(one, one.projects.exclude(state="draft").count(), one.projects.filter(number__isnull=False).count(),
             one.projects.filter(state__in=DONE).count()) for one in Batch.objects.all()]
    return render(request, "learning/batches.html", {
        "rows": rows, "form": form, "verdict": verdict, "on": on,
        "open": sum(1 for one, *_counts in rows if one.open_on(on))}, status=422 if form.failed else 200)
