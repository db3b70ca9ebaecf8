"""Publishes what an event offers: a numbered list of prices, before sales open; a later list never changes it (K2)."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.ledger.content import canonical
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Code
from xinglin.lib.marked_yaml import SourceError
from xinglin.mechanics.booking import queueing
from xinglin.mechanics.booking.models import Pool, Queue
from xinglin.mechanics.questionnaires.definition import kept_questionnaire

from ..facts_orders import OfferPublished
from ..meetings import Event, State
from ..offering import Sheet, TicketLine, form_content, wrong_in
from ..offers import Offer, OfferDraft, Option, Price, RegistrationForm, Ticket, Voucher
from ..on_sale import ends_at, item_of, pool_of
from ..policy import identity
from ..registration_policy import may_publish_offer
from ..sign_up import session_item

NAMES = ("title", "title_en", "audience", "channel", "voucher_needed")


class NothingNew(Refusal):
    """The list says what the one in force says."""


class NotInTime(Refusal):
    """Prices are published before sales open."""

    field, regulation = "opens_at", "K2.published"


class EventOver(Refusal):
    """The event is over, cancelled or refused."""


@act
def publish_offer(*, by: Actor, on: date, event: Event, sheet: Sheet, at: datetime) -> Offer:
    """Publish a list under the next number; places are opened or changed with it, all or nothing (K2)."""
    event = Event.objects.one_locked(pk=event.pk)
    require(may_publish_offer(actor=by, event=event))
    if event.state not in (State.DRAFT, State.PROPOSED, State.APPROVED, State.OPEN, State.CLOSED):
        raise EventOver(_("This event is over; nothing is offered any more."))
    before = event.offers.first()
    if before is None and sheet.opens_at < at:
        raise NotInTime(_("The list is published before the sale opens: choose a moment to come."))
    if before is not None and before.content == sheet.content:
        raise NothingNew(_("Nothing was changed since list %(number)d.") % {"number": before.number})
    if problems := [*wrong_in(sheet), *_too_many(event, sheet, on), *_wrong_sessions(event, sheet)]:
        raise Refusals(problems)
    offer = Offer.objects.create(
        event=event, number=before.number + 1 if before else 1, published_at=at, published_by=identity(by),
        opens_at=sheet.opens_at, closes_at=sheet.closes_at, content=sheet.content, form=_form(sheet),
        pay_days=sheet.pay_days, note=sheet.note)
    tickets, options = open_places(event, sheet, at=at)
    _write_prices(offer, sheet, tickets, options)
    OfferDraft.objects.filter(event=event).delete()
    content = canonical(sheet.content)
    state(OfferPublished(
        offer=offer.ref, event=event.ref, number=offer.number,
        digest=Code(hashlib.sha256(content.encode()).hexdigest()), tickets=tuple(one.ref for one in tickets.values()),
        content=content))
    return offer


def _too_many(event: Event, sheet: Sheet, on: date) -> list[Problem]:
    """Refuse more places than the room may hold: what is sold stays below its seats (K8)."""
    share, answer = int(regulations.value("K8.sell_percent", on=on)), []
    rooms = {room.name: room for room in event.rooms.exclude(seats=None)}
    for pool in sheet.pools:
        room = rooms.get(pool.room)
        if room and room.seats and pool.capacity > room.seats * share // 100:
            answer.append(Problem(field="pools", message=_(
                "“%(pool)s”: at most %(most)d places, %(share)d %% of the %(seats)d seats of “%(room)s”.") % {
                    "pool": pool.title, "most": room.seats * share // 100, "share": share, "seats": room.seats,
                    "room": room.name}))
    return answer


def _wrong_sessions(event: Event, sheet: Sheet) -> list[Problem]:
    """Refuse an answer that names no session of the programme, or one whose places are said twice."""
    places = dict(event.sessions.values_list("pk", "places"))
    words = _("“%(choice)s”: name a session of the programme, which has the places.")
    return [Problem(field="questions", message=words % {"choice": choice.zh}) for _question, choice in sheet.options()
        if choice.session is not None and (choice.session not in places or (
            choice.places is not None and places[choice.session] is not None))]


def _form(sheet: Sheet) -> str:
    content = form_content(sheet)
    if content is None:
        return ""
    try:
        form = kept_questionnaire(content)
    except SourceError as wrong:
        raise Refusals([Problem(field="questions", message=str(wrong))]) from None
    RegistrationForm.objects.get_or_create(digest=form.digest, defaults={"content": form.content})
    return form.digest


def open_places(
    event: Event, sheet: Sheet, *, at: datetime,
) -> tuple[dict[str, Ticket], dict[tuple[str, str], Option]]:
    """Open or change the places of a list, inside the act that publishes it or moves its event."""
    pools = {one.code: pool_of(event=event, code=f"pool:{one.code}", capacity=one.capacity, at=at, field="pools")
             for one in sheet.pools}
    queue = _queue(event, sheet, at)
    tickets = {line.code: _ticket(event, line, order, sheet, pools, queue, at)
               for order, line in enumerate(sheet.tickets)}
    options = {}
    sessions = {one.pk: one for one in event.sessions.all()}
    for order, (question, choice) in enumerate(sheet.options()):
        one = Option.objects.filter(event=event, question=question.code, code=choice.code).first() or Option(
            event=event, question=question.code, code=choice.code)
        one.title, one.title_en, one.order = choice.zh, choice.en, order
        one.session = sessions.get(choice.session or 0)
        if one.session and one.session.places is not None:
            one.item = session_item(one.session, at=at)
        elif choice.places is not None:
            name = f"option:{question.code}:{choice.code}"
            pool = pool_of(event=event, code=name, capacity=choice.places, at=at, field="questions")
            # Taken by who has a place of a ticket, or changes what was chosen: so it outlives the sale of tickets.
            one.item = item_of(event=event, code=name, needs={pool: 1}, at=at, until_at=ends_at(event)).pk
        one.save()
        options[question.code, choice.code] = one
    return tickets, options


def _queue(event: Event, sheet: Sheet, at: datetime) -> Queue | None:
    queue = Queue.objects.filter(owner=event.ref, code="opening").first()
    if not sheet.queue_rate:
        return None
    if queue is None:
        return queueing.open_queue(owner=event.ref, code="opening", opens_at=sheet.opens_at, rate=sheet.queue_rate,
                                   channel="online")
    try:
        return queueing.change_queue(queue=queue.pk, opens_at=sheet.opens_at, rate=sheet.queue_rate, at=at)
    except queueing.QueueMoving:
        raise Refusals([Problem(field="opens_at", message=_(
            "The queue lets people in since %(moment)s: the opening stays.") % {
                "moment": timezone.localtime(queue.opens_at).strftime("%Y-%m-%d %H:%M")})]) from None


def _ticket(
    event: Event, line: TicketLine, order: int, sheet: Sheet, pools: Mapping[str, Pool], queue: Queue | None,
    at: datetime,
) -> Ticket:
    ticket = Ticket.objects.filter(event=event, code=line.code).first() or Ticket(event=event, code=line.code)
    for name in NAMES:
        setattr(ticket, name, getattr(line, name))
    needs = {pools[code]: 1 for code in line.pools}
    ticket.days, ticket.order = list(line.days), order
    times = {"from_at": sheet.opens_at, "until_at": sheet.closes_at,
             "waits_until_at": max(sheet.closes_at, ends_at(event)), "queue": queue}
    ticket.item = item_of(event=event, code=f"ticket:{line.code}", needs=needs, at=at, **times).pk
    ticket.group_item = item_of(event=event, code=f"group:{line.code}", needs=needs, at=at, limit=0, **times).pk
    ticket.desk_item = item_of(event=event, code=f"desk:{line.code}", needs=needs, at=at, from_at=sheet.opens_at,
                               until_at=ends_at(event)).pk
    ticket.save()
    return ticket


def _write_prices(
    offer: Offer, sheet: Sheet, tickets: Mapping[str, Ticket], options: Mapping[tuple[str, str], Option],
) -> None:
    rows = [Price(offer=offer, ticket=tickets[one.ticket], amount=one.amount, label=one.label, members=one.members,
                  from_on=one.from_on, until_on=one.until_on) for one in sheet.prices]
    rows += [Price(offer=offer, option=options[question.code, choice.code], amount=choice.amount or 0)
             for question, choice in sheet.options()]
    Price.objects.bulk_create(rows)
    Voucher.objects.bulk_create([Voucher(
        event=offer.event, offer=offer, code=line.code.strip().upper(), title=line.title,
        ticket=tickets.get(line.ticket), percent=line.percent, amount=line.amount, uses=line.uses,
        until_on=line.until_on) for line in sheet.vouchers])
