"""Own pages, reached by a secret address or an account: a registration with its ticket, an order, all of mine."""

from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.directory.answers import collecting_account
from xinglin.directory.security.rates import limited
from xinglin.kernel import clock
from xinglin.kernel.policy import Problem
from xinglin.kernel.refs import Ref
from xinglin.lib.square_codes import square_code
from xinglin.mechanics.booking.values import Held, Waitlisted
from xinglin.shell.asking import actor_of
from xinglin.shell.web import done, perform, signed_in

from ..actions.handing_over import claim_registration, name_registration, transfer_registration
from ..actions.orders import name_many
from ..actions.registrations import cancel_registration
from ..carts import VISITOR, stands, who_asks
from ..names_pasted import parties_in
from ..offers import Offer
from ..orders import Order
from ..paying import service
from ..places import Party, giving_back
from ..registration_policy import sees_order
from ..registrations import LIVE, Draft, Registration, State
from ..tickets import ticket_square
from .own_forms import CorrectForm
from .registering_forms import HandForm, NamesForm

RELATED = ("event__organisation", "ticket__event", "order", "person", "unit", "voucher")


def row_of(key: str) -> Registration:
    """Return the registration whose address bears a key (404)."""
    return get_object_or_404(Registration.objects.select_related(*RELATED), key=key)


def borne(request: HttpRequest, row: Registration) -> str:
    """Return the key that the reader bears: the order's, which a payer brings along, else the place's."""
    order = row.order.key if row.order and not row.turn else ""
    return order if order and request.GET.get("order") == order else row.key


def address_of(request: HttpRequest, row: Registration) -> str:
    """Return the address of a registration for who bears this key."""
    key = borne(request, row)
    return reverse("events:own", args=[row.key]) + ("" if key == row.key else f"?order={key}")


def own(request: HttpRequest, key: str) -> HttpResponse:
    """Show a registration to who bears its address: the ticket, what is owed, what can still be done."""
    return own_page(request, row_of(key))


def own_page(request: HttpRequest, row: Registration, **bound: Any) -> HttpResponse:
    """Show one registration; `bound` are forms that came back."""
    on, actor = clock.today(), actor_of(request)
    order = Order.objects.weighed().get(pk=row.order_id) if row.order_id else None
    forms = {"name_form": CorrectForm(row=row), "hand_form": HandForm(prefix="to"), **bound}
    return render(request, "events/own.html", {
        "row": row, "event": row.event, "order": order, "on": on, "over": on >= row.event.until_on,
        "pays": order and sees_order(actor=actor, registration=row, key=borne(request, row)),
        "alone": order and order.registrations.count() == 1, "asked": form_in_force(row), "may_claim":
        actor.person is not None and row.person is None, "with_key": request.GET.urlencode(),
        "square": ticket_square(row) if row.admits else None, "given": giving_back(registration=row, on=on),
        "account": collecting_account(on=on), "chosen": row.chosen.select_related("option"), **forms},
        status=422 if any(one.failed for one in forms.values()) else 200)


def form_in_force(row: Registration) -> str:
    """Return the form that is asked of who registers for an event today, "" when there is none."""
    offer = Offer.objects.in_force(event=row.event_id, at=clock.now())
    return offer.form if offer else ""


