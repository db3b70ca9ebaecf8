"""Forms of reading and correcting: a document, a card, its parts, a commitment the reader missed."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xinglin.kernel.refs import Ref
from xinglin.shell.forms import Choose, ChooseMany, DateField, Form, NumberField, Upload

from ..commitments import Commitment
from ..reading import DEFAULT_LIMIT

ACCEPTED_FILES = (".docx", ".pdf", ".txt", ".md", ".doc")  # .doc is taken so that the refusal can say what to do
ORGANISATION, PERSON = "directory.organisation", "directory.person"
BOUNDS = (
    ("exact", _("Exactly")), ("min", _("At least")), ("max", pgettext_lazy("figure", "At most")),
    ("range", _("Between")),
)


class DocumentForm(Form):
    """A file or pasted text; the year is asked only when the document names none."""

    file = Upload(label=_("File"), accept=ACCEPTED_FILES, max_bytes=DEFAULT_LIMIT, required=False)
    text = forms.CharField(
        label=_("Or paste the text"), required=False, widget=forms.Textarea(attrs={"rows": 5}), max_length=400_000
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=100)
    name = forms.CharField(required=False, widget=forms.HiddenInput, max_length=255)
    year = NumberField(label=_("Plan year"), required=False, whole=True, min_value=1990, max_value=2100, unit=_("year"))

    into = forms.CharField(label=_("Where it goes"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, ask_year: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (self.is_bound and self.data.get("into")):
            del self.fields["into"]
        if not (ask_year or (self.is_bound and self.data.get("year"))):
            del self.fields["year"]

    def clean(self) -> dict[str, Any]:
        """Ask for one of file, kept file or text."""
        cleaned = super().clean() or {}
        given = cleaned.get("file") or cleaned.get("kept") or (cleaned.get("text") or "").strip()
        if not given and "file" not in self.errors:
            self.add_error("file", _("Choose a file, or paste the text."))
        return cleaned

    def ask_plan(self, choices: list[tuple[str, str]]) -> None:
        """Ask whether this is the next draft of a plan that is known, or another plan."""
        field = forms.ChoiceField(
            label=_("Where it goes"), choices=choices, initial=choices[0][0], widget=forms.RadioSelect
        )
        self.fields["into"] = field
        self.data["into"] = choices[0][0]

    def ask_year(self) -> None:
        """Show the year's field, because the document names none."""
        if "year" not in self.fields:
            field = self.base_fields["year"]
            self.fields["year"] = field
            field.widget.attrs.setdefault("class", "form-control x-num")


class TargetForm(Form):
    """What a commitment promises: words, figure, deadline."""

    text = forms.CharField(label=_("Commitment"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    kind = forms.ChoiceField(label=_("Kind"), choices=Commitment.Kind)
    bound = forms.ChoiceField(label=pgettext_lazy("figure", "Bound"), choices=BOUNDS, required=False)
    value = NumberField(label=_("Figure"), required=False, max_digits=18, decimal_places=4)
    upper = NumberField(label=_("Upper figure"), required=False, max_digits=18, decimal_places=4)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=20)
    modality = forms.ChoiceField(label=_("Firmness"), choices=Commitment.Modality)
    deadline = DateField(label=_("Deadline"))

    def target(self) -> dict[str, Any]:
        """Return the cleaned figure as the fields of a commitment."""
        given = self.cleaned_data
        value, upper, bound = given.get("value"), given.get("upper"), given.get("bound") or "min"
        if given["kind"] == Commitment.Kind.EDITION:  # the figure is the number of the edition; it is held once
            kept = {name: given[name] for name in ("text", "kind", "modality", "deadline")}
            return {**kept, "edition": int(value) if value else None, "value_min": 1, "value_max": None, "unit": "届"}
        counted = given["kind"] not in {Commitment.Kind.WORDS, Commitment.Kind.DATE}
        low = value if counted and bound != "max" else None
        high = {"range": upper, "max": value, "exact": value}.get(bound) if counted else None
        return {
            **{name: given[name] for name in ("text", "kind", "unit", "modality", "deadline")},
            "value_min": low,
            "value_max": high,
        }


class CardForm(TargetForm):
    """A card in editing: the target, and who leads and helps."""

    lead = Choose(kind=ORGANISATION, label=_("Lead"), required=False, placeholder=_("Department or branch"))
    partners = ChooseMany(kind=ORGANISATION, label=_("Partners"), required=False, placeholder=_("Add a unit"))
    stamp = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def assignment(self) -> dict[str, Any]:
        """Return the units chosen."""
        return {
            "lead": str(self.cleaned_data["lead"] or ""),
            "partners": [str(p) for p in self.cleaned_data["partners"]],
        }


def card_values(commitment: Commitment) -> dict[str, Any]:
    """Return what a card's form shows before anybody typed."""
    low, high = commitment.value_min, commitment.value_max
    bound = _bound(low, high)
    return {
        "text": commitment.text,
        "kind": commitment.kind,
        "bound": bound,
        "value": commitment.edition if commitment.kind == "edition" else _plain(low if low is not None else high),
        "upper": _plain(high) if bound == "range" else None,
        "unit": commitment.unit,
        "modality": commitment.modality,
        "deadline": commitment.deadline,
        "lead": Ref(commitment.lead) if commitment.lead else None,
        "partners": [Ref(one.unit) for one in commitment.partners.order_by("pk")],
        "stamp": commitment.stamp,
    }


def _bound(low: Decimal | None, high: Decimal | None) -> str:
    if high is None:
        return "min"
    return "max" if low is None else "exact" if low == high else "range"


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


class PartForm(TargetForm):
    """One part of a split; the parts share lead and partners."""


class AddForm(TargetForm):
    """A commitment the reader missed, or one entrusted from outside during the year."""

    chapter = forms.ChoiceField(label=_("Chapter"), required=False)
    entrusted_by = forms.CharField(
        label=_("Entrusted by"), required=False, max_length=120, help_text=_("Only when an outside body gave the task.")
    )
    starts_on = DateField(
        label=_("Start"), required=False, help_text=_("Left empty: 1 January, or today when the plan is adopted.")
    )
    span_from = forms.IntegerField(required=False, widget=forms.HiddenInput)
    span_to = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, chapters: list[tuple[int, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chapters = {str(order): (order, number, title) for order, number, title in chapters}
        self.fields["chapter"].choices = [
            ("", _("No chapter")),
            *((key, f"{number}　{title}") for key, (_o, number, title) in self.chapters.items()),
        ]

    def placed(self) -> dict[str, Any]:
        """Return the chapter fields, who entrusted it, and the start where one is given."""
        start = self.cleaned_data.get("starts_on")
        given = {"entrusted_by": self.cleaned_data["entrusted_by"], **({"starts_on": start} if start else {})}
        order, number, title = self.chapters.get(self.cleaned_data["chapter"], (0, "", ""))
        return {**given, "chapter": number, "chapter_title": title, "chapter_order": order}

    def span(self) -> tuple[int, int] | None:
        """Return where the words stand in the document, when they were marked there."""
        start, end = self.cleaned_data.get("span_from"), self.cleaned_data.get("span_to")
        return (start, end) if start is not None and end is not None and start < end else None


class AdoptForm(Form):
    """The meeting that adopted the plan."""

    adopted_by = forms.CharField(
        label=_("Adopted by"), max_length=200, help_text=_("The meeting, as its minutes name it.")
    )
    adopted_on = DateField(label=_("Adopted on"))
