"""Forms of fees: a standard with its vote and lines, bills, money, statements, receipts, seats."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.shell.forms import Choose, ChooseMany, DateField, Form, Group, MoneyField, NumberField

from ..actions.schedules import Fee
from ..fees import FeeLine, Payment, Schedule
from ..tiers import Holder, Tier

LEVELS = 4  # of one tier of units, as G10 allows


class StandardForm(Form):
    """The fee standard as a congress adopted it."""

    decision = forms.CharField(label=_("Resolution of the congress"), max_length=120)
    adopted_on = DateField(label=_("Passed on"))
    from_on = DateField(label=_("In force from"))
    entitled = NumberField(label=_("Entitled to attend"), unit=_("people"), whole=True, min_value=1)
    present = NumberField(label=_("Present"), unit=_("people"), whole=True, min_value=0)
    in_favour = NumberField(label=_("In favour"), unit=_("votes"), whole=True, min_value=0)
    secret_ballot = forms.BooleanField(label=_("Voted by secret ballot"), required=False)
    basis = "G10"

    tiers: tuple[Tier, ...] = ()

    def lines(self) -> list[Fee]:
        """Return the lines that were filled in."""
        said = self.cleaned_data
        return [Fee(tier=tier, amount=said[f"amount_{tier.pk}_{place}"],
                    level=said.get(f"level_{tier.pk}_{place}", ""), seats=said.get(f"seats_{tier.pk}_{place}") or 0)
                for tier in self.tiers for place in _places(tier) if said.get(f"amount_{tier.pk}_{place}") is not None]


def _places(tier: Tier) -> range:
    return range(LEVELS if tier.holder == Holder.UNIT else 1)


def _line_fields(tier: Tier, place: int) -> dict[str, forms.Field]:
    """Return the fields of one line; an empty amount is no line."""
    made: dict[str, forms.Field] = {}
    if tier.holder == Holder.UNIT:
        made[f"level_{tier.pk}_{place}"] = forms.CharField(label=_("Fee level"), max_length=40, required=False)
    made[f"amount_{tier.pk}_{place}"] = MoneyField(label=_("Yuan a year"), required=False)
    if tier.holder == Holder.UNIT:
        made[f"seats_{tier.pk}_{place}"] = NumberField(
            label=_("Free seats"), unit=_("people"), whole=True, required=False, min_value=0)
    return made


def standard_form(*args: Any) -> StandardForm:
    """Return the form of a standard with the lines of the tiers of today."""
    tiers = tuple(Tier.objects.open_on(clock.today()))
    fields = {(tier, place): _line_fields(tier, place) for tier in tiers for place in _places(tier)}
    note = _("Leave the amount empty where there is no line.")
    groups = [Group(label=f"{tier}　{place + 1}" if tier.holder == Holder.UNIT else str(tier), fields=tuple(own),
                    note="" if number else note) for number, ((tier, place), own) in enumerate(fields.items())]
    vote = Group(label=_("Vote"), fields=tuple(StandardForm.base_fields))
    made = {name: field for own in fields.values() for name, field in own.items()}
    return type("WholeStandardForm", (StandardForm,), {**made, "tiers": tiers, "groups": (vote, *groups)})(*args)


class DiscloseForm(Form):
    """When the standard was published."""

    disclosed_on = DateField(label=_("Published on"))
    guarded = False


class RunForm(Form):
    """A dues run."""

    year = NumberField(label=_("Year of the fee"), whole=True, min_value=2000, max_value=2100)
    due_on = DateField(label=_("To be paid by"))
    guarded = False


class BillForm(Form):
    """One bill by a line of the standard in force, or of the one in force when next year begins."""

    member = Choose(kind="membership.member", label=_("Member"))
    line = forms.ChoiceField(label=_("Line of the standard"))
    year = NumberField(label=_("Year of the fee"), whole=True, min_value=2000, max_value=2100)
    months = NumberField(label=_("Months"), unit=_("months"), whole=True, min_value=1, max_value=12, initial=12)
    due_on = DateField(label=_("To be paid by"))
    basis = "G10"

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        today = clock.today()
        lines = FeeLine.objects.filter(schedule__in=Schedule.objects.offered(today)).select_related("tier", "schedule")
        self.fields["line"].choices = [(str(one.pk), _line_told(one, today)) for one in lines]


def _line_told(line: FeeLine, on: date) -> str:
    coming = str(_("in force from %(day)s")) % {"day": line.schedule.from_on} if line.schedule.from_on > on else ""
    return "　".join(filter(None, (str(line.tier), line.level, str(line.amount), coming)))


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=120)
    guarded = False


class MoneyForm(Form):
    """Money that came, booked by hand."""

    way = forms.ChoiceField(label=_("Way"), choices=Payment.Way.choices)
    amount = MoneyField(label=_("Amount"), min_value=Decimal("0.01"))
    paid_on = DateField(label=_("Paid on"))
    serial = forms.CharField(label=_("Serial of the bank, or number in the cash book"), max_length=80)
    payer_name = forms.CharField(label=_("Payer"), max_length=120)
    remark = forms.CharField(label=_("Remark of the transfer"), max_length=200, required=False)
    codes = forms.CharField(label=_("Transfer codes of the bills, if known"), max_length=400, required=False)


class AllocateForm(Form):
    """Bills that the rest of a payment pays."""

    codes = forms.CharField(label=_("Transfer codes of the bills"), max_length=400)
    guarded = False


class ReturnForm(ReasonForm):
    """What is sent back of a payment, and why."""

    amount = MoneyField(label=_("Amount to send back"), min_value=Decimal("0.01"))
    basis = "M4"


class SureForm(Form):
    """Nothing to fill in; the token keeps it from being done twice."""

    guarded = False


class ReceiptForm(Form):
    """In whose name a receipt is made out."""

    payer_name = forms.CharField(label=_("Receipt in the name of"), max_length=120)
    guarded = False


class VoidForm(Form):
    """Why a receipt is void."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[
        ("wrong_name", _("Wrong name")), ("torn", _("Torn or misprinted")), ("other", _("Other reason"))])
    guarded = False


class PayerForm(Form):
    """The unit that pays for many."""

    payer = Choose(kind="membership.member", label=_("Who pays for them"))
    guarded = False


class SeatsForm(Form):
    """People who get a unit's free seats."""

    members = ChooseMany(kind="membership.member", label=_("Members"))
    guarded = False

    def clean_members(self) -> Any:
        """Want somebody."""
        if not self.cleaned_data["members"]:
            raise forms.ValidationError(_now("Choose at least one member."))
        return self.cleaned_data["members"]
