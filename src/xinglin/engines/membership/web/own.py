"""Finds the member who is the reader; who is none is told how to become one."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinglin.kernel.actors import Actor
from xinglin.shell.navigation import address
from xinglin.shell.web import signed_in

from ..members import Member
from ..policy import person_key


def member_of(actor: Actor) -> Member | None:
    """Return the member who is the actor, None when there is none."""
    key = person_key(actor)
    return Member.objects.select_related("person").filter(person=key).first() if key else None


def is_member(actor: Actor) -> bool:
    """Say whether the actor is or was a member."""
    key = person_key(actor)
    return bool(key and Member.objects.filter(person=key).exists())


def own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the reader's own membership; others than members read how to join."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = member_of(request.actor)
        if member is None:
            return render(request, "membership/mine_none.html", {"join": address("membership:choose")}, status=404)
        return view(request, member, *args, **kwargs)

    return signed_in(guarded)
