"""Whom notices of membership go to, and where they lead."""

from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from xinglin.directory import answers as directory
from xinglin.kernel.refs import Ref, Shown, resolves

from .members import Member

PORTAL = Ref("membership.portal:mine")  # a member's own page


@resolves("membership.portal")
def _portal(keys: list[str]) -> dict[str, Shown]:
    try:
        url = reverse("membership:mine")
    except NoReverseMatch:
        url = ""
    return {key: Shown(label=_("My membership"), url=url) for key in keys}


def people_of(member: Member, *, on: date) -> list[Ref]:
    """Return who is told for a member: the person, or those who lead the unit by the directory."""
    if member.person:
        return [member.person.ref]
    return [one.person for one in directory.leaders_of(member.holder, on=on)]


def office_people(*, on: date) -> list[Ref]:
    """Return who works in the office on a day."""
    offices = directory.of_kind("office", on=on)
    return list(dict.fromkeys(term.person for one in offices for term in directory.members_of(one.ref, on=on)))
