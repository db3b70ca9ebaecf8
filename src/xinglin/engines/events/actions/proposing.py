"""Drafts events, changes them and hands them in; the grade is computed and never chosen (C03)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Code

from ..editions import edition_follows, proposed
from ..facts import EventAmended, EventDrafted, EventProposed
from ..meetings import Approval, BudgetLine, Event, Format, Partner, Role, State
from ..policy import identity, may_draft_event, may_run_event
from ..programme import Session
from ..rules import approvals_of, forbidden_words, graded
from ..said import event_said
from ..series import Series


class WrongEdition(Refusal):
    """The number is a repeat or leaves a gap."""

    field = "edition"
    regulation = "C05.editions"


class NothingChanges(Refusal):
    """The change says what the file says already."""


class OathMissing(Refusal):
    """A meeting that must hold the physicians' oath has none on its agenda."""

    field = "agenda"
    regulation = "C14.oath"


class NotADraft(Refusal):
    """It was handed in already."""


class PlacesSold(Refusal):
    """Places are offered or sold: days are moved by an act of their own, and no higher grade is asked for."""


class NothingPlanned(Refusal):
    """A proposal has an agenda."""

    field = "agenda"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a budget as it is proposed: side (income, expense), what for, yuan."""

    side: str
    code: str
    planned: Decimal
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Somebody beside the organisation that proposes: 主办, 承办, 协办, or a sponsor with what it gives (C05)."""

    name: str
    part: str
    organisation: Organisation | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is said of an event before it is held; days are half-open: `until_on` is the first day without it."""

    title: str
    kind: str
    organisation: Organisation
    from_on: date
    until_on: date
    title_en: str = ""
    specialties: tuple[str, ...] = ()
    role: str = Role.HOST
    series: Series | None = None
    edition: int | None = None
    planned: bool = True
    format: str = Format.ON_SITE
    region: str = ""
    place: str = ""
    heads: int = 0
    heads_online: int = 0
    public: bool = False
    international: bool = False
    sponsored: bool = False
    pack: bool = False
    summary: str = ""
    summary_en: str = ""
    project: str = ""
    abstracts_until: date | None = None
    partners: tuple[Beside, ...] = ()


def _write(event: Event, plan: Plan) -> None:
    for one in fields(plan):
        if one.name == "partners":
            continue  # rows of their own
        value: Any = getattr(plan, one.name)
        setattr(event, one.name, list(value) if one.name == "specialties" else value)


def _check(event: Event, *, on: date) -> None:
    """Refuse what cannot be: every problem at once, each beside its field (G16, C05)."""
    problems = []
    if event.until_on <= event.from_on:
        problems.append(Problem(field="until_on", message=_("It ends before it begins.")))
    if words := forbidden_words(event.title, on=on):
        problems.append(Problem(field="title", message=_(
            "The name of a forum may not freely bear “%(words)s”.") % {"words": "、".join(words)}))
    if event.heads == 0 and event.format != Format.ONLINE:
        problems.append(Problem(field="heads", message=_("Say how many are expected in the hall.")))
    if event.heads_online == 0 and event.format != Format.ON_SITE:
        problems.append(Problem(field="heads_online", message=_("Say how many are expected online.")))
    if problems:
        raise Refusals(problems)


def _number(event: Event) -> None:
    """Give a numbered series its next edition, or refuse the one that was asked for."""
    if event.series is None or not event.series.numbered:
        event.edition = None
        return
    series = Series.objects.one_locked(pk=event.series.pk)
    if event.edition is None:
        event.edition = proposed(series, apart_from=event).number
    elif not (verdict := edition_follows(series, number=event.edition, apart_from=event)):
        raise WrongEdition(verdict.reason)


@act
def draft_event(*, by: Actor, on: date, plan: Plan, budget: Sequence[Line] = ()) -> Event:
    """Write down an event that an organisation means to hold."""
    require(may_draft_event(actor=by, organisation=plan.organisation.ref))
    event = Event(created_by=identity(by))
    _write(event, plan)
    _check(event, on=on)
    _number(event)
    event.grade = graded(event, expense=_sum(budget, "expense"), on=on).grade
    event.save()
    _budget(event, budget)
    _partners(event, plan.partners)
    state(EventDrafted(**event_said(event)))
    return event


@act
def amend_event(*, by: Actor, on: date, event: Event, plan: Plan, budget: Sequence[Line] | None = None) -> Event:
    """Change an event; a higher grade than agreed to sends it back to those who must agree (C03)."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    require(may_draft_event(actor=by, organisation=plan.organisation.ref))
    before, numbered, days = event_said(event), (event.series, event.edition), event.days
    sold = event.registrations.live().exists()
    _write(event, plan)
    _check(event, on=on)
    if event.offered and event.days != days:
        raise PlacesSold(_("Places are offered for these days."), field="from_on", instead=_(
            "Move the event: programme and places move with it, and everybody is told."))
    if event.series and event.series == numbered[0] and event.edition in (None, numbered[1]):
        event.edition = numbered[1]  # later editions may have their numbers by now
    else:
        _number(event)
    _partners(event, plan.partners)
    if budget is not None:
        _budget(event, budget)
    expense = sum((one.planned for one in event.budget.filter(side="expense")), Decimal(0))
    grade = graded(event, expense=expense, on=on).grade
    if event_said(event) == before:
        raise NothingChanges(_("Nothing was changed."))
    again = event.state not in (State.DRAFT, State.HELD) and grade < event.grade
    if again and sold:
        raise PlacesSold(_("Places are sold; the higher grade had to be agreed to before."), field="heads",
                         regulation="C03.approvals_first", instead=_("Keep to the scale that was agreed to."))
    event.grade = grade
    if again:
        event.state = State.DRAFT
        event.approvals.all().delete()
    event.save()
    state(EventAmended(**event_said(event)))
    return event


