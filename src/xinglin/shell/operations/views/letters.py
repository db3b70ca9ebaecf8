"""Letters that did not arrive: what the server said, and sending them again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from xinglin.kernel import clock
from xinglin.kernel.notices.models import Letter

from ...tables import Bulk, Choice, Column, Segment, Table
from ...web import allow, done, perform, signed_in
from .. import policy
from ..actions.letters import requeue_letters
from ..masking import masked

CHANNELS = (("email", pgettext_lazy("way", "E-mail")), ("sms", pgettext_lazy("way", "Text message")))
STATES: dict[str, tuple[str, Any]] = {
    "dead": ("bad", _("Given up")), "no_address": ("off", _("No address")), "waiting": ("warn", _("Tried again")),
    "sending": ("warn", _("Being sent")),
}
GIVEN_UP = ("dead", "no_address")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One letter as the administrator sees it: for whom and why not, never what it says."""

    row: Letter
    light: str
    word: Any
    trouble: str
    due_at: datetime | None


def line_of(row: Letter) -> Line:
    """Return a letter as the administrator sees it."""
    light, word = STATES.get(row.state, ("off", row.state))
    return Line(row=row, light=light, word=word, trouble=masked(row.trouble),
                due_at=row.due_at if row.state == "waiting" else None)


class Letters(Table):
    """Letters that were given up or fail so far; the words stay with their reader."""

    code, unit = "operations.letters", "封"
    title = _("Undelivered letters")
    columns = (
        Column("to", _("For"), value="notice.to", kind="ref", at="name"),
        Column("channel", _("Way"), value=lambda row: dict(CHANNELS).get(row.channel, row.channel), sort="channel"),
        Column("trouble", _("What the server said"), value=lambda row: masked(row.trouble), at="wide"),
        Column("attempts", _("Tries"), kind="number", unit="次", sort=True),
        Column("made_at", _("Written"), value="notice.made_at", kind="datetime", sort="notice__made_at"),
        Column("due_at", _("Next try"), value=lambda row: row.due_at if row.state == "waiting" else None,
               kind="datetime", sort=True),
        Column("state", _("State"), kind="status", words=STATES, at="status"),
    )
    search = ("trouble",)
    segments = (
        Segment("troubled", _("Undelivered"), where=~Q(trouble="") & ~Q(state="sent")),
        Segment("dead", _("Given up"), where=Q(state="dead")),
        Segment("no_address", _("No address"), where=Q(state="no_address")),
    )
    filters = (Choice("channel", _("Way"), options=CHANNELS),)
    bulk = (Bulk("operations:letters_again", _("Send again"), icon="mail-forward",
                 when=lambda actor: bool(policy.may_operate(actor=actor))),)
    order = ("due_at",)
    empty = (_("Every letter arrived"), _("What a server refuses, or somebody without an address, shows here."))

    def rows(self) -> QuerySet[Letter]:
        """Return letters that did not go out."""
        undelivered = Q(state__in=GIVEN_UP) | ~Q(trouble="")
        return Letter.objects.filter(undelivered).exclude(state="sent").select_related("notice")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def letters(request: HttpRequest) -> HttpResponse:
    """List the letters that did not go out."""
    allow(policy.may_see_operations(actor=request.actor))
    return Letters(request).response("operations/letters.html")


@require_POST
@signed_in
def again(request: HttpRequest) -> HttpResponse:
    """Ask first, then give the letters picked a new start."""
    allow(policy.may_operate(actor=request.actor))
    rows = list(Letters(request).picked().filter(state__in=GIVEN_UP).values_list("pk", flat=True))
    if request.POST.get("from_list"):
        return render(request, "operations/letters_again.html", {"rows": rows, "asked": len(rows)})
    rows = [int(one) for one in request.POST.getlist("letter") if one.isdigit()]
    outcome = perform(request, requeue_letters, letters=rows, now=clock.now())
    back = reverse("operations:letters")
    if not outcome.ok:
        return done(request, outcome.refusal, back, level="bad")
    number = outcome.answer
    return done(request, ngettext("%(n)d letter goes out again.", "%(n)d letters go out again.", number)
                % {"n": number}, back)
