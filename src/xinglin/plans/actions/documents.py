"""Reads a document into a plan, adopts the plan and closes its year."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actions.files import attach_file
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.files import Kept
from xinglin.kernel.ledger.checkpoints import make_checkpoint
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import ref

from ..choosing import ask_again
from ..commitments import Change, Commitment
from ..comparing import Difference, compare
from ..documents import Document, Plan
from ..facts import PlanAdopted, PlanClosed, PlanRead
from ..measuring import advance, held
from ..policy import may_correct_plan, may_read_draft
from ..progress import standings
from ..proposing import Proposed, propose
from ..reading.model import Reading

DRAFT = "draft"  # the step a new draft leaves among those of correcting


class OtherYear(Refusal):
    """The document speaks of other years than the plan's."""


class NoYear(Refusal):
    """The document names no year and none was given."""


class SamePlan(Refusal):
    """The very same document was read into this plan before."""


class StillWaiting(Refusal):
    """Commitments still wait for the office."""


class NotAdopted(Refusal):
    """Only an adopted plan can be closed."""


@act
def read_document(
    *,
    by: Actor,
    on: date,
    reading: Reading,
    name: str,
    sha256: str,
    plan: Plan | None = None,
    year: int | None = None,
    organisation: str = "",
    file: Kept | None = None,
) -> Plan:
    """Read a draft into a plan (a new one when none is given); commitments wait for the office."""
    year = plan.year if plan else year or (max(reading.years) if reading.years else None)
    if year is None:
        raise NoYear(_("The document names no year. Say for which year it plans."), field="year")
    _refuse_other_year(reading, year)
    if plan is None:
        title = reading.title or name
        plan = Plan(year=year, title=_free_title(year, title[:190]), organisation=organisation, created_on=on)
    require(may_read_draft(actor=by, plan=plan))
    if plan.pk and plan.documents.filter(sha256=sha256).exists():
        raise SamePlan(
            _("This very document was read before as draft %(number)s.")
            % {"number": plan.documents.get(sha256=sha256).number},
            field="file",
        )
    plan.save()
    proposals = propose(reading=reading, year=year)
    differences = compare(commitments=plan.commitments.all(), proposals=proposals, text=reading.text)
    document = _document(plan, reading, differences)
    document.name, document.sha256, document.read_on = name, sha256, on
    document.save()
    if file:
        attach_file(by=by, on=on, file=file, to=ref("plans.document", document.pk))
    touched = _take(plan, document, differences)
    # What was decided before this draft cannot be undone past it: the sentences no longer stand where they stood.
    if touched:
        Change.objects.create(plan=plan, what=DRAFT, by=by.ref, before=[], after=touched)
    state(PlanRead(plan=ref("plans.plan", plan.pk), year=year, draft=document.number, commitments=len(proposals)))
    return plan


def _refuse_other_year(reading: Reading, year: int) -> None:
    """Refuse to read a document into the plan of a year it does not speak of: its days would be moved."""
    printed = set(reading.years)
    if reading.doc_type.startswith("summary") and printed:
        printed.add(max(printed) + 1)
    if printed and year not in printed:
        raise OtherYear(_("The document is of %(printed)s, the plan of %(year)s. Read it as a plan of its own.") % {
            "printed": "、".join(map(str, sorted(reading.years))), "year": year}, field="year")


def _document(plan: Plan, reading: Reading, differences: Sequence[Difference]) -> Document:
    return Document(
        plan=plan,
        number=plan.documents.count() + 1,
        text=reading.text,
        paragraphs=[
            {"start": one.start, "end": one.end, "kind": one.kind, "level": one.level} for one in reading.paragraphs
        ],
        reading=reading.as_json(),
        differences=[_told(one) for one in differences if one.what != "same"],
    )


def _free_title(year: int, title: str) -> str:
    taken = set(Plan.objects.filter(year=year, title__startswith=title).values_list("title", flat=True))
    number, free = 2, title
    while free in taken:
        free, number = f"{title}（{number}）", number + 1
    return free


def _told(one: Difference) -> dict[str, Any]:
    return {
        "what": one.what,
        "no": one.commitment.no if one.commitment else "",
        "before": one.commitment.quote if one.commitment else "",
        "after": one.proposed.quote if one.proposed else "",
    }


