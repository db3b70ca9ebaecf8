"""Re-encrypts sealed columns under the current key in batches; stopping at any moment loses nothing."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from django.apps import apps
from django.db import connection, models, transaction

from xinglin.kernel.keyring import keyring
from xinglin.kernel.sealed_fields import VERSION, BlindIndex, SealedText, blind_index, seal, unseal


class Vault(Protocol):
    """Sealed values outside sealed columns, such as inside a library's JSON."""

    name: str

    def keys(self) -> set[str]:
        """Return the ids of the keys some value needs."""
        ...

    def reseal(self, *, batch: int, moved: Callable[[int], None]) -> int:
        """Bring every value under the current key and return how many moved."""
        ...


_vaults: dict[str, Vault] = {}


def register_vault(vault: Vault) -> None:
    """Let rotation move values that lie outside sealed columns; without it their key would be dropped."""
    _vaults[vault.name] = vault


def vaults() -> list[Vault]:
    """Return every registered vault."""
    return [one for _name, one in sorted(_vaults.items())]


def sealed_columns() -> Iterator[tuple[type[models.Model], SealedText]]:
    """Yield every sealed field of every table."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedText) and model._meta.managed:
                yield model, field


def indexed_columns() -> Iterator[tuple[type[models.Model], BlindIndex]]:
    """Yield every blind index of every table."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, BlindIndex) and model._meta.managed:
                yield model, field


def waiting(*, model: type[models.Model], field: SealedText) -> int:
    """Return how many rows of a column are not yet under the current key."""
    table, column = _names(model, field)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} <> '' AND {column} NOT LIKE %s", [_current()])
        return int(cursor.fetchone()[0])


def reseal(*, model: type[models.Model], field: SealedText, batch: int, moved: Callable[[int], None]) -> int:
    """Bring one column under the current key, `batch` rows a transaction, and return how many rows moved.

    Plain SQL, because nothing that is true changes: the words stay, only the lock is new.
    """
    table, column = _names(model, field)
    pk, total, after = connection.ops.quote_name(model._meta.pk.column), 0, None
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            beyond, values = (f"AND {pk} > %s", [after]) if after is not None else ("", [])
            cursor.execute(
                f"SELECT {pk}, {column} FROM {table} WHERE {column} <> '' AND {column} NOT LIKE %s {beyond}"
                f" ORDER BY {pk} LIMIT %s",
                [_current(), *values, batch],
            )
            rows = cursor.fetchall()
            for key, stored in rows:
                fresh = seal(unseal(stored, column=field.address), column=field.address)
                # `AND column = old`: a writer who came between keeps the word.
                cursor.execute(
                    f"UPDATE {table} SET {column} = %s WHERE {pk} = %s AND {column} = %s",
                    [fresh, key, stored],
                )
        if not rows:
            return total
        total, after = total + len(rows), rows[-1][0]
        moved(len(rows))


def reindex(*, model: type[models.Model], field: BlindIndex, batch: int, moved: Callable[[int], None]) -> int:
    """Compute one blind index again under the current index key; rows that agree already are left alone."""
    total, after = 0, None
    while True:
        with transaction.atomic():
            rows: Any = models.QuerySet(model).order_by("pk").only("pk", field.of, field.attname)
            rows = list((rows.filter(pk__gt=after) if after is not None else rows)[:batch])
            changed = [row for row in rows if not _agrees(row, field)]
            table, column = _names(model, field)
            pk = connection.ops.quote_name(model._meta.pk.column)
            with connection.cursor() as cursor:
                for row in changed:
                    plain, old = getattr(row, field.of), row.__dict__[field.attname]
                    fresh = blind_index(plain, column=field.address) if plain else None
                    # `AND column = old`: the index a writer made meanwhile is of another word.
                    same, values = ("IS NULL", []) if old is None else ("= %s", [bytes(old)])
                    cursor.execute(
                        f"UPDATE {table} SET {column} = %s WHERE {pk} = %s AND {column} {same}",
                        [fresh, row.pk, *values],
                    )
        if not rows:
            return total
        total, after = total + len(changed), rows[-1].pk
        moved(len(changed))


def index_keys_in_use() -> set[str]:
    """Return the ids of the index keys that look-ups still need: all until every row was computed again."""
    ring = keyring()
    if len(ring.index_keys) == 1:
        return {ring.index.id}
    for model, field in indexed_columns():
        rows: Any = models.QuerySet(model).only("pk", field.of, field.attname).iterator(chunk_size=2000)
        if not all(_agrees(row, field) for row in rows):
            return set(ring.index_keys)
    return {ring.index.id}


def keys_in_use() -> set[str]:
    """Return the ids of the sealing keys that some row still needs."""
    found: set[str] = set()
    for model, field in sealed_columns():
        table, column = _names(model, field)
        with connection.cursor() as cursor:
            for key in keyring().keys:
                cursor.execute(f"SELECT 1 FROM {table} WHERE {column} LIKE %s LIMIT 1", [f"{VERSION}.{key}.%"])
                if cursor.fetchone():
                    found.add(key)
    return found.union(*(one.keys() for one in vaults()))


def _agrees(row: Any, field: BlindIndex) -> bool:
    plain, stored = getattr(row, field.of), row.__dict__[field.attname]
    return (bytes(stored) if stored is not None else None) == (
        blind_index(plain, column=field.address) if plain else None
    )


def _current() -> str:
    return f"{VERSION}.{keyring().current.id}.%"


def _names(model: type[models.Model], field: Any) -> tuple[str, str]:
    return connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(field.column)
