"""Reports work with its evidence in one step, and adds evidence to what is there."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actions.files import attach_file, detach_file
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.files import Kept
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Ref

from ..entries import Entry, State
from ..policy import may_keep_items, may_prove_work
from ..registers import Item
from ..works import Work
from .work import log_work, submit_work


class EvidenceFixed(Refusal):
    """What a second person verified keeps the evidence that was looked at."""


@act
def report_work(*, by: Actor, on: date, work: Work, evidence: Sequence[Kept] = (), submit: bool = True) -> Entry:
    """Write down work, attach its evidence and hand it in, all or nothing."""
    entry = log_work(by=by, on=on, work=work)
    for file in evidence:
        attach_file(by=by, on=on, file=file, to=entry.ref)
    return submit_work(by=by, on=on, entries=[entry])[0] if submit else entry


@act
def add_evidence(*, by: Actor, on: date, entry: Entry, evidence: Sequence[Kept]) -> None:
    """Attach evidence to an entry; verified ones may gain evidence, never lose it."""
    require(may_prove_work(actor=by, entry=entry))
    if not evidence:
        raise NoEvidence(_("Choose a file."), field="evidence")
    for file in evidence:
        attach_file(by=by, on=on, file=file, to=entry.ref)


class NoEvidence(Refusal):
    """No file was given."""


@act
def remove_evidence(*, by: Actor, on: date, entry: Entry, file: Ref) -> None:
    """Take evidence off an entry that nobody has verified yet."""
    require(may_prove_work(actor=by, entry=entry))
    if entry.state == State.VERIFIED:
        raise EvidenceFixed(_("This entry was verified with this evidence; correct the entry first."))
    detach_file(by=by, on=on, file=file, to=entry.ref)


@act
def prove_item(*, by: Actor, on: date, item: Item, evidence: Sequence[Kept]) -> None:
    """Attach a document to an item of a register: a report delivered, a criterion met, a site accepted."""
    require(may_keep_items(actor=by, track=item.track, organisation=item.organisation))
    if not evidence:
        raise NoEvidence(_("Choose a file."), field="evidence")
    for file in evidence:
        attach_file(by=by, on=on, file=file, to=item.ref)
