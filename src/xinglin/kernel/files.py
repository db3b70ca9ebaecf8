"""Keeps files: one copy of each content, typed by its bytes, gone when nothing refers to it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from xinglin.lib.filetypes import TYPES, right_name, tell

from . import clock
from .actors import Actor
from .policy import Refusal, Verdict, no
from .refs import Ref, ref
from .stated import Stated

KIND = "kernel.file"
GRACE = timedelta(days=1)  # an upload may wait this long for the act that attaches it


class EmptyFile(Refusal):
    """The file has no content."""


class FileTooLarge(Refusal):
    """The file is larger than the limit."""


class WrongType(Refusal):
    """The content is not of an accepted type, whatever the name says."""


class FileGone(Refusal):
    """The file was never kept, or has been deleted since."""


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Sets of stored files."""

    def unreferenced(self) -> "StoredFileQuerySet":
        """Return the files nothing refers to (a subquery: PostgreSQL locks no outer join)."""
        return self.filter(~models.Exists(Attachment.objects.filter(file=models.OuterRef("pk"))))

    def forsaken(self, *, before: datetime) -> "StoredFileQuerySet":
        """Return the files nothing refers to and nobody touched since a moment."""
        return self.unreferenced().filter(seen_at__lt=before)

    def kept_locked(self, *, digest: str) -> "StoredFile | None":
        """Lock one file whose bytes are there."""
        return self.select_for_update().filter(pk=digest, kept_at__isnull=False).first()

    def going_locked(self, *, digest: str) -> "StoredFile | None":
        """Lock one file whose bytes are to go."""
        return self.unreferenced().select_for_update().filter(pk=digest, kept_at=None).first()

    def forsaken_locked(self, *, before: datetime, limit: int) -> list["StoredFile"]:
        """Lock the next forsaken files; touching a file (seen_at) is what saves it from here."""
        found = self.forsaken(before=before).filter(kept_at__isnull=False).values_list("pk", flat=True)
        rows = self.filter(pk__in=list(found.order_by("pk")[:limit]), seen_at__lt=before).order_by("pk")
        return list(rows.select_for_update(skip_locked=True))


class StoredFile(models.Model):
    """One content: its digest is its name. `kept_at` is empty while its bytes are on their way in or out."""

    digest = models.CharField(max_length=64, primary_key=True)
    type = models.CharField(max_length=10)
    size = models.BigIntegerField()
    kept_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        app_label = "kernel"

    @property
    def path(self) -> str:
        """Return its name in the storage."""
        return f"{self.digest[:2]}/{self.digest[2:4]}/{self.digest}"


class Attachment(Stated):
    """A thing refers to a file under a name of its own."""

    PERSONAL = ("name",)

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    to = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=200)
    attached_on = models.DateField()

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["file", "to"], name="attached_once")]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file whose bytes are safe and which an act may now attach."""

    ref: Ref
    name: str
    type: str
    size: int


def keep(*, content: File, name: str = "", accept: Sequence[str] = (), limit_mb: int | None = None) -> Kept:
    """Store an upload's bytes before the act that attaches it, since an act waits for no network.

    Size is checked against XINGLIN_FILE_MB (or `limit_mb`), type against `accept` (codes such as "pdf").
    The row comes first and is marked when the bytes are there, so a killed upload leaves nothing unseen.
    """
    name, size, limit = name or content.name or "", content.size, limit_mb or settings.XINGLIN_FILE_MB
    if not size:
        raise EmptyFile(_("%(name)s is empty.") % {"name": name})
    if size > limit * 1024 * 1024:
        raise FileTooLarge(_("%(name)s has %(size)d MB; at most %(limit)d MB are taken.") % {
            "name": name, "size": -(-size // 2**20), "limit": limit})
    type_ = tell(content=cast(BinaryIO, content), name=name)
    if accept and type_.code not in accept:
        raise WrongType(_("%(name)s is a %(found)s file; %(wanted)s would be right.") % {
            "name": name, "found": type_.code, "wanted": ", ".join(accept)})
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    _bring_in(StoredFile(digest=digest.hexdigest(), type=type_.code, size=size, seen_at=clock.now()), content)
    safe = right_name(name=name, type_=type_)
    return Kept(ref=ref(KIND, digest.hexdigest()), name=safe, type=type_.code, size=size)


def _bring_in(file: StoredFile, content: File) -> None:
    same = StoredFile.objects.filter(pk=file.pk)
    if same.filter(kept_at__isnull=False).update(seen_at=file.seen_at):
        return
    StoredFile.objects.update_or_create(pk=file.pk, defaults={
        "type": file.type, "size": file.size, "seen_at": file.seen_at})
    content.seek(0)
    if (stored := default_storage.save(file.path, content)) != file.path:
        raise RuntimeError(f"the storage must overwrite, yet it named {file.path} {stored}")
    same.update(kept_at=clock.now())


def sweep_away(*, going: Sequence[str]) -> int:
    """Delete the bytes and rows of discarded files; the row stays locked until its bytes are gone."""
    for digest in going:
        with transaction.atomic():
            if row := StoredFile.objects.going_locked(digest=digest):
                default_storage.delete(row.path)
                row.delete()
    return len(going)


def open_file(*, file: Ref) -> File:
    """Open a kept file for reading (FileGone)."""
    row = StoredFile.objects.filter(pk=file.key, kept_at__isnull=False).first()
    if row is None:
        raise FileGone(_("This file has been deleted."))
    return cast(File, default_storage.open(row.path))


def attachments(*, to: Ref) -> list[Attachment]:
    """Return what is attached to a thing, in order."""
    return list(Attachment.objects.filter(to=to).select_related("file").order_by("pk"))


Reader = Callable[[Actor, Ref], Verdict]
_readers: dict[str, Reader] = {}


def readable(kind: str) -> Callable[[Reader], Reader]:
    """Register who may read what is attached to refs of a kind; without it nobody may."""

    def register(reader: Reader) -> Reader:
        _readers[kind] = reader
        return reader

    return register


def may_download(*, actor: Actor, attachment: Attachment) -> Verdict:
    """Say whether the actor may read an attachment: the engine it is attached to decides."""
    to = Ref(attachment.to)
    if reader := _readers.get(to.kind):
        return reader(actor, to)
    return no(_("Nobody may download what is attached here."))


def respond_with(*, attachment: Attachment) -> FileResponse:
    """Answer a request with an attachment: always a download, never guessed at, never run."""
    type_ = TYPES[attachment.file.type]
    content, media = open_file(file=ref(KIND, attachment.file_id)), type_.media
    name = right_name(name=attachment.name, type_=type_)
    return FileResponse(content, as_attachment=True, content_type=media, filename=name, headers={
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox", "Content-Length": str(attachment.file.size)})
