"""Public pages of registering: choose a ticket, hold a place, fill in the form; an account or a confirmed e-mail."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory.models import Person
from xinglin.kernel import clock
from xinglin.mechanics.booking import holding, queueing, waiting
from xinglin.mechanics.booking.models import Queue
from xinglin.mechanics.booking.passes import give_pass
from xinglin.mechanics.booking.values import Held, Left, Place, Refused, Waitlisted
from xinglin.mechanics.questionnaires.forms import AnswersForm, answers_form
from xinglin.shell.asking import actor_of
from xinglin.shell.web import done, perform

from ..actions.ordering import Payer
from ..actions.orders import place_order
from ..actions.registrations import Again, register
from ..carts import VISITOR, begin, save, stands, typed_of, who_asks
from ..meetings import Event, State
from ..offering import form_of
from ..offers import Offer, Price, Ticket
from ..places import Party
from ..pricing import in_force, is_member, price_of, promised
from ..registrations import Draft, Registration
from .registering_forms import GroupForm, PartyForm, PayForm
from .site import open_event


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A ticket as it is offered to this reader today."""

    ticket: Ticket
    price: Price | None
    left: Left | None
    others: list[Price]
    waits: Waitlisted | None
    holds: Held | None


def choices_of(event: Event, offer: Offer, *, who: Any) -> list[Choice]:
    """Return the tickets of a list with what they cost this reader today and what is left."""
    at, on = clock.now(), clock.today()
    member = bool(who) and is_member(who=[who], on=on)
    tickets = list(Ticket.objects.offered(offer=offer).order_by("order", "pk"))
    left = holding.left(items=[one.item for one in tickets], at=at, channel="online")
    held = {one.item: one for one in holding.held_by(who=who, items=list(left), at=at)} if who else {}
    waits = {one.item: one for one in waiting.waits_of(who=who, items=list(left), at=at)} if who else {}
    answer = []
    for one in tickets:
        price = price_of(offer=offer, ticket=one, member=member, on=on)
        others = [line for line in offer.prices.filter(ticket=one) if price is None or line.pk != price.pk]
        answer.append(Choice(ticket=one, price=price, left=left.get(one.item), others=others,
                             waits=waits.get(one.item), holds=held.get(one.item)))
    return answer


def queue_of(event: Event, *, who: Any) -> tuple[Queue | None, Place | None]:
    """Return the queue of an event while it still lets in, and the reader's place in it."""
    queue = Queue.objects.filter(owner=event.ref, code="opening").first()
    if queue is None or not Ticket.objects.filter(event=event, item__in=queue.items.values("pk")).exists():
        return None, None
    return queue, queueing.place_in_queue(queue=queue.pk, who=who, at=clock.now()) if who else None


def choose(request: HttpRequest, key: int) -> HttpResponse:
    """Show what is offered; hold a place, or take one on the waiting list."""
    event, who = open_event(request, key), who_asks(request)
    offer = Offer.objects.in_force(event=event.pk, at=clock.now())
    if offer is None:
        raise Http404
    mine = Registration.objects.live().filter(event=event, who=who).first() if who else None
    if request.method == "POST" and event.state == State.OPEN:
        if who is None:
            return redirect(f"{reverse('events:visitor')}?event={event.pk}")
        return _take(request, event, who)
    queue, place = queue_of(event, who=who)
    choices = choices_of(event, offer, who=who)
    return render(request, "events/choose.html", {
        "event": event, "offer": offer, "choices": choices, "who": who, "mine": mine, "queue": queue, "place": place,
        "not_yet": clock.now() < offer.opens_at, "closed": event.state != State.OPEN or offer.closes_at <= clock.now(),
        "pass": give_pass(who=who, at=clock.now(), items=[one.ticket.item for one in choices], purpose=str(event.ref),
                          queue=queue.pk if queue else None, language=get_language() or "zh-hans") if who else ""})


