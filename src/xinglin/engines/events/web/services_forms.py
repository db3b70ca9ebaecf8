"""Forms of services: a visit of care, a health day, the list of risk areas, half hours, a reservation, the gate."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation, Person
from xinglin.kernel.actors import Actor
from xinglin.shell.forms import Choose, DateField, Form, Group, MoneyField, NumberField

from ..actions.caring import Visit
from ..caring import Care
from ..entering import HalfHour
from ..epidemics import EntryCheck
from ..meetings import Event, State
from ..regions import region_choices
from ..registrations import Registration
from ..tickets import MOST, NoTicket, read_ticket, tag_of
from .proposing_forms import organisation_choices


class CareForm(Form):
    """One visit."""

    reason = forms.ChoiceField(label=_("Why visited"), choices=Care.Reason.choices)
    given_on = DateField(label=_("Visited on"))
    person = Choose(kind="directory.person", label=_("Person visited"), required=False)
    organisation = Choose(kind="directory.organisation", label=_("Institution visited"), required=False)
    name = forms.CharField(label=_("Name, if not in the directory"), max_length=60, required=False)
    unit = forms.CharField(label=_("Their unit"), max_length=120, required=False)
    people = NumberField(label=_("People reached"), unit=_("people"), whole=True, min_value=1, initial=1)
    money = MoneyField(label=_("Money given"), required=False)
    voucher = forms.CharField(label=_("Voucher"), max_length=60, required=False,
                              help_text=_("The entry of the accounts, when money was given."))
    gift = forms.CharField(label=_("Gift or letter"), max_length=120, required=False)
    region = forms.ChoiceField(label=_("City or county"), required=False)
    note = forms.CharField(label=_("Remark on it"), max_length=300, required=False)
    basis = "C15.once"
    groups = (Group(label=_("Whom"), fields=("person", "organisation", "name", "unit", "people", "region")),
              Group(label=_("What was given"), fields=("money", "voucher", "gift", "note")))

    def __init__(self, *args: Any, on: date, care: Care | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["region"].choices = region_choices(on=on)
        fields["given_on"].initial = on
        if care:
            whom = ("person", "organisation")
            self.initial.update({name: getattr(care, name) for name in fields if name not in whom})
            self.initial["person"] = care.person.ref if care.person else None
            self.initial["organisation"] = care.organisation.ref if care.organisation else None

    def visit(self) -> Visit:
        """Return the visit as the act takes it."""
        given = self.cleaned_data
        person, organisation = given.get("person"), given.get("organisation")
        plain = {name: given[name] for name in ("reason", "given_on", "name", "unit", "people", "voucher", "gift",
                                                "region", "note")}
        return Visit(**plain, money=given.get("money") or 0,
                     person=Person.objects.get(pk=person.key) if person else None,
                     organisation=Organisation.objects.get(pk=organisation.key) if organisation else None)


class HealthDayForm(Form):
    """Who answers for a health day."""

    owner = Choose(kind="directory.person", label=_("Who answers for it"))
    organisation = forms.ChoiceField(label=_("With which organisation"), required=False)
    event = forms.ChoiceField(label=_("Event held for it"), required=False)
    basis = "W06.owner_days"

    def __init__(self, *args: Any, actor: Actor, on: date, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organisation"].choices = [("", "——"), *organisation_choices(actor, on=on)]
        near = Event.objects.exclude(state__in=[State.CANCELLED, State.REFUSED]).filter(
            kind__in=("health_day", "free_clinic", "seminar", "forum", "academic"), from_on__year=day.year,
            from_on__month=day.month)
        fields["event"].choices = [("", _("None yet")), *(
            (str(one.pk), f"{date_format(one.from_on, 'm-d')} {one.title}") for one in near)]

    def said(self) -> dict[str, Any]:
        """Return what the act takes."""
        given = self.cleaned_data
        return {"owner": Person.objects.get(pk=given["owner"].key),
                "organisation": Organisation.objects.get(pk=given["organisation"]) if given["organisation"] else None,
                "event": Event.objects.get(pk=given["event"]) if given["event"] else None}


class RiskForm(Form):
    """A new version of the list of risk areas."""

    high = forms.CharField(label=_("Areas of high risk"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
                           help_text=_("Six-digit codes between spaces; a prefecture covers its counties."))
    medium = forms.CharField(label=_("Areas of medium risk"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.CharField(label=_("Where the list comes from"), max_length=200)
    basis = "C08.risk_refused"

    def said(self) -> dict[str, Any]:
        """Return what the act takes."""
        given = self.cleaned_data
        words = {name: given[name].replace(",", " ").replace("，", " ").replace("、", " ").split()
                 for name in ("high", "medium")}
        return {**words, "source": given["source"]}


class HalfHoursForm(Form):
    """From when to when visitors are let in each day, and how many each half hour."""

    from_time = forms.TimeField(label=_("Doors open at"), initial="08:00", widget=forms.TimeInput(
        attrs={"type": "time", "step": 1800}, format="%H:%M"))
    until_time = forms.TimeField(label=_("Doors close at"), initial="12:00", widget=forms.TimeInput(
        attrs={"type": "time", "step": 1800}, format="%H:%M"))
    places = NumberField(label=_("Visitors each half hour"), unit=_("people"), whole=True, min_value=1, max_value=5000)
    basis = "C08.flow"

    def clean(self) -> dict[str, Any]:
        """Want the end after the beginning, both on the half hour."""
        given = super().clean() or {}
        begin, end = given.get("from_time"), given.get("until_time")
        for name in ("from_time", "until_time"):
            if given.get(name) and given[name].minute % 30:
                self.add_error(name, _("Half hours begin at :00 and :30."))
        if begin and end and end <= begin:
            self.add_error("until_time", _("It ends before it begins."))
        return given


class EntryForm(Form):
    """A half hour for oneself."""

    item = forms.TypedChoiceField(label=_("Half hour"), coerce=int, widget=forms.RadioSelect)
    region = forms.ChoiceField(label=_("Where do you come from?"))
    basis = "C08.reservation"

    def __init__(self, *args: Any, slots: list[HalfHour], labels: dict[int, str], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["item"].choices = [(one.item, labels[one.item]) for one in slots if one.left > 0]
        fields["region"].choices = region_choices(on=on)


class GateForm(Form):
    """What is measured at the gate."""

    ticket = forms.CharField(label=_("Ticket number"), max_length=MOST, help_text=_("Scanned or typed."))
    temperature = NumberField(label=_("Temperature"), unit="℃", min_value=30, max_value=45, max_digits=3,
                              decimal_places=1)
    code = forms.ChoiceField(label=_("Health code"), choices=EntryCheck.HealthCode.choices)
    guarded = False

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event

    def clean_ticket(self) -> Registration:
        """Return whose ticket it is: a scanned square code, or the number under it."""
        said = self.cleaned_data["ticket"].strip()
        rows = Registration.objects.of_event(self.event).confirmed().select_related("person")
        try:
            read = read_ticket(said)
            row = rows.filter(pk=read.registration).first()
            row = row if row and tag_of(row.code) == read.tag else None
        except NoTicket:
            row = rows.filter(code=said.upper()).first()
        if row is None:
            raise forms.ValidationError(_("No ticket of this event that admits bears this number."))
        return row
