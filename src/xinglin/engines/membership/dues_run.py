"""Runs the dues of a year beside the request: part by part, with progress, safe to stop and to start again."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.jobs import Job, Running, job, start_job
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Ref

from .actions.charges import NothingToBill
from .actions.dues import bill_part
from .billing import Part, Rules, memberships, part_after, rules_of
from .collecting import require_account
from .fees import Run, Schedule
from .policy import may_keep_fees

KIND = "membership.dues"
TRIES = 5
SIZE = 2000  # memberships of one act: short writes let others work meanwhile
Report = Callable[[int, int], None]


class NoStandard(Refusal):
    """No fee standard is in force, so nothing can be charged."""

    field, regulation = "year", "G10"


class NobodyLiable(Refusal):
    """No tier has the duty to pay a fee."""

    field = "year"


class UnderWay(Refusal):
    """The run of this year is under way."""

    field = "year"


def start_dues(*, by: Actor, on: date, year: int, due_on: date) -> Run:
    """Queue the run of a year, or its continuation (NoAccount, NoStandard, NobodyLiable, UnderWay)."""
    require(may_keep_fees(actor=by))
    rules = rules_of(year=year, on=on, due_on=due_on)
    if not on.year - 1 <= year <= on.year + 1:
        raise Refusal(_("A run is for last year, this year or next year."), field="year")
    if Schedule.objects.in_force(rules.first) is None:
        raise NoStandard(_("No fee standard is in force on %(day)s.") % {"day": rules.first},
                         instead=_("Write down the standard that the congress adopted."))
    if not rules.liable:
        raise NobodyLiable(_("No tier has the duty to pay a fee, so everybody would be exempt."),
                           instead=_("Set the duty in the matrix of rights and duties."))
    if due_on < on:
        raise Refusal(_("It cannot have been due before today."), field="due_on")
    require_account(on=on)
    with transaction.atomic():
        run, _made = Run.objects.get_or_create(year=year, defaults={"due_on": due_on, "begun_on": on})
        run = Run.objects.one_locked(pk=run.pk)  # two who press the button at once meet here
        if job_of(run):
            raise UnderWay(_("The run of %(year)d is under way.") % {"year": year})
        queued = start_job(kind=KIND, by=by, subject=run.ref, payload={
            "run": run.pk, "on": on.isoformat(), "language": get_language() or ""})
        run.due_on, run.ended_on, run.job = due_on, None, str(queued.pk)
        run.save(update_fields=["due_on", "ended_on", "job"])
    return run


def job_of(run: Run) -> Job | None:
    """Return the job of a run while it waits or works."""
    return Job.objects.filter(pk=int(run.job or 0), state__in=("queued", "running")).first()


def run_dues(*, by: Actor, on: date, run: Run, report: Report = lambda done, total: None, size: int = SIZE) -> Run:
    """Bill everybody whose membership needs it, part by part; each part is an act of its own, in the order of keys."""
    require(may_keep_fees(actor=by))
    rules = rules_of(year=run.year, on=on, due_on=run.due_on)
    total, done, after = memberships(rules).count(), 0, 0
    troubles = {"level": 0, "line": 0}
    while part := part_after(rules, after=after, size=size):
        report(done, total)
        _bill(by, on, run, rules, part, after=after, size=size)
        for one in part.dues:
            troubles[one.trouble] = troubles.get(one.trouble, 0) + 1
        done, after = done + part.seen, part.last
    Run.objects.filter(pk=run.pk).update(ended_on=on, without_level=troubles["level"], without_line=troubles["line"])
    report(max(done, 1), max(total, 1))
    run.refresh_from_db()
    return run


def _bill(by: Actor, on: date, run: Run, rules: Rules, part: Part, *, after: int, size: int) -> None:
    """Bill one part; when the office billed one of them by hand this very moment, read the part again."""
    for attempt in range(TRIES):
        try:
            # Nothing to bill: by another worker meanwhile, or a level waits to be chosen.
            with suppress(NothingToBill):
                bill_part(by=by, on=on, run=run, rules=rules, dues=part.dues)
            return
        except IntegrityError:
            if attempt + 1 == TRIES:
                raise
            part = part_after(rules, after=after, size=size) or part


@job(KIND, again=True)
def run_dues_job(running: Running, *, run: int, on: str, language: str = "") -> Ref:
    """Run the dues; a second worker after a killed one goes on with whoever has no bill yet."""
    row = Run.objects.get(pk=run)
    with override(language or get_language()):
        run_dues(by=running.by, on=date.fromisoformat(on), run=row,
                 report=lambda done, total: running.report(done=done, total=total))
    return row.ref