def _take(request: HttpRequest, event: Event, who: Any) -> HttpResponse:
    """Hold what was chosen, or join the waiting list when that was asked."""
    ticket = get_object_or_404(Ticket, event=event, pk=request.POST.get("ticket") or 0)
    said = request.POST.get("quantity", "1")
    quantity = int(said) if said.isdecimal() and 1 <= int(said) <= 200 else 1
    item, at = ticket.item if quantity == 1 else ticket.group_item, clock.now()
    if request.POST.get("queue"):
        queue, _place = queue_of(event, who=who)
        if queue:
            queueing.join_queue(queue=queue.pk, who=who, at=at)
        return redirect("events:choose", event.pk)
    found: Held | Waitlisted | Refused
    if request.POST.get("wait"):
        found = waiting.wait(item=item, who=who, quantity=quantity, least=quantity, at=at, channel="online")
    else:
        found = holding.hold(item=item, who=who, quantity=quantity, at=at, channel="online",
                             key=f"{event.ref}:{quantity}")
    if isinstance(found, Refused):
        return done(request, found.message, reverse("events:choose", args=[event.pk]), level="warn")
    return redirect("events:fill_in", _begin(request, found, ticket).key)


def _begin(request: HttpRequest, found: Held | Waitlisted, ticket: Ticket) -> Draft:
    actor = actor_of(request)
    return begin(held=found, ticket=ticket, email=request.session.get(VISITOR, ""),
                 account=actor.ref if actor.ref.kind == "directory.account" else "")


@require_POST
def held(request: HttpRequest, key: int) -> HttpResponse:
    """Go on with a place that the seat path gave."""
    event, at = open_event(request, key), clock.now()
    found = holding.look(token=request.POST.get("token", ""), at=at)
    if isinstance(found, Refused) or found.who != who_asks(request):
        return done(request, _("This place is not held any more."), reverse("events:choose", args=[key]), level="warn")
    ticket = get_object_or_404(Ticket, event=event, item=found.item)
    return redirect("events:fill_in", _begin(request, found, ticket).key)


def fill_in(request: HttpRequest, key: str) -> HttpResponse:
    """Show the form while the place is held; else where one waits, or that the place went back."""
    draft = get_object_or_404(Draft.objects.select_related("event__organisation", "ticket__event"), key=key)
    now = stands(draft, at=clock.now())
    if isinstance(now, Held) and now.state == "confirmed":
        return _there(draft)
    if isinstance(now, Waitlisted):
        return render(request, "events/waiting.html", {"draft": draft, "event": draft.event, "waits": now})
    if isinstance(now, Refused):
        return render(request, "events/lapsed.html", {"draft": draft, "event": draft.event, "reason": now.message},
                      status=410)
    forms = _forms(request, draft)
    if request.method == "POST":
        save(draft, typed=_typed(forms))
        if _valid(forms) and (answer := _send(request, draft, forms)):
            return answer
    offer, day = promised(ticket=draft.ticket, token=draft.hold)
    member = is_member(who=[now.who], on=day)
    return render(request, "events/fill_in.html", {
        "draft": draft, "event": draft.event, "forms": forms, "offer": offer, "hold": now, "group": now.quantity > 1,
        "price": price_of(offer=offer, ticket=draft.ticket, member=member, on=day), "member": member,
        "seconds": int((now.expires_at - clock.now()).total_seconds()) if now.expires_at else 0,
        "failed": any(form.failed for form in forms.values())},
        status=422 if any(form.failed for form in forms.values()) else 200)


def _valid(forms: dict[str, Any]) -> bool:
    """Check every form, so that all errors are said at once."""
    return False not in [form.is_valid() for form in forms.values()]


def _there(draft: Draft) -> HttpResponse:
    row = Registration.objects.live().filter(booking=draft.hold).select_related("order").first()
    if row is None:
        raise Http404
    if draft.quantity > 1 and row.order:
        return redirect("events:own_order", row.order.key)
    return redirect("events:own", row.key)


