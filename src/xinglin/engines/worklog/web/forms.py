"""Forms of the worklog; they clean and show, and never save."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.kernel.actors import Actor
from xinglin.kernel.refs import shown
from xinglin.shell.forms import Choose, ChooseMany, DateField, Form, MoneyField, NumberField, Upload
from xinglin.shell.forms.form import dress
from xinglin.shell.forms.words import explain

from ..editions import propose
from ..entries import Format
from ..patterns import patterns
from ..registers import Modality, Track
from ..words import QUANTITIES, USES, Kind, Role, Series
from ..works import Work
from . import choosing

EVIDENCE = (".jpg", ".jpeg", ".png", ".pdf", ".docx", ".xlsx", ".txt")
_UNITS = {"people_on_site": "人次", "people_online": "人次", "patients": "人次", "hours": "学时", "items": "件"}


def evidence_field(*, required: bool = False) -> Upload:
    """Return the upload of a photo or document."""
    return Upload(label=_("Photo or document"), accept=EVIDENCE, max_bytes=20 * 1024 * 1024, required=required)


class WorkForm(Form):
    """Six fields for a phone; the rest opens on demand and fits the chosen kind."""

    title = forms.CharField(label=_("The work done"), max_length=200)
    happened_on = DateField(label=pgettext_lazy("work", "First day"))
    count = NumberField(label=_("How many"), whole=True, min_value=1, initial=1)
    organisation = forms.ChoiceField(label=_("Organisation in charge"))
    evidence = evidence_field()

    def __init__(self, *args: Any, kind: Kind, actor: Actor, on: date, work: Work | None = None, **kwargs: Any) -> None:
        self.kind, self.on, self.work = kind, on, work
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].initial = on
        self.fields["count"].widget.unit = kind.unit
        self._offer(actor)
        self._add_more()
        if work:
            self.initial.update(_initial(work))
        self.dress_added()

    def dress_added(self) -> None:
        """Give the fields that depend on the kind the look and the words of the others."""
        for name in self.fields:
            dress(self.fields[name])
            explain(self.fields[name], label=str(self.fields[name].label or name))

    def _offer(self, actor: Actor) -> None:
        offered = list(choosing.organisation_options(actor=actor, on=self.on))
        if self.work and self.work.organisation not in dict(offered):
            offered.append((self.work.organisation, self.work.organisation))
        self.fields["organisation"].choices = offered
        if len(offered) == 1:
            self.fields["organisation"].initial = offered[0][0]

    def _add_more(self) -> None:
        kind, more = self.kind, {}
        if kind.pattern:
            self.fields["item"] = forms.ChoiceField(
                label=patterns()[kind.pattern].noun, required=False, help_text=_("Which one this fulfils"),
                choices=choosing.item_options([kind.pattern], chosen=self.work.item if self.work else None))
        if len(kind.units) > 1:
            more["unit"] = forms.ChoiceField(label=_("Measure word"), choices=[(one, one) for one in kind.units])
        if kind.numbered and (offered := choosing.series_options(kind)):
            more.update(self._edition_fields(offered))
        if "format" in kind.uses:
            more["format"] = forms.ChoiceField(label=_("Format"), required=False, choices=[("", "——"), *Format.choices])
        for name in kind.quantities:
            more[name] = _quantity(name)
        more["last_on"] = DateField(
            label=pgettext_lazy("work", "Last day"), required=False, help_text=_("When it took several days"))
        if "region" in kind.uses or "place" in kind.uses:
            more["region"] = forms.ChoiceField(label=_("Region"), required=False,
                                               choices=choosing.region_options(on=self.on))
        more["place"] = Choose(kind="directory.organisation", label=_("Place: organisation"), required=False)
        more["place_name"] = forms.CharField(label=_("Place in words"), max_length=120, required=False)
        more["people"] = ChooseMany(kind="directory.person", label=_("People who took part"), required=False)
        more["partners"] = ChooseMany(kind="directory.organisation", label=_("Partner organisations"), required=False)
        more["partner_names"] = forms.CharField(label=_("Partners in words"), max_length=300, required=False)
        more["entrusted_by"] = Choose(kind="directory.organisation", label=_("Entrusted by"), required=False)
        more["description"] = forms.CharField(label=_("More in words"), required=False,
                                              widget=forms.Textarea(attrs={"rows": 3}))
        self.fields.update(more)
        # Six fields: when there is only one organisation, the first number takes its place.
        first = tuple(kind.quantities[:1]) if self.single else ()
        self.main, self.more = first, tuple(name for name in more if name not in first)

    def _edition_fields(self, offered: list[tuple[str, str]]) -> dict[str, forms.Field]:
        return {
            "series": forms.ChoiceField(label=_("Numbered series"), required=False, choices=[("", "——"), *offered]),
            "edition": NumberField(label=_("Edition"), whole=True, min_value=1, required=False,
                                   help_text=self._proposals()),
            "role": forms.ChoiceField(label=_("Our role"), required=False, choices=[("", "——"), *Role.choices]),
            "host_name": forms.CharField(label=_("Host, if another"), max_length=80, required=False),
        }

    def _proposals(self) -> str:
        rows = Series.objects.filter(kind=self.kind, closed_on=None)[:8]
        return "　".join(f"{one.title}：{propose(series=one, year=self.on.year).number}" for one in rows)

    @property
    def single(self) -> bool:
        """Whether there is only one organisation to choose."""
        return len(self.fields["organisation"].choices) == 1

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The number that matters most, beside the six."""
        return [self[name] for name in self.main]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """The fields that open on demand."""
        return [self[name] for name in self.more]

    def said(self) -> Work:
        """Return the work as it was filled in."""
        given = self.cleaned_data
        plain = {name: given.get(name) or "" for name in (
            "unit", "description", "format", "region", "place", "place_name", "partner_names", "role", "host_name",
            "entrusted_by")}
        return Work(
            kind=self.kind, title=given["title"], happened_on=given["happened_on"], count=given["count"],
            organisation=given["organisation"], until_on=_after(given), people=tuple(given.get("people") or ()),
            partners=tuple(given.get("partners") or ()), edition=given.get("edition"),
            series=Series.objects.filter(pk=given.get("series") or None).first(),
            item=choosing.Item.objects.filter(pk=given.get("item") or None).select_related("track").first(),
            **plain, **{name: given.get(name) for name in QUANTITIES})


