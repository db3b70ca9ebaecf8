"""The pages of a member, or of a unit's contact: card and status, dues, seats, branches, record."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.directory.answers import collecting_account
from xinglin.directory.models import Organisation
from xinglin.kernel import clock
from xinglin.kernel.notices import Arrived, inbox
from xinglin.lib.square_codes import SquareCode, square_code
from xinglin.shell.navigation import address
from xinglin.shell.web import done, perform

from ..actions.affiliations import end_affiliation
from ..actions.certificates import issue_certificate
from ..actions.joining import ask_to_join
from ..actions.seats import ask_about_seat
from ..addressees import portal_of
from ..answers import days_of
from ..bundling import owed_on
from ..certificates import Certificate, Choice
from ..certifying import address_of
from ..covering import seated, seats_of
from ..fees import Allocation, Bundle, Charge, Receipt
from ..members import Member, Spell
from ..policy import units_of
from ..records import record_of
from ..seating import asked_for
from ..statuses import Status, judge, reason
from ..suggesting import suggestions
from .mine_forms import JoinForm, SeatForm
from .own import own, own_page, place
from .years import year_asked


@dataclass(frozen=True, kw_only=True)
class Card:
    """How a member stands on a day: the membership, its status with the reason, and the certificate."""

    spell: Spell
    status: Status
    reason: str
    tier: str
    paper: Certificate | None

    @cached_property
    def square(self) -> SquareCode | None:
        """The square code of the certificate, drawn for the page that shows it only."""
        return square_code(address_of(self.paper)) if self.paper else None

    @property
    def until(self) -> date | None:
        """The day on which a status that ends by itself does, when the reason does not name it."""
        return self.status.until if self.status.code in ("grace", "joining") else None


def card_of(member: Member, *, on: date) -> Card:
    """Return the member's card of a day."""
    spell = Spell.objects.current(on).filter(member=member).prefetch_related("coverages").first()
    spell = spell or member.spells.prefetch_related("coverages").first()
    status = judge(days_of(spell, on=on), on=on)
    held = member.tiers.on(on).select_related("tier").first() or member.tiers.select_related("tier").last()
    paper = spell.certificates.filter(revoked_on=None).first()
    return Card(spell=spell, status=status, reason=reason(status), tier=str(held.tier) if held else "", paper=paper)


@own
def mine(request: HttpRequest, member: Member) -> HttpResponse:
    """Show card, status and what is to be done next."""
    on = clock.today()
    card = card_of(member, on=on)
    others = units_of(actor=request.actor, on=on).exclude(pk=member.pk)
    return own_page(
        request, "mine", member, card=card, on=on, join=address("membership:choose"),
        owed=Charge.objects.to_pay().filter(spell=card.spell).order_by("due_on").first(),
        branches=member.affiliations.on(on).select_related("organisation"),
        appeal=card.spell.appeals.last() if card.spell.ended_on else None,
        may_appeal=card.spell.ended_by in (Spell.Ended.LAPSED, Spell.Ended.EXPELLED),
        suggestions=suggestions(member, on=on) if card.status.code != "left" else [],
        no_suggestions=place(member, "choose_privacy", Choice.What.SUGGESTIONS.value),
        units=[(one, place(one, "mine")) for one in others],
        letters=_letters(request, member) if member.unit_id else [])


def _letters(request: HttpRequest, member: Member) -> list[Arrived]:
    """Return what the reader was told of this membership lately."""
    return inbox(person=request.actor.person, language=get_language() or "zh-hans", about=portal_of(member), limit=5)


@own
def seats(request: HttpRequest, member: Member) -> HttpResponse:
    """Show a unit's free seats: how many, who has them, until when; asking the office for a change is a form below."""
    if not member.unit_id:
        raise Http404
    form, on = SeatForm(request.POST or None), clock.today()
    if form.is_valid() and perform(request, ask_about_seat, form, unit=member, **form.cleaned_data).ok:
        return done(request, _("Asked. The office sees to it."), place(member, "my_seats"))
    paid, most, taken = seats_of(member, on=on)
    rows = seated(member, on=on).select_related("spell__member__person").order_by("spell__member__number")
    return own_page(
        request, "mine_seats", member, paid=paid, most=most, taken=taken, left=max(most - taken, 0), rows=rows,
        asked=asked_for(on=on).filter(unit=member), form=form, status=422 if form.failed else 200)


