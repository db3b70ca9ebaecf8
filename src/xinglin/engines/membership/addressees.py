"""Whom notices of membership go to, and where they lead."""

from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from xinglin.directory import answers as directory
from xinglin.directory.posts import Term, TermQuerySet
from xinglin.kernel.refs import Ref, Shown, resolves

from .members import Member, MemberQuerySet, Spell

CONTACT = directory.CONTACT
UNIT = "unit-"

# Pages to which notices lead.
PORTAL, REQUESTS, APPEALS = (Ref(f"membership.page:{one}") for one in ("mine", "requests", "appeals"))


@resolves("membership.page")
def _pages(keys: list[str]) -> dict[str, Shown]:
    labels = {"mine": _("My membership"), "requests": _("Requests to join"), "appeals": _("Appeals")}
    plain = {key: Shown(label=labels[key], url=_address(key)) for key in keys if key in labels}
    units = {key: Shown(label=_("Membership of the unit"), url=_address("unit_mine", key.removeprefix(UNIT)))
             for key in keys if key.startswith(UNIT)}
    return plain | units


def _address(page: str, *arguments: str) -> str:
    try:
        return reverse(f"membership:{page}", args=arguments)
    except NoReverseMatch:
        return ""


def portal_of(member: Member) -> Ref:
    """Return a member's own page, to which notices lead: a unit has its own, whoever reads it."""
    return Ref(f"membership.page:{UNIT}{member.pk}") if member.unit_id else PORTAL


def people_of(member: Member, *, on: date) -> list[Ref]:
    """Return who is told for a member: the person, or the unit's contacts by the directory, else its leaders."""
    if member.person:
        return [member.person.ref]
    contacts = directory.members_of(member.holder, on=on, titles=(CONTACT,))
    return [one.person for one in contacts or directory.leaders_of(member.holder, on=on)]


def speakers_on(day: date) -> TermQuerySet:
    """Return the terms of a day that let somebody speak for an organisation: its contacts and its leaders."""
    return Term.objects.on(day).filter(post__title__in=directory.SPEAKERS)


def unheard(*, on: date) -> MemberQuerySet:
    """Return the member units nobody can be written to on a day: the directory knows no contact and no leader."""
    units = Member.objects.filter(unit__isnull=False, pk__in=Spell.objects.filter(ended_on=None).values("member"))
    return units.exclude(unit__in=speakers_on(on).values("post__organisation"))


def office_people(*, on: date) -> list[Ref]:
    """Return who works in the office on a day."""
    offices = directory.of_kind("office", on=on)
    return list(dict.fromkeys(term.person for one in offices for term in directory.members_of(one.ref, on=on)))


def leaders_or_office(organisation: Ref, *, on: date) -> list[Ref]:
    """Return who leads a branch on a day, else the office."""
    return [one.person for one in directory.leaders_of(organisation, on=on)] or office_people(on=on)
