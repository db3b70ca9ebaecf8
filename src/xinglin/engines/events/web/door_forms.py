"""Forms of the doors of an event."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.shell.forms import Form

from ..doors import Often
from ..meetings import Event
from ..offers import Ticket
from ..programme import Room


class DeviceForm(Form):
    """Which gate a phone stands at, and whom it admits how often."""

    gate = forms.CharField(label=_("Name of the gate"), max_length=40)
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none(), required=False,
                                  empty_label=_("The way into the event"))
    often = forms.ChoiceField(label=_("One may enter"), choices=Often.choices, initial=Often.DAY)
    tickets = forms.ModelMultipleChoiceField(label=_("Only these classes"), required=False,
                                             queryset=Ticket.objects.none(), widget=forms.CheckboxSelectMultiple)
    basis = "K8.once"

    def __init__(self, *args: Any, event: Event, **kwargs: Any):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["room"]).queryset = event.rooms.all()
        cast(forms.ModelChoiceField, self.fields["tickets"]).queryset = event.tickets.all()
