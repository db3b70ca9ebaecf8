"""Logs work: writes it down, corrects it, hands it in, takes it back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, new_key, state
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Ref

from ..entries import Entry, Participant, State
from ..facts import WorkCorrected, WorkLogged, WorkSubmitted, WorkWithdrawn
from ..policy import identity, may_correct_work, may_log_work, may_submit_work, may_withdraw_work
from ..saying import entry_named, work_said
from ..words import Edition
from ..works import Work, name_participants, problems_of, problems_of_submission
from .registers import leave_after_withdrawal
from .series import WrongEdition, register_edition


class EditionTaken(WrongEdition):
    """Another entry already reports this edition as held."""


class NothingCorrected(Refusal):
    """The correction says what the entry says already."""


class ReasonMissing(Refusal):
    """Taking back or sending back needs a reason."""

    field = "reason"


class NothingToLog(Refusal):
    """There is no work in what was given."""


@act
def log_work(*, by: Actor, on: date, work: Work, submit: bool = False) -> Entry:
    """Write down one piece of work, and hand it in at once where wanted."""
    return log_works(by=by, on=on, works=[work], submit=submit)[0]


@act
def log_works(*, by: Actor, on: date, works: Sequence[Work], submit: bool = False) -> list[Entry]:
    """Write down many pieces of work; each is a fact of its own, and one that is wrong refuses all."""
    if not works:
        raise NothingToLog(_("There is nothing to log."))
    for organisation in {one.organisation for one in works}:
        require(may_log_work(actor=by, organisation=organisation))
    _refuse_problems(works, on)
    me = identity(by)
    entries = [Entry(**one.columns(), logged_by=me, changed_by=me, logged_on=on, said_key=new_key()) for one in works]
    Entry.objects.bulk_create(entries, batch_size=500)
    _name_all(entries, works)
    for entry, work in zip(entries, works, strict=True):
        _register_edition(entry, work)
    prefetch_related_objects(entries, "participants", "item__track")
    for entry in entries:
        entry.said_key = state(WorkLogged(**work_said(entry)), happened_on=entry.happened_on)
    Entry.objects.bulk_update(entries, ["said_key"], batch_size=500)
    if submit:
        _submit(entries, by=by, on=on)
    return entries


def _refuse_problems(works: Sequence[Work], on: date) -> None:
    found = []
    for row, work in enumerate(works):
        found += [replace(one, row=row if len(works) > 1 else None) for one in problems_of(work, on=on)]
    if found:
        raise Refusals(found)


def _name_all(entries: list[Entry], works: Sequence[Work]) -> None:
    rows = []
    for entry, work in zip(entries, works, strict=True):
        named = [(Participant.Part.PERSON, one) for one in dict.fromkeys(work.people)]
        named += [(Participant.Part.PARTNER, one) for one in dict.fromkeys(work.partners)]
        rows += [Participant(entry=entry, part=part, ref=one) for part, one in named]
    Participant.objects.bulk_create(rows, batch_size=1000)


def _register_edition(entry: Entry, work: Work) -> None:
    """Register the edition an entry reports, unless it was planned before; a held one is taken."""
    if entry.series is None:
        return
    living = entry.series.editions.exclude(state=Edition.State.CANCELLED).filter(number=entry.edition).first()
    if living is None:
        register_edition(series=entry.series, year=entry.happened_on.year, role=entry.role, number=entry.edition,
                         host=work.host, host_name=work.host_name)
    elif living.entry_id not in (None, entry.pk):
        raise EditionTaken(_("Edition %(number)d was held and is reported by another entry, of %(day)s.") % {
            "number": living.number, "day": living.entry.happened_on if living.entry else living.year})


@act
def correct_work(*, by: Actor, on: date, entry: Entry, work: Work) -> Entry:
    """Say anew what was done; a verified entry goes back to be verified and does not count until then."""
    [entry] = Entry.objects.held_locked([entry.pk])
    require(may_correct_work(actor=by, entry=entry))
    require(may_log_work(actor=by, organisation=work.organisation))
    _refuse_problems([work], on)
    if work.says_the_same_as(Work.of(entry)):
        raise NothingCorrected(_("Nothing was changed."))
    was_verified, series_before, item_before = entry.state == State.VERIFIED, entry.series, entry.item
    for name, value in work.columns().items():
        setattr(entry, name, value)
    entry.changed_by = identity(by)
    if was_verified:
        entry.state, entry.submitted_by, entry.submitted_on = State.SUBMITTED, identity(by), on
        entry.verified_by, entry.verified_on = "", None
        free_edition(entry, series_before)
    entry.save()
    if was_verified:
        leave_after_withdrawal(item=item_before)
        if entry.item:
            entry.item.refresh_from_db()
    name_participants(entry, work)
    _register_edition(entry, work)
    said = state(WorkCorrected(**work_said(entry)), happened_on=entry.happened_on, corrects=entry.said_key)
    entry.said_key = said
    entry.save(update_fields=["said_key"])
    return entry


@act
def submit_work(*, by: Actor, on: date, entries: Sequence[Entry]) -> list[Entry]:
    """Hand in drafts and returned entries for a second person to verify."""
    if not entries:
        raise NothingToLog(_("Choose at least one entry."))
    held = Entry.objects.held_locked([one.pk for one in entries])
    for entry in held:
        require(may_submit_work(actor=by, entry=entry))
    _submit(held, by=by, on=on)
    return held


def _submit(entries: Sequence[Entry], *, by: Actor, on: date) -> None:
    found: list[Problem] = []
    for row, entry in enumerate(entries):
        found += [replace(one, row=row if len(entries) > 1 else None) for one in problems_of_submission(entry, on=on)]
    if found:
        raise Refusals(found)
    me: Ref = identity(by)
    for entry in entries:
        entry.state, entry.submitted_by, entry.submitted_on, entry.returned_for = State.SUBMITTED, me, on, ""
        state(WorkSubmitted(**entry_named(entry), submitted_by=me))
    Entry.objects.bulk_update(entries, ["state", "submitted_by", "submitted_on", "returned_for"], batch_size=500)


@act
def withdraw_work(*, by: Actor, on: date, entry: Entry, reason: str) -> Entry:
    """Take an entry back; a verified one stops counting from this fact on."""
    [entry] = Entry.objects.held_locked([entry.pk])
    require(may_withdraw_work(actor=by, entry=entry))
    if not reason.strip():
        raise ReasonMissing(_("Say why it is withdrawn."))
    counted = entry.state == State.VERIFIED
    entry.state = State.WITHDRAWN
    entry.save(update_fields=["state"])
    if counted:
        free_edition(entry, entry.series)
        leave_after_withdrawal(item=entry.item)
    state(WorkWithdrawn(**entry_named(entry), reason=reason), happened_on=entry.happened_on, corrects=entry.said_key)
    return entry


def free_edition(entry: Entry, series: object) -> None:
    """Set the edition that an entry reported as held back to planned."""
    if series is not None:
        Edition.objects.filter(entry=entry).update(state=Edition.State.PLANNED, entry=None)
