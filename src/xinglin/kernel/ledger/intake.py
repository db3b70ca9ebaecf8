"""Takes an act's facts into the ledger, unsealed, in the act's own transaction."""

from collections.abc import Sequence

from django.db import connection
from psycopg import Cursor

from .content import Statement
from .models import Annex, UnsealedFact


def take_in(statements: Sequence[Statement]) -> None:
    """Insert the facts of one act in the order they were stated, with their annexes."""
    if annexes := [one.annex for one in statements if one.annex]:
        Annex.objects.bulk_create([Annex(key=one.key, salt=one.salt, text=one.text) for one in annexes])
    for start in range(0, len(statements), 500):
        batch = [one.content for one in statements[start : start + 500]]
        marks = ",".join(["(%s)"] * len(batch))
        _execute(f"INSERT INTO {UnsealedFact._meta.db_table} (content) VALUES {marks}", batch)


def _execute(sql: str, values: Sequence[str]) -> None:
    """Run one statement; every act pays this, so PostgreSQL's driver is spoken to directly and prepares it."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        return
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(sql, values)
