"""Short forms of running an event: a reason, a receipt, evidence, figures, accounts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation
from xinglin.kernel.actors import Actor
from xinglin.shell.forms import DateField, Form, MoneyField, NumberField, Upload
from xinglin.shell.forms.form import dress
from xinglin.shell.forms.words import explain

from ..actions.closing import Figures
from ..budgeting import line_label
from ..meetings import BudgetLine, Event, Format
from .proposing_forms import organisation_choices

EVIDENCE = (".jpg", ".jpeg", ".png", ".webp", ".pdf", ".docx", ".xlsx", ".txt")
ASKED = {"people_served": (_("Grass-roots staff served"), _("attendances")),
         "patients": (_("Patients seen"), _("attendances")), "doctors": (_("Doctors who took part"), _("attendances")),
         "follow_ups": (_("Follow-ups"), _("attendances"))}


class DecideForm(Form):
    """An agreement, a refusal or sending back, with its reason."""

    reason = forms.CharField(label=_("Reason or remark"), max_length=300, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))
    guarded = False


class WhyForm(Form):
    """Why an event is called off."""

    reason = forms.CharField(label=_("Why, for those who come"), max_length=300,
                             widget=forms.Textarea(attrs={"rows": 2}))
    guarded = False


class FilingForm(Form):
    """The receipt of a filing."""

    number = forms.CharField(label=_("Filing number"), max_length=60)
    filed_on = DateField(label=_("Filed on"), required=False)
    paper = Upload(label=_("Receipt or filing form"), accept=EVIDENCE, max_bytes=20 * 1024 * 1024, required=False)
    basis = "G14.lead_days"


class PermitForm(Form):
    """The permit of the police."""

    number = forms.CharField(label=_("Number of the permit"), max_length=60)
    guarded = False


class CheckForm(Form):
    """One point of the supervision, answered on a phone."""

    evidence = Upload(label=_("Photo or document"), accept=EVIDENCE, max_bytes=20 * 1024 * 1024, required=False)
    note = forms.CharField(label=_("Remark on it"), max_length=300, required=False)
    guarded = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].widget.attrs["capture"] = "environment"  # a phone opens its camera


class HoldForm(Form):
    """Who came: on site and online apart, and what the kind of event is asked for (K9)."""

    people_on_site = NumberField(label=_("Attendances on site"), unit=_("attendances"), whole=True, min_value=0,
                                 help_text=_("Each day counts the people who signed in."))
    people_online = NumberField(label=_("Attendances online"), unit=_("attendances"), whole=True, min_value=0,
                                help_text=_("Accounts that watched five minutes or more, each day."))

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event.format == Format.ON_SITE:
            self.fields["people_online"].initial = 0
        if event.format == Format.ONLINE:
            self.fields["people_on_site"].initial = 0
        for name in event.sort.asks:
            label, unit = ASKED[name]
            self.fields[name] = NumberField(label=label, unit=unit, whole=True, min_value=0)
            dress(self.fields[name])
            explain(self.fields[name], label=str(label))

    def figures(self) -> Figures:
        """Return the figures as the act takes them."""
        return Figures(**{name: self.cleaned_data[name] for name in self.fields})


class ReportForm(Form):
    """The report after an event."""

    papers = Upload(label=_("Report after the event"), accept=(".pdf", ".docx", ".txt"), max_bytes=20 * 1024 * 1024)
    basis = "G14.report_days"


class SettleForm(Form):
    """What each line of the budget came to."""

    basis = "C07.checklists"

    def __init__(self, *args: Any, lines: list[BudgetLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            field = self.fields[f"line-{line.pk}"] = MoneyField(
                label=f"{line_label(line.code)} {line.note}".strip(), initial=line.actual)
            dress(field)
            explain(field, label=str(field.label))

    def rows(self) -> list[tuple[BudgetLine, forms.BoundField]]:
        """Return each line with its field."""
        return [(line, self[f"line-{line.pk}"]) for line in self.lines]

    def actual(self) -> dict[int, Decimal]:
        """Return the amounts by line."""
        return {line.pk: self.cleaned_data[f"line-{line.pk}"] for line in self.lines}

    def _add(self, *, field: str, message: Any) -> None:
        super()._add(field="" if field == "actual" else field, message=message)


class SeriesForm(Form):
    """A series to open."""

    title = forms.CharField(label=_("Title of the series"), max_length=120)
    organisation = forms.ChoiceField(label=_("Run by"))
    branded = forms.BooleanField(label=_("A brand, planned by number each year"), required=False)
    numbered = forms.BooleanField(label=_("Its editions are numbered"), required=False, initial=True)
    known_edition = NumberField(label=_("Last edition held before"), whole=True, min_value=0, required=False)
    known_year = NumberField(label=_("Held in the year"), whole=True, min_value=1900, max_value=2200, required=False)
    aliases = forms.CharField(label=_("Other names plans use"), required=False, help_text=_("Separated by spaces."))
    basis = "C05.editions"

    def __init__(self, *args: Any, actor: Actor, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations: Any = self.fields["organisation"]
        organisations.choices = organisation_choices(actor, on=on)

    def said(self) -> dict[str, Any]:
        """Return the series as the act takes it."""
        given = self.cleaned_data
        return {"title": given["title"], "organisation": Organisation.objects.get(pk=given["organisation"]),
                "branded": given["branded"], "numbered": given["numbered"], "aliases": given["aliases"].split(),
                "known_edition": given.get("known_edition") or 0, "known_year": given.get("known_year")}
