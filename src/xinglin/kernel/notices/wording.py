"""The words of notices: files in each engine, in both languages, filled from refs, dates and numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.template import Context, Engine, Template
from django.template.base import VariableNode
from django.utils import translation

from ..refs import Code, Ref, shown

LANGUAGES = {"zh-hans": "zh", "en": "en"}
ALWAYS = {"about", "house", "link"}
_engine = Engine(autoescape=False, libraries={"l10n": "django.templatetags.l10n"})


class NoticeError(TypeError):
    """A notice is declared or filled wrongly; the message says what would be right."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """A notice as one reader sees it."""

    subject: str
    body: str
    short: str


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A registered notice: where it goes besides the inbox, and its templates by language."""

    code: str
    channels: tuple[str, ...]
    parts: Mapping[str, tuple[Template, Template, Template]]

    def names(self) -> set[str]:
        """Return the names its templates expect."""
        nodes: list[Any] = [node for parts in self.parts.values() for one in parts
                            for node in one.nodelist.get_nodes_by_type(VariableNode)]
        return {str(node.filter_expression.var).split(".")[0] for node in nodes}


_wordings: dict[str, Wording] = {}


def register_notice(code: str, *, app: str, channels: tuple[str, ...] = ("email",)) -> None:
    """Register a notice whose words stand in APP/notices/CODE.zh.txt and .en.txt (NoticeError).

    First line: subject; after an empty line: body; after a line `---`: the short text for SMS.
    """
    parts = {}
    for language, suffix in LANGUAGES.items():
        file = files(app) / "notices" / f"{code}.{suffix}.txt"
        if not file.is_file():
            raise NoticeError(f"notices/{code}.{suffix}.txt is missing in {app}")
        text, _, short = file.read_text("utf-8").partition("\n---\n")
        subject, _, body = text.partition("\n\n")
        if not (subject and body) or ("sms" in channels and not short):
            raise NoticeError(f"notices/{code}.{suffix}.txt: subject, empty line, body; for SMS a line --- and text")
        parts[language] = tuple(_engine.from_string(one.strip()) for one in (subject, body, short))
    _wordings[code] = Wording(code=code, channels=channels, parts=parts)  # type: ignore[arg-type]


def worded(code: str) -> Wording:
    """Return a registered notice (NoticeError)."""
    if code not in _wordings:
        raise NoticeError(f"no notice {code} is registered; known are {', '.join(sorted(_wordings))}")
    return _wordings[code]


_PACK: dict[type, Callable[[Any], Any]] = {
    Ref: str, Code: str, date: date.isoformat, Decimal: str, str: str, int: int, bool: bool}
_UNPACK: dict[str, Callable[[str], Any]] = {"Code": Code, "date": date.fromisoformat, "Decimal": Decimal}


def pack(one: Wording, context: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Write a context as JSON that keeps its types (NoticeError when a name is missing or a value is no value)."""
    if missing := one.names() - set(context) - ALWAYS:
        raise NoticeError(f"{one.code} also needs {', '.join(sorted(missing))}")
    for name, value in context.items():
        if type(value) not in _PACK or (isinstance(value, str) and len(value) > 200):
            raise NoticeError(f"{one.code}: {name} is a ref, code, date, number or text of at most 200 characters")
    return {name: [type(value).__name__, _PACK[type(value)](value)] for name, value in context.items()}


def render(*, template: str, context: Mapping[str, list[Any]], about: str, language: str) -> Words:
    """Fill a notice in a language; refs appear under their labels of today."""
    names = shown([text for kind, text in context.values() if kind == "Ref"] + [about])
    filled = {name: names[value].label if kind == "Ref" else _UNPACK.get(kind, lambda same: same)(value)
              for name, (kind, value) in context.items()}
    thing = names.get(about)
    filled |= {"house": settings.XINGLIN_NAME, "about": thing.label if thing else "",
               "link": settings.XINGLIN_URL + thing.url if thing and thing.url else ""}
    with translation.override(language):
        parts = worded(template).parts[language]
        subject, body, short = (one.render(Context(filled, autoescape=False)).strip() for one in parts)
    return Words(subject=" ".join(subject.split()), body=body, short=" ".join(short.split()))
