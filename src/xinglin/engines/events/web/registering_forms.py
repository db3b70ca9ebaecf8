"""Forms of registering: who comes, who pays, names pasted, what is handed over."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from xinglin.shell.forms import Form

from ..offers import Channel, Ticket
from ..orders import Way

MOBILE = RegexValidator(r"^(\+?86)?1[3-9]\d{9}$", _("A mobile number has eleven digits and begins with 1."))


class PartyForm(Form):
    """Who comes."""

    name = forms.CharField(label=_("Full name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    unit_name = forms.CharField(label=_("Place of work"), max_length=120, required=False,
                                widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    mobile = forms.CharField(label=_("Mobile"), max_length=20, validators=[MOBILE],
                             widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}))
    email = forms.EmailField(label=_("E-mail"), required=False, widget=forms.EmailInput(
        attrs={"autocomplete": "email"}))
    guarded = False

    def typed(self) -> dict[str, Any]:
        """Return what was typed, right or wrong."""
        return {name: self.data.get(self.add_prefix(name), "") for name in self.fields}


class PayForm(Form):
    """How a place is paid, and a voucher."""

    voucher = forms.CharField(label=_("Voucher code"), max_length=40, required=False)
    way = forms.ChoiceField(label=_("How it is paid"), choices=Way.choices, widget=forms.RadioSelect)
    guarded = False

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways: Any = self.fields["way"]
        if ticket.channel == Channel.ONLINE:
            ways.choices = [one for one in Way.choices if one[0] != Way.ON_SPOT]
        ways.initial, ways.required = Way.TRANSFER, False


class GroupForm(Form):
    """Who pays for many, and their names as far as they are known."""

    name = forms.CharField(label=_("Who pays"), max_length=120, help_text=_("The hospital, department or company."))
    mobile = forms.CharField(label=_("Mobile"), max_length=20, validators=[MOBILE])
    email = forms.EmailField(label=_("E-mail"), required=False)
    guarded = False


class NamesForm(Form):
    """Names pasted from a sheet."""

    names = forms.CharField(label=_("Names"), widget=forms.Textarea(attrs={"rows": 8}), max_length=60000, help_text=_(
        "Paste from Excel, a line each: name, then department or unit, mobile, e-mail in any order."))


class HandForm(Form):
    """To whom a place is handed over, or how a name is right."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    unit_name = forms.CharField(label=_("Place of work"), max_length=120, required=False)
    mobile = forms.CharField(label=_("Mobile"), max_length=20, validators=[MOBILE], required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)


class EmailForm(Form):
    """The address of who has no account."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
