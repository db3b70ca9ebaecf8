"""Labels of refs and of kinds of facts; refs are asked once per request however often a page shows them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from xinglin.kernel.facts import fact_types
from xinglin.kernel.refs import Shown, shown

from .units import speaks_chinese

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
