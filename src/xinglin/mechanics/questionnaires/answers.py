"""Answers as values and as JSON: what was said, in a form that can be kept and shown."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from xinglin.kernel import files
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Ref

from .definition import Question, Questionnaire
from .kinds import KINDS

Kept = files.Kept


def packed(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers as JSON values, in the shape in which a form takes them as its beginning."""
    return {code: _packed(answer) for code, answer in answers.items() if answer is not None and answer != ""}


def _packed(answer: Any) -> Any:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, date):
        return answer.isoformat()
    if isinstance(answer, Kept):
        return {**asdict(answer), "ref": str(answer.ref)}
    if isinstance(answer, list | tuple):
        return [_packed(one) for one in answer]
    return answer


def unpacked(questionnaire: Questionnaire, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed answers that were packed, to the questions that were asked."""
    return {one.code: _unpacked(one, content[one.code]) for one in questionnaire.questions() if one.code in content}


def _unpacked(one: Question, said: Any) -> Any:
    match one.kind:
        case "yes_no" | "agree":
            return said == "yes"
        case "date":
            return date.fromisoformat(said)
        case "file":
            return received(said)
        case "many":
            return tuple(said)
        case "people":
            return tuple((number, name) for number, name in said)
        case _:
            return said


def received(content: Mapping[str, Any]) -> Kept:
    """Return a file that came before."""
    return Kept(ref=Ref(content["ref"]), name=content["name"], type=content["type"], size=int(content["size"]))


@dataclass(frozen=True, kw_only=True)
class Told:
    """One question with its answer in words, as a reviewer reads it."""

    code: str
    kind: str
    label: str
    words: str
    warnings: tuple[str, ...] = ()


def told(questionnaire: Questionnaire, answers: Mapping[str, Any], *, on: date) -> list[tuple[str, list[Told]]]:
    """Return sections with what was answered, numbers with their middle covered."""
    found = []
    for section in questionnaire.sections:
        lines = [_told(one, answers, on) for one in section.questions if answers.get(one.code) not in (None, "", ())]
        if lines:
            found.append((section.label, lines))
    return found


def _told(one: Question, answers: Mapping[str, Any], on: date) -> Told:
    answer, kind = answers[one.code], KINDS[one.kind]
    return Told(code=one.code, kind=one.kind, label=one.label, words=_words(one, answer, on),
                warnings=tuple(kind.warn(one, answer, answers)))


def _words(one: Question, answer: Any, on: date) -> str:
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    if isinstance(answer, Kept):
        return answer.name
    if one.kind == "people":
        return "；".join(f"{number} {name}" for number, name in answer)
    if KINDS[one.kind].chosen:
        words = dict(one.choices(on=on))
        chosen = [str(code) for code in (answer if isinstance(answer, tuple) else (answer,))]
        return "、".join(words.get(code, code) for code in chosen)
    return covered(str(answer)) if KINDS[one.kind].sensitive else str(answer)


def covered(text: str) -> str:
    """Return a number with its middle covered."""
    front, back = (6, 4) if len(text) >= 15 else (3, 4) if len(text) >= 10 else (2, 2)
    return text[:front] + "*" * max(1, len(text) - front - back) + text[-back:]


def keep_files(form: Any) -> dict[str, Kept]:
    """Keep the files that came with a form and return all it has; a wrong one is told beside its question."""
    for one in form.questionnaire.questions():
        upload = form.cleaned_data.get(one.code) if one.kind == "file" else None
        if isinstance(upload, UploadedFile):
            accept = {ending.lstrip(".").replace("jpeg", "jpg") for ending in one.settings.accept}
            try:
                form.kept[one.code] = form.cleaned_data[one.code] = files.keep(
                    content=upload, accept=sorted(accept), limit_mb=one.settings.most_mb)
            except Refusal as wrong:
                form.add_error(one.code, str(wrong))
    return dict(form.kept)
