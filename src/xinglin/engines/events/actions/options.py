"""Changes the options of a place: added at the price in force, given back by the refund rule, dropped when unpaid."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal
from xinglin.mechanics.booking import holding

from ..keys import new_key
from ..offers import Option
from ..orders import Order, OrderLine, Way
from ..places import (
    Party,
    charge,
    confirm_paid,
    hold_options,
    options_in,
    refund_share,
    said_answers,
    say,
    write_party,
)
from ..pricing import Amount, in_force, option_amounts
from ..registration_policy import bears_costs
from ..registrations import Chosen, Registration
from .ordering import Payer, order_for
from .registrations import charge_more, in_time, opened


class PaidByOthers(Refusal):
    """What costs something is added by who pays for it."""


@act
@open_to("member")
def change_options(
    *, by: Actor, on: date, at: datetime, registration: Registration, answers: Mapping[str, Any], key: str = "",
) -> Registration:
    """Change what was chosen: added at the price of the list in force, dropped by the refund rule (K2)."""
    row = opened(by, registration, key)
    in_time(row, on)
    wanted = options_in(event=row.event, answers=answers)
    there = {one.option_id: one for one in row.chosen.exclude(option__question="").select_related("option")}
    dropped = [one for pk, one in there.items() if pk not in {option.pk for option in wanted}]
    added = [option for option in wanted if option.pk not in there]
    offer = in_force(event=row.event_id, at=at)
    amounts = [one for one in option_amounts(offer=offer, options=added) if one.amount]
    if amounts and row.order and not bears_costs(actor=by, registration=row, key=key):
        raise PaidByOthers(_("Somebody else pays for this place: what costs something is added by them."),
                           field=added[0].question)
    party = Party(name=row.name, person=row.person, unit_name=row.unit_name, unit=row.unit, email=row.email,
                  mobile=row.mobile, role=row.role, answers=answers)
    before = said_answers(row)
    write_party(row, party)
    row.form = offer.form if answers else ""
    if not (dropped or added) and _given(before) == _given(said_answers(row)):
        raise Refusal(_("Nothing was changed."))
    if amounts and row.order is None:
        row.order = order_for(by=by, on=on, at=at, event=row.event, offer=offer, request=f"options:{new_key()}",
                              payer=Payer(name=row.name, person=row.person, email=row.email, mobile=row.mobile),
                              way=Way.TRANSFER)
    amounts += _credits(row, [one.option for one in dropped], on=on)
    _take_off(dropped, at=at)
    hold_options(registration=row, options=added, on=on, at=at)
    lines = charge_more(row, amounts, on=on, at=at)
    row.save()
    say(row, what="options", lines=lines)
    if row.order:
        confirm_paid(row.order, on=on)
    return row


def _given(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in answers.items() if one not in (None, "", [], False)}


def _credits(row: Registration, options: Sequence[Option], *, on: date) -> list[Amount]:
    """Return what is taken off for options given back: as of a place, a part is kept of what was paid only."""
    if row.order is None:
        return []
    lines = [line for one in options if (line := row.lines.filter(price__option=one, amount__gt=0).last())]
    share = refund_share(registration=row, on=on).percent
    order = Order.objects.weighed().get(pk=row.order.pk)
    rest = order.total - sum(one.amount for one in lines)
    free = max(Decimal(0), order.received - order.sent_back - rest)  # of what came, what the rest does not need
    answer = []
    for line in lines:
        kept = min(free, line.amount - (line.amount * share / 100).quantize(line.amount))
        free -= kept
        if line.amount > kept:
            answer.append(Amount(sort=OrderLine.Sort.DROPPED, amount=kept - line.amount, price=line.price))
    return answer


def _take_off(dropped: Sequence[Chosen], *, at: datetime) -> None:
    for one in dropped:
        if one.booking:
            holding.cancel(token=one.booking, at=at)
        one.delete()


def drop_unpaid(*, registration: Registration, on: date, at: datetime) -> bool:
    """Take the last option off a place again that nobody paid, inside an act; False when it is the place that is owed.

    Of a place that was paid once only what was added since is lost, with nothing kept of it.
    """
    row = Registration.objects.one_locked(pk=registration.pk)
    chosen = {one.option_id: one for one in row.chosen.select_related("option")}
    for line in row.lines.filter(amount__gt=0).select_related("price__option").order_by("-pk"):
        if line.sort != OrderLine.Sort.OPTION or line.price is None:
            return False
        if one := chosen.get(line.price.option_id):
            break
    else:
        return False
    _take_off([one], at=at)
    off = Amount(sort=OrderLine.Sort.DROPPED, amount=-line.amount, price=line.price)
    lines = charge(order=row.order, registration=row, amounts=[off], on=on) if row.order else []
    row.answers = json.dumps(_without(said_answers(row), one.option), ensure_ascii=False)
    row.save(update_fields=["answers"])
    say(row, what="options", why="unpaid", lines=lines)
    return True


def _without(answers: dict[str, Any], option: Option) -> dict[str, Any]:
    said = answers.get(option.question)
    if isinstance(said, list):
        return {**answers, option.question: [one for one in said if one != option.code]}
    return {name: one for name, one in answers.items() if name != option.question}
