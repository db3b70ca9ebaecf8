"""The form every screen starts from: it looks alike, keeps what was typed and knows if it was sent."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise

from xinglin.kernel.policy import Refusal, Refusals

from .words import explain

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.HiddenInput, ""),
    (forms.FileInput, ""),
    (forms.Widget, "form-control"),
)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Fields that belong together under one heading."""

    label: str | Promise
    fields: tuple[str, ...]
    note: str | Promise = ""


class Form(forms.Form):
    """A Django form with the house's look; it cleans and shows, and never saves."""

    # Headings and their fields; fields in no group stand first, without heading.
    groups: tuple[Group, ...] = ()
    # Keeps an unsent copy in the browser. Only for long forms without personal data.
    draft = False
    # Warns before leaving with unsent changes.
    guarded = True
    # Regulation shown as 依据 under the form.
    basis = ""
    required_css_class = "x-required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusals: list[Refusal] = []
        self.use_required_attribute = False  # the browser's bubbles say less than our own words
        for name, field in self.fields.items():
            dress(field)
            explain(field, label=str(field.label or name))

    @property
    def token(self) -> str:
        """The mark by which a second sending of the same form is known."""
        name = self.add_prefix("once")
        if self.is_bound and (sent := self.data.get(name, "")):
            return str(sent)[:40]
        if not hasattr(self, "_token"):
            self._token = uuid.uuid4().hex
        return "" if self.is_bound else self._token

    @property
    def token_to_show(self) -> str:
        """The token as it goes into the page, made new when the form came without one."""
        return self.token or uuid.uuid4().hex

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal beside the field it names, or above the form with its basis."""
        if isinstance(refusal, Refusals):
            for problem in refusal.problems:
                self._add(field=problem.field, message=problem.message)
            return
        if refusal.field in self.fields and not refusal.regulation:
            self._add(field=refusal.field, message=refusal.message)
            return
        self.refusals.append(refusal)
        if not hasattr(self, "cleaned_data"):
            self.full_clean()
        if refusal.field in self.fields:
            self._add(field=refusal.field, message=refusal.message)

    def _add(self, *, field: str, message: Any) -> None:
        self.add_error(field if field in self.fields else None, str(message))

    @property
    def failed(self) -> bool:
        """Whether the form came back with something to correct."""
        return bool(self.refusals) or (self.is_bound and bool(self.errors))

    def laid_out(self) -> Iterator[tuple[Group | None, list[forms.BoundField]]]:
        """Return groups with their visible fields, in the order of the page."""
        grouped = {name for group in self.groups for name in group.fields}
        loose = [self[name] for name in self.fields if name not in grouped and not self[name].is_hidden]
        if loose:
            yield None, loose
        for group in self.groups:
            yield group, [self[name] for name in group.fields if name in self.fields]

    @property
    def takes_files(self) -> bool:
        """Whether the form must be sent as multipart."""
        return self.is_multipart()


def dress(field: forms.Field) -> None:
    """Give a control the class of its kind."""
    for kind, name in _CLASSES:
        if isinstance(field.widget, kind):
            if name and name not in field.widget.attrs.get("class", ""):
                field.widget.attrs["class"] = f"{name} {field.widget.attrs.get('class', '')}".strip()
            return
