"""Loads programmes: YAML that names registered components becomes a frozen definition with a digest."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from django.conf import settings
from django.db import models
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xinglin.lib.marked_yaml import Marked, instead, read, texts

from .ledger.content import canonical
from .refs import Ref, Shown, ref, resolves
from .regulations import UnknownRegulation, regulation
from .stated import Stated

_CODE = Field(pattern=r"^[a-z][a-z0-9_-]{1,40}$")
_EXPRESSIONS = ("{{", "{%", "${", "<%")


class Options(BaseModel):
    """What a component may be told in YAML; components inherit this: frozen, and no unknown words."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Part(Options):
    code: str = _CODE
    zh: str
    en: str
    use: str
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")


class _File(Options):
    code: str = _CODE
    zh: str
    en: str
    regulations: list[str] = []
    parts: list[_Part] = []
    stages: list[_Part]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One component as a programme uses it: who may take part, a rubric, a quota, a stage."""

    code: str
    zh: str
    en: str
    use: str
    options: Options


@dataclass(frozen=True, kw_only=True)
class Programme:
    """What an association runs, resolved: every default is filled in, and the digest covers all of it."""

    code: str
    zh: str
    en: str
    regulations: tuple[str, ...]
    parts: tuple[Part, ...]
    stages: tuple[Part, ...]

    def resolved(self) -> dict[str, Any]:
        """Return the definition as JSON values."""
        def told(part: Part) -> dict[str, Any]:
            return {"code": part.code, "zh": part.zh, "en": part.en, "use": part.use,
                    "with": part.options.model_dump(mode="json")}

        return {"code": self.code, "zh": self.zh, "en": self.en, "regulations": list(self.regulations),
                "parts": [told(one) for one in self.parts], "stages": [told(one) for one in self.stages]}

    @property
    def digest(self) -> str:
        """Return the hex SHA-256 of the resolved definition."""
        return hashlib.sha256(canonical(self.resolved()).encode()).hexdigest()


class ProgrammeRound(Stated):
    """One round of a programme under the definition it was opened with; later edits do not touch it."""

    programme = models.CharField(max_length=60)
    edition = models.PositiveIntegerField()
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    opened_on = models.DateField()

    class Meta:
        app_label = "kernel"
        constraints = [models.UniqueConstraint(fields=["programme", "edition"], name="round_once")]

    @property
    def ref(self) -> Ref:
        """Return its ref."""
        return ref("kernel.round", self.pk)


_components: dict[str, type[Options]] = {}


def component(name: str) -> Callable[[type[Options]], type[Options]]:
    """Register the options of a component `engine.word` under the name that `use:` gives it."""

    def register(options: type[Options]) -> type[Options]:
        _components[name] = options
        return options

    return register


def load_programme(*, file: Path) -> Programme:
    """Read one programme (SourceError names file, line, column and what would be right)."""
    return _programme(read(file=file))


def programmes() -> dict[str, Programme]:
    """Read every programme of the installation by its code."""
    found = [load_programme(file=file) for file in sorted(Path(settings.PROGRAMMES).glob("*.yaml"))]
    return {one.code: one for one in found}


def definition_of(row: ProgrammeRound) -> Programme:
    """Return the definition a round was opened with."""
    return _programme(Marked(f"{row.programme} {row.edition}", row.definition, {(): (1, 1)}))


def _programme(source: Marked) -> Programme:
    if not isinstance(source.value, dict):
        raise source.error(way=(), said="a programme has code, zh, en and stages")
    for way, text in texts(value=source.value):
        if any(mark in text for mark in _EXPRESSIONS) or text.startswith("="):
            raise source.error(way=way, said="expressions are not used here; name a component or a flow instead")
    given = checked(schema=_File, value=source.value, source=source)
    for number, rule in enumerate(given.regulations):
        try:
            regulation(rule)
        except UnknownRegulation:
            raise source.error(way=("regulations", number), said=f"no regulation {rule} is declared") from None
    return Programme(code=given.code, zh=given.zh, en=given.en, regulations=tuple(given.regulations),
                     parts=_parts("parts", given.parts, source), stages=_parts("stages", given.stages, source))


def _parts(kind: str, given: Sequence[_Part], source: Marked) -> tuple[Part, ...]:
    answer: dict[str, Part] = {}
    for number, one in enumerate(given):
        way = (kind, number)
        if one.code in answer:
            raise source.error(way=(*way, "code"), said=f"{one.code} stands twice; codes are unique")
        if one.use not in _components:
            raise source.error(way=(*way, "use"), said=instead(word=one.use, kind="component", known=_components))
        options = checked(schema=_components[one.use], value=one.with_, source=source, way=(*way, "with"))
        answer[one.code] = Part(code=one.code, zh=one.zh, en=one.en, use=one.use, options=options)
    return tuple(answer.values())


def checked(*, schema: type[Any], value: Any, source: Marked, way: tuple[Any, ...] = ()) -> Any:
    """Validate and turn the first fault into words at its place (SourceError); YAML dates and lists count as such."""
    try:
        return schema.model_validate(value, strict=False)
    except ValidationError as wrong:
        # A misspelt word is also a missing one: the misspelling says more.
        fault = min(wrong.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
        *before, last = fault["loc"] or ("",)
        said, names = fault["msg"], []
        if fault["type"] == "extra_forbidden":
            names = _words(schema, before)
            said = instead(word=str(last), kind="word", known=names)
        elif fault["type"] == "missing":
            said = f"{last} is missing"
        elif not isinstance(fault["input"], dict | list):
            said = f"{'.'.join(map(str, fault['loc']))}: {said}, not {fault['input']!r}"
        raise source.error(way=(*way, *fault["loc"]), said=said) from None


def _words(schema: type[Any], way: Sequence[str | int]) -> list[str]:
    """Return the words that may stand at a place of a file, following lists of parts into their own schema."""
    for step in way:
        if isinstance(step, str):
            within = schema.model_fields[step].annotation if step in schema.model_fields else None
            schema = next((one for one in (within, *get_args(within)) if hasattr(one, "model_fields")), Options)
    return [field.alias or name for name, field in schema.model_fields.items()]


@resolves("kernel.round")
def _rounds(keys: list[str]) -> dict[str, Shown]:
    rows = ProgrammeRound.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    return {str(row.pk): Shown(label=f"{row.definition['zh']} {row.edition}") for row in rows}
