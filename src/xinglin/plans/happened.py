"""Answers what has happened in a year: the terms of the vocabulary that the ledger's facts fill."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.cache import cache
from django.db import connection

from xinglin.kernel.ledger.models import Head, SealedFact
from xinglin.kernel.vocabulary import COUNT, DISTINCT, SUM, Term

from .measuring import Asked, total
from .spoken import spoken

KEPT_SECONDS = 600
_FACTS = SealedFact._meta.db_table


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One line of what has happened: a term, its figure in a year, and how many facts are behind it."""

    term: Term
    value: Decimal
    facts: int

    @property
    def unit(self) -> str:
        """Return the first measure word people use."""
        return self.term.units[0] if self.term.units else ""


def _state() -> str:
    """Return the link of the last sealed fact: two ledgers with the same link hold the same facts."""
    size, link = Head.objects.values_list("size", "link").first() or (0, b"")
    return f"{size}.{bytes(link).hex()}"


def total_kept(*, asked: Asked, upto: int | None = None) -> Decimal:
    """Return a total, counted once for each state of the ledger: many sentences ask for the same figure."""
    words = "|".join((_state(), repr(asked), str(upto)))
    key = f"plans.total.{hashlib.blake2s(words.encode()).hexdigest()}"
    return Decimal(cache.get_or_set(key, lambda: str(total(asked=asked, upto=upto)), KEPT_SECONDS))


def happened(*, year: int, on: date, most: int = 6) -> list[Happened]:
    """Return the terms with most facts in a year, one a kind of fact first, then further figures of the same kinds."""
    known = [one for one in spoken(on=on) if one.measure != DISTINCT and len(one.filter) <= 1]
    key = f"plans.happened.{year}.{_state()}"
    found = cache.get(key)
    if found is None:
        found = {one.key: figures for one, figures in _figures(known, year)}
        cache.set(key, found, KEPT_SECONDS)
    lines = [
        Happened(term=one, value=Decimal(found[one.key][1]), facts=found[one.key][0])
        for one in known
        if found.get(one.key) and Decimal(found[one.key][1])
    ]
    lines.sort(key=lambda one: -one.facts)  # stable: terms of one kind keep the vocabulary's order
    return _varied(lines)[:most]


def _varied(lines: list[Happened]) -> list[Happened]:
    """Put the first term of each kind first; leave out a whole where its kinds are shown."""
    with_kinds = {one.term.fact for one in lines if one.term.filter}
    shown = [one for one in lines if one.term.filter or one.term.fact not in with_kinds]
    first: dict[tuple[str, tuple[tuple[str, str], ...]], Happened] = {}
    for one in shown:
        first.setdefault((one.term.fact, one.term.filter), one)
    leading = list(first.values())
    return leading + [one for one in shown if one not in leading]


def _figures(known: Iterable[Term], year: int) -> Iterable[tuple[Term, tuple[int, str]]]:
    groups: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for one in known:
        groups[one.fact, one.filter[0][0] if one.filter else ""].append(one)
    for (fact_type, field), members in groups.items():
        sums = sorted({one.field for one in members if one.measure == SUM and one.field})
        rows = {row[0]: row[1:] for row in _grouped(fact_type, field, sums, year)}
        for one in members:
            row = rows.get(one.filter[0][1] if one.filter else None)
            if row:
                value = row[0] if one.measure == COUNT else row[1 + sums.index(one.field or "")]
                yield one, (int(row[0]), str(value or 0))


def _grouped(fact_type: str, field: str, sums: list[str], year: int) -> list[tuple[object, ...]]:
    """Return (value of the field, facts, sums …) in one pass; a list counts under each of its values."""
    postgres = connection.vendor == "postgresql"
    each, given = "", []
    if field and postgres:
        each = (" CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(f.body->%s) WHEN 'array'"
                " THEN f.body->%s ELSE jsonb_build_array(f.body->%s) END) v(value)")
        given = [field] * 3
    elif field:
        each, given = ", json_each(f.body, %s) v", [f"$.{field}"]
    number = "SUM((f.body->>%s)::numeric)" if postgres else "SUM(CAST(json_extract(f.body, %s) AS NUMERIC))"
    paths = sums if postgres else [f"$.{one}" for one in sums]
    head = "v.value" if field else "NULL"
    columns = ", ".join([head, "COUNT(*)", *([number] * len(sums))])
    sql = (
        f"SELECT {columns} FROM {_FACTS} f{each} WHERE f.type = %s AND f.happened_on >= %s AND f.happened_on < %s"
        f" AND NOT EXISTS (SELECT 1 FROM {_FACTS} c WHERE c.corrects = f.key)" + (f" GROUP BY {head}" if field else "")
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*paths, *given, fact_type, date(year, 1, 1), date(year + 1, 1, 1)])
        return [row for row in cursor.fetchall() if row[1]]
