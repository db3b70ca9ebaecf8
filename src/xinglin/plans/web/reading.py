"""Turns an upload or pasted text into a reading, keeping the bytes in case the office is asked something first."""

import hashlib
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xinglin.kernel.files import Kept, keep, open_file
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Ref
from xinglin.plans.reading import DEFAULT_LIMIT, Reading, read_bytes
from xinglin.plans.reading import Refusal as Unreadable
from xinglin.shell.units import speaks_chinese

from .forms import DocumentForm

TAKEN = ("docx", "pdf", "txt")


class CannotRead(Refusal):
    """The document cannot be read; the message says what to send instead."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """A reading with the name and digest of what was read."""

    reading: Reading
    name: str
    sha256: str
    kept: Kept


def read_form(form: DocumentForm) -> Read:
    """Read what the form brought (CannotRead, or a refusal of the file)."""
    given = form.cleaned_data
    if given.get("file"):
        name, content = given["file"].name, given["file"].read()
    elif given.get("kept"):
        name, content = given.get("name") or pgettext("file", "Document"), _kept_bytes(given["kept"])
    else:
        name, content = _("Pasted text") + ".txt", given["text"].encode()
    try:
        reading = read_bytes(content=content, name=name, limit=DEFAULT_LIMIT)
    except Unreadable as refusal:
        raise CannotRead(refusal.message_zh if speaks_chinese() else refusal.message_en, field="file") from refusal
    kept = keep(content=ContentFile(content, name=name), name=name, accept=TAKEN)
    return Read(reading=reading, name=name, sha256=hashlib.sha256(content).hexdigest(), kept=kept)


def _kept_bytes(name: str) -> bytes:
    try:
        file = open_file(file=Ref(name))
    except (ValueError, FileNotFoundError):
        raise CannotRead(_("The file is no longer here. Choose it again."), field="file") from None
    with file:
        return file.read()
