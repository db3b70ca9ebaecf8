"""Forms of a proposal: what is to be held, who else holds it, what it may cost."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.directory.models import Organisation
from xinglin.kernel.actors import Actor
from xinglin.kernel.refs import Ref
from xinglin.shell import choosing
from xinglin.shell.forms import Choose, ChooseMany, DateField, Form, Group, MoneyField, NumberField
from xinglin.shell.forms.form import dress
from xinglin.shell.forms.words import explain

from ..actions.proposing import Beside, Line, Plan
from ..budgeting import LINES
from ..kinds import choices
from ..meetings import Event, Format, Partner, Role
from ..policy import OFFICE, organises
from ..regions import region_choices
from ..series import Series

SPARE_LINES, SPARE_PARTNERS = 4, 2
PROJECT = "learning.project"  # kept by another engine, where there is one
PLAIN = ("title", "title_en", "kind", "role", "planned", "format", "region", "place", "heads", "heads_online",
         "public", "international", "sponsored", "pack", "summary", "summary_en", "edition", "abstracts_until")


def organisation_choices(actor: Actor, *, on: date) -> list[tuple[str, str]]:
    """Return the organisations somebody may propose events for."""
    rows = Organisation.objects.on(on).filter(kind__in=("association", "office", "department", "branch",
                                                        "youth_committee", "squad", "local_body"))
    every = any(actor.has(role) for role in OFFICE)
    return [(str(one.pk), one.label) for one in rows if every or organises(actor=actor, organisation=one.ref)]


class PlanForm(Form):
    """Everything that is said of an event before it is held."""

    kind = forms.ChoiceField(label=_("Sort of event"))
    organisation = forms.ChoiceField(label=_("Held by which organisation"))
    title = forms.CharField(label=_("Title of the event"), max_length=160)
    series = forms.ChoiceField(label=_("Series"), required=False)
    edition = NumberField(label=_("Edition number"), whole=True, min_value=1, required=False,
                          help_text=_("Empty: the next one."))
    role = forms.ChoiceField(label=_("Our part"), choices=Role.choices)
    from_on = DateField(label=_("First day of the event"))
    last_on = DateField(label=_("Last day of the event"), required=False, help_text=_("Empty: a single day."))
    format = forms.ChoiceField(label=_("Format"), choices=Format.choices)
    region = forms.ChoiceField(label=_("City or county"), required=False)
    place = forms.CharField(label=_("Name of the venue"), max_length=120, required=False)
    heads = NumberField(label=_("Expected in the hall"), unit=_("people"), whole=True, min_value=0, initial=0)
    heads_online = NumberField(label=_("Expected online"), unit=_("people"), whole=True, min_value=0, required=False)
    planned = forms.BooleanField(label=_("In the yearly programme (otherwise an addition)"), required=False,
                                 initial=True)
    international = forms.BooleanField(label=_("International"), required=False)
    sponsored = forms.BooleanField(label=_("Has sponsors"), required=False)
    public = forms.BooleanField(label=_("Open to everybody, not to the profession only"), required=False)
    pack = forms.BooleanField(label=_("Epidemic pack: reservation, flow limit, temperature, health code"),
                              required=False)
    specialties = ChooseMany(kind="directory.specialty", label=_("Specialties concerned"), required=False)
    summary = forms.CharField(label=_("What it is about"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    title_en = forms.CharField(label=_("English title"), max_length=200, required=False)
    summary_en = forms.CharField(label=_("In English"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    project = Choose(kind=PROJECT, label=_("CME project held with it"), required=False,
                     help_text=_("Whoever attends has the minutes counted there for credits."))
    abstracts_until = DateField(label=_("Abstracts until"), required=False, help_text=_("Empty: none are asked for."))
    draft = True
    groups = (
        Group(label=_("Event"), fields=("kind", "organisation", "title", "series", "edition", "role")),
        Group(label=_("When and where"), fields=("from_on", "last_on", "format", "region", "place")),
        Group(label=_("Scale: it decides the grade and who must agree"),
              fields=("heads", "heads_online", "planned", "international", "sponsored", "public", "pack")),
        Group(label=_("Content"),
              fields=("specialties", "project", "summary", "abstracts_until", "title_en", "summary_en")))

    def __init__(self, *args: Any, actor: Actor, on: date, event: Event | None = None, **kwargs: Any) -> None:
        self.event = event
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].choices = choices()
        offered = organisation_choices(actor, on=on)
        if event and str(event.organisation.pk) not in dict(offered):
            offered.append((str(event.organisation.pk), event.organisation.label))
        fields["organisation"].choices = offered
        series = Series.objects.filter(closed_on=None)
        fields["series"].choices = [("", _("None of a series")), *((str(one.pk), one.title) for one in series)]
        fields["region"].choices = region_choices(on=on)
        if not choosing.is_known(PROJECT):
            del fields["project"]
        fields["summary"].wide = fields["summary_en"].wide = fields["title"].wide = "x-w"
        if event:
            self.initial.update(_initial(event))
        self._add_rows()

    def _add_rows(self) -> None:
        """Add the rows of partners and of the budget: those there are, and some to fill in."""
        added: dict[str, forms.Field] = {}
        partners = list(self.event.partners.all()) if self.event else []
        for place in range(len(partners) + SPARE_PARTNERS):
            one = partners[place] if place < len(partners) else None
            added[f"partner-{place}-part"] = forms.ChoiceField(
                label=_("Part in it"), choices=[("", "——"), *Partner.Part.choices], required=False,
                initial=one.part if one else "")
            added[f"partner-{place}-name"] = forms.CharField(
                label=_("Name of the unit"), max_length=120, required=False, initial=one.name if one else "")
            added[f"partner-{place}-amount"] = MoneyField(
                label=_("Gives"), required=False, initial=one.amount if one else None)
        self.partner_rows = len(partners) + SPARE_PARTNERS
        self.line_rows: dict[str, int] = {}
        for side, codes in LINES.items():
            lines = list(self.event.budget.filter(side=side)) if self.event else []
            number = self.line_rows[side] = len(lines) + SPARE_LINES
            for place in range(number):
                line = lines[place] if place < len(lines) else None
                added[f"{side}-{place}-code"] = forms.ChoiceField(
                    label=_("Line"), choices=[("", "——"), *codes.items()], required=False,
                    initial=line.code if line else "")
                added[f"{side}-{place}-note"] = forms.CharField(
                    label=_("What for"), max_length=120, required=False, initial=line.note if line else "")
                added[f"{side}-{place}-planned"] = MoneyField(
                    label=_("Planned sum"), required=False, initial=line.planned if line else None)
        for field in added.values():
            dress(field)
            explain(field, label=str(field.label))
        self.fields.update(added)

    def partners(self) -> Iterator[list[forms.BoundField]]:
        """Yield the rows of partners."""
        for place in range(self.partner_rows):
            yield [self[f"partner-{place}-{name}"] for name in ("part", "name", "amount")]

    def budget(self) -> Iterator[tuple[Any, list[list[forms.BoundField]]]]:
        """Yield the two sides of the budget with their rows."""
        for side, label in (("income", _("Planned income")), ("expense", _("Planned expense"))):
            yield label, [[self[f"{side}-{place}-{name}"] for name in ("code", "note", "planned")]
                          for place in range(self.line_rows[side])]

    def main_parts(self) -> Iterator[tuple[Group | None, list[forms.BoundField]]]:
        """Yield the groups of the upper form; rows stand below it."""
        return ((group, fields) for group, fields in self.laid_out() if group)

    def clean(self) -> dict[str, Any]:
        """Want an amount beside each line and a name beside each part, and both ends of the days."""
        given = super().clean() or {}
        for name in [one for one in self.fields if one.endswith("-code")]:
            row = name.removesuffix("code")
            if given.get(name) and given.get(f"{row}planned") is None:
                self.add_error(f"{row}planned", _("How much?"))
            if given.get(f"{row}planned") is not None and not given.get(name):
                self.add_error(name, _("For which line?"))
        for place in range(self.partner_rows):
            if bool(given.get(f"partner-{place}-part")) is not bool(given.get(f"partner-{place}-name")):
                self.add_error(f"partner-{place}-name", _("Give both the part and the name."))
        first, last = given.get("from_on"), given.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("It ends before it begins."))
        return given

    def _add(self, *, field: str, message: Any) -> None:
        super()._add(field="last_on" if field == "until_on" else field, message=message)

    def plan(self) -> Plan:
        """Return what was filled in as the act takes it."""
        given = self.cleaned_data
        said = {name: given.get(name) for name in PLAIN if given.get(name) is not None}
        return Plan(
            **said, organisation=Organisation.objects.get(pk=given["organisation"]),
            from_on=given["from_on"], until_on=(given.get("last_on") or given["from_on"]) + timedelta(days=1),
            series=Series.objects.filter(pk=given["series"]).first() if given.get("series") else None,
            specialties=tuple(one.key for one in given.get("specialties") or ()), partners=tuple(self._partners()),
            project=str(given.get("project") or ""))

    def lines(self) -> list[Line]:
        """Return the lines of the budget that were filled in."""
        given = self.cleaned_data
        return [Line(side=side, code=given[f"{side}-{place}-code"], note=given.get(f"{side}-{place}-note") or "",
                     planned=given[f"{side}-{place}-planned"])
                for side, number in self.line_rows.items() for place in range(number)
                if given.get(f"{side}-{place}-code")]

    def _partners(self) -> Iterator[Beside]:
        given = self.cleaned_data
        kept = {one.name: one.organisation for one in self.event.partners.all()} if self.event else {}
        for place in range(self.partner_rows):
            if name := given.get(f"partner-{place}-name"):
                yield Beside(part=given[f"partner-{place}-part"], name=name, organisation=kept.get(name),
                             amount=given.get(f"partner-{place}-amount"))


def _initial(event: Event) -> dict[str, Any]:
    said: dict[str, Any] = {name: getattr(event, name) for name in PLAIN}
    return {**said, "organisation": str(event.organisation.pk), "from_on": event.from_on, "last_on": event.last_on,
            "series": str(event.series.pk) if event.series else "",
            "specialties": [Ref(f"directory.specialty:{one}") for one in event.specialties],
            "project": event.project or None}


def number_of(text: str | None) -> int:
    """Return the whole number somebody is typing, 0 while it is none."""
    digits = "".join(one for one in (text or "") if one.isdecimal())
    return int(digits[:7]) if digits else 0


def sum_of(text: str | None) -> Decimal:
    """Return the amount somebody is typing, 0 while it is none."""
    kept = "".join(one for one in (text or "") if one.isdecimal() or one == ".")
    try:
        return Decimal(kept[:12] or 0)
    except ArithmeticError:
        return Decimal(0)
