"""Rows: narrowing, counting and ordering, for QuerySets and for lists of values alike."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, F, Model, Q, QuerySet, Sum
from django.db.models.constants import LOOKUP_SEP

from .columns import Column

CHUNK = 2000


def searched(rows: Any, *, fields: tuple[str, ...], columns: tuple[Column, ...], text: str) -> Any:
    """Keep rows in which every word of the text is found."""
    for word in text.split():
        if isinstance(rows, QuerySet):
            where = Q()
            for one in fields:
                where |= Q(**{one if "__icontains" in one or "__istartswith" in one else f"{one}__icontains": word})
            rows = rows.filter(where) if fields else rows
        else:
            rows = [row for row in rows
                    if any(word.lower() in str(one.plain(row)).lower() for one in columns if not one.sensitive)]
    return rows


def _nullable(model: type[Model], path: str) -> bool:
    for step in path.split(LOOKUP_SEP):
        try:
            found = model._meta.get_field(step)
        except FieldDoesNotExist:
            return True
        if getattr(found, "null", True):
            return True
        if found.is_relation and found.related_model:
            model = found.related_model
    return False


def ordered(rows: Any, *, column: Column | None, down: bool, default: tuple[str, ...]) -> Any:
    """Order rows by a column, empty values last both ways, ties by key so that pages never overlap."""
    if not isinstance(rows, QuerySet):
        return _ordered_list(rows, column=column, down=down)
    if column is None:
        return rows.order_by(*default, "pk") if default else (rows if rows.query.order_by else rows.order_by("pk"))
    keys: list[Any] = []
    for path in column.sort_fields:
        if _nullable(rows.model, path):
            keys.append(F(path).desc(nulls_last=True) if down else F(path).asc(nulls_last=True))
        else:  # a plain order can use an index
            keys.append(f"-{path}" if down else path)
    return rows.order_by(*keys, "-pk" if down else "pk")


def _ordered_list(rows: Any, *, column: Column | None, down: bool) -> list[Any]:
    rows = list(rows)
    if column is None:
        return rows
    full = [row for row in rows if column.raw(row) not in (None, "")]
    rest = [row for row in rows if column.raw(row) in (None, "")]
    return sorted(full, key=lambda row: _sortable(column.raw(row)), reverse=down) + rest


def _sortable(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def counted(rows: Any, *, wheres: dict[str, Q | None], sums: dict[str, str]) -> dict[str, Any]:
    """Return all counts and sums of a QuerySet in one pass over the table."""
    asked: dict[str, Any] = {}
    for name, where in wheres.items():
        asked[f"n_{name}"] = Count("pk", filter=where) if where is not None else Count("pk")
    for name, path in sums.items():
        asked[f"s_{name}"] = Sum(path)
    return rows.order_by().aggregate(**asked) if asked else {}


def each(rows: Any) -> Iterator[Any]:
    """Go through all rows without holding them in memory."""
    if isinstance(rows, QuerySet):
        return iter(rows.iterator(chunk_size=CHUNK))
    return iter(rows)


