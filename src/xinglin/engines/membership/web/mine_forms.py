"""Forms of the member's own pages."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import ref
from xinglin.shell.forms import Form

from ..actions.joining import joinable


class SeatForm(Form):
    """Who is to have a free seat of the unit, or to give it back: by number and name, as nobody browses members."""

    name = forms.CharField(label=_("Full name"), max_length=80)
    number = forms.CharField(label=_("Member number"), max_length=40)
    give = forms.TypedChoiceField(
        label=_("Wanted"), widget=forms.RadioSelect, initial="1", coerce=lambda one: one == "1",
        choices=(("1", _("Give a seat")), ("0", _("Take the seat back"))))


class JoinForm(Form):
    """Which branch to join."""

    organisation = forms.TypedChoiceField(label=_("Branch or group"), coerce=lambda key: ref(
        "directory.organisation", key))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = joinable(on).order_by("kind", "order", "sort_key")
        self.fields["organisation"].choices = [("", "——"), *((str(one.pk), one.label) for one in rows)]
