"""Pages of bills: the list, one bill with its money and receipts, a bill by hand, one transfer for many, free seats."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.directory.answers import collecting_account
from xinglin.kernel import clock
from xinglin.kernel.refs import Code
from xinglin.shell.asking import actor_of
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.bundles import grant_seats
from ..actions.charges import cancel_charge, issue_charge
from ..actions.receipts import issue_receipt, void_receipt
from ..bundling import fits, gather_bills, owed_on
from ..covering import seated, seats_of
from ..fee_figures import bills_told, state_of
from ..fees import Bundle, Charge, FeeLine, Receipt
from ..members import Member
from ..policy import may_keep_fees, may_see_bill, may_see_fees
from ..receipt_paper import receipt_pdf
from ..seating import asked_for
from .fees_forms import BillForm, PayerForm, ReasonForm, ReceiptForm, SeatsForm, VoidForm
from .fees_lists import Bills


@signed_in
def bills(request: HttpRequest) -> HttpResponse:
    """List bills."""
    allow(may_see_fees(actor=actor_of(request)))
    table = Bills(request)
    return table.response("membership/bills.html", {
        "late": table.counts.get("n_late", 0), "open": table.counts.get("n_open", 0),
        "may_keep": may_keep_fees(actor=actor_of(request))})


def seen_bill(request: HttpRequest, pk: int) -> Charge:
    """Return a bill that the reader may see."""
    charge = get_object_or_404(bills_told(), pk=pk)
    allow(may_see_bill(actor=actor_of(request), charge=charge, on=clock.today()))
    return charge


def bill_page(request: HttpRequest, charge: Charge, **bound: object) -> HttpResponse:
    """Show one bill; `bound` are forms that came back."""
    payments = charge.allocations.select_related("payment__member__person", "payment__member__unit").order_by("pk")
    payer = next((one.payment.payer_name for one in payments if one.payment.payer_name), charge.spell.member.name)
    forms = {"cancel_form": ReasonForm(), "receipt_form": ReceiptForm(initial={"payer_name": payer}),
             "void_form": VoidForm(), **bound}
    receipts = list(charge.receipts.all())
    return render(request, "membership/bill.html", {
        "charge": charge, "light": state_of(charge, on=clock.today()), "payments": payments, "receipts": receipts,
        "covered": getattr(charge, "coverage", None), "owed": charge.amount - charge.received,
        "account": collecting_account(on=clock.today()),
        "may_keep": may_keep_fees(actor=actor_of(request)),
        "sees_members": bool(may_see_fees(actor=actor_of(request))),
        "holds": next((one for one in receipts if not one.voided_on), None), **forms,
    }, status=422 if any(getattr(form, "failed", False) for form in forms.values()) else 200)


@signed_in
def bill(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one bill: what is asked, by which line, what came, what it covers, its receipts."""
    return bill_page(request, seen_bill(request, pk))


@require_POST
@signed_in
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a bill with a reason."""
    charge, form = seen_bill(request, pk), ReasonForm(request.POST)
    if form.is_valid() and perform(request, cancel_charge, form, charge=charge, **form.cleaned_data).ok:
        return done(request, _("The bill is cancelled."), charge.get_absolute_url())
    return bill_page(request, charge, cancel_form=form)


@require_POST
@signed_in
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Make out the receipt of a paid bill."""
    charge, form = seen_bill(request, pk), ReceiptForm(request.POST)
    if form.is_valid():
        outcome = perform(request, issue_receipt, form, charge=charge, **form.cleaned_data)
        if outcome.ok:
            return done(request, _("Receipt %(number)s made out.") % {"number": outcome.answer.number},
                        charge.get_absolute_url())
    return bill_page(request, charge, receipt_form=form)


