"""One project: its page with stages and terms, and the steps that take it on."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory.models import Person
from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.projects import change_leader
from ..actions.stages import (
    PATHS,
    Slot,
    check_slots,
    file_project,
    hold_project,
    move_project,
    publish_project,
    report_project,
    schedule_project,
)
from ..credits import Attendance
from ..deadlines import terms_of
from ..elsewhere import share_of
from ..policy import may_keep, may_run
from ..projects import ENDED, ORDER, Project, Session, State, reached
from ..timetables import read, written
from .forms import LeaderForm, NoteForm, NumberForm, TimetableForm
from .register import seen

# Stage → the step that comes next: url name, its label, who takes it.
NEXT: dict[str, tuple[str, Any]] = {
    "draft": ("file", "run"), "filed": ("province", "keep"), "province": ("expert", "keep"),
    "expert": ("publish", "keep"), "published": ("timetable", "run"), "scheduled": ("hold", "run"),
    "held": ("report", "run"), "reported": ("credits", "keep"), "credited": ("audited", "keep")}


@signed_in
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where a project stands, what is due next, its timetable, and what came of it."""
    row, on, actor = seen(request, pk), clock.today(), actor_of(request)
    came = Attendance.objects.present().filter(project=row).order_by()
    awards = row.awards.standing()
    run, keep = may_run(actor=actor, organisation=row.branch, on=on), may_keep(actor=actor, on=on)
    step, whose = NEXT.get(row.state, ("", ""))
    return render(request, "learning/project.html", {
        "project": row, "on": on, "steps": list(row.steps.all()), "stages": stages(row),
        "terms": [(one, one.light(on), one.late(on)) for one in terms_of(row)], "sessions": row.sessions.select_related(
            "lecturer"), "teachers": row.teachers.select_related("person"), "run": run, "keep": keep, "next": step,
        "may_next": run if whose == "run" else keep, "endings": _endings(row) if keep else [],
        "people": came.values("person").distinct().count(), "share": share_of(row, on=on), "awards": awards.count(),
        "credits": sum(one.credits for one in awards), "again": row.again.all(),
        "late": row.year < on.year and row.state in ("published", "scheduled") and (row.from_on or on) >= on})


def stages(row: Project) -> list[tuple[str, str, str]]:
    """Return the stages in order: label, day reached, and done, now or to come."""
    days = {step.after: step.happened_on for step in row.steps.all()}
    place = ORDER.index(row.state) if row.state in ORDER else -1
    answer = []
    for index, code in enumerate(ORDER):
        day = row.drafted_on if code == "draft" else days.get(code)
        how = "now" if index == place else "done" if day and (index < place or place < 0) else "open"
        answer.append((reached(code) if how == "done" else str(State(code).label), day, how))
    if row.state in ENDED:
        answer = [one for one in answer if one[2] == "done"]
        answer.append((str(State(row.state).label), days.get(row.state), "now"))
    return answer


def _endings(row: Project) -> list[tuple[str, str]]:
    words = {"draft": _("Return it to the branch"), "cancelled": _("Cancel it"),
             "not_held": _("Note that it was not held"), "revoked": _("Revoke it")}
    return [(code, words[code]) for code in words if row.state in PATHS[code]]


def _simple(act: Callable[..., Any], words: Callable[[], str]) -> Callable[..., HttpResponse]:
    """Return the view of a step that needs no form: one press, one act."""
    def step(request: HttpRequest, pk: int) -> HttpResponse:
        row = seen(request, pk)
        outcome = perform(request, act, project=row)
        return done(request, words() if outcome.ok else outcome.refusal, row.get_absolute_url(),
                    level="ok" if outcome.ok else "bad")

    return require_POST(signed_in(step))


file = _simple(file_project, lambda: _("Approved and sent up."))
hold = _simple(hold_project, lambda: _("Noted as held. The report is due next."))
report = _simple(report_project, lambda: _("Reported. Credits can be issued."))


@signed_in
def move(request: HttpRequest, pk: int, after: str) -> HttpResponse:
    """Take a project a stage on by one press, or end it or return it with a reason."""
    row = seen(request, pk)
    if after not in PATHS:
        raise Http404
    allow(may_keep(actor=actor_of(request), on=clock.today()))
    form = NoteForm(request.POST or None) if after in ("draft", "cancelled", "not_held", "revoked") else None
    if form is None and request.method == "POST":
        outcome = perform(request, move_project, project=row, after=after)
        return done(request, _("Kept.") if outcome.ok else outcome.refusal, row.get_absolute_url(),
                    level="ok" if outcome.ok else "bad")
    if form and form.is_valid() and perform(request, move_project, form, project=row, after=after, **form.cleaned_data):
        return done(request, _("Kept."), row.get_absolute_url())
    if form is None:
        return done(request, "", row.get_absolute_url())
    words = dict(_endings(row)).get(after, str(State(after).label))
    return render(request, "learning/form.html", {"form": form, "title": words, "project": row},
                  status=422 if form.failed else 200)


@signed_in
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the number of the published list."""
    row = seen(request, pk)
    allow(may_keep(actor=actor_of(request), on=clock.today()))
    form = NumberForm(request.POST or None)
    if form.is_valid() and perform(request, publish_project, form, project=row, **form.cleaned_data):
        return done(request, _("Published under its number."), row.get_absolute_url())
    return render(request, "learning/form.html", {"form": form, "title": _("Enter the published number"),
                                                  "project": row}, status=422 if form.failed else 200)


@signed_in
def leader(request: HttpRequest, pk: int) -> HttpResponse:
    """Change who leads the project."""
    row = seen(request, pk)
    allow(may_run(actor=actor_of(request), organisation=row.branch, on=clock.today()))
    form = LeaderForm(request.POST or None)
    if form.is_valid():
        one = Person.objects.get(pk=form.cleaned_data["leader"].key)
        if perform(request, change_leader, form, project=row, leader=one, note=form.cleaned_data["note"]):
            return done(request, _("Leader changed."), row.get_absolute_url())
    return render(request, "learning/form.html", {"form": form, "title": _("Change the leader"), "project": row},
                  status=422 if form.failed else 200)


@signed_in
def timetable(request: HttpRequest, pk: int) -> HttpResponse:
    """File days and timetable."""
    row = seen(request, pk)
    allow(may_run(actor=actor_of(request), organisation=row.branch, on=clock.today()))
    form = TimetableForm(request.POST or None, initial={
        "timetable": written(row.sessions.select_related("lecturer")), "place": row.place})
    slots: list[Slot] = []
    if form.is_valid():
        teachers = [one.person for one in row.teachers.select_related("person")]
        try:
            slots = read(form.cleaned_data["timetable"], teachers=teachers)
            check_slots(row, slots, on=clock.today())
        except Refusal as refused:
            form.refuse(refused)
        else:
            if form.shown() and perform(request, schedule_project, form, project=row, slots=slots,
                                        place=form.cleaned_data["place"]):
                return done(request, _("Timetable filed."), reverse("learning:project", args=[pk]))
    return render(request, "learning/timetable.html", {
        "form": form, "project": row, "slots": slots, "teaching": sum(
            one.minutes for one in slots if one.kind == Session.Kind.TEACHING)},
                  status=422 if form.failed else 200)