@require_POST
@limited("event_own")
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Give the place back; what goes back of the fee was shown before."""
    row = row_of(key)
    outcome = perform(request, cancel_registration, registration=row, key=borne(request, row), at=clock.now())
    if outcome.refusal:
        raise outcome.refusal
    return done(request, _("Given back."), address_of(request, row))


@require_POST
@limited("event_own")
def hand_over(request: HttpRequest, key: str) -> HttpResponse:
    """Hand the place over; the new ticket is sent to who comes, and nobody else has its address."""
    row, form = row_of(key), HandForm(request.POST, prefix="to")
    if form.is_valid():
        outcome = perform(request, transfer_registration, form, registration=row, key=borne(request, row),
                          at=clock.now(), to=Party(**form.cleaned_data))
        if outcome.ok:
            return done(request, _("Handed over: the new ticket was sent to %(name)s, the old one is dead.") % {
                "name": outcome.answer.name}, reverse("events:site", args=[row.event_id]))
    return own_page(request, row, hand_form=form)


@require_POST
@limited("event_own")
def name(request: HttpRequest, key: str) -> HttpResponse:
    """Put a name or an address right."""
    row = row_of(key)
    form = CorrectForm(request.POST, row=row)
    if form.is_valid():
        party = Party(person=row.person, unit=row.unit, role=row.role, **form.cleaned_data)
        if perform(request, name_registration, form, registration=row, key=borne(request, row), party=party).ok:
            return done(request, _("Put right."), address_of(request, row))
    return own_page(request, row, name_form=form)


@require_POST
@limited("event_own")
@signed_in
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """Take a place that somebody bought for the reader into their account."""
    row = row_of(key)
    outcome = perform(request, claim_registration, key=row.key, at=clock.now())
    if outcome.refusal:
        raise outcome.refusal
    return done(request, _("The place is yours: it stands under your registrations."), address_of(request, row))


def own_order(request: HttpRequest, key: str) -> HttpResponse:
    """Show an order to who bears its address: how to pay, what came, who comes."""
    order = get_object_or_404(Order.objects.weighed().select_related("event__organisation", "offer"), key=key)
    return order_page(request, order, NamesForm())


def order_page(request: HttpRequest, order: Order, form: NamesForm, wrong: tuple[Problem, ...] = ()) -> HttpResponse:
    """Show one order; `wrong` are the lines that were not right."""
    rows = list(order.registrations.select_related("ticket").order_by("pk"))
    return render(request, "events/own_order.html", {
        "order": order, "event": order.event, "rows": rows, "names_form": form, "wrong": wrong,
        "unnamed": sum(1 for one in rows if one.state in LIVE and not one.named),
        "lines": _summed(order),
        "payments": order.payments.all(), "refunds": order.refunds.all(), "back": -min(order.owed, 0),
        "account": collecting_account(on=clock.today()), "square": square_code(order.code),
        "pay_url": reverse("events:pay", args=[order.key]) if service() else ""},
        status=422 if form.failed or wrong else 200)


def _summed(order: Order) -> list[tuple[str, int, Decimal]]:
    """Return the amounts of an order, alike ones together: what for, how many, how much."""
    found: dict[tuple[str, Decimal], int] = {}
    for one in order.lines.select_related("price__ticket", "price__option"):
        what = (one.price.ticket or one.price.option) if one.price else ""
        label = f"{one.get_sort_display()}　{what}".strip("　")
        found[label, one.amount] = found.get((label, one.amount), 0) + 1
    return [(label, count, amount * count) for (label, amount), count in found.items()]


@require_POST
@limited("event_own")
def names(request: HttpRequest, key: str) -> HttpResponse:
    """Take names in; right lines are kept, wrong ones come back with what would be right."""
    order = get_object_or_404(Order.objects.weighed().select_related("event__organisation", "offer"), key=key)
    form = NamesForm(request.POST)
    if not form.is_valid():
        return order_page(request, order, form)
    text = form.cleaned_data["names"]
    rows, wrong = parties_in(text=text)
    kept = 0
    if rows:
        outcome = perform(request, name_many, form, order=order, rows=rows, key=key)
        if outcome.ok:
            kept, wrong = len(outcome.answer.kept), [*wrong, *outcome.answer.problems]
    if kept and not wrong:
        return done(request, ngettext("%(n)d name kept.", "%(n)d names kept.", kept) % {"n": kept},
                    reverse("events:own_order", args=[key]))
    lines = text.splitlines()
    left = "\n".join(lines[one.row - 1] for one in wrong if one.row and one.row <= len(lines))
    again = NamesForm(initial={"names": left}) if not form.failed else form
    return order_page(request, order, again, tuple(sorted(wrong, key=lambda one: one.row or 0)))


def mine(request: HttpRequest) -> HttpResponse:
    """Show everything the reader registered for, and where they wait."""
    who = who_asks(request)
    if who is None:
        return redirect("events:visitor")
    at = clock.now()
    theirs = _theirs(request, who)
    begun = []
    for draft in Draft.objects.filter(who=who).select_related("event", "ticket").order_by("pk"):
        now = stands(draft, at=at)
        if isinstance(now, Waitlisted) or (isinstance(now, Held) and now.state == "held"):
            begun.append((draft, now if isinstance(now, Waitlisted) else None))
    return render(request, "events/mine.html", {
        "rows": theirs.exclude(state=State.CANCELLED).order_by("event__from_on"), "begun": begun, "on": clock.today(),
        "orders": _for_others(request, theirs),
        "guests": Registration.objects.live().of_guests(who).filter(order=None).select_related("event", "ticket")[:50],
        "cancelled": theirs.filter(state=State.CANCELLED).order_by("-cancelled_on")[:20]})


def _theirs(request: HttpRequest, who: Ref) -> QuerySet[Registration]:
    """Return the places of the reader: booked by them, in their name, or sent to the e-mail address they confirmed."""
    mine = Q(who=who)
    if who.kind == "directory.person":
        mine |= Q(person=who.key)
    elif who.kind == "events.visitor":
        mine |= Q(email__iexact=request.session[VISITOR], person=None)
    return Registration.objects.filter(mine).select_related("event", "ticket", "order")


def _for_others(request: HttpRequest, theirs: QuerySet[Registration]) -> QuerySet[Order]:
    """Return the orders that the reader placed or pays for other people's places."""
    actor = actor_of(request)
    mine = Q(account=actor.ref) if actor.ref.kind == "directory.account" else Q(pk=None)
    if actor.person:
        mine |= Q(person=actor.person.key)
    others = Registration.objects.filter(order=OuterRef("pk")).exclude(pk__in=theirs.values("pk"))
    return Order.objects.weighed().filter(mine, Exists(others)).select_related("event")[:50]
