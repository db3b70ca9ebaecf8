"""What a list shows around its rows: tabs, chips, pages."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .address import Address
from .columns import Column
from .filters import Condition
from .segments import Segment


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its key, its name for readers, its columns with their cells."""

    key: str
    name: str
    cells: list[tuple[Column, Any]]


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One active condition and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One segment: its name, how many rows, where it leads."""

    label: Any
    count: int
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class PageLink:
    """A page number with its address; without address it stands for the pages left out."""

    number: int
    url: str
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """The page shown, its neighbours and how many rows a page may hold."""

    number: int
    last: int
    start: int
    end: int
    links: list[PageLink]
    previous: str
    following: str
    sizes: list[tuple[int, str, bool]]


def chips_of(*, conditions: list[Condition], text: str, address: Address) -> list[Chip]:
    """Return a chip per condition, the search first."""
    chips = [Chip(label=_("Search"), value=text, url=address.with_(without=("q",)))] if text else []
    return chips + [Chip(label=one.label, value=one.value, url=address.with_(without=one.names)) for one in conditions]


def tabs_of(
    *, segments: tuple[Segment, ...], current: Segment | None, counts: dict[str, Any], address: Address,
) -> list[Tab]:
    """Return the segments with counts; the first one needs no parameter."""
    return [
        Tab(label=one.label, count=int(counts[f"n_{one.name}"]), current=one is current,
            url=address.with_(list="" if one is segments[0] else one.name))
        for one in segments
    ]


def page_of(*, address: Address, count: int, per: int, choices: tuple[int, ...]) -> Page:
    """Return the page the address asks for; nonsense means the first, too far means the last."""
    asked = address.own.get("page", "1")
    last = max(1, -(-count // per))
    number = min(max(int(asked), 1), last) if asked.isdigit() and len(asked) < 9 else 1
    start = (number - 1) * per

    def url(of: int) -> str:
        return address.with_(page=str(of) if of > 1 else "")

    return Page(
        number=number, last=last, start=start, end=min(start + per, count),
        links=[PageLink(number=of, url=url(of) if of else "", current=of == number) for of in _numbers(number, last)],
        previous=url(number - 1) if number > 1 else "", following=url(number + 1) if number < last else "",
        sizes=[(size, address.with_(per=str(size)), size == per) for size in sorted({*choices, per})],
    )


def _numbers(number: int, last: int) -> list[int]:
    """Return the page numbers worth showing; 0 stands for a gap."""
    near = sorted({1, last, *(of for of in range(number - 1, number + 2) if 1 <= of <= last)})
    answer: list[int] = []
    for of in near:
        if answer and of - answer[-1] > 1:
            answer.append(0 if of - answer[-1] > 2 else of - 1)
        answer.append(of)
    return answer
