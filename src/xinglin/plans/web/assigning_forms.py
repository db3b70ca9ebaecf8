"""Forms of decomposing: a row of the table, many rows at once, an item of the three lists."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref
from xinglin.shell.forms import Choose, ChooseMany, Form, NumberField

from ..commitments import Commitment
from .forms import ORGANISATION, PERSON

_STEP = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s+(\d+(?:\.\d+)?)\s*[%％]?\s*(.*)")


class MilestonesField(forms.CharField):
    """Milestones as an office types them, one a line: 2026-06-30 50% 完成半数."""

    widget = forms.Textarea(attrs={"rows": 3, "placeholder": "2026-06-30 50%"})

    def to_python(self, value: Any) -> list[tuple[date, Decimal, str]]:
        """Return (day, percent, words) for each line (ValidationError names the line)."""
        steps = []
        for line in str(value or "").splitlines():
            if line.strip():
                steps.append(self._step(line.strip()))
        return steps

    def _step(self, line: str) -> tuple[date, Decimal, str]:
        found = _STEP.fullmatch(line)
        try:
            if found is None:
                raise ValueError(line)
            share = Decimal(found[4])
            if share > 100:
                raise ValueError(line)
            return date(int(found[1]), int(found[2]), int(found[3])), share, found[5].strip()[:200]
        except (ValueError, InvalidOperation):
            raise forms.ValidationError(
                _("“%(line)s” is not understood. Write date, percent and words: 2026-06-30 50%% half done."),
                params={"line": line},
            ) from None

    def prepare_value(self, value: Any) -> Any:
        """Show milestones as lines."""
        if isinstance(value, list):
            return "\n".join(f"{due} {share.normalize():f}% {title}".strip() for due, share, title in value)
        return value


class AssignForm(Form):
    """A row of the decomposition table."""

    lead = Choose(kind=ORGANISATION, label=_("Lead"), required=False)
    partners = ChooseMany(kind=ORGANISATION, label=_("Partners"), required=False)
    leader = Choose(kind=PERSON, label=_("Leader in charge"), required=False)
    responsible = Choose(kind=PERSON, label=_("Responsible"), required=False)
    weight = NumberField(label=_("Weight"), max_digits=6, decimal_places=2)
    budget_line = forms.CharField(label=_("Budget line"), required=False, max_length=80)
    milestones = MilestonesField(
        label=_("Milestones"), required=False, help_text=_("One a line: date, percent, words.")
    )
    why = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("For weight and milestones, once the plan is adopted."),
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def assignment(self) -> dict[str, Any]:
        """Return what the act takes."""
        given = self.cleaned_data
        return {
            **{name: str(given[name] or "") for name in ("lead", "leader", "responsible")},
            "partners": [str(one) for one in given["partners"]],
            "weight": given["weight"],
            "budget_line": given["budget_line"],
            "milestones": given["milestones"],
            "why": given["why"],
            "seen": given["stamp"],
        }


def assign_values(one: Commitment) -> dict[str, Any]:
    """Return what a row's form shows before anybody typed."""
    return {
        **{name: Ref(getattr(one, name)) if getattr(one, name) else None for name in ("lead", "leader", "responsible")},
        "partners": [Ref(p.unit) for p in one.partners.order_by("pk")],
        "weight": f"{one.weight.normalize():f}",
        "budget_line": one.budget_line,
        "milestones": [(step.due_on, step.share, step.title) for step in one.milestones.all()],
        "stamp": one.stamp,
    }


class ManyForm(Form):
    """What several rows get at once; what is left empty stays as it is."""

    lead = Choose(kind=ORGANISATION, label=_("Lead"), required=False)
    partners = ChooseMany(kind=ORGANISATION, label=_("Partners"), required=False)
    leader = Choose(kind=PERSON, label=_("Leader in charge"), required=False)
    responsible = Choose(kind=PERSON, label=_("Responsible"), required=False)

    def assignment(self) -> dict[str, Any]:
        """Return only what was filled in."""
        given = self.cleaned_data
        answer: dict[str, Any] = {name: str(given[name]) for name in ("lead", "leader", "responsible") if given[name]}
        if given["partners"]:
            answer["partners"] = [str(one) for one in given["partners"]]
        return answer


class ItemForm(Form):
    """One item of the three lists: the problem it answers, what is done, who answers for what."""

    problem = forms.CharField(label=_("Problem"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    duty = forms.CharField(label=_("Duty"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    lead = Choose(kind=ORGANISATION, label=_("Lead"), required=False)
    responsible = Choose(kind=PERSON, label=_("Responsible"), required=False)
    stamp = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def assignment(self) -> dict[str, Any]:
        """Return what the act takes."""
        given = self.cleaned_data
        return {
            "problem": given["problem"],
            "duty": given["duty"],
            "lead": str(given["lead"] or ""),
            "responsible": str(given["responsible"] or ""),
            "seen": given["stamp"],
        }