def _take(plan: Plan, document: Document, differences: Sequence[Difference]) -> list[int]:
    """Keep what stayed, send back what changed or went, add what is new; return the keys of those that were there."""
    fresh = []
    for one in differences:
        if one.proposed is None and one.commitment:
            one.commitment.drafted, one.commitment.start, one.commitment.end = "gone", None, None
            one.commitment.state = Commitment.State.WAITING
            one.commitment.save()
        elif one.commitment and one.proposed:
            said = _commitment(plan, document, one.proposed)
            stood = dict(vars(one.commitment))
            _copy(one.commitment, said, _PLACE)
            if one.what == "changed":
                _send_back(one.commitment, said, parted=one.parted)
            one.commitment.save()
            ask_again(commitment=one.commitment, stood=stood)
        elif one.proposed:
            fresh.append(_commitment(plan, document, one.proposed))
    Commitment.objects.bulk_create(fresh)
    renumber(plan=plan)
    return [one.commitment.pk for one in differences if one.commitment]


_PLACE = ("document", "start", "end", "chapter", "chapter_title", "chapter_order", "path", "drafted")
_WORDS = ("quote", "reasons", "state")
_FIGURES = ("text", "object", "kind", "value_min", "value_max", "unit", "modality", "deadline", "deadline_printed",
            "edition", "confidence")


def _send_back(commitment: Commitment, said: Commitment, *, parted: bool) -> None:
    """Show the office the new words; what it split or merged itself keeps the figures it gave them."""
    _copy(commitment, said, _WORDS if parted else _WORDS + _FIGURES)
    commitment.drafted = "changed"


def _copy(commitment: Commitment, said: Commitment, names: Sequence[str]) -> None:
    for name in names:
        setattr(commitment, name, getattr(said, name))


def _commitment(plan: Plan, document: Document, one: Proposed) -> Commitment:
    return Commitment(
        plan=plan,
        document=document,
        chapter=one.chapter[:20],
        chapter_title=one.chapter_title[:120],
        chapter_order=one.chapter_order,
        path=list(one.path),
        quote=one.quote,
        start=one.start,
        end=one.end,
        text=one.text,
        object=one.object[:200],
        kind=one.kind,
        value_min=one.value_min,
        value_max=one.value_max,
        unit=one.unit[:20],
        modality=one.modality,
        deadline=max(one.deadline, date(plan.year, 1, 1)),
        deadline_printed=one.deadline_printed,
        starts_on=date(plan.year, 1, 1),
        edition=one.edition,
        confidence=one.confidence,
        reasons=list(one.reasons),
    )


def renumber(*, plan: Plan) -> None:
    """Number the commitments of each chapter in the order of the text; added ones follow where they were put."""
    order: dict[int, int] = {}
    rows = list(plan.commitments.on_the_table())
    rows.sort(key=lambda one: (one.chapter_order, one.start if one.start is not None else 10**9, one.order, one.pk))
    for one in rows:
        order[one.chapter_order] = order.get(one.chapter_order, 0) + 1
        one.order = order[one.chapter_order]
    Commitment.objects.bulk_update(rows, ["order"])


@act
def adopt_plan(*, by: Actor, on: date, plan: Plan, adopted_by: str = "", adopted_on: date | None = None) -> None:
    """Adopt the plan: from now on its accepted commitments change only by an approved request."""
    require(may_correct_plan(actor=by, plan=plan))
    waiting = plan.commitments.waiting().count()
    if waiting:
        raise StillWaiting(
            _("%(count)s commitments still wait for a decision.") % {"count": waiting},
            instead=_("Accept or discard them first."),
        )
    plan.state, plan.adopted_on, plan.adopted_by = Plan.State.ADOPTED, adopted_on or on, adopted_by
    plan.save()
    state(PlanAdopted(plan=ref("plans.plan", plan.pk), year=plan.year, commitments=plan.commitments.accepted().count()))


@act
def close_plan(*, by: Actor, on: date, plan: Plan) -> None:
    """Close the year: from now on no fact moves its figures, and no day its lights."""
    require(may_correct_plan(actor=by, plan=plan))
    held(plan=plan)
    plan.refresh_from_db()  # somebody else may have closed it meanwhile
    if plan.state != Plan.State.ADOPTED:
        raise NotAdopted(_("Only an adopted plan can be closed."))
    make_checkpoint()  # the closed year's papers rest on it; nothing is sealed until this act ends
    advance(plan=plan)
    plan.state, plan.closed_on = Plan.State.CLOSED, on
    plan.save()
    rows = standings(plan=plan, on=on + timedelta(days=1))  # what was due today is past due
    reached = sum(1 for one in rows if one.light == "done")
    state(
        PlanClosed(
            plan=ref("plans.plan", plan.pk),
            year=plan.year,
            reached=reached,
            missed=sum(1 for one in rows if one.light not in {"done", "off"}),
        )
    )
