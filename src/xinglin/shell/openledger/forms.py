"""The form for deleting the personal words of a fact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..forms import Form

REASONS = {
    "request": _("The person asked for it"),
    "expired": _("The time of keeping is over"),
    "mistake": _("It was never to be recorded"),
}


class ForgetForm(Form):
    """Why the personal words of a fact are deleted."""

    reason = forms.ChoiceField(label=_("Why"), choices=[("", "——"), *REASONS.items()])
