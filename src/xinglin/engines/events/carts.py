"""Registrations as they are being filled in: who asks, the place held or waited for, what was typed so far."""

import hmac
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.scheduler import nightly
from xinglin.mechanics.booking import holding, waiting
from xinglin.mechanics.booking.models import Waiting
from xinglin.mechanics.booking.values import Held, Refused, Waitlisted
from xinglin.shell.asking import actor_of
from xinglin.shell.operations.night import LABELS

from .keys import new_key
from .offers import Ticket
from .registrations import Draft

VISITOR = "events_visitor"  # where a session keeps the confirmed e-mail of who has no account
DRAFTS, KEPT = "events.forget_drafts", timedelta(days=30)
LABELS[DRAFTS] = _("Delete registrations that were begun and never finished")


def visitor(email: str) -> Ref:
    """Return who an e-mail address is: the same for ever, and nobody reads the address from it."""
    mark = hmac.digest(settings.SECRET_KEY.encode(), f"visitor:{email.strip().lower()}".encode(), "sha256")
    return ref("events.visitor", mark.hex()[:40])


def who_asks(request: HttpRequest) -> Ref | None:
    """Return who is asking: a person, an account, a confirmed e-mail; None for nobody yet."""
    actor = actor_of(request)
    if actor.person or actor.ref.kind == "directory.account":
        return actor.person or actor.ref
    email = request.session.get(VISITOR, "")
    return visitor(email) if email else None


def begin(*, held: Held | Waitlisted, ticket: Ticket, account: str = "", email: str = "") -> Draft:
    """Return the draft of a place that is held or waited for; ten tabs have one."""
    name = "hold" if isinstance(held, Held) else "waiting"
    draft = Draft.objects.filter(**{name: held.token}).first()  # what is offered was put there by `tell_offered`
    return draft or Draft.objects.create(
        key=new_key(), event=ticket.event, ticket=ticket, who=held.who, quantity=held.quantity, account=account,
        email=email, **{name: held.token})


def stands(draft: Draft, *, at: datetime) -> Held | Waitlisted | Refused:
    """Return how the place of a draft stands: held, offered, waited for, or over."""
    if draft.hold:
        found = holding.look(token=draft.hold, at=at)
        if isinstance(found, Held) or not draft.waiting:
            return found
    answer = waiting.place_in_waiting(token=draft.waiting, at=at)
    if isinstance(answer, Held) and draft.hold != answer.token:
        Draft.objects.filter(pk=draft.pk).update(hold=answer.token)
        draft.hold = answer.token
    return answer


def waits() -> QuerySet[Waiting, Any]:
    """Return the tokens of those who wait, or are offered a place from a list."""
    return Waiting.objects.filter(state__in=("waiting", "offered")).values_list("token", flat=True)


def save(draft: Draft, *, typed: Mapping[str, Any]) -> None:
    """Keep what was typed so far, right or wrong."""
    draft.answers = json.dumps(dict(typed), ensure_ascii=False)
    draft.save(update_fields=["answers", "changed_at"])


def typed_of(draft: Draft) -> dict[str, Any]:
    """Return what was typed, as forms take it for a beginning."""
    return dict(json.loads(draft.answers)) if draft.answers else {}


@nightly(DRAFTS, at="03:40")
def forget_drafts(*, on: date) -> int:
    """Delete drafts that nobody touched for long; who waits is told of a place by theirs, however long it takes."""
    gone, _rows = Draft.objects.filter(changed_at__lt=clock.now() - KEPT).exclude(waiting__in=waits()).delete()
    return gone