@require_POST
@own
def take_certificate(request: HttpRequest, member: Member) -> HttpResponse:
    """Make out the member's own certificate."""
    outcome = perform(request, issue_certificate, member=member)
    if outcome.ok:
        return done(request, _("Certificate %(number)s made out.") % {"number": outcome.answer.number},
                    place(member, "mine"))
    return done(request, outcome.refusal, place(member, "mine"), level="bad")


@own
def dues(request: HttpRequest, member: Member) -> HttpResponse:
    """Show what is owed and how to pay it, what was paid, and the receipts."""
    bills = list(Charge.objects.standing().filter(spell__member=member).select_related("line__tier", "spell"))
    bundles = [(one, *owed_on(one)) for one in Bundle.objects.filter(payer=member).order_by("-pk")[:10]]
    return own_page(
        request, "mine_dues", member, card=card_of(member, on=clock.today()),
        account=collecting_account(on=clock.today()),
        owed=[one for one in bills if one.rest > 0 and one.spell.ended_on is None],
        bundles=[(one, left, owed) for one, left, owed in bundles if left],
        paid=_with_receipts([one for one in bills if one.rest <= 0]), others=_with_receipts(_paid_for(member)))


def _paid_for(member: Member) -> list[Charge]:
    """Return the bills of others that a member paid or paid part of, the last first."""
    theirs = Allocation.objects.filter(payment__member=member).exclude(charge__spell__member=member)
    bills = Charge.objects.standing().filter(pk__in=theirs.values("charge"))
    return list(bills.select_related("spell__member__person", "spell__member__unit")[:300])


def _with_receipts(bills: list[Charge]) -> list[tuple[Charge, Receipt | None, str]]:
    receipts = {one.charge_id: one for one in Receipt.objects.filter(charge__in=bills, voided_on=None)}
    return [(one, receipt, address("membership:receipt_pdf", {"pk": receipt.pk}) if receipt else "")
            for one in bills for receipt in [receipts.get(one.pk)]]


@own
def branches(request: HttpRequest, member: Member) -> HttpResponse:
    """Show where the member belongs, what was asked, and what might suit; asking to join is a form below."""
    form, on = JoinForm(request.POST or None, on=clock.today()), clock.today()
    if form.is_valid():
        organisation = get_object_or_404(Organisation, pk=form.cleaned_data["organisation"].key)
        if perform(request, ask_to_join, form, member=member, organisation=organisation):
            return done(request, _("Asked. The branch answers; you get a notice."), place(member, "my_branches"))
    rows = member.affiliations.on(on).select_related("organisation")
    return own_page(
        request, "mine_branches", member, status=422 if form.failed else 200, form=form, card=card_of(member, on=on),
        suggestions=suggestions(member, on=on),
        no_suggestions=place(member, "choose_privacy", Choice.What.SUGGESTIONS.value),
        places=[(one, place(member, "my_leave_branch", one.organisation_id)) for one in rows],
        former=member.affiliations.filter(until_on__lte=on).select_related("organisation"),
        requests=member.join_requests.select_related("organisation").order_by("-asked_on")[:10])


@require_POST
@own
def leave_branch(request: HttpRequest, member: Member, pk: int) -> HttpResponse:
    """Leave one branch from today; the membership itself goes on."""
    organisation = get_object_or_404(Organisation, pk=pk)
    outcome = perform(request, end_affiliation, member=member, organisation=organisation, until_on=clock.today())
    words = _("You no longer belong to %(branch)s.") % {"branch": organisation.label}
    return done(request, words if outcome.ok else outcome.refusal, place(member, "my_branches"),
                level="ok" if outcome.ok else "bad")


@own
def record(request: HttpRequest, member: Member) -> HttpResponse:
    """Show what the ledger says about the member in a year."""
    return own_page(request, "mine_record", member, record=record_of(member, year=year_asked(request)))