@act
def propose_event(*, by: Actor, on: date, event: Event) -> Event:
    """Hand in an event: the agenda must be there, the oath where it is due; the grade says who must agree."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_run_event(actor=by, event=event))
    if event.state != State.DRAFT:
        raise NotADraft(_("It was handed in already."))
    check_agenda(event)
    income, expense = (sum((one.planned for one in event.budget.filter(side=side)), Decimal(0))
                       for side in ("income", "expense"))
    event.grade = graded(event, expense=expense, on=on).grade
    roles = approvals_of(event, grade=event.grade, on=on)
    event.state = State.PROPOSED
    event.save(update_fields=["grade", "state"])
    event.approvals.all().delete()
    Approval.objects.bulk_create([Approval(
        event=event, order=order, role=role, asked_on=None if order else on) for order, role in enumerate(roles)])
    state(EventProposed(event=event.ref, organisation=event.organisation.ref, grade=Code(event.grade),
                        planned=event.planned, expense=expense, income=income,
                        steps=tuple(Code(one) for one in roles)))
    return event


def check_agenda(event: Event) -> None:
    """Refuse an event without agenda, or without the oath where the oath is due (C14)."""
    sessions = list(event.sessions.all())
    if not sessions:
        raise NothingPlanned(_("Set down the agenda first: at least one session."))
    if event.sort.oath and not any(one.kind == Session.Kind.OATH for one in sessions):
        raise OathMissing(_("“%(kind)s” holds the physicians' oath: put it on the agenda.") % {"kind": event.sort})


def _sum(budget: Sequence[Line], side: str) -> Decimal:
    return sum((one.planned for one in budget if one.side == side), Decimal(0))


def _budget(event: Event, budget: Sequence[Line]) -> None:
    """Write the lines of a budget anew where they changed; two of the same kind and note become one."""
    before = {(one.side, one.code, one.note): one.planned for one in event.budget.all()}
    after: dict[tuple[str, str, str], Decimal] = {}
    for one in budget:
        after[one.side, one.code, one.note] = after.get((one.side, one.code, one.note), Decimal(0)) + one.planned
    if before != after:
        event.budget.all().delete()
        BudgetLine.objects.bulk_create([BudgetLine(event=event, side=side, code=code, note=note, planned=planned)
                                        for (side, code, note), planned in after.items()])


def _partners(event: Event, partners: Sequence[Beside]) -> None:
    """Write who else has a part in an event anew where it changed."""
    before = [(one.part, one.name, one.organisation, one.amount) for one in event.partners.all()]
    after = list(dict.fromkeys((one.part, one.name, one.organisation, one.amount) for one in partners))
    if before != after:
        event.partners.all().delete()
        Partner.objects.bulk_create([Partner(event=event, part=part, name=name, organisation=organisation,
                                             amount=amount) for part, name, organisation, amount in after])
