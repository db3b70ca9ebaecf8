"""How memberships and applications follow when two entries of the directory are one person."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.directory.merging import Joining, Mover, register_merge
from xinglin.directory.people import Person
from xinglin.kernel.policy import Refusal

from .applications import Application
from .members import Member


class BothMembers(Refusal):
    """Both entries are members today: one membership is ended first, and its number stays with its history."""


def _of(person: str) -> Member | None:
    return Member.objects.filter(person=int(person)).first()


def _preview(joining: Joining) -> list[str]:
    member = _of(joining.loser.key)
    if member is None:
        return []
    other = _of(joining.winner.key)
    if other is None:
        return [_("Membership %(number)s") % {"number": member.number}]
    if not _living(member):
        return [_("The ended membership %(number)s stays with the entry that gives way.") % {"number": member.number}]
    if _living(other):
        return [_("Both are members: end the membership %(number)s first.") % {"number": member.number}]
    return [_("Membership %(number)s; the ended membership %(other)s stays with the entry that gives way.") % {
        "number": member.number, "other": other.number}]


def _living(member: Member) -> bool:
    return member.spells.filter(ended_on=None).exists()


def _move(joining: Joining) -> Any:
    member, other = _of(joining.loser.key), _of(joining.winner.key)
    if member and other and _living(member):
        if _living(other):
            raise BothMembers(_("Both are members: end the membership %(number)s first.") % {"number": member.number})
        _swap(member, other)
    applications = list(Application.objects.filter(person=int(joining.loser.key)).values_list("pk", flat=True))
    Application.objects.filter(pk__in=applications).update(person=int(joining.winner.key))
    moved = member.pk if member and other is None else None
    Member.objects.filter(pk=moved).update(person=int(joining.winner.key))
    swapped = [member.pk, other.pk] if member and other and member.person_id == int(joining.winner.key) else []
    return {"member": moved, "swapped": swapped, "applications": applications}


def _swap(one: Member, other: Member) -> None:
    """Let two memberships change people; a place aside is needed, for nobody has two, and no membership is nobody's."""
    first, second = one.person, other.person
    aside = Person.objects.create(name="—", sort_key="", registered_on=first.registered_on)
    for member, person in ((other, aside), (one, second), (other, first)):
        member.person = person
        member.save(update_fields=["person"])
    Person.objects.filter(pk=aside.pk).delete()


def _back(joining: Joining, moved: Any) -> None:
    here = {one.pk: one for one in Member.objects.filter(pk__in=moved.get("swapped", ())).select_related("person")}
    if len(here) == 2:
        living, ended = (here[key] for key in moved["swapped"])
        if (living.person_id, ended.person_id) == (int(joining.winner.key), int(joining.loser.key)):
            _swap(living, ended)
    Member.objects.filter(pk=moved["member"], person=int(joining.winner.key)).update(person=int(joining.loser.key))
    rows = Application.objects.filter(pk__in=moved["applications"], person=int(joining.winner.key))
    rows.update(person=int(joining.loser.key))


register_merge("membership.members", Mover(
    kind="membership.members", label=gettext_lazy("Membership"), preview=_preview, move=_move, back=_back))
