"""Forms of the running year: evidence, decisions, changes, answers, comments."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.shell.forms import Choose, DateField, Form, NumberField, Upload

from .forms import ORGANISATION

EVIDENCE_FILES = (".pdf", ".docx", ".xlsx", ".jpg", ".jpeg", ".png")
EVIDENCE_TYPES = ("pdf", "docx", "xlsx", "jpg", "png")


class EvidenceForm(Form):
    """What shows progress, handed in by the leading unit."""

    words = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    amount = NumberField(label=_("How much it adds"), min_value=Decimal(0), max_digits=18, decimal_places=4)
    happened_on = DateField(label=_("Date"))
    file = Upload(label=_("File"), accept=EVIDENCE_FILES, max_bytes=20 * 1024 * 1024, required=False)

    def __init__(self, *args: Any, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount"]
        amount.widget.unit = unit
        if unit == "%":
            amount.label = _("Reached by now")
            amount.help_text = _("The latest proof holds; percentages are not added up.")


class WhyForm(Form):
    """A reason."""

    why = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)


class ChangeForm(Form):
    """A wish to change an adopted commitment."""

    value_min = NumberField(
        label=_("New target"), required=False, min_value=Decimal(0), max_digits=18, decimal_places=4
    )
    deadline = DateField(label=_("New deadline"), required=False)
    lead = Choose(kind=ORGANISATION, label=_("New lead"), required=False)
    cancel = forms.BooleanField(label=_("Cancel the commitment"), required=False)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    basis = "W4"

    def asked(self) -> dict[str, Any]:
        """Return what the request asks for."""
        return {**self.cleaned_data, "lead": str(self.cleaned_data["lead"] or "")}


class DecisionForm(Form):
    """A leader's decision."""

    approved = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect,
        choices=(("yes", pgettext_lazy("change", "Approve")), ("no", _("Refuse"))),
    )
    decision = forms.CharField(
        label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )


class AnswerForm(Form):
    """The answer to a supervision notice."""

    reply = forms.CharField(
        label=_("What was done, what follows"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class CommentForm(Form):
    """A remark on a commitment."""

    words = forms.CharField(label=_("Comment"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
