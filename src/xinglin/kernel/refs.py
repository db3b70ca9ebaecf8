"""A ref names a row of any engine without importing that engine."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# At most 120 characters: what the columns of refs hold.
_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,26}\.[a-z][a-z0-9_]{0,26}:[A-Za-z0-9_.\-]{1,64}")


class Ref(str):
    """The name of a thing: `engine.noun:key`, for example `directory.person:42`."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Ref":
        """Refuse anything that is not `engine.noun:key` (ValueError)."""
        if not _SHAPE.fullmatch(text):
            raise ValueError(f"{text!r} is not a ref; write engine.noun:key")
        return super().__new__(cls, text)

    @property
    def kind(self) -> str:
        """The `engine.noun` part."""
        return self.partition(":")[0]

    @property
    def key(self) -> str:
        """The key part."""
        return self.partition(":")[2]


class Code(str):
    """A word of a closed vocabulary, lower-case ASCII; never free text."""

    __slots__ = ()
    _shape = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,63}")

    def __new__(cls, text: str) -> "Code":
        """Refuse free text (ValueError)."""
        if not cls._shape.fullmatch(text):
            raise ValueError(f"{text!r} is not a code; codes are lower-case ASCII words")
        return super().__new__(cls, text)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a reader sees of a ref: its label and, where there is a page, its address."""

    label: str
    url: str = ""


Resolver = Callable[[list[str]], dict[str, Shown]]
_resolvers: dict[str, Resolver] = {}


def ref(kind: str, key: object) -> Ref:
    """Make a ref from `engine.noun` and a key."""
    return Ref(f"{kind}:{key}")


def resolves(kind: str) -> Callable[[Resolver], Resolver]:
    """Register the one function that turns keys of this kind into labels, many at a time."""

    def register(resolver: Resolver) -> Resolver:
        if kind in _resolvers:
            raise ValueError(f"refs of kind {kind} already have a resolver")
        _resolvers[kind] = resolver
        return resolver

    return register


def shown(refs: Iterable[str]) -> dict[str, Shown]:
    """Return the label and address of each ref; unknown ones keep their own text."""
    by_kind: dict[str, list[str]] = {}
    wanted = {str(one) for one in refs if one}
    for one in wanted:
        kind, _, key = one.partition(":")
        by_kind.setdefault(kind, []).append(key)
    answer = {one: Shown(label=one) for one in wanted}
    for kind, keys in by_kind.items():
        if resolver := _resolvers.get(kind):
            answer.update({f"{kind}:{key}": value for key, value in resolver(keys).items()})
    return answer
