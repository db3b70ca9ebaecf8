"""Search keys: short texts by whose beginning a row is found through an index, on SQLite and PostgreSQL alike."""

from typing import Any

from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat
from django.db.models.lookups import BuiltinLookup

from xinglin.kernel.stated import StatedQuerySet
from xinglin.lib.text import folded

LENGTH = 48


class KeyField(models.CharField):
    """A short text with an index that serves look-ups by its beginning."""


@KeyField.register_lookup
class Begins(BuiltinLookup):
    """`text__begins="王"`: a range on SQLite, whose LIKE with ESCAPE reads the whole table; LIKE on PostgreSQL,
    whose order of texts depends on the collation."""

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return `text >= x AND text < x…`, in the order of code points."""
        lhs, params = self.process_lhs(compiler, connection)
        word = str(self.rhs)
        return f"({lhs} >= %s AND {lhs} < %s)", [*params, word, *params, word + "\U0010ffff"]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """Return LIKE, which the pattern index of the column serves."""
        lhs, params = self.process_lhs(compiler, connection)
        word = str(self.rhs).replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        return f"{lhs} LIKE %s", [*params, word + "%"]


def unindexed(field: str) -> Concat:
    """Return an order by a field that no index serves.

    With one, PostgreSQL walks the whole register in order until it has met enough hits: seconds for 王.
    """
    return Concat(field, Value(""))


class SearchKey(models.Model):
    """One text by which a row is found; rewritten by the act that changes the row, never stated itself."""

    PERSONAL = ("text",)

    text = KeyField(max_length=LENGTH, db_index=True)

    objects = StatedQuerySet.as_manager()

    class Meta:
        abstract = True


def key_of(word: str) -> str:
    """Return the form in which texts are kept and asked for: half-width, small, no spaces or marks, ü as v."""
    return folded(text=word.replace("*", "")).replace("ü", "v")[:LENGTH]


def found_by(word: str) -> models.Q:
    """Return the condition for keys that begin with a word as somebody typed it; a masked number finds its ends."""
    if "*" in word:
        return models.Q(text=masked_key(word))
    return models.Q(text__begins=key_of(word)) if key_of(word) else models.Q(pk=None)


def masked_key(masked: str) -> str:
    """Return the one key of a masked number, however many stars somebody typed: 110105*002x."""
    front, _stars, back = masked.partition("*")
    return f"{folded(text=front)}*{folded(text=back.lstrip('*'))}"[:LENGTH]
