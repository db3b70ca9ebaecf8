"""Names the refs of fees for the rest of the house: standards, lines, runs, bills, payments, receipts."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xinglin.kernel.refs import Resolver, Shown, resolves

from .fees import Charge, FeeLine, Payment, Receipt, Run, Schedule


def _named(model: Any, label: Callable[[Any], str], url: Callable[[Any], str], *related: str) -> Resolver:
    def resolve(keys: list[str]) -> dict[str, Shown]:
        rows = model.objects.filter(pk__in=[key for key in keys if key.isdecimal()]).select_related(*related)
        return {str(row.pk): Shown(label=label(row), url=url(row)) for row in rows}

    return resolve


def _standard(pk: int) -> str:
    return reverse("membership:schedule", args=[pk])


resolves("membership.schedule")(_named(
    Schedule, lambda row: _("Fee standard from %(day)s") % {"day": row.from_on}, lambda row: _standard(row.pk)))
resolves("membership.fee_line")(_named(
    FeeLine, lambda row: f"{row.tier}　{row.level}　{row.amount}".replace("　　", "　"),
    lambda row: _standard(row.schedule_id), "tier"))
resolves("membership.run")(_named(
    Run, lambda row: _("Dues run of %(year)d") % {"year": row.year},
    lambda row: reverse("membership:run", args=[row.year])))
resolves("membership.charge")(_named(
    Charge, lambda row: _("Bill %(code)s") % {"code": row.code}, lambda row: row.get_absolute_url()))
resolves("membership.payment")(_named(
    Payment, lambda row: _("Payment of %(day)s, %(amount)s yuan") % {"day": row.paid_on, "amount": row.amount},
    lambda row: row.get_absolute_url()))
resolves("membership.receipt")(_named(
    Receipt, lambda row: row.number, lambda row: reverse("membership:bill", args=[row.charge_id])))
