"""Takes an act's facts into the ledger, unsealed, in the act's own transaction."""

from collections.abc import Sequence

from django.db import connection

from .content import Statement
from .models import Annex, UnsealedFact


def take_in(statements: Sequence[Statement]) -> None:
    """Insert the facts of one act in the order they were stated, with their annexes."""
    if annexes := [one.annex for one in statements if one.annex]:
        Annex.objects.bulk_create([Annex(key=one.key, salt=one.salt, text=one.text) for one in annexes])
    table = UnsealedFact._meta.db_table
    # Plain SQL: this runs in every act, and the ORM would double its cost.
    with connection.cursor() as cursor:
        for start in range(0, len(statements), 500):
            batch = statements[start : start + 500]
            marks = ",".join(["(%s)"] * len(batch))
            cursor.execute(f"INSERT INTO {table} (content) VALUES {marks}", [one.content for one in batch])
