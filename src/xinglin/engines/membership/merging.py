"""How memberships and applications follow when two entries of the directory are one person."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.directory.merging import Joining, Mover, register_merge
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
    if _of(joining.winner.key) is None:
        return [_("Membership %(number)s") % {"number": member.number}]
    if member.spells.filter(ended_on=None).exists():
        return [_("Both are members: end the membership %(number)s first.") % {"number": member.number}]
    return [_("The ended membership %(number)s stays with the entry that gives way.") % {"number": member.number}]


def _move(joining: Joining) -> Any:
    member, other = _of(joining.loser.key), _of(joining.winner.key)
    if member and other and member.spells.filter(ended_on=None).exists():
        raise BothMembers(_("Both are members: end the membership %(number)s first.") % {"number": member.number})
    applications = list(Application.objects.filter(person=int(joining.loser.key)).values_list("pk", flat=True))
    Application.objects.filter(pk__in=applications).update(person=int(joining.winner.key))
    moved = member.pk if member and other is None else None
    Member.objects.filter(pk=moved).update(person=int(joining.winner.key))
    return {"member": moved, "applications": applications}


def _back(joining: Joining, moved: Any) -> None:
    Member.objects.filter(pk=moved["member"], person=int(joining.winner.key)).update(person=int(joining.loser.key))
    rows = Application.objects.filter(pk__in=moved["applications"], person=int(joining.winner.key))
    rows.update(person=int(joining.loser.key))


register_merge("membership.members", Mover(
    kind="membership.members", label=gettext_lazy("Membership"), preview=_preview, move=_move, back=_back))
