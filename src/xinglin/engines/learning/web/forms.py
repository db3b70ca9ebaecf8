"""Forms of learning; they clean and show, and never save."""

import hashlib
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from xinglin.kernel import clock
from xinglin.shell.forms import Choose, ChooseMany, DateField, Form, Group, NumberField, Upload

from ..codes import typed
from ..credits import CLAIMED, Channel, Duty, Role
from ..numbers import subject_label, subjects
from ..projects import Level, Sort

PROOF = (".pdf", ".jpg", ".jpeg", ".png")


def _subject_options() -> list[tuple[str, str]]:
    return [(code, f"{code} {subject_label(code)}") for code in sorted(subjects())]


class ProjectForm(Form):
    """The application of a project."""

    title = forms.CharField(label=_("Title of the project"), max_length=200)
    level = forms.ChoiceField(label=_("Level of the project"), choices=Level.choices)
    sort = forms.ChoiceField(label=_("Sort of project"), choices=Sort.choices)
    year = forms.TypedChoiceField(label=_("Year of the project"), coerce=int)
    first = forms.ChoiceField(label=_("First-level subject"), choices=_subject_options)
    second = forms.RegexField(r"^\d{2}$", label=_("Second-level subject"), max_length=2, help_text=_("Two digits"))
    leader = Choose(kind="directory.person", label=_("Project leader"))
    branch = Choose(kind="directory.organisation", label=_("Branch in charge"))
    teachers = ChooseMany(kind="directory.person", label=_("Teachers"), required=False)
    hours = NumberField(label=_("Hours of teaching"), unit=_("class hours"), min_value=Decimal("0.5"),
                        max_value=Decimal(200), decimal_places=1)
    heads = NumberField(label=_("Planned number of people"), unit=_("people"), whole=True, min_value=1,
                        max_value=10_000)
    planned_on = DateField(label=_("Planned first day"), required=False)
    tested = forms.BooleanField(label=_("Ends with a test"), required=False, initial=True)
    groups = (Group(label=_("Project"), fields=("title", "level", "sort", "year", "first", "second")),
              Group(label=_("People of the project"), fields=("leader", "branch", "teachers")),
              Group(label=_("How much, when"), fields=("hours", "heads", "planned_on", "tested")))
    basis = "E4.frozen"

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        year = clock.today().year
        self.fields["year"].choices = [(one, str(one)) for one in (year, year + 1)]


