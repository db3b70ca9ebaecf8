"""Forms of exits, of taking them back, and of appeals."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.shell.forms import DateField, Form

from ..members import Member, Spell

_PEOPLE = (Spell.Ended.LEFT, Spell.Ended.EXPELLED, Spell.Ended.DIED)
_UNITS = (Spell.Ended.LEFT, Spell.Ended.EXPELLED, Spell.Ended.DISSOLVED)


class ExitForm(Form):
    """How and from which day a membership ended; a lapse is left to the night, which warns first."""

    basis = "M4"
    how = forms.ChoiceField(label=_("How the membership ended"))
    ended_on = DateField(label=_("First day without membership"))
    decision = forms.CharField(label=_("Resolution"), max_length=120, required=False,
                               help_text=_("Required for an expulsion: body, date and number."))

    def __init__(self, *args: Any, member: Member, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        ways = _PEOPLE if member.person_id else _UNITS
        self.fields["how"].choices = [("", "——"), *((one.value, one.label) for one in ways)]
        self.fields["ended_on"].initial = on

    def clean_ended_on(self) -> date:
        """Refuse a day that has not come."""
        day: date = self.cleaned_data["ended_on"]
        if day > self.on:
            raise forms.ValidationError(_("An exit is written down once its day has come."))
        return day


class ReinstateForm(Form):
    """Why an exit is taken back."""

    basis = "M2.appeal_days"
    reason = forms.CharField(label=_("Why the exit is taken back"), max_length=300)


class AppealForm(Form):
    """Why the exit should be taken back."""

    basis = "M2.appeal_days"
    words = forms.CharField(label=_("What speaks against the exit"), max_length=2000,
                            widget=forms.Textarea(attrs={"rows": 6}))


class DecisionForm(Form):
    """Whether an appeal is upheld, and the answer to the member."""

    upheld = forms.ChoiceField(label=_("Decision on the appeal"), widget=forms.RadioSelect, choices=[
        ("yes", _("Upheld: the exit is taken back")), ("no", _("Rejected: the exit stays"))])
    answer = forms.CharField(label=_("Answer to the member"), max_length=300,
                             widget=forms.Textarea(attrs={"rows": 3}))
