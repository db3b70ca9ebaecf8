"""Finds the member whose own pages are read: the reader, or a unit for which the reader speaks."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.shell import navigation
from xinglin.shell.navigation import Entry, address
from xinglin.shell.web import allow, signed_in

from ..members import Member
from ..policy import may_speak_for, person_key, units_of

# The pages every member has of their own; a unit has the same under its key (urls.py).
PAGES = ("mine", "take_certificate", "my_dues", "my_branches", "my_record", "my_seats", "privacy", "leave", "my_appeal")
TABS = ((_("Membership"), "id-badge-2", "mine"), (_("Fees"), "receipt", "my_dues"),
        (_("Branches"), "sitemap", "my_branches"), (_("My record"), "history", "my_record"),
        (_("Privacy"), "lock", "privacy"))


def member_of(actor: Actor) -> Member | None:
    """Return the member who is the actor, None when there is none."""
    key = person_key(actor)
    return Member.objects.select_related("person").filter(person=key).first() if key else None


def is_member(actor: Actor) -> bool:
    """Say whether the actor is or was a member."""
    key = person_key(actor)
    return bool(key and Member.objects.filter(person=key).exists())


def has_pages(actor: Actor) -> bool:
    """Say whether the actor is or was a member, or speaks for a unit that is."""
    return is_member(actor) or units_of(actor=actor, on=clock.today()).exists()


def place(member: Member, name: str, *arguments: object) -> str:
    """Return the address of one of a member's own pages."""
    if member.unit_id:
        return reverse(f"membership:unit_{name}", args=[member.pk, *arguments])
    return reverse(f"membership:{name}", args=arguments)


def own_page(request: HttpRequest, name: str, member: Member, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render one of a member's own pages; `to` leads to the others."""
    to = {one: place(member, one) for one in PAGES}
    if member.unit_id:
        context["x_tabs"] = navigation.lines_of(
            entries=tabs(prefix="unit_", unit=member.pk), actor=request.actor, path=request.path)
    return render(request, f"membership/{name}.html", {"member": member, "to": to, **context}, status=status)


def tabs(*, prefix: str = "", when: Callable[[Actor], bool] = navigation.anybody, **arguments: object) -> list[Entry]:
    """Return the tabs of a member's own pages: the reader's, or with prefix and number those of a unit."""
    return [Entry(section="work", label=label, icon=icon, url_name=f"membership:{prefix}{name}", order=order * 10,
                  when=when, arguments=arguments) for order, (label, icon, name) in enumerate(TABS)]


def own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the reader's own membership, or the unit's that the address names; others read how to join."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, unit: int | None = None, **kwargs: Any) -> HttpResponse:
        on = clock.today()
        if unit is not None:
            member = get_object_or_404(Member.objects.select_related("unit"), pk=unit, unit__isnull=False)
            allow(may_speak_for(actor=request.actor, member=member, on=on))
            return view(request, member, *args, **kwargs)
        member = member_of(request.actor)
        if member is None:
            if spoken_for := units_of(actor=request.actor, on=on).first():
                return redirect(place(spoken_for, "mine"))
            return render(request, "membership/mine_none.html", {"join": address("membership:choose")}, status=404)
        return view(request, member, *args, **kwargs)

    return signed_in(guarded)