@require_POST
@signed_in
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Void a receipt; its number stays."""
    one, form = get_object_or_404(Receipt, pk=pk), VoidForm(request.POST)
    charge = seen_bill(request, one.charge_id)
    if form.is_valid():
        reason = Code(form.cleaned_data["reason"])
        if perform(request, void_receipt, form, receipt=one, reason=reason).ok:
            return done(request, _("The receipt is void; its number stays in the register."), charge.get_absolute_url())
    return bill_page(request, charge, void_form=form)


@signed_in
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a receipt to the office, the member and who paid."""
    one = get_object_or_404(Receipt.objects.select_related("charge__spell__member", "charge__line__tier"), pk=pk)
    allow(may_see_bill(actor=actor_of(request), charge=one.charge, on=clock.today()))
    response = HttpResponse(receipt_pdf(receipt=one), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="receipt-{one.pk}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@signed_in
def issue(request: HttpRequest) -> HttpResponse:
    """Bill one member by hand: a first bill of a unit, a newcomer within the year."""
    allow(may_keep_fees(actor=actor_of(request)))
    on = clock.today()
    form = BillForm(request.POST or None, initial={"year": on.year, "months": 12,
                                                   "member": request.GET.get("member", "")})
    if form.is_valid():
        said = form.cleaned_data
        outcome = perform(request, issue_charge, form, member=Member.objects.get(pk=said["member"].key),
                          line=FeeLine.objects.get(pk=said["line"]),
                          **{name: said[name] for name in ("year", "months", "due_on")})
        if outcome.ok:
            return done(request, _("Billed: %(code)s.") % {"code": outcome.answer.code},
                        outcome.answer.get_absolute_url())
    return render(request, "membership/fee_form.html", {
        "form": form, "title": _("Bill one member"), "back": reverse("membership:bills"), "back_label": _("Bills")},
        status=422 if form.failed else 200)


@signed_in
def gather(request: HttpRequest) -> HttpResponse:
    """Put the bills picked under one transfer code for whoever pays them."""
    allow(may_keep_fees(actor=actor_of(request)))
    if request.method != "POST":
        return redirect("membership:bills")
    keys = request.POST.getlist("charge") or [one.pk for one in Bills(request).picked()]
    picked = bills_told().filter(pk__in=[int(one) for one in keys if str(one).isdecimal()][:2000])
    form = PayerForm(None if request.POST.get("from_list") else request.POST)
    if form.is_valid():
        payer = Member.objects.get(pk=form.cleaned_data["payer"].key)
        outcome = perform(request, gather_bills, form, payer=payer, charges=list(picked))
        if outcome.ok:
            return redirect("membership:bundle", pk=outcome.answer.pk)
    return render(request, "membership/gather.html", {
        "form": form, "picked": picked, "total": sum(one.amount - one.received for one in picked)},
        status=422 if form.failed else 200)


@signed_in
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one transfer is to pay: code, amount, bills."""
    allow(may_see_fees(actor=actor_of(request)))
    one = get_object_or_404(Bundle.objects.select_related("payer__unit", "payer__person"), pk=pk)
    left, owed = owed_on(one)
    return render(request, "membership/bundle.html", {
        "bundle": one, "fits": fits(one), "bills": bills_told().filter(bundles=one), "left": left, "owed": owed,
        "account": collecting_account(on=clock.today())})


@signed_in
def seats(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and give the free seats of a unit."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_fees(actor=actor))
    unit = get_object_or_404(Member.objects.select_related("unit"), pk=pk, unit__isnull=False)
    form = SeatsForm(request.POST or None)
    if form.is_valid():
        members = list(Member.objects.filter(pk__in=[one.key for one in form.cleaned_data["members"]]))
        if perform(request, grant_seats, form, unit=unit, members=members).ok:
            return done(request, ngettext("%(n)d free seat given.", "%(n)d free seats given.", len(members)) % {
                "n": len(members)}, reverse("membership:seats", args=[pk]))
    paid, most, taken = seats_of(unit, on=on)
    return render(request, "membership/seats.html", {
        "unit": unit, "paid": paid, "most": most, "taken": taken, "left": most - taken, "form": form,
        "rows": seated(unit, on=on).select_related("spell__member__person"), "may_keep": may_keep_fees(actor=actor),
        "asked": asked_for(on=on).filter(unit=unit)}, status=422 if form.failed else 200)
