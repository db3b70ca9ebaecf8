"""Makes a form from a questionnaire: the shell's look, conditions on both sides, typed answers from `clean`."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from xinglin.shell.forms import Form, Group

from .answers import Kept
from .definition import Question, Questionnaire
from .kinds import KINDS

TYPED = (forms.TextInput, forms.Textarea, forms.EmailInput)


class AnswersForm(Form):
    """The form of one questionnaire; `cleaned_data` holds typed answers to what was asked, and nothing else.

    `kept` are files received before, which need not be sent again; `check_url` is asked about each field as it is
    typed; `on` is the day by which ages and limits are judged.
    """

    questionnaire: Questionnaire
    on: date
    guarded = False  # what is typed is saved as one goes

    def __init__(
        self, *args: Any, kept: Mapping[str, Kept] | None = None, check_url: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.kept = dict(kept or {})
        self.warnings: dict[str, list[str]] = {}
        self.rules: dict[str, str] = {}  # question → regulation that an error rests on
        for one in self.questionnaire.questions():
            field = self.fields[one.code]
            field.required = field.required and self.kept.get(one.code) is None
            if check_url and one.kind != "file":
                field.widget.attrs.update(_live(one, field, check_url))

    def clean(self) -> dict[str, Any]:
        """Drop what is not asked, check answers against each other, collect warnings."""
        answers = dict(self.cleaned_data)
        asked = {one.code: one for one in self.questionnaire.asked(answers)}
        for code in self.fields:
            if code not in asked:
                answers.pop(code, None)
                self.errors.pop(code, None)
        for code, one in asked.items():
            if code in answers and one.kind == "file":
                answers[code] = answers[code] or self.kept.get(code)
            elif code in answers and not _empty(answers[code]):
                self._judge(one, answers)
        for code, wrongs in self.errors.as_data().items():
            self.rules.update((code, str(wrong.code)) for wrong in wrongs if "." in str(wrong.code))
        return {code: answers[code] for code in asked if code in answers and code not in self.errors}

    def _judge(self, one: Question, answers: dict[str, Any]) -> None:
        kind = KINDS[one.kind]
        try:
            answers[one.code] = kind.check(one, answers[one.code], answers, self.on)
        except forms.ValidationError as wrong:
            self.add_error(one.code, wrong)
            return
        if said := kind.warn(one, answers[one.code], answers):
            self.warnings[one.code] = said

    def typed(self) -> dict[str, Any]:
        """Return what was typed, right or wrong, as JSON values: a draft."""
        return {name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
                for name, field in self.fields.items() if not isinstance(field, forms.FileField)}


def _empty(answer: Any) -> bool:
    return answer is None or answer in ("", [], ())


def _live(one: Question, field: forms.Field, url: str) -> dict[str, str]:
    """Return the attributes by which a field is checked as it is typed."""
    typed = isinstance(field.widget, TYPED) or hasattr(field.widget, "most")
    return {"hx-post": url, "hx-trigger": "change, input changed delay:900ms" if typed else "change",
            "hx-target": f"#said-{one.code}", "hx-swap": "innerHTML", "hx-sync": "closest form:queue last",
            "hx-vals": json.dumps({"asked": one.code})}


def answers_form(questionnaire: Questionnaire, *, on: date) -> type[AnswersForm]:
    """Return the form class of a questionnaire as it is asked on a day."""
    fields = {one.code: _field(one, questionnaire, on) for one in questionnaire.questions()}
    groups = tuple(Group(label=one.label, note=one.note, fields=tuple(q.code for q in one.questions))
                   for one in questionnaire.sections)
    return type("QuestionnaireForm", (AnswersForm,), {
        **fields, "questionnaire": questionnaire, "on": on, "groups": groups})


def _field(one: Question, questionnaire: Questionnaire, on: date) -> forms.Field:
    field = KINDS[one.kind].field(one, on)
    field.label, field.required = one.label, one.required  # what is not asked is forgiven in `clean`
    field.help_text = one.help or field.help_text
    field.when = json.dumps(dict(one.show_when)) if one.show_when else ""  # type: ignore[attr-defined]
    field.condition = _in_words(one, questionnaire, on) if one.show_when else ""  # type: ignore[attr-defined]
    return field


def _in_words(one: Question, questionnaire: Questionnaire, on: date) -> str:
    """Say the condition for readers whose browser runs no script."""
    others = {other.code: other for other in questionnaire.questions()}
    parts = []
    for code, values in one.show_when:
        words = {"yes": _("Yes"), "no": _("No"), **dict(others[code].choices(on=on))}
        parts.append(f"{others[code].label}：{'、'.join(words.get(value, value) for value in values)}")
    return "；".join(parts)