class NoteForm(Form):
    """Why something is done."""

    note = forms.CharField(label=_("Why it is so"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class NumberForm(Form):
    """The number of the published list."""

    number = forms.CharField(label=_("Project number"), max_length=30, help_text=_("As in 2026-03-01-001（国）"))
    basis = "E6.form"


class LeaderForm(Form):
    """Who leads from now on."""

    leader = Choose(kind="directory.person", label=_("New leader"))
    note = forms.CharField(label=_("Why it is so"), max_length=300)
    basis = "E4.frozen"


class TimetableForm(Form):
    """Days and hours, a line a session."""

    timetable = forms.CharField(label=_("Timetable"), widget=forms.Textarea(attrs={"rows": 10}), help_text=_(
        "A line a session: 2026-05-15 08:00-12:00 topic lecturer. Only teaching counts: write 【考核】 or 【仪式】 "
        "before the topic of what is none, 【授课】 before what is."))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # digest of the timetable that was shown
    place = forms.CharField(label=_("Venue"), max_length=120, required=False)
    basis = "E4.notice_days"

    def shown(self) -> bool:
        """Say whether this very timetable was shown as it is read; else it is shown now, to be sent once more."""
        digest = hashlib.sha256(self.cleaned_data["timetable"].encode()).hexdigest()[:16]
        if self.cleaned_data["seen"] == digest:
            return True
        self.data = self.data.copy()
        self.data["seen"] = digest
        return False


class YearForm(Form):
    """For which year."""

    year = NumberField(label=_("Year of the project"), whole=True, min_value=2000, max_value=2100)
    basis = "E4.own_year"


class PresenceForm(Form):
    """An attendance that somebody types."""

    person = Choose(kind="directory.person", label=_("Person"))
    day = DateField(label=_("On which day"))
    minutes = NumberField(label=_("Valid minutes"), unit=_("minutes"), whole=True, min_value=0, max_value=1440)
    channel = forms.ChoiceField(label=_("Where"), choices=Channel.choices)
    role = forms.ChoiceField(label=_("As what"), choices=Role.choices)
    score = NumberField(label=_("Score of the test"), unit=_("points"), required=False, min_value=0, max_value=100,
                        decimal_places=1)
    basis = "E5.day_minutes"


class ReasonForm(Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Ground for taking back"), max_length=200)


class SettleForm(Form):
    """Whether an attendance that could not be taken in is taken in after all."""

    accepted = forms.ChoiceField(label=_("What to do with it"), widget=forms.RadioSelect)
    answer = forms.CharField(label=_("Why it is left out"), max_length=300, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))
    alike = forms.BooleanField(required=False)

    def __init__(self, *args: Any, takes: bool, replaces: bool, others: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("Take it in, in place of what stands there") if replaces else _("Take it in beside what stands there")
        # Without the day in a project that goes on there is nothing for which it could come in.
        self.fields["accepted"].choices = [*([("yes", words)] if takes else []), ("no", _("Leave it out"))]
        self.fields["accepted"].initial = None if takes else "no"
        if others:
            self.fields["alike"].label = ngettext(
                "Also %(n)d other of this project that waits for the same reason",
                "Also %(n)d others of this project that wait for the same reason", others) % {"n": others}
        else:
            del self.fields["alike"]


class BatchForm(Form):
    """The window of a year and a level."""

    year = NumberField(label=_("Year of the project"), whole=True, min_value=2000, max_value=2100)
    level = forms.ChoiceField(label=_("Level of the project"), choices=Level.choices)
    opens_on = DateField(label=_("Opens on"))
    closes_on = DateField(label=_("Closes on"))
    basis = "E6.window_national"


class ClaimForm(Form):
    """Credits from elsewhere."""

    kind = forms.ChoiceField(label=_("Where credits come from"), choices=[(one.value, one.label) for one in CLAIMED])
    words = forms.CharField(label=_("What it was"), max_length=200)
    completed_on = DateField(label=_("Completed on"))
    asked = NumberField(label=_("Credits asked for"), unit=_("credits"), decimal_places=1, min_value=Decimal("0.5"),
                        max_value=Decimal(50))
    hours = NumberField(label=_("Hours it took"), unit=_("class hours"), decimal_places=1, min_value=Decimal(0),
                        max_value=Decimal(2000))
    months = NumberField(label=_("Months, for advanced study"), unit=_("months"), whole=True, required=False,
                         min_value=0, max_value=60)
    specialist = forms.BooleanField(label=_("A specialist subject"), required=False, initial=True)
    evidence = Upload(label=_("Evidence file"), accept=PROOF, max_bytes=20 * 1024 * 1024)
    basis = "E2.self_study_cap"


class DecideForm(Form):
    """How many credits a claim is given; none refuses it."""

    credits = NumberField(label=_("Credits given"), unit=_("credits"), decimal_places=1, min_value=Decimal(0),
                          max_value=Decimal(50), help_text=_("0 refuses the claim, with a reason."))
    answer = forms.CharField(label=_("Answer"), max_length=300, required=False)


class DutyForm(Form):
    """Which requirement holds for somebody."""

    what = forms.ChoiceField(label=_("Requirement"), choices=Duty.What.choices)
    from_on = DateField(label=_("Starting on"))
    basis = "E1.credits"


class BarForm(Form):
    """Who may not apply, and for how long."""

    person = Choose(kind="directory.person", label=_("Person"), required=False)
    branch = Choose(kind="directory.organisation", label=_("Branch"), required=False)
    years = NumberField(label=_("For how many years"), whole=True, min_value=1, max_value=10)
    reason = forms.CharField(label=_("Ground for the bar"), max_length=200)
    basis = "E2.bar_most"

    def clean(self) -> dict[str, Any]:
        """Want one of person and branch."""
        given = super().clean()
        if bool(given.get("person")) is bool(given.get("branch")):
            self.add_error("person", _("Choose either a person or a branch."))
        return given


class CodeForm(Form):
    """The code of a certificate."""

    code = forms.CharField(label=_("Code on the certificate"), max_length=40)

    def clean_code(self) -> str:
        """Return the code as it is kept, however it was typed; signs alone are none."""
        code = typed(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("A code has letters and figures."))
        return code
