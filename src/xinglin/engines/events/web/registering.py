"""Public pages of registering: choose a ticket, hold a place, fill in the form; an account or a confirmed e-mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory.answers import spoken_for
from xinglin.directory.models import Organisation, Person
from xinglin.kernel import clock
from xinglin.kernel.refs import Ref
from xinglin.mechanics.booking import holding, queueing, waiting
from xinglin.mechanics.booking.lean import seats_url
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
from ..groups import TooMany, hold_many, most
from ..meetings import Event, State
from ..offering import form_of
from ..offers import Offer, Price, Ticket
from ..places import Party, payable
from ..pricing import in_force, is_member, lowest, promised, terms_of
from ..registrations import Draft, Registration
from ..schedules import own_place
from .registering_forms import GroupForm, PartyForm, PayForm, TakeForm
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


def choices_of(event: Event, offer: Offer, *, who: Ref | None) -> list[Choice]:
    """Return the tickets of a list with what they cost this reader today and what is left."""
    at, on = clock.now(), clock.today()
    member = bool(who) and is_member(who=[who], on=on)
    tickets = list(Ticket.objects.offered(offer=offer).order_by("order", "pk"))
    left = holding.left(items=[one.item for one in tickets], at=at, channel="online")
    held = {one.item: one for one in holding.held_by(who=who, items=list(left), at=at)
            if one.state == "held"} if who else {}
    waits = {one.item: one for one in waiting.waits_of(who=who, items=list(left), at=at)} if who else {}
    answer, lines = [], list(offer.prices.exclude(ticket=None))
    for one in tickets:
        its = [line for line in lines if line.ticket_id == one.pk]
        price = lowest(its, member=member, on=on)
        others = [line for line in its if price is None or line.pk != price.pk]
        answer.append(Choice(ticket=one, price=price, left=left.get(one.item), others=others,
                             waits=waits.get(one.item), holds=held.get(one.item)))
    return answer


def queue_of(event: Event, *, who: Ref | None) -> tuple[Queue | None, Place | None]:
    """Return the queue of an event while it still lets in, and the reader's place in it."""
    queue = Queue.objects.filter(owner=event.ref, code="opening").first()
    if queue is None or not Ticket.objects.filter(event=event, item__in=queue.items.values("pk")).exists():
        return None, None
    return queue, queueing.place_in_queue(queue=queue.pk, who=who, at=clock.now()) if who else None


def choose(request: HttpRequest, key: int) -> HttpResponse:
    """Show what is offered; hold a place, or take one on the waiting list."""
    event, who, at = open_event(request, key), who_asks(request), clock.now()
    offer = Offer.objects.in_force(event=event.pk, at=at)
    if offer is None:
        raise Http404
    if request.method == "POST" and event.state == State.OPEN:
        if who is None:
            return redirect(f"{reverse('events:visitor')}?event={event.pk}")
        return _take(request, event, who)
    queue, place = queue_of(event, who=who)
    choices, closed = choices_of(event, offer, who=who), event.state != State.OPEN or offer.closes_at <= at
    return render(request, "events/choose.html", {
        "event": event, "offer": offer, "choices": choices, "who": who, "queue": queue,
        "mine": own_place(event, who=who, email=request.session.get(VISITOR, "")),
        "place": place, "not_yet": at < offer.opens_at, "closed": closed, "seats_url": seats_url(),
        "most": most(who, at=at) if who else 1, "visit": get_random_string(16),
        "pass": give_pass(who=who, at=at, items=[one.ticket.item for one in choices], purpose=str(event.ref),
                          queue=queue.pk if queue else None, language=get_language() or "zh-hans")
        if who and not closed else ""})


def _take(request: HttpRequest, event: Event, who: Ref) -> HttpResponse:
    """Hold what was chosen, or join the queue or the waiting list when that was asked."""
    here, at = reverse("events:choose", args=[event.pk]), clock.now()
    if request.POST.get("queue"):
        queue, _place = queue_of(event, who=who)
        if queue:
            queueing.join_queue(queue=queue.pk, who=who, at=at)
        return redirect(here)
    form = TakeForm(request.POST, event=event, most=most(who, at=at))
    if not form.is_valid():
        return done(request, " ".join(str(one) for errors in form.errors.values() for one in errors), here,
                    level="warn")
    try:
        found = _held(who, at, **form.cleaned_data)
    except TooMany as refusal:
        return done(request, f"{refusal} {refusal.instead}", here, level="warn")
    if isinstance(found, Refused):
        return done(request, found.message, here, level="warn")
    return redirect("events:fill_in", _begin(request, found, form.cleaned_data["ticket"]).key)


