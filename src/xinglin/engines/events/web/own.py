"""Own pages, reached by a secret address or an account: a registration with its ticket, an order, all of mine."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.directory.answers import collecting_account
from xinglin.kernel import clock
from xinglin.kernel.policy import Problem
from xinglin.lib.square_codes import square_code
from xinglin.mechanics.booking.values import Held, Waitlisted
from xinglin.shell.web import done, perform

from ..actions.handing_over import name_registration, transfer_registration
from ..actions.orders import name_many
from ..actions.registrations import cancel_registration
from ..carts import stands, who_asks
from ..names_pasted import parties_in
from ..orders import Order
from ..paying import service
from ..places import Party, giving_back
from ..registrations import LIVE, Draft, Registration, State
from ..tickets import ticket_square
from .registering_forms import HandForm, NamesForm

RELATED = ("event__organisation", "ticket__event", "order", "person", "unit", "voucher")


def _row(key: str) -> Registration:
    return get_object_or_404(Registration.objects.select_related(*RELATED), key=key)


def own(request: HttpRequest, key: str) -> HttpResponse:
    """Show a registration to who bears its address: the ticket, what is owed, what can still be done."""
    return own_page(request, _row(key))


def own_page(request: HttpRequest, row: Registration, **bound: Any) -> HttpResponse:
    """Show one registration; `bound` are forms that came back."""
    on = clock.today()
    order = Order.objects.weighed().get(pk=row.order_id) if row.order_id else None
    form = HandForm(initial={"name": row.name, "unit_name": row.unit_name, "mobile": row.mobile, "email": row.email})
    forms = {"name_form": form, "hand_form": HandForm(prefix="to"), **bound}
    return render(request, "events/own.html", {
        "row": row, "event": row.event, "order": order, "on": on, "over": on >= row.event.until_on,
        "square": ticket_square(row) if row.admits else None, "given": giving_back(registration=row, on=on),
        "account": collecting_account(on=on), "chosen": row.chosen.select_related("option"), **forms},
        status=422 if any(one.failed for one in forms.values()) else 200)


@require_POST
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Give the place back; what goes back of the fee was shown before."""
    row = _row(key)
    outcome = perform(request, cancel_registration, registration=row, key=key, at=clock.now())
    if outcome.refusal:
        raise outcome.refusal
    return done(request, _("Given back."), reverse("events:own", args=[key]))


@require_POST
def hand_over(request: HttpRequest, key: str) -> HttpResponse:
    """Hand the place over; the new ticket has an address of its own, which is shown once."""
    row, form = _row(key), HandForm(request.POST, prefix="to")
    if form.is_valid():
        outcome = perform(request, transfer_registration, form, registration=row, key=key, at=clock.now(),
                          to=Party(**form.cleaned_data))
        if outcome.ok:
            return done(request, _("Handed over. Send the address of this page to %(name)s; the old one is dead.") % {
                "name": outcome.answer.name}, reverse("events:own", args=[outcome.answer.key]))
    return own_page(request, row, hand_form=form)


@require_POST
def name(request: HttpRequest, key: str) -> HttpResponse:
    """Put a name or an address right."""
    row, form = _row(key), HandForm(request.POST)
    if form.is_valid():
        party = Party(person=row.person, unit=row.unit, role=row.role, **form.cleaned_data)
        if perform(request, name_registration, form, registration=row, key=key, party=party).ok:
            return done(request, _("Put right."), reverse("events:own", args=[key]))
    return own_page(request, row, name_form=form)


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
    rows = Registration.objects.select_related("event", "ticket", "order")
    theirs = rows.filter(who=who) | (rows.filter(person=who.key) if who.kind == "directory.person" else rows.none())
    begun = []
    for draft in Draft.objects.filter(who=who).select_related("event", "ticket").order_by("pk"):
        now = stands(draft, at=at)
        if isinstance(now, Waitlisted) or (isinstance(now, Held) and now.state == "held"):
            begun.append((draft, now if isinstance(now, Waitlisted) else None))
    return render(request, "events/mine.html", {
        "rows": theirs.exclude(state=State.CANCELLED).order_by("event__from_on"), "begun": begun, "on": clock.today(),
        "cancelled": theirs.filter(state=State.CANCELLED).order_by("-cancelled_on")[:20]})
