"""Ports: questions that one engine answers for all others with frozen values."""

from typing import Any, TypeVar, cast

T = TypeVar("T")
_answering: dict[type, Any] = {}
_null: dict[type, Any] = {}


def port(null: Any) -> Any:
    """Declare a Protocol as a port together with the answer given when no engine provides it."""

    def register(protocol: type[T]) -> type[T]:
        _null[protocol] = null
        return protocol

    return register


def provide(protocol: type[T], answer: T) -> None:
    """Let one engine answer a port; a second engine is refused (ValueError)."""
    if protocol in _answering and type(_answering[protocol]) is not type(answer):
        raise ValueError(f"{protocol.__name__} is already answered by {type(_answering[protocol]).__name__}")
    _answering[protocol] = answer


def ask(protocol: type[T]) -> T:
    """Return whoever answers this port, or its null implementation."""
    return cast(T, _answering.get(protocol) or _null[protocol]())


def null_answer(protocol: type) -> Any:
    """Return who answers a port when no engine does."""
    return _null[protocol]


def ports() -> dict[str, tuple[type, Any]]:
    """Return every port with its provider (None when only the null implementation answers)."""
    return {one.__name__: (one, _answering.get(one)) for one in sorted(_null, key=lambda p: p.__name__)}
