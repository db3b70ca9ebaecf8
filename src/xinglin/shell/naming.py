"""Labels of refs, of kinds of facts, their fields and codes; refs are asked once per request however often shown."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

import yaml

from xinglin.kernel.facts import fact_types
from xinglin.kernel.refs import Shown, shown

from .units import speaks_chinese

CodeWords = Callable[[str, str], str]
_codes: dict[str, CodeWords] = {}
_known: ContextVar[dict[str, Shown] | None] = ContextVar("labels_of_refs", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within this block each label is asked for once."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def named(refs: Iterable[str]) -> dict[str, Shown]:
    """Return labels and addresses of many refs with one question per kind.

    A view that shows a list calls this once beforehand; the filter `shown` then finds them ready.
    """
    wanted = {str(one) for one in refs if one}
    known = _known.get()
    if known is None:
        return shown(wanted)
    if missing := wanted - known.keys():
        known.update(shown(missing))
    return {one: known[one] for one in wanted}


def fact_label(type_: str) -> str:
    """Return what a kind of fact is called in the reader's language; a kind that is gone keeps its code."""
    fact = fact_types().get(type_)
    if fact is None:
        return type_
    return fact.VOCABULARY.zh if speaks_chinese() else fact.VOCABULARY.en


@lru_cache(maxsize=1)
def field_words() -> dict[str, list[str]]:
    """Return what fields are called, 中文 and English, where no vocabulary names them."""
    return dict(yaml.safe_load(Path(__file__).with_name("fields.yaml").read_text("utf-8")))


def field_label(type_: str, field: str) -> str:
    """Return what a field of a fact is called; a field that is gone keeps its name."""
    fact = fact_types().get(type_)
    counted = (*fact.VOCABULARY.dimensions, *fact.VOCABULARY.quantities) if fact else ()
    zh, en = next(((one.zh, one.en) for one in counted if one.field == field), field_words().get(field, (field, field)))
    return zh if speaks_chinese() else en


def register_codes(engine: str, words: CodeWords) -> None:
    """Let an engine say the codes of its facts: a function of field and code that returns words, or ""."""
    _codes[engine] = words


def code_label(type_: str, field: str, code: str) -> str:
    """Return a code of a fact in words; one that nobody can say shows itself."""
    engine = type_.partition(".")[0]
    return (_codes[engine](field, code) if engine in _codes else "") or code
