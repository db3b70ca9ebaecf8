"""Lists of fees: bills and payments."""

from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.shell.tables import Bulk, Choice, Column, Dates, Numbers, Segment, Table

from ..fee_figures import CANCELLED, FORMER, OPEN, PAID, bills_told, state_of
from ..fees import Charge, Payment
from ..policy import may_keep_fees
from ..tiers import Tier


def _keeps(actor: Any) -> bool:
    return bool(may_keep_fees(actor=actor))


def _years() -> list[tuple[str, str]]:
    found = Charge.objects.order_by("-year").values_list("year", flat=True).distinct()
    return [(str(one), str(one)) for one in found]


def _tiers() -> list[tuple[str, str]]:
    return [(one.code, str(one)) for one in Tier.objects.all()]


class Bills(Table):
    """Bills of all years."""

    code = "membership.bills"
    unit = "份"
    columns = (
        Column("name", _("Member"), value=lambda row: row.spell.member.name, at="name",
               link=lambda row: row.get_absolute_url(), sub=lambda row: row.spell.member.number),
        Column("year", _("Year of the fee"), kind="id", sort=True),
        Column("line", _("Tier"), value=lambda row: " ".join(filter(None, (str(row.line.tier), row.line.level)))),
        Column("code", _("Transfer code"), kind="id"),
        Column("amount", _("Amount"), kind="money", sort=True, total="amount"),
        Column("received", _("Came in"), kind="money"),
        Column("due_on", _("Due on"), kind="date", sort=True),
        Column("state", _("State"), kind="status", value=lambda row: state_of(row, on=clock.today())[0],
               words=lambda row: state_of(row, on=clock.today()), at="status"),
        Column("issued_on", _("Billed on"), kind="date", sort=True, hidden=True),
        Column("months", _("Months"), kind="number", hidden=True),
        Column("cancelled_for", _("Why it was cancelled"), hidden=True),
    )
    search = ("code", "spell__member__number", "spell__member__person__name", "spell__member__unit__name")
    search_hint = _("Code, number, name")
    filters = (Choice("year", _("Year of the fee"), options=_years), Choice("tier", _("Tier"), options=_tiers,
                                                                 lookup="line__tier__code"),
               Dates("due_on", _("Due on")), Numbers("amount", _("Amount"), unit="元"))
    bulk = (Bulk("membership:gather", _("One transfer for all"), icon="stack-2", when=_keeps),)
    order = ("-pk",)
    empty = (_("No bill has been issued yet"), _("A dues run bills everybody who owes a year."), "membership:dues",
             _("Dues run"))

    @cached_property
    def segments(self) -> tuple[Segment, ...]:  # type: ignore[override]
        """Open and late ones first: those are worked on."""
        return (Segment("open", _("To be paid"), where=OPEN), Segment("late", _("Past due"), where=OPEN & Q(
            due_on__lt=clock.today())), Segment("paid", _("Paid in full"), where=PAID),
            Segment("former", _("Membership over"), where=FORMER),
            Segment("cancelled", _("Cancelled"), where=CANCELLED), Segment("all", _("All"), where=Q()))

    def rows(self) -> Any:
        """Return all bills."""
        return bills_told()


def flag_of(payment: Payment) -> str:
    """Say in words why money is left."""
    if payment.rest <= 0:  # type: ignore[attr-defined]
        return ""
    if payment.member_id is None:
        return str(_("Nobody knows yet who paid."))
    if not payment.member.spells.filter(ended_on=None).exists():
        return str(_("The membership is over: return it, or admit anew."))
    if payment.allocated:  # type: ignore[attr-defined]
        return str(_("More came than was owed."))
    return str(_("No open bill took it: paid twice?"))


class Payments(Table):
    """Money received."""

    code = "membership.payments"
    unit = "笔"
    columns = (
        Column("paid_on", _("Paid on"), kind="date", sort=True),
        Column("payer_name", _("Payer"), at="name", sort="payer_name", value="payer",
               link=lambda row: reverse("membership:payment", args=[row.pk]), sub="remark"),
        Column("member", _("For the member"), value=lambda row: row.member.name if row.member else ""),
        Column("way", _("Way"), value=lambda row: row.get_way_display()),
        Column("amount", _("Amount"), kind="money", sort=True, total="amount"),
        Column("rest", _("Left of it"), kind="money", at="status"),
        Column("flag", _("Why it is left"), value=flag_of),
        Column("serial", _("Bank serial"), hidden=True),
        Column("returned_on", _("Sent back on"), kind="date", hidden=True),
    )
    search = ("payer_name", "remark", "serial", "member__number", "member__person__name", "member__unit__name")
    search_hint = _("Payer, remark, serial, member")
    filters = (Dates("paid_on", _("Paid on")), Choice("way", _("Way"), options=Payment.Way.choices),
               Numbers("amount", _("Amount"), unit="元"))
    segments = (Segment("all", _("All"), where=Q()), Segment("left", _("Waiting for a bill"), where=Q(rest__gt=0)),
                Segment("returned", _("Sent back"), where=Q(returned_on__isnull=False)))
    order = ("-paid_on", "-pk")
    empty = (_("No money has been booked yet"), _("Upload the bank's statement, or book a payment by hand."),
             "membership:statements", _("Bank statements"))

    def rows(self) -> Any:
        """Return all payments with what is left of each."""
        return Payment.objects.weighed().select_related("member__person", "member__unit")
