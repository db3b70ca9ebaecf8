"""What a form says when an input is wrong: always what would be right."""

from django import forms
from django.utils.translation import gettext_lazy as _

_SAY: tuple[tuple[type[forms.Field], dict[str, object]], ...] = (
    (forms.DateField, {"invalid": _("Write the date as 2026-11-21.")}),
    (forms.DateTimeField, {"invalid": _("Write date and time as 2026-11-21 08:30.")}),
    (forms.TimeField, {"invalid": _("Write the time as 08:30.")}),
    (forms.DecimalField, {"invalid": _("Write a number, such as 12.5.")}),  # before its parent, the whole number
    (forms.IntegerField, {"invalid": _("Write a whole number, such as 12.")}),
    (forms.EmailField, {"invalid": _("Write an e-mail address, such as name@example.org.")}),
    (forms.URLField, {"invalid": _("Write a web address, such as https://example.org.")}),
    (forms.MultipleChoiceField, {"invalid_choice": _("“%(value)s” is not on the list. Choose again.")}),
    (forms.ChoiceField, {"invalid_choice": _("“%(value)s” is not on the list. Choose again.")}),
    (forms.FileField, {"empty": _("The file is empty. Choose another."), "missing": _("Choose a file."),
                       "invalid": _("No file arrived. Choose it again.")}),
)
_CHOSEN = (forms.ChoiceField, forms.MultipleChoiceField, forms.FileField, forms.BooleanField)


def explain(field: forms.Field, *, label: str) -> None:
    """Replace Django's standard sentences by ours; a field's own sentences stay."""
    own = getattr(field, "own_messages", {})
    for kind, words in _SAY:
        if isinstance(field, kind):
            for code, sentence in words.items():
                if code not in own:
                    field.error_messages[code] = sentence
            break
    if "required" not in own and "required" in field.error_messages:
        choose = isinstance(field, _CHOSEN)
        field.error_messages["required"] = _("Still to be chosen.") if choose else _("Still to be filled in.")
