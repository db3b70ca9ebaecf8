"""Notices: queued with the act that causes them, so never lost; under a natural key, so never twice."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from .. import clock
from ..refs import Ref, shown
from .models import Letter, Notice
from .wording import pack, register_notice, render, worded

__all__ = ["Arrived", "inbox", "mark_read", "notify", "register_notice", "unread_count"]
_NAMES = uuid.UUID("6f0d9d0e-5a43-5a8e-9c36-0c1e7c2b8a11")


def notify(
    *, to: Ref | Sequence[Ref], template: str, key: str, context: Mapping[str, Any], about: Ref | None = None
) -> int:
    """Queue a notice in the running transaction and return how many people had not been told under this key."""
    one, now = worded(template), clock.now()
    people = [to] if isinstance(to, Ref) else list(dict.fromkeys(to))
    packed = pack(one, context)
    notices = {}
    for person in people:
        natural = f"{template}/{key}/{person}"
        number = uuid.uuid5(_NAMES, natural)
        notices[number] = Notice(id=number, key=natural, to=person, template=template, context=packed,
                                 about=about or "", made_at=now)
    with transaction.atomic():
        known = set(Notice.objects.filter(pk__in=notices).values_list("pk", flat=True))
        fresh = [notice for number, notice in notices.items() if number not in known]
        # Another act may be telling the same people right now; the database then keeps one of the two.
        Notice.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
        Letter.objects.bulk_create(
            [Letter(notice_id=notice.id, channel=channel, due_at=now) for notice in fresh for channel in one.channels],
            ignore_conflicts=True, batch_size=500)
    return len(fresh)


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A notice in an inbox, in the reader's language."""

    id: uuid.UUID
    subject: str
    body: str
    about: str
    url: str
    made_at: datetime
    read: bool


def unread_count(*, person: Ref) -> int:
    """Return how many notices a person has not read."""
    return Notice.objects.filter(to=person, read_at=None).count()


def inbox(
    *, person: Ref, language: str, start: int = 0, limit: int = 50, about: Ref | None = None
) -> list[Arrived]:
    """Return a page of a person's notices, newest first; `about` narrows it to what leads there."""
    told = Notice.objects.filter(to=person, **({"about": about} if about else {}))
    rows = list(told.order_by("-made_at", "pk")[start : start + limit])
    urls = shown(row.about for row in rows)
    answer = []
    for row in rows:
        words = render(template=row.template, context=row.context, about=row.about, language=language)
        answer.append(Arrived(
            id=row.id, subject=words.subject, body=words.body, about=row.about, made_at=row.made_at,
            url=urls[row.about].url if row.about else "", read=row.read_at is not None))
    return answer


def mark_read(*, person: Ref, notices: Sequence[uuid.UUID] | None = None) -> int:
    """Mark a person's notices as read, all or some, and return how many were not before."""
    rows = Notice.objects.filter(to=person, read_at=None)
    if notices is not None:
        rows = rows.filter(pk__in=notices)
    return rows.update(read_at=clock.now())
