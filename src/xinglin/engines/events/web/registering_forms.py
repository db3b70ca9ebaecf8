"""Forms of registering: who comes, who pays, names pasted, what is handed over."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Person
from xinglin.kernel.refs import Ref
from xinglin.shell.forms import Form

from ..meetings import Event
from ..offers import Channel, Ticket
from ..orders import Way

MOBILE = RegexValidator(r"^(\+?86)?1[3-9]\d{9}$", _("A mobile number has eleven digits and begins with 1."))


class TakeForm(Form):
    """Which ticket, how many, and whether one waits."""

    ticket = forms.ModelChoiceField(queryset=Ticket.objects.none(), error_messages={
        "invalid_choice": _("Choose one of the tickets."), "required": _("Choose one of the tickets.")})
    quantity = forms.IntegerField(required=False, min_value=1)
    wait = forms.BooleanField(required=False)
    visit = forms.RegexField(r"^[A-Za-z0-9]{1,32}$", required=False)  # of the page: two clicks on it are one order
    guarded = False

    def __init__(self, *args: Any, event: Event, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["ticket"].queryset = Ticket.objects.filter(event=event)
        fields["quantity"].validators.append(MaxValueValidator(most, _(
            "Order at most %(limit_value)s places at once.")))

    def clean_quantity(self) -> int:
        """One place, where nothing is said."""
        return self.cleaned_data["quantity"] or 1


class PartyForm(Form):
    """Who comes: the reader, under the name of the directory, or somebody else, under the name typed."""

    other = forms.BooleanField(label=_("Somebody else comes, not me"), required=False)
    name = forms.CharField(label=_("Full name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    unit_name = forms.CharField(label=_("Place of work"), max_length=120, required=False,
                                widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    mobile = forms.CharField(label=_("Mobile"), max_length=20, validators=[MOBILE],
                             widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}))
    email = forms.EmailField(label=_("E-mail"), required=False, widget=forms.EmailInput(
        attrs={"autocomplete": "email"}))
    guarded = False

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person is None:
            del self.fields["other"]

    @property
    def for_other(self) -> bool:
        """Whether a reader of the directory registers somebody else."""
        return self.person is not None and bool(self["other"].value())

    def clean_name(self) -> str:
        """Take no name but the reader's own for the reader."""
        name = str(self.cleaned_data["name"]).strip()
        if self.person and not self.for_other and name != self.person.name:
            raise forms.ValidationError(_("This place would be yours, %(name)s. If somebody else comes, say so above."),
                                        params={"name": self.person.name})
        return name

    def said(self) -> dict[str, str]:
        """Return who comes."""
        return {name: self.cleaned_data[name] for name in ("name", "unit_name", "mobile", "email")}

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

    unit = forms.ChoiceField(label=_("In whose name"), required=False, help_text=_(
        "The price goes by the standing of who pays."))
    name = forms.CharField(label=_("Who pays"), max_length=120, help_text=_("The hospital, department or company."))
    mobile = forms.CharField(label=_("Mobile"), max_length=20, validators=[MOBILE])
    email = forms.EmailField(label=_("E-mail"), required=False)
    guarded = False

    def __init__(self, *args: Any, units: Mapping[Ref, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if units:
            fields["unit"].choices = [*((one.key, name) for one, name in units.items()), ("", _("My own"))]
            self.initial.setdefault("unit", next(iter(units)).key)
            self.initial.setdefault("name", next(iter(units.values())))
        else:
            del self.fields["unit"]

    def said(self) -> dict[str, str]:
        """Return who pays as it is written now, right or wrong."""
        return {name: str(self[name].value() or "") if name in self.fields else "" for name in (
            "unit", "name", "mobile", "email")}


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
