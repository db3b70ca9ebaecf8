"""Hands out evidence to whoever may read the entry or register it belongs to."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from xinglin.kernel.files import Attachment, may_download, respond_with
from xinglin.kernel.refs import ref
from xinglin.shell.web import allow, signed_in

from ..entries import Entry
from ..expecting import papers
from ..registers import Item

PICTURES = ("jpeg", "jpg", "png", "webp", "gif")


@signed_in
def download(request: HttpRequest, key: int) -> HttpResponseBase:
    """Answer with a file attached to an entry or an item."""
    attachment = get_object_or_404(Attachment.objects.select_related("file"), pk=key, to__startswith="worklog.")
    allow(may_download(actor=request.actor, attachment=attachment))
    return respond_with(attachment=attachment)


def evidence_of(one: Entry | Item) -> list[Attachment]:
    """Return the evidence of an entry, or of an item with its verified entries; pictures know what they are."""
    bearers = papers(one) if isinstance(one, Item) else [one.ref]
    rows = list(Attachment.objects.filter(to__in=bearers).select_related("file").order_by("pk"))
    for row in rows:
        row.picture = row.file.type in PICTURES
    return rows


def count_evidence(items: list[Item]) -> None:
    """Put the number of documents and the names of parties on items, with one question each for all."""
    found = Attachment.objects.filter(to__in=[one.ref for one in items]).values_list("to", flat=True)
    number: dict[str, int] = {}
    for to in found:
        number[to] = number.get(to, 0) + 1
    proven = set(Entry.objects.counted().filter(item__in=items).values_list("item", flat=True))
    for one in items:
        one.evidence_count = number.get(str(ref("worklog.item", one.pk)), 0)
        one.evidenced = bool(one.evidence_count or one.pk in proven)
