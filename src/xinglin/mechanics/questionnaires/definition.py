"""Reads a questionnaire from YAML: sections of questions, frozen, with a digest by which its version is known."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from pydantic import Field

from xinglin.kernel.ledger.content import canonical
from xinglin.kernel.programmes import Options, checked
from xinglin.kernel.regulations import UnknownRegulation, regulation
from xinglin.lib.marked_yaml import Marked, instead, read, texts

from .kinds import KINDS

_CODE = Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")
_EXPRESSIONS = ("{{", "{%", "${", "<%")
# Kinds whose answer is one of a few words, so that a condition can name it.
DECIDING = frozenset({"choice", "many", "yes_no"})
Choices = Callable[[date], list[tuple[str, str]]]
_lists: dict[str, Choices] = {}


class _Words(Options):
    zh: str
    en: str


class _Option(_Words):
    code: str = Field(pattern=r"^[\w-]{1,60}$")


class _Question(_Words):
    code: str = _CODE
    kind: str
    required: bool = False
    help: _Words | None = None
    options: list[_Option] = []
    options_of: str = ""
    show_when: dict[str, Any] = {}
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")


class _Section(_Words):
    code: str = _CODE
    note: _Words | None = None
    questions: list[_Question] = Field(min_length=1)


class _File(_Words):
    code: str = Field(pattern=r"^[a-z][a-z0-9_-]{1,60}$")
    sections: list[_Section] = Field(min_length=1)


def _said(pair: tuple[str, str]) -> str:
    return pair[0] if (get_language() or "zh").startswith("zh") else pair[1]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: what is asked, which answers it takes, and when it is asked at all."""

    code: str
    kind: str
    words: tuple[str, str]
    required: bool
    about: tuple[str, str]
    options: tuple[tuple[str, tuple[str, str]], ...]
    options_of: str
    show_when: tuple[tuple[str, tuple[str, ...]], ...]
    settings: Options

    @property
    def label(self) -> str:
        """What is asked, in the reader's language."""
        return _said(self.words)

    @property
    def help(self) -> str:
        """What helps to answer, in the reader's language."""
        return _said(self.about)

    def choices(self, *, on: date) -> list[tuple[str, str]]:
        """Return codes and words of the answers to choose from, as they stand on a day."""
        if self.options_of:
            return _lists[self.options_of](on)
        return [(code, _said(words)) for code, words in self.options]

    def asked(self, answers: Mapping[str, Any]) -> bool:
        """Say whether this is asked of somebody who answered so: every condition must hold."""
        return all(not wanted.isdisjoint(_words_of(answers.get(code))) for code, values in self.show_when
                   if (wanted := frozenset(values)))


def _words_of(answer: Any) -> frozenset[str]:
    if isinstance(answer, bool):
        return frozenset({"yes" if answer else "no"})
    return frozenset(map(str, answer)) if isinstance(answer, list | tuple) else frozenset({str(answer or "")})


@dataclass(frozen=True, kw_only=True)
class Section:
    """Questions that stand together under one heading."""

    code: str
    words: tuple[str, str]
    note_words: tuple[str, str]
    questions: tuple[Question, ...]

    @property
    def label(self) -> str:
        """The heading in the reader's language."""
        return _said(self.words)

    @property
    def note(self) -> str:
        """What stands under the heading."""
        return _said(self.note_words)


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """A definition in force: its content as JSON values, from which the digest and everything else follows."""

    code: str
    words: tuple[str, str]
    sections: tuple[Section, ...]
    content: dict[str, Any]

    @property
    def label(self) -> str:
        """What the form is called, in the reader's language."""
        return _said(self.words)

    @property
    def digest(self) -> str:
        """Return the hex SHA-256 of the definition."""
        return hashlib.sha256(canonical(self.content).encode()).hexdigest()

    def questions(self) -> Iterator[Question]:
        """Yield every question in order."""
        for section in self.sections:
            yield from section.questions

    def asked(self, answers: Mapping[str, Any]) -> list[Question]:
        """Return the questions that are asked of somebody who answered so; hidden answers decide nothing."""
        found: list[Question] = []
        for one in self.questions():
            if one.asked({known.code: answers.get(known.code) for known in found}):
                found.append(one)
        return found


def offer_list(name: str, choices: Choices) -> None:
    """Register a list of answers under the name that `options_of:` gives it; asked anew for every form."""
    _lists[name] = choices


