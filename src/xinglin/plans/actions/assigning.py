"""Decomposes the plan: who leads, until when, how it is counted."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.facts import fact_types
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref, ref
from xinglin.kernel.vocabulary import Term

from ..choosing import edition_of, edition_said, require_possible
from ..commitments import Commitment, Milestone, Partner
from ..documents import Plan
from ..facts import CommitmentAssigned, CommitmentBound, CommitmentCarried, EvidenceVerified
from ..measures import Measure
from ..measuring import build, held
from ..policy import may_assign
from .documents import renumber
from .meanwhile import hold_as_seen

ASSIGNABLE = ("lead", "responsible", "leader", "weight", "budget_line", "problem", "duty", "entrusted_by")


class LeadIsPartner(Refusal):
    """A unit cannot lead and help at once."""


class WrongMilestones(Refusal):
    """The milestone table does not rise to the deadline."""


class NothingAssigned(Refusal):
    """No commitment was chosen."""


class UnknownTerm(Refusal):
    """The ledger's vocabulary has no such word."""


class NoReason(Refusal):
    """Measure, weight and milestones of a plan that runs change only with a reason."""


class AlreadyCarried(Refusal):
    """The commitment was carried over before."""


@act
def assign_commitment(
    *,
    by: Actor,
    on: date,
    commitment: Commitment,
    partners: Sequence[str] | None = None,
    milestones: Iterable[tuple[date, Decimal, str]] | None = None,
    seen: str = "",
    why: str = "",
    **given: Any,
) -> None:
    """Name leading and partner units, leader, weight, budget line and milestones; what is not given stays."""
    hold_as_seen(commitments=[commitment], seen={commitment.pk: seen})
    require(may_assign(actor=by, plan=commitment.plan))
    if unknown := set(given) - set(ASSIGNABLE):
        raise TypeError(f"not assignable: {sorted(unknown)}")
    steps = None if milestones is None else sorted(milestones, key=lambda one: one[0])
    if not (why.strip() or by.has("house")) and _moves_the_light(commitment, given, steps):
        raise NoReason(_("The plan is adopted. Say why weight or milestones change."), field="why", regulation="W4")
    for name, value in given.items():
        setattr(commitment, name, value)
    if commitment.weight <= 0:
        raise WrongMilestones(_("A weight is above zero."), field="weight")
    commitment.save()
    _set_partners(commitment, partners)
    if steps is not None:
        _set_milestones(commitment, steps)
    state_assignment(commitment=commitment, why=why.strip())


def _moves_the_light(
    commitment: Commitment, given: dict[str, Any], steps: list[tuple[date, Decimal, str]] | None
) -> bool:
    """Say whether this changes the pace or weight of a commitment that runs: its plan adopted, its lead named."""
    if commitment.plan.state == Plan.State.DRAFT or not commitment.lead:
        return False
    stand = list(commitment.milestones.values_list("due_on", "share"))
    moved = steps is not None and [(due, share) for due, share, _words in steps] != stand
    return moved or given.get("weight", commitment.weight) != commitment.weight


def state_assignment(*, commitment: Commitment, why: str = "") -> None:
    """State who does a commitment, until when, how heavy and in which steps, as the rows stand now."""
    state(
        CommitmentAssigned(
            commitment=ref("plans.commitment", commitment.pk),
            lead=_ref(commitment.lead),
            partners=tuple(Ref(one.unit) for one in commitment.partners.order_by("pk")),
            leader=_ref(commitment.leader),
            responsible=_ref(commitment.responsible),
            deadline=commitment.deadline,
            weight=commitment.weight,
            milestones=tuple(Code(f"{one.due_on}_{one.share.normalize():f}") for one in commitment.milestones.all()),
            budget_line=commitment.budget_line,
            why=why,
        )
    )


@act
def assign_commitments(*, by: Actor, on: date, commitments: Sequence[Commitment], **given: Any) -> None:
    """Give several commitments the same lead, leader, partners or responsible person."""
    if not commitments:
        raise NothingAssigned(_("Choose at least one commitment."))
    for one in commitments:
        assign_commitment(by=by, on=on, commitment=one, **given)


def _ref(text: str) -> Ref | None:
    return Ref(text) if text else None


def _set_partners(commitment: Commitment, partners: Sequence[str] | None) -> None:
    """Set the partners when they are given; either way the lead is none of them (LeadIsPartner)."""
    stand = [one.unit for one in commitment.partners.all()] if partners is None else partners
    if commitment.lead and commitment.lead in stand:
        raise LeadIsPartner(
            _("%(no)s: the leading unit is named among the partners too. Leave it out there.")
            % {"no": commitment.no},
            field="lead" if partners is None else "partners",
        )
    if partners is not None:
        commitment.partners.all().delete()
        Partner.objects.bulk_create([Partner(commitment=commitment, unit=Ref(one)) for one in dict.fromkeys(partners)])


def _set_milestones(commitment: Commitment, rows: list[tuple[date, Decimal, str]]) -> None:
    shares = [share for _, share, _ in rows]
    if shares != sorted(shares):
        raise WrongMilestones(_("Milestones rise: a later one is not below an earlier one."), field="milestones")
    if any(not commitment.starts_on <= due <= commitment.deadline for due, _, _ in rows):
        raise WrongMilestones(
            _("Milestones lie between start and deadline (%(start)s to %(end)s).")
            % {"start": commitment.starts_on, "end": commitment.deadline},
            field="milestones",
        )
    commitment.milestones.all().delete()
    Milestone.objects.bulk_create(
        [Milestone(commitment=commitment, due_on=due, share=share, title=title) for due, share, title in rows]
    )


