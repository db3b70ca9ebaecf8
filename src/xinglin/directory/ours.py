"""Keeps the association whose directory this is where it is: everybody's rights rest on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.utils.translation import gettext as _

from .organisations import Organisation
from .posts import Post
from .refusals import OursStays


@contextmanager
def keeping_ours(*, on: date) -> Iterator[None]:
    """Refuse a change after which our association, once it has parts or posts, would be another or none (OursStays)."""
    days = (on, date.max)
    before = [_settled(day) for day in days]
    yield
    for day, one in zip(days, before, strict=True):
        if one is not None and Organisation.objects.ours(day).first() != one:
            raise OursStays(_("%(name)s is the association whose directory this is. It is not moved, ended or made "
                              "another kind, and no other takes its place: everybody's rights rest on it.") % {
                                  "name": one.name}, organisation=one.ref)


def _settled(day: date) -> Organisation | None:
    row = Organisation.objects.ours(day).first()
    return row if row and (row.parts.exists() or Post.objects.filter(organisation=row).exists()) else None