def _after(given: dict[str, Any]) -> date | None:
    last = given.get("last_on")
    return last + timedelta(days=1) if last and last != given["happened_on"] else None


def _quantity(name: str) -> forms.Field:
    label = QUANTITIES[name][0]
    if name == "money":
        return MoneyField(label=label, required=False)
    return NumberField(label=label, unit=_UNITS[name], whole=name != "hours", min_value=0, required=False)


def _initial(work: Work) -> dict[str, Any]:
    said = {name: getattr(work, name) for name in (
        "title", "happened_on", "count", "organisation", "unit", "description", "format", "region", "place",
        "place_name", "partner_names", "partners", "people", "edition", "role", "entrusted_by", *QUANTITIES)}
    return {**said, "series": work.series and work.series.pk, "item": work.item and work.item.pk,
            "last_on": work.until_on - timedelta(days=1) if work.until_on else None}


class ReasonForm(Form):
    """Why something is sent back, withdrawn or cancelled."""

    reason = forms.CharField(label=_("Reason given"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    guarded = False

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label


class EvidenceForm(Form):
    """One more photo or document."""

    evidence = evidence_field(required=True)
    guarded = False


class KindForm(Form):
    """The words of a kind of work."""

    code = forms.CharField(
        label=_("Permanent code"), max_length=40, help_text=_("Permanent: lower-case letters, digits and _")
    )
    zh = forms.CharField(label=_("Chinese name"), max_length=60)
    en = forms.CharField(label=_("English name"), max_length=80, required=False)
    parent = forms.ChoiceField(label=_("Counted under"), required=False)
    units = forms.CharField(label=_("Measure words"), help_text=_("Separated by spaces; the first is shown: 场 次"))
    nouns = forms.CharField(label=_("Other words for it"), required=False,
                            help_text=_("What plans call it, separated by spaces: 论坛 高峰论坛"))
    quantities = forms.MultipleChoiceField(
        label=_("Counted besides"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, label) for code, (label, _units) in QUANTITIES.items()])
    uses = forms.MultipleChoiceField(
        label=_("Asked for on the form"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=list(zip(USES, (_("Format"), _("Region"), _("Place")), strict=True)))
    numbered = forms.BooleanField(label=_("Has numbered editions"), required=False)
    group = forms.BooleanField(label=_("A heading only; work is logged under the kinds below it"), required=False)
    pattern = forms.ChoiceField(label=_("Must point to an item of"), required=False)

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.code, str(one)) for one in Kind.objects.all()]
        self.fields["parent"].choices = [("", "——"), *offered]
        self.fields["pattern"].choices = [("", "——"), *((code, str(one)) for code, one in patterns().items())]
        if fixed:
            self.fields["code"].disabled = True


