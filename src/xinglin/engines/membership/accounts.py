"""The account of a member's rights and duties: which rights were used, which duties are outstanding (M04)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from .activity import Deed, deeds_of
from .answers import status_of
from .matrix import Word, catalogue, held
from .members import Member
from .tiers import Entitlement, Tier


@dataclass(frozen=True, kw_only=True)
class Right:
    """A right of the member on a day: whether it rests, how often it was used this year, and when last."""

    word: Word
    amount: int | None
    rests: bool
    used: int
    last_on: date | None


@dataclass(frozen=True, kw_only=True)
class Duty:
    """A duty of the member on a day: fulfilled, outstanding, or nothing the house can tell."""

    word: Word
    amount: int | None
    fulfilled: bool | None
    said: str


@dataclass(frozen=True, kw_only=True)
class Account:
    """Rights and duties of a member under the rules in force on a day."""

    tier: Tier | None
    rights: tuple[Right, ...] = ()
    duties: tuple[Duty, ...] = ()


def account_of(member: Member, *, on: date) -> Account:
    """Return the account of a member on a day, by the rules of that day."""
    span = member.tiers.on(on).select_related("tier").first()
    status = status_of(member, on=on)
    if span is None or status is None or status.code == "left":
        return Account(tier=None)
    done = deeds_of(member.holder, from_on=date(on.year, 1, 1), until_on=date(on.year + 1, 1, 1))
    rights = held(tier=span.tier, on=on, kind=Entitlement.Kind.RIGHT)
    duties = held(tier=span.tier, on=on, kind=Entitlement.Kind.DUTY)
    words = catalogue()
    return Account(
        tier=span.tier,
        rights=tuple(_right(words[code], one, status.good, done) for code, one in rights.items()),
        duties=tuple(_duty(words[code], one, status.good, done) for code, one in duties.items()))


def _right(word: Word, one: Entitlement, good: bool, done: list[Deed]) -> Right:
    used = [deed for deed in done if any(use.matches(deed.type, deed.body) for use in word.uses)]
    return Right(word=word, amount=one.amount, rests=word.paid and not good, used=len(used),
                 last_on=used[0].on if used else None)


def _duty(word: Word, one: Entitlement, good: bool, done: list[Deed]) -> Duty:
    fulfilled: bool | None = None
    said = str(_("Not followed here."))
    if word.code == "fee":
        fulfilled, said = good, str(_("Paid or waived.") if good else _("A fee is outstanding."))
    elif word.code == "activity":
        wanted = one.amount or 1
        fulfilled = len(done) >= wanted
        said = str(_("%(done)d of %(wanted)d this year.") % {"done": len(done), "wanted": wanted})
    return Duty(word=word, amount=one.amount, fulfilled=fulfilled, said=said)
