"""What follows when two entries are one person: each engine registers how its own records move, and back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.refs import Ref

from .people import Person


@dataclass(frozen=True, kw_only=True)
class Joining:
    """Two entries that are one person: the first gives way to the second, on a day, by somebody."""

    loser: Ref
    winner: Ref
    by: Actor
    on: date


@dataclass(frozen=True, kw_only=True)
class Mover:
    """How one kind of record follows a merge.

    `preview` says in lines what would move; `move` moves it and returns, as JSON values, what `back` needs. Before
    anything moves, either way, and after the two people, `lock` locks what writers of such records lock first.
    """

    kind: str
    label: str | Promise
    preview: Callable[[Joining], list[str]]
    move: Callable[[Joining], Any]
    back: Callable[[Joining, Any], None]
    order: int = 50
    lock: Callable[[Joining], None] = lambda _joining: None


_movers: dict[str, Mover] = {}


def register_merge(kind: str, mover: Mover) -> Mover:
    """Let an engine move its records of one kind when people are merged; called in AppConfig.ready()."""
    _movers[kind] = mover
    return mover


def movers() -> list[Mover]:
    """Return the registered movers in order."""
    return sorted(_movers.values(), key=lambda one: (one.order, one.kind))


def lock_both(joining: Joining) -> None:
    """Lock two entries with what belongs to them, before one gives way to the other or they part again."""
    Person.objects.in_writing_locked(int(joining.loser.key), int(joining.winner.key))
    for one in movers():
        one.lock(joining)


def moving_refs(*, kind: str, label: str | Promise, model: type[models.Model], field: str, order: int = 50) -> Mover:
    """Return the mover of a table that names people by ref in one column: `register_merge(kind, moving_refs(…))`."""
    rows = model._default_manager

    def preview(joining: Joining) -> list[str]:
        count = rows.filter(**{field: joining.loser}).count()
        return [str(_("%(count)s of %(label)s") % {"count": count, "label": label})] if count else []

    def move(joining: Joining) -> list[Any]:
        keys = list(rows.filter(**{field: joining.loser}).values_list("pk", flat=True))
        rows.filter(pk__in=keys).update(**{field: joining.winner})
        return [str(key) if not isinstance(key, int) else key for key in keys]

    def back(joining: Joining, moved: Any) -> None:
        rows.filter(pk__in=moved, **{field: joining.winner}).update(**{field: joining.loser})

    return Mover(kind=kind, label=label, preview=preview, move=move, back=back, order=order)


Follow = tuple[type[models.Model], str, tuple[str, ...]]


def moving_rows(*, kind: str, label: str | Promise, follow: tuple[Follow, ...], order: int = 50) -> Mover:
    """Return the mover of tables with a foreign key to people: table, column, and the columns of a second row refused.

    What the remaining entry has already stays with the other one.
    """

    def rows(model: type[models.Model], field: str, one: Ref) -> Any:
        return model._default_manager.filter(**{f"{field}_id": int(one.key)})

    def preview(joining: Joining) -> list[str]:
        count = sum(rows(model, field, joining.loser).count() for model, field, _same in follow)
        return [str(_("%(count)s of %(label)s") % {"count": count, "label": label})] if count else []

    def move(joining: Joining) -> Any:
        moved = {}
        for model, field, same in follow:
            there = rows(model, field, joining.winner)
            alone = model._meta.get_field(field).unique  # type: ignore[union-attr]
            if alone and there.exists():
                keys: list[Any] = []
            else:
                taken = set(there.values_list(*same)) if same else set()
                keys = [one[0] for one in rows(model, field, joining.loser).values_list("pk", *same)
                        if not same or one[1:] not in taken]
            rows(model, field, joining.loser).filter(pk__in=keys).update(**{f"{field}_id": int(joining.winner.key)})
            moved[f"{model.__name__}.{field}"] = keys
        return moved

    def back(joining: Joining, moved: Any) -> None:
        for model, field, _same in follow:
            gone = rows(model, field, joining.winner).filter(pk__in=moved[f"{model.__name__}.{field}"])
            gone.update(**{f"{field}_id": int(joining.loser.key)})

    return Mover(kind=kind, label=label, preview=preview, move=move, back=back, order=order)
