"""A table with sealed columns for the tests of encryption at rest."""

from django.db import connection, models

from xinglin.kernel.sealed_fields import BlindIndex, SealedText


class Vault(models.Model):
    """One row with two sealed columns (a table of the tests)."""

    number = SealedText(blank=True)
    number_index = BlindIndex(of="number")
    bank = SealedText(null=True)

    class Meta:
        app_label = "trial_security"  # not installed: no migration is asked for
        db_table = "trial_vault"


def make_table():
    """Create the table by hand, inside the test's transaction."""
    kinds = {"sqlite": ("integer PRIMARY KEY AUTOINCREMENT", "blob")}
    pk, blob = kinds.get(connection.vendor, ("bigserial PRIMARY KEY", "bytea"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE trial_vault (id {pk}, number text NOT NULL, number_index {blob} NULL, bank text NULL)"
        )


def stored(pk, column="number"):
    """Return what really lies in the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM trial_vault WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def overwrite(pk, column, value):
    """Change a stored value as somebody with the database password would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE trial_vault SET {column} = %s WHERE id = %s", [value, pk])
