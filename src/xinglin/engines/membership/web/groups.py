"""The page of branches, local bodies and squads: members, recruitment and hours in any span of days."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.tables import Column, Segment, Table
from xinglin.shell.web import allow, signed_in

from ..groups import Group, groups
from ..policy import may_see_members


def _page(row: Group) -> str:
    return f"{reverse('membership:members')}?branch={row.pk}"


class Groups(Table):
    """Every branch and group."""

    code, unit = "membership.groups", "个"
    columns = (
        Column("name", _("Branch or group"), at="name", link=_page, sub="kind_label", sort="name"),
        Column("members", _("Members"), kind="number", sort="members"),
        Column("brought_in", _("Brought in"), kind="number", sort="brought_in"),
        Column("hours", _("Hours given"), kind="number", sort="hours"),
    )
    segments = (
        Segment("branches", _("Branches"), test=lambda row: row.kind in ("branch", "youth_committee")),
        Segment("squads", _("Volunteer squads"), test=lambda row: row.kind == "squad"),
        Segment("local", _("Local bodies"), test=lambda row: row.kind == "local_body"),
    )

    def key(self, row: Group) -> Any:
        """Return what identifies a row."""
        return row.pk


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if found < date.max else otherwise  # there is no day after


@signed_in
def all_groups(request: HttpRequest) -> HttpResponse:
    """Show branches and groups; the span is this year unless the address names another."""
    allow(may_see_members(actor=actor_of(request)))
    today = clock.today()
    first = _day(request.GET.get("from", ""), date(today.year, 1, 1))
    last = min(max(first, _day(request.GET.get("to", ""), today)), date.max - timedelta(days=1))
    rows = groups(from_on=first, until_on=last + timedelta(days=1))
    return Groups(request, rows).response("membership/groups.html", {
        "first": first, "last": last, "brought": sum(one.brought_in for one in rows),
        "hours": sum(one.hours for one in rows if one.kind == "squad")})
