"""Fields that choose people, organisations or anything an app registered for choosing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref

from .widgets import ChooseInput


def _ref(text: str, kind: str) -> Ref:
    try:
        chosen = Ref(text)
    except ValueError:
        chosen = None
    if chosen is None or chosen.kind != kind:
        raise forms.ValidationError(_("Choose from the hits; free text is not taken here."))
    return chosen


class Choose(forms.Field):
    """One thing of a kind, as its Ref; `Choose(kind="directory.person", label=…)`."""

    def __init__(self, *, kind: str, placeholder: Any = "", **options: Any) -> None:
        self.kind = kind
        options.setdefault("widget", ChooseInput(kind=kind, many=False, placeholder=placeholder))
        super().__init__(**options)
        self.own_messages = dict(options.get("error_messages") or {})

    def to_python(self, value: Any) -> Ref | None:
        """Return the Ref, or None when nothing was chosen."""
        return _ref(value, self.kind) if value else None


class ChooseMany(forms.Field):
    """Several things of a kind, as a tuple of Refs without repeats."""

    def __init__(self, *, kind: str, placeholder: Any = "", **options: Any) -> None:
        self.kind = kind
        options.setdefault("widget", ChooseInput(kind=kind, many=True, placeholder=placeholder))
        super().__init__(**options)
        self.own_messages = dict(options.get("error_messages") or {})

    def to_python(self, value: Any) -> tuple[Ref, ...]:
        """Return the Refs in the order chosen."""
        return tuple(dict.fromkeys(_ref(one, self.kind) for one in value or ()))
