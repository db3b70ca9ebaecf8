"""After an event: says that it was held, reports back, answers the checklists, settles the accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actions.files import attach_file
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.files import Attachment, Kept
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref
from xinglin.lib.regions import prefecture_of

from ..checklists import points, points_of
from ..facts import CheckAnswered, EventHeld, EventReported, EventSettled
from ..meetings import BudgetLine, Check, Event, State
from ..policy import may_check, may_draft_event, may_run_event
from ..rules import report_by, settle_by
from ..said import actual_said, kinds_said


class NotOver(Refusal):
    """Nothing is called held before its last day."""


class NotYet(Refusal):
    """What comes before is missing."""


class UnknownPoint(Refusal):
    """This is no point of the checklist of this event."""

    field = "code"
    regulation = "C07.checklists"


class NoEvidence(Refusal):
    """A point is answered with a photo or document (C07)."""

    field = "evidence"
    regulation = "C07.checklists"


class ChecksOpen(Refusal):
    """An event is settled when every point of its three checklists carries evidence (C07)."""

    regulation = "C07.checklists"


class LinesOpen(Refusal):
    """Every line of the budget says what it came to."""

    field = "actual"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What an event came to, counted by K9: person-times on site and online apart, and what its kind asks for."""

    people_on_site: int = 0
    people_online: int = 0
    people_served: int | None = None
    patients: int | None = None
    doctors: int | None = None
    follow_ups: int | None = None


@act
def hold_event(*, by: Actor, on: date, event: Event, figures: Figures) -> Event:
    """Say that an event took place and with whom; a later word corrects an earlier one."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_draft_event(actor=by, organisation=event.organisation.ref))
    if on < event.last_on:
        raise NotOver(_("It lasts until %(day)s.") % {"day": event.last_on})
    if event.state not in (State.APPROVED, State.OPEN, State.CLOSED, State.HELD):
        raise NotYet(_("Only an event that was agreed to counts as held."))
    minutes = sum(one.minutes for one in event.sessions.all() if one.counts)
    corrected = event.held_key
    event.held_key = state(EventHeld(
        event=event.ref, kinds=kinds_said(event), specialties=tuple(Code(one) for one in event.specialties),
        grade=Code(event.grade), organisation=event.organisation.ref, role=Code(event.role),
        series=event.series.ref if event.series else None, edition=event.edition, planned=event.planned,
        format=Code(event.format), region=Code(event.region) if event.region else None,
        city=Code(city) if (city := prefecture_of(code=event.region)) else None,
        project=Ref(event.project) if event.project else None, people_on_site=figures.people_on_site,
        people_online=figures.people_online, people_served=figures.people_served, patients=figures.patients,
        doctors=figures.doctors, follow_ups=figures.follow_ups,
        hours=(Decimal(minutes) / 60).quantize(Decimal("0.1")), title=event.title),
        happened_on=event.last_on, corrects=corrected)
    event.state, event.held_on = State.HELD, event.last_on
    event.save(update_fields=["state", "held_on", "held_key"])
    return event


@act
def report_event(*, by: Actor, on: date, event: Event, papers: Sequence[Kept]) -> Event:
    """Hand in the report after an event with its papers (G14)."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    if event.state != State.HELD:
        raise NotYet(_("Only an event that was held is reported back."))
    if not papers and event.reported_on is None:
        raise NoEvidence(_("Attach the report."), field="papers", regulation="G14.report_days")
    for one in papers:
        attach_file(by=by, on=on, file=one, to=event.ref)
    event.reported_on = event.reported_on or on
    event.save(update_fields=["reported_on"])
    state(EventReported(event=event.ref, late=on > report_by(event)))
    return event


@act
@open_to("supervisor")
def answer_check(
    *, by: Actor, on: date, event: Event, code: str, passed: bool, note: str = "", evidence: Sequence[Kept] = ()
) -> Check:
    """Answer one point of the supervision with its evidence; not by those who run the event (C07)."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_check(actor=by, event=event))
    if event.state in (State.SETTLED, State.CANCELLED, State.REFUSED):
        raise NotYet(_("The file of this event is closed."))
    if code not in {one.code for one in points_of(event)}:
        raise UnknownPoint(_("This is no point of the checklist of this event."))
    row, _made = Check.objects.get_or_create(event=event, code=code, defaults={"phase": points()[code].phase})
    held = Attachment.objects.filter(to=row.ref).count()
    if not evidence and not held:
        raise NoEvidence(_("Attach a photo or document."))
    for one in evidence:
        attach_file(by=by, on=on, file=one, to=row.ref)
    row.passed, row.note, row.checked_by, row.checked_on = passed, note, by.person or by.ref, on
    row.save()
    state(CheckAnswered(check=row.ref, event=event.ref, phase=Code(row.phase), code=Code(code), passed=passed,
                        evidence=held + len(evidence), note=note))
    return row


@act
def settle_event(*, by: Actor, on: date, event: Event, actual: Mapping[int, Decimal]) -> Event:
    """Close the accounts of an event: each line against its plan, every check with evidence (C07, K2)."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    if event.state != State.HELD:
        raise NotYet(_("Only an event that was held is settled."))
    passed = set(event.checks.filter(passed=True).values_list("code", flat=True))
    if missing := [str(one) for one in points_of(event) if one.code not in passed]:
        raise ChecksOpen(_("Not yet passed with evidence: %(points)s.") % {"points": "；".join(missing)})
    lines = list(event.budget.all())
    for line in lines:
        line.actual = actual.get(line.pk, line.actual)
    if open_ := [line for line in lines if line.actual is None]:
        raise LinesOpen(_("%(count)d lines do not say what they came to.") % {"count": len(open_)})
    BudgetLine.objects.bulk_update(lines, ["actual"])
    income, expense = (sum((line.actual or Decimal(0) for line in lines if line.side == side), Decimal(0))
                       for side in ("income", "expense"))
    event.state, event.settled_on = State.SETTLED, on
    event.save(update_fields=["state", "settled_on"])
    state(EventSettled(event=event.ref, organisation=event.organisation.ref, income=income, expense=expense,
                       late=on > settle_by(event), actual=actual_said(lines)))
    return event
