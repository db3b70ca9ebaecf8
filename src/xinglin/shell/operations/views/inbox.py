"""The inbox: a reader's notices, read when opened."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from xinglin.kernel.notices import mark_read, unread_count

from ...asking import actor_of
from ...naming import named
from ...navigation import forget_counts
from ...web import done, signed_in
from ..letterbox import Inbox, addressee, notices_of, words_of


@require_safe
@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reader's notices."""
    unread = unread_count(person=addressee(actor=actor_of(request)))
    return Inbox(request).response("operations/inbox.html", {"unread": unread})


@require_safe
@signed_in
def notice(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show one of the reader's notices, which is thereby read."""
    actor = actor_of(request)
    row = get_object_or_404(notices_of(actor=actor), pk=key)
    if mark_read(person=addressee(actor=actor), notices=[row.pk]):
        forget_counts(actor=actor)
    about = named([row.about])[row.about] if row.about else None
    return render(request, "operations/notice.html", {"notice": row, "words": words_of(row), "about": about})


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of the reader's notices as read."""
    actor = actor_of(request)
    number = mark_read(person=addressee(actor=actor))
    forget_counts(actor=actor)
    said = ngettext("%(n)d notice marked as read.", "%(n)d notices marked as read.", number) % {"n": number}
    return done(request, said if number else _("Nothing was unread."), reverse("operations:inbox"))
