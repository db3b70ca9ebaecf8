"""Forms of the doors of an event."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.shell.forms import Form

from ..doors import Often
from ..meetings import Event


class DeviceForm(Form):
    """Which gate a phone stands at, and whom it admits how often."""

    gate = forms.CharField(label=_("Name of the gate"), max_length=40)
    room = forms.ModelChoiceField(label=_("Room"), queryset=None, required=False,
                                  empty_label=_("The way into the event"))
    often = forms.ChoiceField(label=_("One may enter"), choices=Often.choices, initial=Often.DAY)
    tickets = forms.ModelMultipleChoiceField(label=_("Only these classes"), queryset=None, required=False,
                                             widget=forms.CheckboxSelectMultiple)
    basis = "K8.once"

    def __init__(self, *args: Any, event: Event, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = event.rooms.all()
        self.fields["tickets"].queryset = event.tickets.all()
