"""Forms of money of events: what came, what was sent back, more time."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.shell.forms import DateField, Form, MoneyField

from ..orders import Way


class MoneyForm(Form):
    """Money that came for an order."""

    way = forms.ChoiceField(label=_("How it was paid"), choices=Way.choices)
    amount = MoneyField(label=_("Amount"))
    paid_on = DateField(label=_("Paid on"))
    serial = forms.CharField(label=_("Serial of the bank"), max_length=80, help_text=_("Of the bank or the cash book."))
    payer_name = forms.CharField(label=_("Payer"), max_length=120, required=False)

    def __init__(self, *args: Any, ways: Sequence[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [(one.value, one.label) for one in ways]  # type: ignore[attr-defined]


class BackForm(Form):
    """Money that was sent back."""

    amount = MoneyField(label=_("Sent back"))
    serial = forms.CharField(label=_("Serial of the refund"), max_length=80)


class TermForm(Form):
    """More time to pay."""

    due_at = forms.DateTimeField(label=_("To be paid by"))
