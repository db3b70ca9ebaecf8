"""Forms of review: a remark, a reason, the council's decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref
from xinglin.shell.forms import DateField, Form


class RemarkForm(Form):
    """Passing on, with a remark where there is one."""

    reason = forms.CharField(label=_("Remark for the next desk"), max_length=300, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))


class VerifyForm(RemarkForm):
    """Verifying: and, where the directory knows somebody alike, whether it is them."""

    person = forms.ChoiceField(label=_("Who is it?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: list[tuple[str, str]] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if people:
            self.fields["person"].choices = [("", _("Somebody new to the directory")), *people]  # type: ignore[attr-defined]
        else:
            del self.fields["person"]

    def clean_person(self) -> Ref | None:
        """Return the person chosen, None for somebody new."""
        return Ref(self.cleaned_data["person"]) if self.cleaned_data["person"] else None


class ReasonForm(Form):
    """A reason that the applicant reads."""

    reason = forms.CharField(label=_("Reason the applicant reads"), max_length=300,
                             widget=forms.Textarea(attrs={"rows": 3}))


class BatchForm(Form):
    """The decision of the standing council."""

    decision = forms.CharField(label=_("Number of the decision"), max_length=120)
    held_on = DateField(label=_("Day of the meeting"))
    basis = "M2.review_days"
