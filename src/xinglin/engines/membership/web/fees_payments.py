"""Pages of money: payments, one payment with what it paid, statements of the bank with proposals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal
from xinglin.lib.transfer_codes import codes_in
from xinglin.mechanics.transfers.pages import choice_of, upload_page
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Form
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.payments import allocate_payment, receive_payment, return_payment
from ..actions.statements import Booking, book_statement
from ..bundling import owed_on
from ..fee_figures import unused
from ..fees import Bundle, Charge, Payment, Statement
from ..keeping_statements import Forgotten, keep_statement, sheet_of
from ..matching import RELATED, Proposal, propose
from ..members import Member
from ..policy import may_keep_fees, may_see_fees
from .fees_forms import AllocateForm, MoneyForm, ReturnForm, SureForm
from .fees_lists import Payments, flag_of


class UnknownCode(Refusal):
    """No bill bears this code."""

    field = "codes"


@signed_in
def payments(request: HttpRequest) -> HttpResponse:
    """List what came in."""
    allow(may_see_fees(actor=actor_of(request)))
    table = Payments(request)
    return table.response("membership/payments.html", {
        "left": table.counts.get("n_left", 0), "may_keep": may_keep_fees(actor=actor_of(request))})


@signed_in
def unmatched(request: HttpRequest) -> HttpResponse:
    """Show money that no bill has taken, with why, and what can be done."""
    allow(may_see_fees(actor=actor_of(request)))
    rows = list(unused().select_related("member__person", "member__unit").order_by("-paid_on", "-pk")[:200])
    return render(request, "membership/unmatched.html", {
        "rows": [(row, flag_of(row)) for row in rows], "total": sum(row.rest for row in rows)})


def named_bills(text: str) -> tuple[list[Charge], Member | None]:
    """Return the bills that codes name, bundles taken apart, and who pays a bundle (UnknownCode)."""
    codes = codes_in(text=text)
    bills = list(Charge.objects.standing().filter(code__in=codes).select_related(*RELATED))
    bundles = list(Bundle.objects.filter(code__in=codes).select_related("payer"))
    if text.strip() and len(bills) + len(bundles) < max(1, len(codes)):
        raise UnknownCode(_("No open bill bears this code; look at the characters again."))
    payer = bundles[0].payer if bundles else None
    return [*bills, *(one for bundle in bundles for one in owed_on(bundle)[0])], payer


@signed_in
def receive(request: HttpRequest) -> HttpResponse:
    """Book money by hand: cash, a transfer that no statement holds."""
    allow(may_keep_fees(actor=actor_of(request)))
    form = MoneyForm(request.POST or None, initial={"paid_on": clock.today(), "codes": request.GET.get("code", "")})
    if form.is_valid():
        said = dict(form.cleaned_data)
        try:
            charges, payer = named_bills(said.pop("codes"))
        except UnknownCode as refusal:
            form.refuse(refusal)
        else:
            outcome = perform(request, receive_payment, form, charges=charges, member=payer, **said)
            if outcome.ok:
                return done(request, _("Booked."), outcome.answer.get_absolute_url())
    return render(request, "membership/fee_form.html", {
        "form": form, "title": _("Book a payment"), "back": reverse("membership:payments"),
        "back_label": _("Payments")}, status=422 if form.failed else 200)


def payment_page(request: HttpRequest, pk: int, **bound: Form) -> HttpResponse:
    """Show one payment; `bound` are forms that came back."""
    actor = actor_of(request)
    allow(may_see_fees(actor=actor))
    row = get_object_or_404(Payment.objects.weighed().select_related("member__person", "member__unit"), pk=pk)
    forms = {"allocate_form": AllocateForm(), "return_form": ReturnForm(initial={"amount": row.rest}), **bound}
    fitting = Charge.objects.owed().filter(spell__member=row.member).select_related(*RELATED) if row.member else ()
    return render(request, "membership/payment.html", {
        "payment": row, "flag": flag_of(row), "fitting": fitting, "may_keep": may_keep_fees(actor=actor),
        "parts": row.allocations.select_related("charge__spell__member__person", "charge__spell__member__unit"),
        **forms}, status=422 if any(form.failed for form in forms.values()) else 200)


@signed_in
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one payment: what it paid, what is left, why."""
    return payment_page(request, pk)


@require_POST
@signed_in
def allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Pay bills with what is left."""
    row, form = get_object_or_404(Payment, pk=pk), AllocateForm(request.POST)
    if form.is_valid():
        try:
            charges, _payer = named_bills(form.cleaned_data["codes"])
        except UnknownCode as refusal:
            form.refuse(refusal)
        else:
            if perform(request, allocate_payment, form, payment=row, charges=charges).ok:
                return done(request, _("Allocated."), row.get_absolute_url())
    return payment_page(request, pk, allocate_form=form)


@require_POST
@signed_in
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send back what paid no bill."""
    row, form = get_object_or_404(Payment, pk=pk), ReturnForm(request.POST)
    if form.is_valid() and perform(request, return_payment, form, payment=row, **form.cleaned_data).ok:
        return done(request, _("Sent back, and written down."), row.get_absolute_url())
    return payment_page(request, pk, return_form=form)


@signed_in
def statements(request: HttpRequest) -> HttpResponse:
    """Take a statement in; the same file leads to what is there."""
    allow(may_keep_fees(actor=actor_of(request)))
    return upload_page(request, template="membership/statements.html", keep=keep_statement,
                       address=lambda kept: reverse("membership:statement", args=[kept.pk]))


@signed_in
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show each row with what it may pay; book the chosen ones together."""
    allow(may_keep_fees(actor=actor_of(request)))
    row, form = get_object_or_404(Statement, pk=pk), SureForm(request.POST or None)
    try:
        sheet = sheet_of(row)
    except Forgotten as refusal:
        return done(request, refusal, reverse("membership:statements"), level="warn")
    proposals = propose(rows=sheet.rows, on=clock.today())
    if form.is_valid():
        bookings = _chosen(request, proposals)
        if perform(request, book_statement, form, statement=row, bookings=bookings).ok:
            return done(request, ngettext("%(n)d row booked.", "%(n)d rows booked.", len(bookings)) % {
                "n": len(bookings)}, reverse("membership:statement", args=[pk]))
        proposals = propose(rows=sheet.rows, on=clock.today())
    return render(request, "membership/statement.html", {
        "statement": row, "sheet": sheet, "form": form, "counts": _counts(proposals),
        "lines": [(one, choice_of(request, one.row.number, first=one.targets[0].key if one.kind == "exact" else ""))
                  for one in proposals]}, status=422 if form.failed else 200)


def _counts(proposals: list[Proposal]) -> dict[str, int]:
    kinds = [one.kind for one in proposals]
    return {kind: kinds.count(kind) for kind in ("exact", "likely", "none", "booked", "trouble")}


def _chosen(request: HttpRequest, proposals: list[Proposal]) -> list[Booking]:
    """Return the rows to book; a target that was not proposed for the row is no choice."""
    answer = []
    for one in proposals:
        said = str(request.POST.get(f"row-{one.row.number}", ""))
        kind, _sign, key = said.partition(":")
        if said == "keep":
            answer.append(Booking(row=one.row))
        elif said in {target.key for target in one.targets}:
            answer.append(Booking(row=one.row, charge=Charge.objects.get(pk=key) if kind == "charge" else None,
                                  bundle=Bundle.objects.get(pk=key) if kind == "bundle" else None))
        elif said and one.kind == "booked":  # booked by somebody else since the page was shown
            answer.append(Booking(row=one.row))
    return answer
