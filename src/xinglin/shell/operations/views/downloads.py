"""Downloads: the engine a file is attached to decides who reads it."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xinglin.kernel.files import Attachment, FileGone, may_download, respond_with

from ...asking import actor_of
from ...web import allow, signed_in


def _answer(attachment: Attachment) -> FileResponse:
    try:
        return respond_with(attachment=attachment)
    except FileNotFoundError:
        raise FileGone(_("The bytes of this file are not in the store. Tell the system administrator.")) from None


@require_safe
@signed_in
def download(request: HttpRequest, attachment: int) -> HttpResponse | FileResponse:
    """Hand out what is attached, or refuse with the engine's reason; what was taken off is not found."""
    row = get_object_or_404(Attachment.objects.select_related("file"), pk=attachment)
    allow(may_download(actor=actor_of(request), attachment=row))
    return _answer(row)


@require_safe
@signed_in
def content(request: HttpRequest, digest: str) -> HttpResponse | FileResponse:
    """Hand out a content by its digest, under the first attachment this reader may read."""
    rows = list(Attachment.objects.select_related("file").filter(file=digest).order_by("pk"))
    if not rows:
        raise Http404(digest)
    verdicts = [(row, may_download(actor=actor_of(request), attachment=row)) for row in rows]
    row, verdict = next((pair for pair in verdicts if pair[1]), verdicts[0])
    allow(verdict)
    return _answer(row)
