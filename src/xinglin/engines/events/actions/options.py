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

from ..letters import tell_session_off
from ..offering import QuestionLine, sheet_in
from ..offers import Option
from ..orders import Order, OrderLine
from ..places import (
    Party,
    charge,
    confirm_paid,
    hold_options,
    options_in,
    owed_for,
    refund_share,
    said_answers,
    say,
    write_party,
)
from ..pricing import Amount, in_force, option_amounts
from ..programme import Session
from ..registration_policy import sees_order
from ..registrations import Chosen, Registration
from ..sign_up import close_sign_up, forget_sign_up
from .ordering import order_of_its_own
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
    offer, before = in_force(event=row.event_id, at=at), said_answers(row)
    asked = {one.code: one for one in sheet_in(offer).questions}
    wanted = options_in(offer=offer, answers=answers)
    answers = {**{code: one for code, one in before.items() if code not in asked}, **answers}  # asked by older lists
    there = list(row.chosen.exclude(option__question="").select_related("option"))
    added = [option for option in wanted if option not in [one.option for one in there]]
    dropped = [one for one in there if _given_up(one.option, asked, answers)]
    amounts = [one for one in option_amounts(offer=offer, options=added) if one.amount]
    if amounts and row.order and not sees_order(actor=by, registration=row, key=key):
        raise PaidByOthers(_("Somebody else pays for this place: what costs something is added by them."),
                           field=added[0].question, instead=_("Ask those who run the event to add it.")
                           if row.turn else "")
    party = Party(name=row.name, person=row.person, unit_name=row.unit_name, unit=row.unit, email=row.email,
                  mobile=row.mobile, role=row.role, answers=answers)
    write_party(row, party)
    row.form = offer.form if answers else ""
    if not (dropped or added) and _given(before) == _given(said_answers(row)):
        raise Refusal(_("Nothing was changed."))
    if amounts and row.order is None:
        order_of_its_own(row, by=by, on=on, at=at, offer=offer)
    amounts += _credits(row, [one.option for one in dropped], on=on)
    _take_off(dropped, at=at)
    hold_options(registration=row, options=added, on=on, at=at)
    lines = charge_more(row, amounts, on=on, at=at)
    row.save()
    say(row, what="options", lines=lines)
    if row.order:
        confirm_paid(row.order, on=on)
    return row


def _given_up(option: Option, asked: Mapping[str, QuestionLine], answers: Mapping[str, Any]) -> bool:
    """Say whether an option that was not chosen again is given back: the list offers it, or another takes its place."""
    question, said = asked.get(option.question), answers.get(option.question)
    if question is None or option.code in (said if isinstance(said, list | tuple) else [str(said)]):
        return False
    offered = option.code in [one.code for one in question.choices]
    return offered or (question.kind != "many" and bool(said))


def _given(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in answers.items() if one not in (None, "", [], False)}


def _credits(row: Registration, options: Sequence[Option], *, on: date) -> list[Amount]:
    """Return what is taken off for options given back: as of a place, a part is kept of what was paid only."""
    if row.order is None:
        return []
    lines = [line for one in options if (line := _charged(row, one))]
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


def _charged(row: Registration, option: Option) -> OrderLine | None:
    """Return by which line an option is charged now: None for what was free, or was dropped since."""
    line = row.lines.filter(price__option=option).order_by("pk").last()
    return line if line and line.amount > 0 else None


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
        one = chosen.get(line.price.option_id)
        if one and _charged(row, one.option) == line:
            break
    else:
        return False
    _drop(row, one, why="unpaid", on=on, at=at)
    return True


def drop_session(*, session: Session, on: date, at: datetime) -> None:
    """Take a session that leaves the programme off every place, inside an act: what was paid goes back, all hear."""
    places = Registration.objects.live().filter(chosen__option__session=session).order_by("order_id", "pk").distinct()
    found = list(places.values_list("order_id", "pk"))
    if found and session.until_at <= at:
        raise Refusal(_("It is over: those who had a place of it keep it on their programme."))
    orders = {pk: Order.objects.one_locked(pk=pk) for pk, _row in found if pk}  # all before any place comes back
    rows = [Registration.objects.one_locked(pk=pk) for _order, pk in sorted(found, key=lambda one: one[1])]
    waiters = close_sign_up(session, at=at)  # nobody is offered what comes back
    if list(places.values_list("order_id", "pk")) != found:
        raise Refusal(_("Somebody signed up for it this very moment: look at the page again."))
    for row in rows:
        before = owed_for(orders[row.order_id]) if row.order_id else Decimal(0)
        for one in row.chosen.filter(option__session=session).select_related("option"):
            _drop(row, one, why="session", on=on, at=at)
        owed = owed_for(orders[row.order_id]) if row.order_id else Decimal(0)
        tell_session_off(row, session, back=max(Decimal(0), -owed) - max(Decimal(0), -before))
        if row.order:
            confirm_paid(row.order, on=on)
    for row in Registration.objects.live().filter(pk__in=waiters).exclude(pk__in=[row.pk for row in rows]):
        tell_session_off(row, session, back=Decimal(0))
    forget_sign_up(session)


def _drop(row: Registration, one: Chosen, *, why: str, on: date, at: datetime) -> None:
    """Take an option off a place, with nothing kept of its price."""
    line = _charged(row, one.option)
    _take_off([one], at=at)
    lines: list[OrderLine] = []
    if row.order and line:
        off = Amount(sort=OrderLine.Sort.DROPPED, amount=-line.amount, price=line.price)
        lines = charge(order=row.order, registration=row, amounts=[off], on=on)
    row.answers = json.dumps(_without(said_answers(row), one.option), ensure_ascii=False)
    row.save(update_fields=["answers"])
    say(row, what="options", why=why, lines=lines)


def _without(answers: dict[str, Any], option: Option) -> dict[str, Any]:
    said = answers.get(option.question)
    if isinstance(said, list):
        return {**answers, option.question: [one for one in said if one != option.code]}
    return {name: one for name, one in answers.items() if name != option.question}
