"""The field that asks for people by number and name, never from a list to browse."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

Pairs = tuple[tuple[str, str], ...]


class PeopleInput(forms.Widget):
    """Pairs of inputs, one a person."""

    def __init__(self, *, most: int) -> None:
        super().__init__()
        self.most = most

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the pairs as typed, empty ones left out."""
        pairs = [[str(data.get(f"{name}_{place}_{part}", "")).strip() for part in ("number", "name")]
                 for place in range(self.most)]
        return [one for one in pairs if any(one)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """An empty pair is an answer."""
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return one row of inputs a person."""
        given = list(value or ())
        rows = [given[place] if place < len(given) else ("", "") for place in range(self.most)]
        context = {"name": name, "rows": rows, "attrs": {**self.attrs, **(attrs or {})}}
        return mark_safe(render_to_string("questionnaires/people.html", context))

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        """Return the id of the first input."""
        return f"{id_}_0_number" if id_ else ""


class PeopleField(forms.Field):
    """Several people as pairs of number and name."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(widget=PeopleInput(most=most), **options)

    def to_python(self, value: Any) -> Pairs:
        """Return the pairs (ValidationError when one is half empty)."""
        pairs = tuple((str(number).strip(), str(name).strip()) for number, name in value or ())
        if any(not (number and name) for number, name in pairs):
            raise forms.ValidationError(_("Write number and name of each, or leave both empty."))
        if len({number.upper() for number, _name in pairs}) < len(pairs):
            raise forms.ValidationError(_("The same number stands here twice."))
        return pairs