@act
def bind_commitment(
    *,
    by: Actor,
    on: date,
    commitment: Commitment,
    term: Term,
    how: str = "",
    base_filter: Sequence[tuple[str, Any]] = (),
    extra_filter: Sequence[tuple[str, Any]] = (),
    label: str = "",
    main: bool = True,
    why: str = "",
) -> Measure:
    """Confirm from which facts a commitment is counted; a second, not main, measure only shows its figure."""
    hold_as_seen(commitments=[commitment])
    require(may_assign(actor=by, plan=commitment.plan))
    if main and not why.strip() and _counts_already(commitment):
        raise NoReason(_("The plan is adopted and this is counted already. Say why the measure changes."), field="why")
    if term.fact not in fact_types():
        raise UnknownTerm(_("Nothing states this kind of fact: %(fact)s.") % {"fact": term.fact}, field="term")
    if main:
        require_possible(commitment=commitment, term=term, how=how, base=base_filter, extra=extra_filter)
    held(plan=commitment.plan)  # before a measure goes: who reads the ledger on holds this and writes its tallies
    if main:
        commitment.measures.filter(main=True).delete()
    demanded = edition_of(commitment=commitment, term=term, extra=extra_filter)
    measure = _measure(commitment, term, base_filter, (*extra_filter, *demanded))
    said = "，".join(one for one in (label or term.zh, edition_said(demanded)) if one)
    measure.how, measure.label = how or term.measure, said[:200]
    measure.main, measure.confirmed_on = main, on
    measure.save()
    build(measure=measure)
    state(
        CommitmentBound(
            commitment=ref("plans.commitment", commitment.pk),
            fact_type=Code(measure.fact_type),
            how=Code(measure.how),
            why=why.strip(),
        )
    )
    return measure


def _measure(
    commitment: Commitment,
    term: Term,
    base_filter: Sequence[tuple[str, Any]],
    extra_filter: Sequence[tuple[str, Any]],
) -> Measure:
    return Measure(
        commitment=commitment,
        fact_type=term.fact,
        field=term.field or "",
        filter=[list(one) for one in (*term.filter, *extra_filter)],
        base_filter=[list(one) for one in base_filter],
        from_on=commitment.starts_on,
        until_on=_span_end(commitment),
    )


def _counts_already(commitment: Commitment) -> bool:
    adopted = commitment.plan.state != commitment.plan.State.DRAFT
    return adopted and commitment.measures.filter(main=True).exclude(confirmed_on=None).exists()


def _span_end(commitment: Commitment) -> date:
    """Return the first day that no longer counts: late work of the plan year still counts, and shows as late."""
    return max(commitment.deadline + timedelta(days=1), date(commitment.plan.year + 1, 1, 1))


def fit_to_span(*, commitments: Iterable[Commitment]) -> None:
    """After a change of start or deadline: count over the new span, and drop milestones that lie outside it."""
    changed = {one.pk: one for one in commitments}
    for measure in Measure.objects.filter(commitment__in=changed).order_by("pk"):
        commitment = changed[measure.commitment_id]
        span = (commitment.starts_on, _span_end(commitment))
        if (measure.from_on, measure.until_on) != span:
            held(plan=commitment.plan)
            measure.from_on, measure.until_on = span
            measure.save()
            build(measure=measure)
    for step in Milestone.objects.filter(commitment__in=changed):
        if not changed[step.commitment_id].starts_on <= step.due_on <= changed[step.commitment_id].deadline:
            step.delete()


@act
def bind_to_evidence(*, by: Actor, on: date, commitment: Commitment, why: str = "") -> Measure:
    """Count a commitment from evidence that a second person verifies, where no engine states its facts."""
    own = str(ref("plans.commitment", commitment.pk))
    term = Term(
        fact=EvidenceVerified.TYPE,
        measure="sum",
        field="amount",
        filter=(("commitment", own),),
        zh="核实的佐证",
        en="Verified evidence",
    )
    kinds, how = Commitment.Kind, ""
    if commitment.kind in {kinds.DATE, kinds.EDITION, kinds.WORDS}:
        how = Measure.How.MET
    elif commitment.kind == kinds.PERCENT:
        how = Measure.How.LATEST  # 92 % and another 92 % are not 184 %: each proof states the percentage anew
    return bind_commitment(by=by, on=on, commitment=commitment, term=term, how=how, why=why)


@act
def carry_over(*, by: Actor, on: date, commitment: Commitment, plan: Plan) -> Commitment:
    """Carry what was not finished into the next year's plan, waiting for the office there."""
    require(may_assign(actor=by, plan=plan))
    if commitment.carried_to.exists():
        raise AlreadyCarried(_("This commitment was carried over before."))
    one = Commitment.objects.get(pk=commitment.pk)
    one.pk, one._state.adding, one.plan, one.document = None, True, plan, None
    one.origin, one.carried_from, one.state = Commitment.Origin.CARRIED, commitment, Commitment.State.WAITING
    one.start = one.end = None
    one.starts_on, one.deadline, one.deadline_printed = date(plan.year, 1, 1), date(plan.year, 12, 31), False
    one.save()
    state(CommitmentCarried(from_=ref("plans.commitment", commitment.pk), to=ref("plans.commitment", one.pk)))
    return one


@act
def carry_over_all(*, by: Actor, on: date, commitments: Sequence[Commitment], plan: Plan) -> list[Commitment]:
    """Carry several commitments into a plan."""
    if not commitments:
        raise NothingAssigned(_("Choose at least one commitment."))
    made = [carry_over(by=by, on=on, commitment=one, plan=plan) for one in commitments]
    renumber(plan=plan)
    return made
