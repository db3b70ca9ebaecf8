"""Forms of register items: only the fields that a pattern asks for."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.shell.forms import Choose, DateField, Form, NumberField
from xinglin.shell.forms.form import dress
from xinglin.shell.forms.words import explain

from ..actions.registers import ItemWords
from ..registers import Item, Modality, Track
from . import choosing


class ItemForm(Form):
    """What is said about an item; fields that its register does not ask for are left out."""

    number = forms.CharField(label=_("Item number"), max_length=20, required=False)
    title = forms.CharField(label=_("Title"), max_length=200)

    def __init__(
        self, *args: Any, track: Track, actor: Actor, item: Item | None = None, on: Any, **kwargs: Any
    ) -> None:
        self.track, self.item = track, item
        super().__init__(*args, **kwargs)
        asked = dict.fromkeys((*track.pattern.listing, *track.pattern.asks))
        for word in asked:
            self.fields.update(self._fields_for(word, actor, on))
        for name, one in self.fields.items():
            dress(one)
            explain(one, label=str(one.label or name))

    def _fields_for(self, word: str, actor: Actor, on: Any) -> dict[str, forms.Field]:
        must = word in self.track.pattern.listing
        organisation = {"kind": "directory.organisation", "required": False}
        made: dict[str, dict[str, forms.Field]] = {
            "subject": {"subject": Choose(label=_("Site or institution"), **{**organisation, "required": must})},
            "party": {
                "party": Choose(label=_("Entrusting or contracting party"), **organisation),
                "party_name": forms.CharField(label=_("Party in words"), max_length=120, required=False),
            },
            "due": {"due_on": DateField(label=_("Due"), required=must)},
            "term": {
                "from_on": DateField(label=_("Term begins"), required=False),
                "last_on": DateField(label=_("Until, inclusive"), required=False),
            },
            "modality": {"modality": forms.ChoiceField(label=_("How firmly promised"), choices=Modality.choices)},
            "places": {
                "from_place": forms.CharField(label=_("Old place"), max_length=120, required=must),
                "to_place": forms.CharField(label=_("New place"), max_length=120, required=must),
            },
            "length": {
                "from_on": DateField(label=_("Begins on"), required=False),
                "days": NumberField(label=_("Length"), unit="天", whole=True, min_value=0, required=must),
            },
        }
        if word in made:
            return made[word]
        return self._chosen(word, actor, on, must)

    def _chosen(self, word: str, actor: Actor, on: Any, must: bool) -> dict[str, forms.Field]:
        if word == "owner":
            return {
                "organisation": forms.ChoiceField(
                    label=_("Owner"),
                    required=False,
                    choices=[("", "——"), *choosing.organisation_options(actor=actor, on=on)],
                ),
                "owner": Choose(kind="directory.person", label=_("Responsible person"), required=False),
            }
        if word == "region":
            return {
                "region": forms.ChoiceField(label=_("Region"), required=False, choices=choosing.region_options(on=on))
            }
        if word == "grade":
            grades = [(one.code, str(one)) for one in self.track.pattern.grades]
            return {"grade": forms.ChoiceField(label=_("Grade"), required=must, choices=[("", "——"), *grades])}
        if word == "parent":
            return {
                "parent": forms.ChoiceField(
                    label=_("System"), required=must, choices=choosing.item_options(["assessment"])
                )
            }
        if word == "after":
            others = self.track.items.exclude(pk=self.item.pk if self.item else None)
            return {
                "after": forms.MultipleChoiceField(
                    label=_("Begins after"),
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    choices=[(str(one.pk), str(one)) for one in others],
                )
            }
        return {}

    def said(self) -> ItemWords:
        """Return the item as it was filled in; what was not asked stays as it is."""
        given, before = self.cleaned_data, ItemWords.of(self.item) if self.item else ItemWords(title="")
        values = {
            name: given[name] if given.get(name) is not None else getattr(before, name)
            for name in before.columns()
            if name in self.fields and name != "parent"
        }
        kept = {name: value for name, value in before.columns().items() if name not in values}
        if "last_on" in self.fields:
            last = given.get("last_on")
            kept["until_on"] = last + timedelta(days=1) if last else None
        if "parent" in self.fields:
            kept["parent"] = Item.objects.filter(pk=given.get("parent") or None).first()
        after = tuple(int(one) for one in given.get("after") or ()) if "after" in self.fields else before.after
        return ItemWords(**{**kept, **values}, after=after)

    @staticmethod
    def initial_of(item: Item) -> dict[str, Any]:
        """Return what a form of an item begins with."""
        words = ItemWords.of(item)
        return {
            **words.columns(),
            "parent": str(item.parent_id or ""),
            "last_on": item.finish_on,
            "after": [str(one) for one in words.after],
        }


class MoveForm(Form):
    """To which stage an item goes, and what that stage needs."""

    stage = forms.ChoiceField(label=_("To stage"), widget=forms.RadioSelect)
    happened_on = DateField(label=_("Reached on"), help_text=_("Counts from this day"))
    reason = forms.CharField(label=_("Reason given"), max_length=300, required=False)
    result = forms.CharField(label=_("Result"), max_length=300, required=False)
    due_on = DateField(label=_("New due date"), required=False)
    guarded = False

    def __init__(self, *args: Any, item: Item, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].initial = on
        stages = [one for one in item.track.stage_list if one.code != item.stage]
        self.fields["stage"].choices = [(one.code, str(one)) for one in stages]
        needed = {word for one in stages for word in one.needs}
        for name in ("reason", "result"):
            if name not in needed:
                del self.fields[name]
