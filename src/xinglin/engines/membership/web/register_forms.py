"""Forms of the register: admitting, another tier, a waiver, branches, a letter to many."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.shell.forms import Choose, DateField, Form

from ..matrix import catalogue
from ..tiers import Tier


def _tiers(holder: str = "") -> list[tuple[str, str]]:
    rows = Tier.objects.open_on(clock.today())
    return [(one.code, str(one)) for one in (rows.filter(holder=holder) if holder else rows)]


class AdmitForm(Form):
    """Enter somebody as a member: the office does so for members of old."""

    person = Choose(kind="directory.person", label=_("Person"), required=False)
    unit = Choose(kind="directory.organisation", label=_("Which unit"), required=False)
    tier = forms.ChoiceField(label=_("Tier"))
    branch = Choose(kind="directory.organisation", label=_("Branch that brought the member in"), required=False)
    joined_on = DateField(label=_("Member since"))
    decision = forms.CharField(label=_("Number of the decision"), max_length=120, required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["tier"].choices = _tiers()
        self.fields["joined_on"].initial = clock.today()

    def clean(self) -> dict[str, Any]:
        """Want one of person and unit."""
        given = super().clean()
        if bool(given.get("person")) is bool(given.get("unit")):
            self.add_error("person", _("Choose either a person or a unit."))
        return given


class GradeForm(Form):
    """Another tier from a day on."""

    tier = forms.ChoiceField(label=_("Tier"))
    from_on = DateField(label=_("Starting on"))
    basis = "M3.senior_years"

    def __init__(self, *args: Any, holder: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["tier"].choices = _tiers(holder)
        self.fields["from_on"].initial = clock.today()


class WaiverForm(Form):
    """The fee is waived from a day until before another, or for life."""

    from_on = DateField(label=_("Starting on"))
    until_on = DateField(label=_("Until before"), required=False, help_text=_("Empty: for life."))
    reason = forms.CharField(label=_("Reason"), max_length=120)
    basis = "M3.waived_from_age"


class EndWaiverForm(Form):
    """The day from which the fee is owed again."""

    until_on = DateField(label=_("Owed again from"), help_text=_(
        "The next dues run asks for it, also when the bill was cancelled for the waiver or seat."))
    basis = "M3.waived_from_age"

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["until_on"].initial = clock.today()


class BranchForm(Form):
    """A branch or group to join, or to move to."""

    organisation = Choose(kind="directory.organisation", label=_("Branch or group"))
    from_on = DateField(label=_("Starting on"))
    leaves = forms.ChoiceField(label=_("Leaves"), required=False)

    def __init__(self, *args: Any, branches: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["leaves"].choices = [("", _("none: a further branch")), *branches]
        self.fields["from_on"].initial = clock.today()


class RuleForm(Form):
    """A condition, right or duty of a tier from a day on."""

    code = forms.ChoiceField(label=_("Condition, right or duty"))
    holds = forms.ChoiceField(label=_("From that day"), choices=(("yes", _("has it")), ("no", _("no longer has it"))))
    amount = forms.IntegerField(label=_("How many of it"), required=False, min_value=0, max_value=1000)
    from_on = DateField(label=_("Starting on"))
    decision = forms.CharField(label=_("Number of the decision"), max_length=120, required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["code"].choices = [(word.code, word.label) for word in catalogue().values()]
        self.fields["from_on"].initial = clock.today()


class LetterForm(Form):
    """A letter to the members picked."""

    title = forms.CharField(label=_("Subject line"), max_length=60)
    words = forms.CharField(label=_("Words"), max_length=200, widget=forms.Textarea(attrs={"rows": 4}))