def _forms(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    typed, data = typed_of(draft), request.POST if request.method == "POST" else None
    pay = PayForm(data, ticket=draft.ticket, initial=typed)
    if draft.quantity > 1:
        return {"party": GroupForm(data, initial={"email": draft.email, **typed}), "pay": pay}
    party = PartyForm(data, initial={**_known(request), "email": draft.email, **typed})
    offer, _day = promised(ticket=draft.ticket, token=draft.hold)
    forms: dict[str, Any] = {"party": party, "pay": pay}
    if offer.form:
        made = answers_form(form_of(offer.form), on=clock.today())
        check = reverse("events:check_answer", args=[draft.key])
        forms["more"] = made(data, check_url=check) if data is not None else made(initial=typed, check_url=check)
    return forms


def _known(request: HttpRequest) -> dict[str, str]:
    """Return what the directory knows of the reader, so that nobody types it again."""
    actor = actor_of(request)
    person = Person.objects.filter(pk=actor.person.key).first() if actor.person else None
    if person is None:
        return {}
    return {"name": person.name, "unit_name": person.workplace or "", "mobile": person.mobile, "email": person.email}


def _typed(forms: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for form in forms.values():
        answer.update(form.typed() if hasattr(form, "typed") else {
            name: form.data.get(form.add_prefix(name), "") for name in form.fields})
    return answer


def _send(request: HttpRequest, draft: Draft, forms: dict[str, Any]) -> HttpResponse | None:
    said, pay = forms["party"].cleaned_data, forms["pay"].cleaned_data
    given: dict[str, Any] = {"at": clock.now(), "token": draft.hold, "voucher": pay["voucher"],
                             "way": pay["way"] or "transfer"}
    if draft.quantity > 1:
        payer = Payer(name=said["name"], email=said["email"], mobile=said["mobile"])
        outcome = perform(request, place_order, forms["party"], payer=payer, **given)
        target = lambda: reverse("events:own_order", args=[outcome.answer.key])  # noqa: E731
    else:
        answers = forms["more"].cleaned_data if "more" in forms else {}
        outcome = perform(request, register, forms["party"], party=Party(**said, answers=answers), **given)
        target = lambda: reverse("events:own", args=[outcome.answer.key])  # noqa: E731
    if isinstance(outcome.refusal, Again):
        return _there(draft)
    if not outcome.ok:
        _spread(forms, outcome.refusal)
        return None
    return done(request, _("Registered."), target())


def _spread(forms: dict[str, Any], refusal: Any) -> None:
    """Put a refusal beside the question of another form that it names."""
    named = {problem.field for problem in getattr(refusal, "problems", ())} | {refusal.field}
    for name in ("more", "pay"):
        if name in forms and named & set(forms[name].fields):
            forms[name].refuse(refusal)


@require_POST
def check_answer(request: HttpRequest, key: str) -> HttpResponse:
    """Say what is wrong about one answer, and keep everything typed so far."""
    draft, asked = get_object_or_404(Draft, key=key), request.POST.get("asked", "")
    forms = _forms(request, draft)
    for form in forms.values():
        form.is_valid()
    save(draft, typed=_typed(forms))
    form: AnswersForm | None = forms.get("more")
    return render(request, "questionnaires/said.html", {
        "errors": form.errors.get(asked, []) if form and form.typed().get(asked) else [],
        "rule": form.rules.get(asked, "") if form else "", "warnings": form.warnings.get(asked, []) if form else []})


@require_POST
def give_up(request: HttpRequest, key: str) -> HttpResponse:
    """Give a held place back, or leave the waiting list."""
    draft = get_object_or_404(Draft, key=key)
    if draft.waiting:
        waiting.leave_waiting(token=draft.waiting, at=clock.now())
    if draft.hold:
        holding.release(token=draft.hold, at=clock.now())
    event = draft.event_id
    draft.delete()
    return done(request, _("Given back; somebody else can have it."), reverse("events:choose", args=[event]))


def offer_page(request: HttpRequest, key: int) -> HttpResponse:
    """Show the list of prices in force, and those before it (K2)."""
    event = open_event(request, key)
    offers = list(event.offers.order_by("-number"))
    number = request.GET.get("list", "")
    one = next((offer for offer in offers if str(offer.number) == number), None) or in_force(
        event=event.pk, at=clock.now())
    return render(request, "events/offer.html", {
        "event": event, "offer": one, "offers": offers,
        "prices": one.prices.select_related("ticket", "option").order_by("ticket__order", "option__order", "amount")})
