"""Controls: a date that can be typed or picked, a number with its unit, a file with its limits."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe


class Drawn:
    """Draws a control with the house's own templates and tags."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        return mark_safe(render_to_string(template_name, context))


class DateInput(Drawn, forms.DateInput):
    """A date typed as 2026-11-21, with a button for the browser's calendar."""

    template_name = "shell/widgets/date.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        given = {"placeholder": "2026-11-21", "inputmode": "numeric", "autocomplete": "off", **(attrs or {})}
        super().__init__(attrs=given, format="%Y-%m-%d")


class NumberInput(Drawn, forms.TextInput):
    """A number aligned right, followed by its unit."""

    template_name = "shell/widgets/number.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, unit: Any = "") -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "x-num", **(attrs or {})})
        self.unit = unit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the unit to the widget's context."""
        context = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        return context


class UploadInput(Drawn, forms.FileInput):
    """A file chooser that says what it takes and shows how far the upload is."""

    template_name = "shell/widgets/upload.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, many: bool = False) -> None:
        self.allow_multiple_selected = many
        super().__init__(attrs={**({"multiple": True} if many else {}), "class": "x-vh", **(attrs or {})})


class ChooseInput(Drawn, forms.Widget):
    """A search box whose hits come from the app that keeps them; what is chosen shows as chips."""

    template_name = "shell/widgets/choose.html"

    def __init__(self, *, kind: str, many: bool, placeholder: Any = "") -> None:
        super().__init__(attrs={"placeholder": placeholder} if placeholder else {})
        self.kind, self.many = kind, many
        self.labels: dict[str, str] = {}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the refs sent under this name."""
        values = [one for one in (data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]) if one]
        return values if self.many else (values[0] if values else "")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add kind, chosen refs and their labels."""
        context = super().get_context(name, value, attrs)
        chosen = [str(one) for one in (value if isinstance(value, list | tuple) else [value]) if one]
        context["widget"].update(kind=self.kind, many=self.many, chosen=chosen)
        return context

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        """Return the id of the search box, which the label belongs to."""
        return f"{id_}" if id_ else ""