class RetireForm(Form):
    """From when a kind is out of use."""

    until_on = DateField(label=_("Out of use from"))
    guarded = False


class SeriesForm(Form):
    """A numbered series to register, or one to change; its kind stays."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of work"))
    organisation = forms.ChoiceField(label=_("Organisation in charge"))
    aliases = forms.CharField(label=_("Other words for it"), required=False, help_text=_("Separated by spaces"))
    per_year = NumberField(label=_("Editions a year"), whole=True, min_value=1, initial=1)

    def __init__(self, *args: Any, actor: Actor, on: date, series: Series | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = _keepers(actor, on, series.organisation if series else "")
        if series:
            del self.fields["kind"]
            self.initial.update({name: getattr(series, name) for name in self.fields})
            self.initial["aliases"] = " ".join(series.aliases)
        else:
            numbered = Kind.objects.loggable(on).filter(numbered=True)
            self.fields["kind"].choices = [(one.code, str(one)) for one in numbered]


class EditionForm(Form):
    """The next edition; the number is proposed."""

    number = NumberField(label=_("Edition"), whole=True, min_value=1)
    year = NumberField(label=_("Calendar year"), whole=True, min_value=1949)
    role = forms.ChoiceField(label=_("Our role"), choices=Role.choices)
    host_name = forms.CharField(label=_("Host, if another"), max_length=80, required=False)
    guarded = False

    def refuse(self, refusal: Any) -> None:
        """Put a refused edition beside the number."""
        if refusal.field == "edition":
            refusal.field = "number"
        super().refuse(refusal)


class TrackForm(Form):
    """A register to open, or one to change; its sort stays."""

    pattern = forms.ChoiceField(label=_("Sort of register"))
    title = forms.CharField(label=_("Title"), max_length=160)
    organisation = forms.ChoiceField(label=_("Kept by"))
    target = NumberField(label=_("Target number"), whole=True, min_value=1, required=False)
    modality = forms.ChoiceField(label=_("How firmly promised"), choices=Modality.choices)
    due_on = DateField(label=_("Due"), required=False)

    def __init__(self, *args: Any, actor: Actor, on: date, track: Track | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = _keepers(actor, on, track.organisation if track else "")
        if track:
            del self.fields["pattern"]
            self.initial.update({name: getattr(track, name) for name in self.fields})
        else:
            self.fields["pattern"].choices = [(code, str(one)) for code, one in patterns().items()]


def _keepers(actor: Actor, on: date, now: str) -> list[tuple[str, str]]:
    """Return the organisations somebody may choose; the one that keeps it now is among them."""
    offered = list(choosing.organisation_options(actor=actor, on=on))
    return offered if not now or now in dict(offered) else [*offered, (now, shown([now])[now].label)]