def load_questionnaire(*, file: Path) -> Questionnaire:
    """Read one questionnaire (SourceError names file, line, column and what would be right)."""
    return _questionnaire(read(file=file))


def kept_questionnaire(content: dict[str, Any]) -> Questionnaire:
    """Return a questionnaire from the content it was kept with."""
    return _questionnaire(Marked(str(content.get("code", "")), content, {(): (1, 1)}))


def _questionnaire(source: Marked) -> Questionnaire:
    if not isinstance(source.value, dict):
        raise source.error(way=(), said="a questionnaire has code, zh, en and sections")
    for way, text in texts(value=source.value):
        if any(mark in text for mark in _EXPRESSIONS) or text.startswith("="):
            raise source.error(way=way, said="expressions are not used here; show_when knows equality only")
    given = checked(schema=_File, value=source.value, source=source)
    before: dict[str, Question] = {}
    sections = tuple(
        Section(code=one.code, words=(one.zh, one.en), note_words=_pair(one.note),
                questions=tuple(_question(question, ("sections", at, "questions", place), before, source)
                                for place, question in enumerate(one.questions)))
        for at, one in enumerate(given.sections))
    for at, one in enumerate(given.sections):
        for place, question in enumerate(one.questions):
            _names_stand(before[question.code], ("sections", at, "questions", place, "with"), before, source)
    return Questionnaire(code=given.code, words=(given.zh, given.en), sections=sections, content=source.value)


def _pair(words: _Words | None) -> tuple[str, str]:
    return (words.zh, words.en) if words else ("", "")


def _question(given: _Question, way: tuple[Any, ...], before: dict[str, Question], source: Marked) -> Question:
    if given.code in before:
        raise source.error(way=(*way, "code"), said=f"{given.code} stands twice; codes are unique")
    if given.kind not in KINDS:
        raise source.error(way=(*way, "kind"), said=instead(word=given.kind, kind="kind of question", known=KINDS))
    kind = KINDS[given.kind]
    if kind.chosen != bool(given.options or given.options_of):
        said = "options or options_of is missing" if kind.chosen else f"{given.kind} takes no options"
        raise source.error(way=(*way, "options" if given.options else "options_of"), said=said)
    if given.options_of and given.options_of not in _lists:
        raise source.error(way=(*way, "options_of"), said=instead(word=given.options_of, kind="list", known=_lists))
    settings = checked(schema=kind.settings, value=given.with_, source=source, way=(*way, "with"))
    made = Question(
        code=given.code, kind=given.kind, words=(given.zh, given.en), required=given.required,
        about=_pair(given.help), options=tuple((one.code, (one.zh, one.en)) for one in given.options),
        options_of=given.options_of, show_when=_conditions(given, (*way, "show_when"), before, source),
        settings=settings)
    before[made.code] = made
    return made


def _conditions(
    given: _Question, way: tuple[Any, ...], before: dict[str, Question], source: Marked
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Check that conditions name answers of questions that stand before."""
    answer = []
    for code, wanted in given.show_when.items():
        if code not in before:
            known = [one.code for one in before.values() if one.kind in DECIDING]
            raise source.error(way=(*way, code), said=instead(word=code, kind="question before this one", known=known))
        other = before[code]
        if other.kind not in DECIDING:
            raise source.error(way=(*way, code), said=f"{code} is no choice; conditions ask choice, many or yes_no")
        values = tuple({True: "yes", False: "no"}.get(one, str(one)) if isinstance(one, bool) else str(one)
                       for one in (wanted if isinstance(wanted, list) else [wanted]))
        offered = ["yes", "no"] if other.kind == "yes_no" else [one for one, _words in other.options]
        for value in values if offered else ():
            if value not in offered:
                raise source.error(way=(*way, code), said=instead(word=value, kind=f"answer to {code}", known=offered))
        answer.append((code, values))
    return tuple(answer)


def _names_stand(one: Question, way: tuple[Any, ...], known: dict[str, Question], source: Marked) -> None:
    """Check that settings which name questions or regulations name existing ones."""
    for name in KINDS[one.kind].names:
        said = getattr(one.settings, name)
        if said and said not in known:
            raise source.error(way=(*way, name), said=instead(word=said, kind="question", known=known))
    for name in KINDS[one.kind].rules:
        rule = getattr(one.settings, name)
        try:
            _found = regulation(rule) if isinstance(rule, str) and rule else None
        except UnknownRegulation:
            raise source.error(way=(*way, name), said=f"no regulation {rule} is declared") from None
