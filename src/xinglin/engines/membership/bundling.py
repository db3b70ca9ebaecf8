"""Requests for payment: bills that one payer settles by one transfer, under one code."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import Refusal, require
from xinglin.lib.transfer_codes import code_for

from .billing import free_codes
from .fees import Bundle, Charge
from .members import Member
from .policy import may_keep_fees

_ATTEMPTS = 20  # the same bills gathered again bear another code


class TooOften(Refusal):
    """These bills were gathered as often as codes are known again."""

    field = "charges"


class NothingToGather(Refusal):
    """None of these bills asks for money, or their memberships are over."""

    field = "charges"


@transaction.atomic
def gather_bills(*, by: Actor, on: date, payer: Member, charges: Sequence[Charge]) -> Bundle:
    """Put open bills under one transfer code; a note for the payer, what is booked later are the bills themselves."""
    require(may_keep_fees(actor=by))
    keys = list(Charge.objects.to_pay().filter(pk__in=[one.pk for one in charges]).values_list("pk", flat=True))
    if not keys:
        raise NothingToGather(_("Nothing is owed on these bills."))
    [code] = free_codes([_what(payer, keys)])
    bundle = Bundle.objects.create(payer=payer, code=code, made_by=by.ref, made_on=on)
    bundle.charges.set(keys)
    if not fits(bundle):
        last = Bundle.objects.filter(payer=payer, charges__in=keys).exclude(pk=bundle.pk).latest("pk")
        raise TooOften(_("These bills were gathered %(n)d times. Use the code %(code)s.") % {
            "n": _ATTEMPTS, "code": last.code})
    return bundle


def _what(payer: Member, keys: Sequence[int]) -> str:
    return f"bundle/{payer.serial}/{','.join(map(str, sorted(keys)))}"


def fits(bundle: Bundle) -> bool:
    """Say whether the code was given for this payer and these very bills; a bundle changed since settles nothing."""
    what = _what(bundle.payer, list(bundle.charges.values_list("pk", flat=True)))
    return any(bundle.code == code_for(what=what, attempt=attempt) for attempt in range(_ATTEMPTS))


def owed_on(bundle: Bundle) -> tuple[list[Charge], Decimal]:
    """Return the bills of a bundle that still ask for money, and how much together: none when it was changed."""
    if not fits(bundle):
        return [], Decimal(0)
    bills = list(bundle.charges.to_pay().select_related("spell__member__person", "spell__member__unit"))
    return bills, sum((one.rest for one in bills), Decimal(0))
