"""A reader's notices: whose they are, how they read, and the list of them."""

from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.notices.models import Notice
from xinglin.kernel.notices.wording import LANGUAGES, NoticeError, Words, render
from xinglin.kernel.policy import Verdict, no
from xinglin.kernel.refs import Ref

from ..naming import named
from ..tables import Column, Dates, Segment, Table

# Words are made when they are read, so a search reads them; older notices are found by their date.
SEARCHED = 500


def addressee(*, actor: Actor) -> Ref:
    """Return the ref that notices to this actor carry: the person, or the account of an administration."""
    return actor.person or actor.ref


def notices_of(*, actor: Actor) -> QuerySet[Notice]:
    """Return the actor's notices."""
    return Notice.objects.filter(to=addressee(actor=actor))


def words_of(notice: Notice) -> Words:
    """Return a notice in the reader's language; one whose template is gone still says what it was about."""
    language = get_language() or ""
    try:
        return render(template=notice.template, context=notice.context, about=notice.about,
                      language=language if language in LANGUAGES else "zh-hans")
    except NoticeError:
        about = named([notice.about])[notice.about].label if notice.about else notice.template
        return Words(subject=about, body=str(_("The words of this notice are no longer kept.")), short="")


def _subject(notice: Notice) -> str:
    return words_of(notice).subject


def _read(notice: Notice) -> tuple[str, Any]:
    return ("off", _("Read already")) if notice.read_at else ("warn", _("Unread"))


class Inbox(Table):
    """The reader's own notices, newest first."""

    code, unit = "operations.inbox", "条"
    title = _("Notices")
    columns = (
        Column("subject", _("Subject"), value=_subject, at="name",
               link=lambda row: reverse("operations:notice", args=[row.pk])),
        Column("about", _("About"), kind="ref"),
        Column("made_at", _("Received"), kind="datetime", sort=True),
        Column("state", _("State"), value=lambda row: "", kind="status", words=_read, at="status"),
    )
    segments = (Segment("all", _("All")), Segment("unread", _("Unread"), where=Q(read_at=None)))
    filters = (Dates("made_at", _("Received"), lookup="made_at__date"),)
    order = ("-made_at",)
    exports = False
    empty = (_("No notices yet"), _("What falls due from you, and what is decided about it, arrives here."))

    def rows(self) -> QuerySet[Notice]:
        """Return the reader's notices."""
        return notices_of(actor=self.actor)

    def may_export(self, *, actor: Actor) -> Verdict:
        """Letters to a person are read here and not taken out as a list."""
        return no(_("Notices are read here and not taken out as a list."))

    @cached_property
    def narrowed(self) -> QuerySet[Notice]:
        """Return the rows after conditions; a search reads the words of the newest notices."""
        rows = self.everything
        for one in self.conditions:
            rows = one.narrow(rows)
        if not self.text:
            return rows
        wanted = self.text.lower().split()
        newest = list(rows.order_by("-made_at")[:SEARCHED])
        found = [row.pk for row in newest if all(word in _said(row) for word in wanted)]
        return rows.filter(pk__in=found)


def _said(notice: Notice) -> str:
    words = words_of(notice)
    about = named([notice.about])[notice.about].label if notice.about else ""
    return f"{words.subject}\n{words.body}\n{about}".lower()
