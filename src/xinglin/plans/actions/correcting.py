"""Corrects what the reader proposed: accept, edit, split, merge, add, discard, and undo each."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core import serializers
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, ref
from xinglin.kernel.vocabulary import Term

from ..choosing import ask_again
from ..commitments import Change, Commitment, Milestone
from ..documents import Document, Plan
from ..facts import CommitmentsCorrected
from ..measures import Measure
from ..policy import may_correct_plan, may_edit_commitment
from ..reading import read_text
from .assigning import assign_commitment, bind_commitment, fit_to_span
from .documents import DRAFT, renumber
from .meanwhile import hold_as_seen

EDITABLE = (
    "text",
    "object",
    "kind",
    "value_min",
    "value_max",
    "unit",
    "modality",
    "deadline",
    "starts_on",
    "edition",
    "chapter",
    "chapter_title",
    "chapter_order",
)


# What a step of correcting may change, and so what undoing brings back; assignments made since stay.
RESTORED = (*EDITABLE, "state", "drafted", "quote", "start", "end", "order")


class NothingChosen(Refusal):
    """No commitment was chosen."""


class WrongTarget(Refusal):
    """The target is not possible."""


class NothingToUndo(Refusal):
    """There is no step left to undo."""


class BuiltUpon(Refusal):
    """A later step changed the same commitments."""


def _snapshot(rows: Sequence[Commitment]) -> list[dict[str, Any]]:
    # Through JSON, so that dates and decimals come back exactly as they stood.
    kept: list[dict[str, Any]] = json.loads(serializers.serialize("json", rows))
    keys = [one.pk for one in rows]
    measures = Measure.objects.filter(commitment__in=keys, main=True).exclude(confirmed_on=None)
    steps, chosen = _steps(keys), dict(measures.values_list("commitment", "pk"))
    return [{**row, "milestones": steps[row["pk"]], "measure": chosen.get(row["pk"])} for row in kept]


def _steps(keys: Sequence[int]) -> dict[int, list[list[str]]]:
    found: dict[int, list[list[str]]] = defaultdict(list)
    for one in Milestone.objects.filter(commitment__in=keys):
        found[one.commitment_id].append([one.due_on.isoformat(), str(one.share), one.title])
    return found


def _remember(plan: Plan, by: Actor, what: str, before: list[dict[str, Any]], after: Sequence[Commitment]) -> None:
    Change.objects.create(plan=plan, what=what, by=by.ref, before=before, after=[one.pk for one in after])
    state(
        CommitmentsCorrected(
            plan=ref("plans.plan", plan.pk),
            what=Code(what),
            commitments=tuple(ref("plans.commitment", one.pk) for one in after),
        )
    )


def _same_plan(commitments: Sequence[Commitment]) -> Plan:
    if not commitments:
        raise NothingChosen(_("Choose at least one commitment."))
    plans = {one.plan_id for one in commitments}
    if len(plans) > 1:
        raise NothingChosen(_("Choose commitments of one plan."))
    return commitments[0].plan


@act
def accept_commitments(
    *, by: Actor, on: date, commitments: Sequence[Commitment], seen: Mapping[int, str] | None = None
) -> None:
    """Accept proposals as they stand."""
    plan = _same_plan(commitments)
    require(may_correct_plan(actor=by, plan=plan))
    hold_as_seen(commitments=commitments, seen=seen)
    before = _snapshot(commitments)
    for one in commitments:
        one.state, one.drafted = Commitment.State.ACCEPTED, ""
        one.save()
    fit_to_span(commitments=commitments)  # a new draft may have moved the deadline
    _remember(plan, by, "accept", before, commitments)


@act
def take_commitment(
    *, by: Actor, on: date, commitment: Commitment, seen: str = "", term: Term | None = None, how: str = ""
) -> None:
    """Accept a proposal and, in the same step, the measure shown with it."""
    accept_commitments(by=by, on=on, commitments=[commitment], seen={commitment.pk: seen})
    if term is not None:
        bind_commitment(by=by, on=on, commitment=commitment, term=term, how=how)


@act
def discard_commitments(
    *, by: Actor, on: date, commitments: Sequence[Commitment], seen: Mapping[int, str] | None = None
) -> None:
    """Say that these are no commitments."""
    plan = _same_plan(commitments)
    hold_as_seen(commitments=commitments, seen=seen)
    for one in commitments:
        require(may_edit_commitment(actor=by, commitment=one))
    before = _snapshot(commitments)
    for one in commitments:
        one.state = Commitment.State.DISCARDED
        one.save()
    renumber(plan=plan)
    _remember(plan, by, "discard", before, commitments)


@act
def edit_commitment(
    *, by: Actor, on: date, commitment: Commitment, accept: bool = True, seen: str = "", **given: Any
) -> None:
    """Correct wording, target or deadline; accepting is part of saving unless said otherwise."""
    hold_as_seen(commitments=[commitment], seen={commitment.pk: seen})
    require(may_edit_commitment(actor=by, commitment=commitment))
    before = _snapshot([commitment])
    _set(commitment, given)
    if accept:
        commitment.state = Commitment.State.ACCEPTED
    commitment.drafted = ""
    commitment.save()
    ask_again(commitment=commitment, stood=before[0]["fields"])
    fit_to_span(commitments=[commitment])
    _remember(commitment.plan, by, "edit", before, [commitment])


@act
def correct_commitment(
    *,
    by: Actor,
    on: date,
    commitment: Commitment,
    correction: Mapping[str, Any],
    assignment: Mapping[str, Any],
    seen: str = "",
) -> None:
    """Save a card as one step: what is promised, and who leads and helps."""
    edit_commitment(by=by, on=on, commitment=commitment, seen=seen, **correction)
    partners = [one.unit for one in commitment.partners.order_by("pk")]
    stands = {"lead": commitment.lead, "partners": partners}
    if any(stands[name] != (list(value) if name == "partners" else value) for name, value in assignment.items()):
        assign_commitment(by=by, on=on, commitment=commitment, **assignment)


def _set(commitment: Commitment, given: dict[str, Any]) -> None:
    if unknown := set(given) - set(EDITABLE):
        raise TypeError(f"not editable: {sorted(unknown)}")
    if given.get("text", commitment.text) != commitment.text and "object" not in given:
        given = {**given, "object": _object_of(given["text"])}  # the old words would name it wrongly in the summary
    for name, value in given.items():
        setattr(commitment, name, value)
    check_target(commitment)


def _object_of(text: str) -> str:
    """Return what new words promise, as the reader understands them, or nothing when it finds no figure."""
    found = read_text(text=f"工作计划\n（一）{text}。").targets  # a lone sentence is taken for no plan
    return found[0].object if found else ""


def check_target(commitment: Commitment) -> None:
    """Refuse a target that cannot be reached or measured (WrongTarget beside its field)."""
    low, high = commitment.value_min, commitment.value_max
    counted = {Commitment.Kind.COUNT, Commitment.Kind.PERCENT, Commitment.Kind.LIST}
    if commitment.kind in counted and low is None and high is None:
        raise WrongTarget(_("Say how much, or choose “cannot be measured”."), field="value_min")
    if low is not None and high is not None and high < low:
        raise WrongTarget(_("The upper figure is below the lower one."), field="value_max")
    if any(one is not None and one < 0 for one in (low, high)):
        raise WrongTarget(_("A target is not negative."), field="value_min")
    if commitment.kind == Commitment.Kind.PERCENT and (low or high or Decimal(0)) > 100:
        raise WrongTarget(_("A percentage is at most 100."), field="value_min")
    if commitment.deadline < commitment.starts_on:
        raise WrongTarget(
            _("The deadline lies before the start (%(start)s).") % {"start": commitment.starts_on}, field="deadline"
        )


@act
def split_commitment(
    *, by: Actor, on: date, commitment: Commitment, parts: Sequence[dict[str, Any]], seen: str = ""
) -> list[Commitment]:
    """Replace one commitment by two or more, each linked to the same sentence."""
    hold_as_seen(commitments=[commitment], seen={commitment.pk: seen})
    require(may_edit_commitment(actor=by, commitment=commitment))
    if len(parts) < 2:
        raise NothingChosen(_("A split needs at least two parts."), field="parts")
    before = _snapshot([commitment])
    made = []
    for part in parts:
        one = Commitment.objects.get(pk=commitment.pk)
        one.pk, one.state = None, Commitment.State.ACCEPTED
        one._state.adding = True
        _set(one, part)
        one.save()
        made.append(one)
    commitment.state = Commitment.State.DISCARDED
    commitment.save()
    renumber(plan=commitment.plan)
    _remember(commitment.plan, by, "split", before, [commitment, *made])
    return made


@act
def merge_commitments(
    *, by: Actor, on: date, commitments: Sequence[Commitment], seen: Mapping[int, str] | None = None
) -> Commitment:
    """Keep the first and fold the others into it: one sentence read in pieces; figures of one unit add up."""
    plan = _same_plan(commitments)
    hold_as_seen(commitments=commitments, seen=seen)
    if len(commitments) < 2:
        raise NothingChosen(_("A merger needs at least two commitments."))
    for one in commitments:
        require(may_edit_commitment(actor=by, commitment=one))
    before = _snapshot(commitments)
    first, *others = sorted(commitments, key=lambda one: (one.chapter_order, one.order))
    if all(one.unit == first.unit and one.kind == Commitment.Kind.COUNT for one in commitments):
        first.value_min = sum((one.target or Decimal(0) for one in commitments), Decimal(0))
        first.value_max = first.value_min if first.value_max is not None else None
    first.text = "；".join(dict.fromkeys(one.text for one in (first, *others)))
    spans = [one for one in commitments if one.start is not None and one.document_id == first.document_id]
    if spans and first.document:
        first.start, first.end = min(one.start or 0 for one in spans), max(one.end or 0 for one in spans)
        first.quote = first.document.text[first.start : first.end]
    first.state = Commitment.State.ACCEPTED
    first.save()
    for one in others:
        one.state = Commitment.State.DISCARDED
        one.save()
    renumber(plan=plan)
    _remember(plan, by, "merge", before, [first, *others])
    return first


@act
def add_commitment(
    *,
    by: Actor,
    on: date,
    plan: Plan,
    text: str,
    entrusted_by: str = "",
    document: Document | None = None,
    span: tuple[int, int] | None = None,
    **given: Any,
) -> Commitment:
    """Add what the reader missed (its span in the document), or what an outside body entrusted during the year.

    Unless its start is given, it starts with the year, and in a plan that runs on the day it is added.
    """
    require(may_correct_plan(actor=by, plan=plan))
    begin = date(plan.year, 1, 1)
    one = Commitment(
        plan=plan,
        text=text,
        starts_on=begin,
        state=Commitment.State.ACCEPTED,
        entrusted_by=entrusted_by,
        deadline=date(plan.year, 12, 31),
        origin=Commitment.Origin.ENTRUSTED if entrusted_by else Commitment.Origin.ADDED,
    )
    if document and span:
        one.document, (one.start, one.end) = document, span
        one.quote = document.text[one.start : one.end]
    if plan.state == Plan.State.ADOPTED:
        one.starts_on = max(begin, min(on, given.get("deadline", one.deadline)))
    _set(one, given)
    one.order = plan.commitments.filter(chapter_order=one.chapter_order).count() + 1
    one.save()
    renumber(plan=plan)
    one.refresh_from_db()
    _remember(plan, by, "add", [], [one])
    return one


@act
def undo_last(*, by: Actor, on: date, plan: Plan, change: Change | None = None) -> str:
    """Take back one step, the latest unless one is named, and return what it was (NothingToUndo, BuiltUpon)."""
    require(may_correct_plan(actor=by, plan=plan))
    steps = plan.changes.select_for_update().filter(undone=False)
    step = steps.filter(pk=change.pk).first() if change else steps.first()
    if step is None:
        raise NothingToUndo(_("There is nothing left to undo."))
    stood = {row["pk"] for row in step.before}
    touched = step.touched
    since = [one.what for one in steps.filter(pk__gte=step.pk) if touched & one.touched]
    if DRAFT in since:
        raise BuiltUpon(_("A new draft was read since."), instead=_("Correct the commitment itself."))
    if len(since) > 1:
        raise BuiltUpon(_("A later step changed the same commitment. Undo that one first."))
    for one in plan.commitments.filter(pk__in=touched, state=Commitment.State.ACCEPTED):
        require(may_edit_commitment(actor=by, commitment=one))
    for made in plan.commitments.filter(pk__in=set(step.after) - stood):
        made.state = Commitment.State.DISCARDED
        made.save()
    for row in step.before:
        _restore(row, on)
    step.undone = True
    step.save()
    renumber(plan=plan)
    state(
        CommitmentsCorrected(
            plan=ref("plans.plan", plan.pk),
            what=Code("undo"),
            commitments=tuple(ref("plans.commitment", key) for key in step.after),
        )
    )
    return step.what


def _restore(row: dict[str, Any], on: date) -> None:
    """Bring back a commitment with the milestones and the measure the step took away, unless others were set since."""
    now, stood = Commitment.objects.get(pk=row["pk"]), row["milestones"]
    left = [one for one in stood if now.starts_on.isoformat() <= one[0] <= now.deadline.isoformat()]
    lost = [one for one in stood if one not in left] if _steps([now.pk])[now.pk] == left else []
    [restored] = serializers.deserialize("python", [row])
    restored.object.save(update_fields=RESTORED)
    ask_again(commitment=restored.object, stood=vars(now))
    now.measures.filter(pk=row["measure"], confirmed_on=None).update(confirmed_on=on)
    fit_to_span(commitments=[restored.object])
    Milestone.objects.bulk_create(
        [Milestone(commitment=now, due_on=due, share=share, title=title) for due, share, title in lost]
    )
