"""Says what an event lacks before its next step, and by when: the answer of its page, and what the nights remind of."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import regulations

from .checklists import points_of
from .meetings import Check, Event, Format, State
from .policy import role_label
from .programme import Session
from .rules import file_by, is_large, needs_permit, report_by, settle_by

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing that is missing: a code, what to do in words, by when, under which rule."""

    code: str
    words: Words
    by: date | None = None
    regulation: str = ""


@dataclass(frozen=True, kw_only=True)
class Next:
    """The next step of an event, what it still lacks, and whether the file is closed."""

    step: str
    words: Words
    lacks: tuple[Missing, ...] = ()

    @property
    def by(self) -> date | None:
        """The first day that something is due."""
        return min((one.by for one in self.lacks if one.by), default=None)


def propose_by(event: Event) -> date:
    """Return the last day to hand in, so that everybody has their days to agree before it must be filed."""
    ends = file_by(event).day if is_large(event) else event.from_on
    days = int(regulations.value("C07.approval_days", on=event.from_on))
    return ends - timedelta(days=days * max(event.approvals.count(), 2))


def next_step(event: Event, *, on: date) -> Next:
    """Return what comes next for an event and what it lacks for that."""
    match event.state:
        case State.DRAFT:
            return Next(step="propose", words=_("Hand in the proposal"), lacks=tuple(_before_proposal(event)))
        case State.PROPOSED:
            return Next(step="decide", words=_("Agreement to the event"), lacks=tuple(_waiting(event)))
        case State.APPROVED | State.OPEN | State.CLOSED:
            return _towards(event, on=on)
        case State.HELD:
            return Next(step="settle", words=_("Settlement"), lacks=tuple(_after(event)))
    return Next(step="", words=_("The file is closed."))


def _before_proposal(event: Event) -> list[Missing]:
    due, answer = propose_by(event), []
    sessions = list(event.sessions.all())
    if not sessions:
        answer.append(Missing(code="agenda", words=_("Set down the agenda"), by=due))
    elif event.sort.oath and not any(one.kind == Session.Kind.OATH for one in sessions):
        answer.append(Missing(code="oath", words=_("Put the physicians' oath on the agenda"), by=due,
                              regulation="C14.oath"))
    if not event.place and event.format != Format.ONLINE:
        answer.append(Missing(code="place", words=_("Name the place"), by=due))
    if not event.budget.all():
        answer.append(Missing(code="budget", words=_("Write down the budget"), by=due))
    return answer


def _waiting(event: Event) -> list[Missing]:
    step = next((one for one in event.approvals.all() if not one.answer), None)
    if step is None:
        return []
    days = int(regulations.value("C07.approval_days", on=step.asked_on or event.from_on))
    return [Missing(code="approval", words=_("%(role)s agrees") % {"role": role_label(step.role)},
                    by=step.asked_on + timedelta(days=days) if step.asked_on else None, regulation="C07.approval_days")]


def _towards(event: Event, *, on: date) -> Next:
    lacks = []
    if is_large(event) and not event.filing_number:
        lacks.append(Missing(code="filing", words=_("File it as a large event"), by=file_by(event).day,
                             regulation="G14.lead_days"))
    if needs_permit(event) and not any(one.role == "permit" for one in event.approvals.all()):
        days = int(regulations.value("K1.permit_days", on=event.from_on))
        lacks.append(Missing(code="permit", words=_("Apply to the police for the permit"),
                             by=event.from_on - timedelta(days=days), regulation="K1.permit_days"))
    if event.state == State.APPROVED and on < event.from_on:
        return Next(step="open", words=_("Open registration"), lacks=(*lacks, *_checks(event, Check.Phase.BEFORE)))
    if on < event.from_on:
        return Next(step="begin", words=_("The event begins"), lacks=(*lacks, *_checks(event, Check.Phase.BEFORE)))
    lacks += _checks(event, Check.Phase.DURING)
    if on >= event.last_on:
        lacks.insert(0, Missing(code="figures", words=_("Say who came"), by=event.until_on))
    return Next(step="hold", words=_("Write down that it was held"), lacks=tuple(lacks))


def _after(event: Event) -> list[Missing]:
    answer = []
    if is_large(event) and event.reported_on is None:
        answer.append(Missing(code="report", words=_("Report back"), by=report_by(event),
                              regulation="G14.report_days"))
    for phase in Check.Phase:
        answer += _checks(event, phase)
    if any(line.actual is None for line in event.budget.all()):
        answer.append(Missing(code="actual", words=_("Say what each line came to"), by=settle_by(event),
                              regulation="K2.settle_days"))
    return answer


def _checks(event: Event, phase: Check.Phase) -> list[Missing]:
    passed = {one.code for one in event.checks.all() if one.passed}
    open_ = [one for one in points_of(event) if one.phase == phase and one.code not in passed]
    if not open_:
        return []
    due = {Check.Phase.BEFORE: event.from_on, Check.Phase.DURING: event.last_on,
           Check.Phase.AFTER: settle_by(event)}[phase]
    return [Missing(code=f"checks_{phase.value}", words=_("%(phase)s: %(count)d points without evidence") % {
        "phase": phase.label, "count": len(open_)}, by=due, regulation="C07.checklists")]
