"""Navigation: entries that apps register and that each actor sees by role."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from xinglin.kernel.actors import Actor

Section = Literal["year", "work", "open", "system"]
SECTIONS: dict[str, str | Promise] = {
    "year": pgettext_lazy("section", "Year"), "work": pgettext_lazy("section", "Work"),
    "open": pgettext_lazy("section", "Open and oversight"), "system": pgettext_lazy("section", "System"),
}
COUNT_SECONDS = 20


def anybody(actor: Actor) -> bool:
    """Every signed-in person sees the entry."""
    return True


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the side navigation: where it leads, who sees it, how many wait there."""

    section: Section
    label: str | Promise
    icon: str
    url_name: str
    order: int = 50
    when: Callable[[Actor], bool] = anybody
    count: Callable[[Actor], int] | None = None
    # Letter of the g-then-letter shortcut, shown under `?`.
    key: str = ""
    arguments: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class Line:
    """An entry as one actor sees it now."""

    label: str | Promise
    icon: str
    url: str
    current: bool
    count: int
    key: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """A section with the lines an actor may see."""

    code: str
    label: str | Promise
    lines: list[Line]


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """Where an actor's notices are and how many are unread."""

    url_name: str
    count: Callable[[Actor], int]


_entries: dict[tuple[str, str, str], Entry] = {}
_account: dict[str, Entry] = {}
_tabs: dict[str, Entry] = {}
_public: dict[str, Entry] = {}
_inbox: list[Inbox] = []


def register(entry: Entry) -> Entry:
    """Add an entry to the side navigation; called in AppConfig.ready()."""
    if entry.section not in SECTIONS:
        raise ValueError(f"{entry.section} is no section; sections are {', '.join(SECTIONS)}")
    _entries[entry.section, entry.url_name, str(sorted(entry.arguments.items()))] = entry
    return entry


def register_account(entry: Entry) -> Entry:
    """Add a line to the account menu (my security, my page)."""
    return _account.setdefault(entry.url_name, entry)


def register_tab(entry: Entry) -> Entry:
    """Add a tab to the bar of the phone pages."""
    return _tabs.setdefault(entry.url_name, entry)


def register_public(entry: Entry) -> Entry:
    """Add a column of the public pages; `count` is asked with the anonymous actor."""
    return _public.setdefault(entry.url_name, entry)


def provide_inbox(*, url_name: str, count: Callable[[Actor], int]) -> None:
    """Say where the bell leads and how many notices wait."""
    _inbox[:] = [Inbox(url_name=url_name, count=count)]


def address(url_name: str, arguments: dict[str, object] | None = None) -> str:
    """Return the address of a registered name, or nothing while its page does not exist."""
    try:
        return reverse(url_name, kwargs=arguments or None)
    except NoReverseMatch:
        return ""


def _counted(*, asked: dict[str, Callable[[Actor], int]], actor: Actor) -> dict[str, int]:
    """Return counts by name, each asked for at most every few seconds per actor: they stand on every page."""
    # Refs hold a colon and dots only, so the keys suit every cache; one look-up serves all.
    keys = {name: f"nav.{name}.{actor.ref}" for name in asked}
    known = cache.get_many(keys.values()) if keys else {}
    fresh = {keys[name]: int(count(actor) or 0) for name, count in asked.items() if keys[name] not in known}
    if fresh:
        cache.set_many(fresh, COUNT_SECONDS)
    return {name: (known | fresh)[key] for name, key in keys.items()}


def forget_counts(*, actor: Actor) -> None:
    """Let the next page count anew for this actor, after something was done."""
    names = [entry.url_name for entry in (*_entries.values(), *_public.values())]
    cache.delete_many([f"nav.{name}.{actor.ref}" for name in (*names, "inbox")])


def _line(*, entry: Entry, url: str, path: str, count: int) -> Line:
    return Line(label=entry.label, icon=entry.icon, url=url, count=count, key=entry.key,
                current=path == url or (url != "/" and path.startswith(url)))


def lines_of(*, entries: list[Entry], actor: Actor, path: str) -> list[Line]:
    """Return entries as an actor sees them: in order, counted, the one where the reader stands marked."""
    ordered = sorted(entries, key=lambda one: one.order)
    seen = [(one, url) for one in ordered if (url := address(one.url_name, one.arguments)) and one.when(actor)]
    counts = _counted(asked={one.url_name: one.count for one, _url in seen if one.count}, actor=actor)
    lines = [_line(entry=one, url=url, path=path, count=counts.get(one.url_name, 0)) for one, url in seen]
    # Of several matching addresses the longest is where the reader stands.
    best = max((line.url for line in lines if line.current), key=len, default="")
    return [
        line if line.current == (line.url == best) else
        Line(label=line.label, icon=line.icon, url=line.url, count=line.count, key=line.key, current=False)
        for line in lines
    ]


def blocks(*, actor: Actor, path: str) -> list[Block]:
    """Return the sections and lines this actor sees, the current one marked."""
    seen = lines_of(entries=list(_entries.values()), actor=actor, path=path)
    section = {address(one.url_name, one.arguments): one.section for one in _entries.values()}
    by_section: dict[str, list[Line]] = {code: [] for code in SECTIONS}
    for line in seen:
        by_section[section[line.url]].append(line)
    return [Block(code=code, label=label, lines=by_section[code]) for code, label in SECTIONS.items()
            if by_section[code]]


def account_lines(*, actor: Actor, path: str) -> list[Line]:
    """Return the lines of the account menu."""
    return lines_of(entries=list(_account.values()), actor=actor, path=path)


def tabs(*, actor: Actor, path: str) -> list[Line]:
    """Return the tabs of the phone pages."""
    return lines_of(entries=list(_tabs.values()), actor=actor, path=path)


def public_lines(*, actor: Actor, path: str) -> list[Line]:
    """Return the columns of the public pages."""
    return lines_of(entries=list(_public.values()), actor=actor, path=path)


def inbox(*, actor: Actor) -> tuple[str, int]:
    """Return the bell's address and count, or nothing when nobody provides an inbox."""
    if not _inbox or not (url := address(_inbox[0].url_name)):
        return "", 0
    return url, _counted(asked={"inbox": _inbox[0].count}, actor=actor)["inbox"]
