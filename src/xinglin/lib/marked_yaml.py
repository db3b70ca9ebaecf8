"""Reads YAML and remembers where each value stands, so that an error can name its line and column."""

import difflib
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Way = tuple[str | int, ...]


class SourceError(ValueError):
    """Something in a file is wrong; the message reads FILE:LINE:COLUMN: what, and what would be right."""

    def __init__(self, *, file: str, line: int, column: int, said: str) -> None:
        self.file, self.line, self.column, self.said = file, line, column, said
        super().__init__(f"{file}:{line}:{column}: {said}")


@dataclass(frozen=True)
class Marked:
    """A file's value and, for each way into it, the line and column (from 1) where that part begins."""

    file: str
    value: Any
    places: dict[Way, tuple[int, int]] = field(repr=False)

    def error(self, *, way: Sequence[str | int], said: str) -> SourceError:
        """Return an error at the deepest part of a way that the file contains."""
        at = tuple(way)
        while at not in self.places:
            at = at[:-1]
        line, column = self.places[at]
        return SourceError(file=self.file, line=line, column=column, said=said)


def read(*, file: Path) -> Marked:
    """Read a UTF-8 YAML file of plain values; aliases, tags and repeated keys are refused (SourceError)."""
    try:
        text = file.read_text("utf-8")
        tree = yaml.compose(text, yaml.SafeLoader)
        if any(isinstance(one, yaml.AliasToken) for one in yaml.scan(text)):
            raise SourceError(file=file.name, line=1, column=1, said="aliases (*name) are not used here; write it out")
    except UnicodeDecodeError as wrong:
        raise SourceError(file=file.name, line=1, column=1, said="the file is not UTF-8") from wrong
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise SourceError(file=file.name, line=line, column=column, said=str(wrong.problem)) from wrong
    places: dict[Way, tuple[int, int]] = {(): (1, 1)}
    value = _value(tree, (), file.name, places) if tree else None
    return Marked(file.name, value, places)


def _value(node: yaml.Node, way: Way, file: str, places: dict[Way, tuple[int, int]]) -> Any:
    places.setdefault(way, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        answer: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node, file)
            line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
            if key in answer:
                raise SourceError(file=file, line=line, column=column, said=f"{key} stands here twice")
            places[(*way, key)] = (line, column)
            answer[key] = _value(value_node, (*way, key), file, places)
        return answer
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*way, number), file, places) for number, one in enumerate(node.value)]
    return _scalar(node, file)


def _scalar(node: yaml.Node, file: str) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError) as wrong:
        raise SourceError(file=file, line=node.start_mark.line + 1, column=node.start_mark.column + 1,
                          said=f"{getattr(node, 'value', '')}: {getattr(wrong, 'problem', wrong)}") from wrong
    finally:
        loader.dispose()


def texts(*, value: Any, way: Way = ()) -> Iterator[tuple[Way, str]]:
    """Yield every text in a value with the way to it."""
    if isinstance(value, str):
        yield way, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield from texts(value=one, way=(*way, key))


def instead(*, word: str, kind: str, known: Collection[str]) -> str:
    """Say that a word is none of the known ones, and which would be right."""
    close = difflib.get_close_matches(word, known, n=1)
    hint = f"; {close[0]} would be right" if close else f"; known are {', '.join(sorted(known))}" if known else ""
    return f"{word} is no {kind}{hint}"
