"""Verifies work: a second person confirms entries, or sends them back with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Ref, shown

from ..entries import Entry, State
from ..facts import WorkReturned, WorkVerified
from ..policy import identity, may_verify_work
from ..saying import entry_named, work_said
from ..words import Edition
from ..works import problems_of_submission
from .registers import reach_by_entry
from .work import NothingToLog, ReasonMissing


class NotWaiting(Refusal):
    """The entry is not waiting to be verified; the message says who was faster and when."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What became of the entries somebody wanted to verify."""

    verified: tuple[Entry, ...]
    refused: tuple[Problem, ...]  # `row` is the place in the order given


@act
def verify_work(*, by: Actor, on: date, entries: Sequence[Entry]) -> Verification:
    """Confirm entries, each a fact of its own; those that cannot be are told apart with the reason.

    When none can be, the act is refused as a whole.
    """
    if not entries:
        raise NothingToLog(_("Choose at least one entry."))
    order = {one.pk: row for row, one in enumerate(entries)}
    verified, refused = [], []
    for entry in Entry.objects.held_locked(list(order)):
        if problem := _reason_against(entry, by=by, on=on, row=order[entry.pk]):
            refused.append(problem)
        else:
            _verify(entry, by=by, on=on)
            verified.append(entry)
    if not verified:
        if len(refused) == 1:
            raise NotWaiting(refused[0].message, regulation=refused[0].values.get("regulation", ""))
        raise Refusals(refused)
    return Verification(verified=tuple(verified), refused=tuple(refused))


def _reason_against(entry: Entry, *, by: Actor, on: date, row: int) -> Problem | None:
    if entry.state != State.SUBMITTED:
        return Problem(field="entries", row=row, message=why_not_waiting(entry))
    if not (verdict := may_verify_work(actor=by, entry=entry)):
        return Problem(field="entries", row=row, message=verdict.reason, values={"regulation": verdict.regulation})
    if found := problems_of_submission(entry, on=on):
        return Problem(field="entries", row=row, message=found[0].message)
    if other := _held_elsewhere(entry):
        return Problem(field="entries", row=row, message=gettext(
            "Edition %(number)d is already verified by the entry of %(day)s.") % {
                "number": entry.edition, "day": other.happened_on})
    return None


def why_not_waiting(entry: Entry) -> str:
    """Say why an entry cannot be verified now: who was faster, or what it waits for."""
    if entry.state == State.VERIFIED:
        return gettext("%(who)s was faster and verified it on %(day)s.") % {
            "who": shown([entry.verified_by])[entry.verified_by].label, "day": entry.verified_on}
    return gettext("This entry is not waiting to be verified; it is: %(state)s.") % {
        "state": entry.get_state_display()}


def _held_elsewhere(entry: Entry) -> Entry | None:
    if entry.series is None:
        return None
    return Entry.objects.counted().filter(series=entry.series, edition=entry.edition).exclude(pk=entry.pk).first()


def _verify(entry: Entry, *, by: Actor, on: date) -> None:
    me: Ref = identity(by)
    entry.state, entry.verified_by, entry.verified_on = State.VERIFIED, me, on
    if entry.item or entry.series:  # whose register looks at its verified entries
        entry.save(update_fields=["state", "verified_by", "verified_on"])
    if entry.item:
        reach_by_entry(item=entry.item, format_=entry.format, on=entry.last_on)
        entry.item.refresh_from_db()
    if entry.series:
        Edition.objects.filter(series=entry.series, number=entry.edition).exclude(
            state=Edition.State.CANCELLED).update(state=Edition.State.HELD, entry=entry)
    # Counted on the day it happened, not on the day it was confirmed.
    entry.said_key = state(WorkVerified(**work_said(entry), verified_by=me), happened_on=entry.happened_on)
    entry.save(update_fields=["state", "verified_by", "verified_on", "said_key"])


@act
def return_work(*, by: Actor, on: date, entry: Entry, reason: str) -> Entry:
    """Send an entry back to those who wrote it, with the reason."""
    [entry] = Entry.objects.held_locked([entry.pk])
    if entry.state != State.SUBMITTED:
        raise NotWaiting(why_not_waiting(entry))
    require(may_verify_work(actor=by, entry=entry))
    if not reason.strip():
        raise ReasonMissing(_("Say what is missing or wrong."))
    entry.state, entry.returned_for = State.RETURNED, reason.strip()[:300]
    entry.save(update_fields=["state", "returned_for"])
    state(WorkReturned(**entry_named(entry), returned_by=identity(by), reason=entry.returned_for))
    return entry