def _held(
    who: Ref, at: datetime, *, ticket: Ticket, quantity: int, wait: bool, visit: str,
) -> Held | Waitlisted | Refused:
    """Hold or wait; ten tabs hold one place, and each look at the page one order for many."""
    if quantity == 1 and wait:
        return waiting.wait(item=ticket.item, who=who, quantity=1, at=at, channel="online")
    if quantity == 1:
        return holding.hold(item=ticket.item, who=who, at=at, channel="online", key=str(ticket.event.ref))
    return hold_many(ticket=ticket, who=who, quantity=quantity, at=at, wait=wait,
                     key=f"visit:{visit or get_random_string(16)}")


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
    terms = terms_of(ticket=draft.ticket, token=draft.hold, who=_whose_price(request, draft, forms))
    failed = any(form.failed for form in forms.values())
    return render(request, "events/fill_in.html", {
        "draft": draft, "event": draft.event, "forms": forms, "offer": terms.offer, "hold": now,
        "group": now.quantity > 1, "price": terms.price, "member": terms.member, "failed": failed,
        "seconds": int((now.expires_at - clock.now()).total_seconds()) if now.expires_at else 0},
        status=422 if failed else 200)


def _whose_price(request: HttpRequest, draft: Draft, forms: dict[str, Any]) -> tuple[Ref, ...]:
    """Return by whose standing the price is shown: exactly those by whom the act reckons it."""
    form = forms["party"]
    if draft.quantity > 1:
        return _payer(request, form).who
    return () if form.for_other else tuple(one for one in [actor_of(request).person] if one)


def _payer(request: HttpRequest, form: GroupForm) -> Payer:
    """Return who pays for many: the reader, or a unit for which they speak."""
    said = form.said()
    offered = dict(form.fields["unit"].choices) if "unit" in form.fields else {}  # those they speak for
    unit = Organisation.objects.filter(pk=said["unit"]).first() if said["unit"] and said["unit"] in offered else None
    return Payer(name=said["name"], email=said["email"], mobile=said["mobile"], person=_person(request), unit=unit)


def _person(request: HttpRequest) -> Person | None:
    actor = actor_of(request)
    return Person.objects.filter(pk=actor.person.key).first() if actor.person else None


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
    person = _person(request)
    if draft.quantity > 1:
        units = spoken_for(person.ref, on=clock.today()) if person else {}
        return {"party": GroupForm(data, units=units, initial={"email": draft.email, **typed}), "pay": pay}
    known = _known(person) if person else {"email": draft.email}
    party = PartyForm(data, person=person, initial={**known, **typed})
    offer, _day = promised(ticket=draft.ticket, token=draft.hold)
    forms: dict[str, Any] = {"party": party, "pay": pay}
    if offer.form:
        made = answers_form(form_of(offer.form), on=clock.today())
        check = reverse("events:check_answer", args=[draft.key])
        forms["more"] = made(data, check_url=check) if data is not None else made(initial=typed, check_url=check)
    return forms


def _known(person: Person) -> dict[str, str]:
    """Return what the directory knows of the reader, so that nobody types it again."""
    return {"name": person.name, "unit_name": person.workplace or "", "mobile": person.mobile, "email": person.email}


def _typed(forms: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for form in forms.values():
        answer.update(form.typed() if hasattr(form, "typed") else {
            name: form.data.get(form.add_prefix(name), "") for name in form.fields})
    return answer


def _send(request: HttpRequest, draft: Draft, forms: dict[str, Any]) -> HttpResponse | None:
    pay = forms["pay"].cleaned_data
    given: dict[str, Any] = {"at": clock.now(), "token": draft.hold, "voucher": pay["voucher"],
                             "way": pay["way"] or "transfer"}
    if draft.quantity > 1:
        outcome = perform(request, place_order, forms["party"], payer=_payer(request, forms["party"]), **given)
    else:
        answers = forms["more"].cleaned_data if "more" in forms else {}
        guest = forms["party"].for_other
        party = Party(**forms["party"].said(), answers=answers, guest=guest, person=None if guest else _person(request))
        outcome = perform(request, register, forms["party"], party=party, **given)
    if outcome.ok:
        single = "events:reserve" if draft.event.pack and payable(draft.ticket) else "events:own"
        name = "events:own_order" if draft.quantity > 1 else single
        return done(request, _("Registered."), reverse(name, args=[outcome.answer.key]))
    draft.refresh_from_db()  # a second click: the first one's answer is there
    if isinstance(outcome.refusal, Again) or Registration.objects.live().filter(booking=draft.hold).exists():
        return _there(draft)
    _spread(forms, outcome.refusal)
    return None


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
