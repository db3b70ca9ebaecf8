"""Fields: dates, numbers and money as offices type them, files with stated limits."""

import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from .widgets import DateInput, NumberInput, UploadInput

_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]


def plain(value: Any) -> Any:
    """Return text with full-width digits made plain and thousands commas and spaces taken out."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFKC", value).replace(",", "").replace(" ", "").strip()


class DateField(forms.DateField):
    """A date in any of the ways an office writes it; shown as 2026-11-21."""

    widget = DateInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"input_formats": _FORMATS, **options})
        self.own_messages = dict(options.get("error_messages") or {})

    def to_python(self, value: Any) -> date | None:
        """Return the date; full-width digits count."""
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip()
        return super().to_python(value)


class NumberField(forms.DecimalField):
    """A number with a unit; 1,234 and １２３４ are understood. `whole=True` gives an int."""

    def __init__(self, *, unit: Any = "", whole: bool = False, **options: Any) -> None:
        options.setdefault("widget", NumberInput(unit=unit))
        self.whole = whole
        super().__init__(**options)
        self.own_messages = dict(options.get("error_messages") or {})

    def to_python(self, value: Any) -> Any:
        """Return Decimal; where only whole numbers are right, others are refused (ValidationError)."""
        number = super().to_python(plain(value))
        if number is None or not self.whole:
            return number
        if number != number.to_integral_value():
            raise forms.ValidationError(_("Write a whole number, such as 12."))
        return number

    def clean(self, value: Any) -> Any:
        """Return Decimal, or int when only whole numbers are right; limits are checked on the Decimal."""
        number = super().clean(value)
        return int(number) if self.whole and number is not None else number


class MoneyField(NumberField):
    """An amount of money in yuan with at most two decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"unit": _("yuan"), "max_digits": 14, "decimal_places": 2, "min_value": Decimal(0),
                            **options})


class Upload(forms.FileField):
    """A file of stated kinds and size; `accept=(".xlsx",)`, `max_bytes`. Contents are checked by the act."""

    def __init__(self, *, accept: tuple[str, ...] = (), max_bytes: int = 50 * 1024 * 1024, **options: Any) -> None:
        self.accept, self.max_bytes = accept, max_bytes
        options.setdefault("widget", UploadInput())
        super().__init__(**options)
        self.own_messages = dict(options.get("error_messages") or {})
        self.widget.attrs.update({"data-max": max_bytes, **({"accept": ",".join(accept)} if accept else {})})
        if not self.help_text:
            self.help_text = self._limits()

    def _limits(self) -> str:
        kinds = "、".join(one.lstrip(".").upper() for one in self.accept)
        size = filesizeformat(self.max_bytes)
        return f"{kinds}　≤ {size}" if kinds else f"≤ {size}"

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse a file of another kind or beyond the size (ValidationError says both limits)."""
        file = super().clean(data, initial)
        if not file or file is initial:
            return file
        if self.accept and PurePath(file.name).suffix.lower() not in self.accept:
            raise forms.ValidationError(
                _("“%(name)s” is not taken here. Taken are %(kinds)s."),
                params={"name": file.name, "kinds": "、".join(self.accept)},
            )
        if file.size > self.max_bytes:
            raise forms.ValidationError(
                _("The file has %(size)s, at most %(most)s are taken."),
                params={"size": filesizeformat(file.size), "most": filesizeformat(self.max_bytes)},
            )
        return file
