"""How accounts follow when two entries are one person: each purpose by itself, and no surplus way in stays open."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.kernel.acts import state
from xinglin.kernel.refs import Code

from ..accounts import Account
from ..merging import Joining, Mover, register_merge
from .actions.grants import NotSeparated
from .facts import AccountResumed, AccountStopped
from .models import Grant
from .sessions import end_sessions


def _accounts(joining: Joining) -> tuple[list[Account], list[Account]]:
    """Return which accounts of the loser move, and which personal one is one too many (NotSeparated)."""
    of_loser = list(Account.objects.filter(person=joining.loser.key).order_by("pk"))
    of_winner = Account.objects.filter(person=joining.winner.key)
    grants = Grant.objects.not_over(joining.on)
    both = [grants.filter(account__in=[one.pk for one in some]).exists() for some in (of_loser, of_winner)]
    if all(both):
        raise NotSeparated(_("Both entries hold an administration; one person holds only one."),
                           instead=_("Let the security administrator withdraw one of them first."))
    signs_in = of_winner.filter(purpose=Account.Purpose.PERSON).exists()
    surplus = [one for one in of_loser if signs_in and not one.administers]
    return [one for one in of_loser if one not in surplus], surplus


def _preview(joining: Joining) -> list[str]:
    moves, surplus = _accounts(joining)
    return [*(_("The account %(name)s signs in as the remaining entry") % {"name": one.username} for one in moves),
            *(_("The account %(name)s is stopped: the remaining entry has its own") % {"name": one.username}
              for one in surplus if one.is_active)]


def _move(joining: Joining) -> dict[str, list[int]]:
    moves, surplus = _accounts(joining)
    Account.objects.filter(pk__in=[one.pk for one in moves]).update(person=joining.winner.key)
    stopped = [one for one in surplus if one.is_active]
    for one in stopped:
        one.is_active = False
        one.save()
        end_sessions(account=one)
        state(AccountStopped(account=one.ref, reason=Code("merged")))
    return {"moved": [one.pk for one in moves], "stopped": [one.pk for one in stopped]}


def _back(joining: Joining, kept: Any) -> None:
    Account.objects.filter(pk__in=kept["moved"], person=joining.winner.key).update(person=joining.loser.key)
    for one in Account.objects.filter(pk__in=kept["stopped"], person=joining.loser.key, is_active=False):
        one.is_active = True
        one.save()
        state(AccountResumed(account=one.ref))


register_merge("directory.accounts", Mover(kind="directory.accounts", label=gettext_lazy("Account"), order=8,
                                           preview=_preview, move=_move, back=_back))
