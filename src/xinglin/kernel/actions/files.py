"""Attaches files to things, detaches them, and discards those to which nothing refers."""

from contextlib import suppress
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from .. import clock
from ..actors import Actor, house
from ..acts import act, joined, state
from ..facts_of_kernel import FileAttached, FileDetached, FileDiscarded
from ..files import GRACE, KIND, Attachment, FileGone, Kept, StoredFile, sweep_away
from ..policy import Refusal, require
from ..refs import Code, Ref, ref
from ..rights import may_act_alone
from ..scheduler import nightly


class NotAttached(Refusal):
    """The thing does not refer to this file."""


class NothingToDiscard(Refusal):
    """Every forsaken file is in somebody else's hands right now."""


@act
def attach_file(*, by: Actor, on: date, file: Kept, to: Ref) -> Attachment:
    """Attach a kept file to a thing; attaching again renames."""
    require(may_act_alone(actor=by, joined=joined()))
    row = StoredFile.objects.kept_locked(digest=file.ref.key)
    if row is None:
        raise FileGone(_("This file has been deleted; upload it again."))
    row.seen_at = clock.now()
    row.save(update_fields=["seen_at"])
    attachment, _new = Attachment.objects.update_or_create(
        file=row, to=to, defaults={"name": file.name}, create_defaults={"name": file.name, "attached_on": on})
    state(FileAttached(file=file.ref, to=to, type=Code(row.type), size=row.size, name=file.name))
    return attachment


@act
def detach_file(*, by: Actor, on: date, file: Ref, to: Ref) -> None:
    """Take a file off a thing; a day later, if nothing else refers to it, the night job deletes it."""
    require(may_act_alone(actor=by, joined=joined()))
    if not Attachment.objects.filter(file=file.key, to=to).delete()[0]:
        raise NotAttached(_("This file is not attached here."))
    StoredFile.objects.filter(pk=file.key).update(seen_at=clock.now())
    state(FileDetached(file=file, to=to))


@act
def discard_files(*, by: Actor, on: date, before: datetime, limit: int = 500) -> list[str]:
    """Give up files to which nothing has referred since a moment; their bytes go right after."""
    require(may_act_alone(actor=by, joined=joined()))
    rows = StoredFile.objects.forsaken_locked(before=before, limit=limit)
    if not rows:
        raise NothingToDiscard(_("No file is left to discard."))
    for row in rows:
        state(FileDiscarded(file=ref(KIND, row.pk)))
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).update(kept_at=None)
    return [row.pk for row in rows]


@nightly("kernel.files", at="03:10")
def sweep_files(*, on: date) -> int:
    """Discard forsaken files, then delete the bytes of all that were discarded or never arrived."""
    before = clock.now() - GRACE
    with suppress(NothingToDiscard):
        while True:
            discard_files(by=house("files"), on=on, before=before)
    return sweep_away(going=list(StoredFile.objects.forsaken(before=before).filter(kept_at=None)
                                 .values_list("pk", flat=True)))
