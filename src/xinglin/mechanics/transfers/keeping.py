"""Keeps uploaded bank statements sealed, the same file once, and forgets their contents after a season."""

import base64
import hashlib
from datetime import date, timedelta

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import Refusal
from xinglin.kernel.scheduler import nightly
from xinglin.lib.tables import TableRefused
from xinglin.shell.operations.night import LABELS

from .bank_sheets import BankSheet, read_bank_sheet
from .models import Statement

KEPT = timedelta(days=120)
FORGETTING = "transfers.forget_statements"
LABELS[FORGETTING] = gettext_lazy("Delete the contents of old bank statements")


class UnreadableStatement(Refusal):
    """The file holds no receipts that can be read; the message says what to do."""

    field = "file"


class Forgotten(Refusal):
    """The content of an old statement was deleted; what was booked stays."""


def keep_statement(*, by: Actor, on: date, name: str, content: bytes) -> tuple[Statement, bool]:
    """Keep a statement, sealed; the same bytes give the statement that is there, and say so (UnreadableStatement)."""
    sheet = _read(content)
    if sheet.missing:
        raise UnreadableStatement(_("The heading names no column for %(what)s.") % {"what": sheet.missing},
                                  instead=_("Upload the file as the bank exports it, with its headings."))
    if not sheet.rows:
        raise UnreadableStatement(_("The file holds no money that came in."))
    digest = hashlib.sha256(content).hexdigest()
    row, made = Statement.objects.get_or_create(digest=digest, defaults={
        "name": name[:200], "uploaded_by": by.ref, "uploaded_on": on,
        "content": base64.b64encode(content).decode()})
    if not row.content:
        row.content = base64.b64encode(content).decode()
        row.save(update_fields=["content"])
    return row, made


def _read(content: bytes) -> BankSheet:
    try:
        return read_bank_sheet(content=content)
    except TableRefused as refused:
        raise UnreadableStatement(refused.message(language=(get_language() or "zh")[:2])) from refused


def sheet_of(statement: Statement) -> BankSheet:
    """Read a kept statement again (Forgotten)."""
    if not statement.content:
        raise Forgotten(_("The content of this file was deleted; what was booked from it stays. Upload it again."))
    return _read(base64.b64decode(statement.content))


@nightly(FORGETTING, at="03:25")
def forget_statements(*, on: date) -> int:
    """Delete the contents of statements after a season; payments and digests stay."""
    return Statement.objects.filter(uploaded_on__lt=on - KEPT, content__isnull=False).update(content=None)
