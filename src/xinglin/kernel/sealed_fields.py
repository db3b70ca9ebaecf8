"""Model fields whose content is encrypted at rest, with blind indexes for exact look-up.

number = SealedText()                      # str in Python, ciphertext in the table
number_index = BlindIndex(of="number")     # filter(number_index__matches="11010119900307…")
"""

import base64
import binascii
import hmac
import re
import unicodedata
from typing import Any

from django.db import models
from django.db.models.lookups import In, IsNull

from .keyring import Unreadable, keyring

VERSION = "x1"
_FILLER = re.compile(r"[\s\-]+")


def seal(value: str, *, column: str) -> str:
    """Return `x1.KEY.base64`: the value under the current key, bound to one `table.column`."""
    key = keyring().current
    sealed = key.seal(text=value.encode(), associated=_associated(key.id, column))
    return f"{VERSION}.{key.id}.{base64.b64encode(sealed).decode()}"


def unseal(stored: str, *, column: str) -> str:
    """Return the plain value (Unreadable when it was altered, moved or its key is gone)."""
    version, _, rest = stored.partition(".")
    key_id, _, body = rest.partition(".")
    if version != VERSION or not body:
        raise Unreadable(f"{column}: the stored value is not sealed")
    try:
        sealed = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable(f"{column}: the stored value was altered") from None
    return keyring().key(key_id).open(sealed=sealed, associated=_associated(key_id, column)).decode()


def _associated(key_id: str, column: str) -> bytes:
    return f"{VERSION}.{key_id}.{column}".encode()


def normalised(value: str) -> str:
    """Return what is compared: width folded, blanks and hyphens gone, upper case."""
    return _FILLER.sub("", unicodedata.normalize("NFKC", value)).upper()


def blind_index(value: str, *, column: str) -> bytes:
    """Return the HMAC-SHA-256 of the normalised value under the index key, different for every column."""
    return _blind(keyring().index.secret, value, column)


def blind_indexes(value: str, *, column: str) -> list[bytes]:
    """Return the index under every index key, for look-ups while a rotation is under way."""
    return [_blind(key.secret, value, column) for key in keyring().index_keys.values()]


def _blind(secret: bytes, value: str, column: str) -> bytes:
    return hmac.digest(secret, f"{column}\x00{normalised(value)}".encode(), "sha256")


class SealedText(models.TextField):
    """Text stored only as ciphertext; an empty text stays empty, so that absence can be counted.

    `bound_to` fixes the `table.column` of the associated data when a table is renamed later.
    Searching is possible only through a BlindIndex.
    """

    def __init__(self, *args: Any, bound_to: str = "", **kwargs: Any):
        self.bound_to = bound_to
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, **({"bound_to": self.bound_to} if self.bound_to else {})}

    @property
    def address(self) -> str:
        """The `table.column` that a ciphertext of this field is bound to."""
        return self.bound_to or f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value is None or value == "" or hasattr(value, "as_sql"):
            return super().get_db_prep_save(value, connection)
        return seal(str(value), column=self.address)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return unseal(value, column=self.address) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return IsNull
        raise TypeError(f"{self.name} is sealed: look it up through its BlindIndex with __matches")


class _Computed:
    """Reads as the blind index of the sibling field, so that no writer can forget to refresh it."""

    def __init__(self, field: "BlindIndex"):
        self.field = field

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        if self.field.of not in instance.__dict__:  # the sibling is deferred: the stored index still holds
            if self.field.attname not in instance.__dict__:
                instance.refresh_from_db(fields=[self.field.attname])
            return instance.__dict__[self.field.attname]
        value = instance.__dict__[self.field.of]
        return blind_index(value, column=self.field.address) if value else None

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class BlindIndex(models.BinaryField):
    """Keyed digest of a SealedText beside it; null where that is empty.

    `column` names the domain: give two tables the same one to find a value across both.
    `QuerySet.update(number=…)` bypasses the instance: pass `number_index=blind_index(…)` with it.
    """

    def __init__(self, *args: Any, of: str, column: str = "", **kwargs: Any):
        self.of, self.column_domain = of, column
        kwargs = {"max_length": 32, "null": True, "db_index": True, **kwargs, "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        extra = {"of": self.of, "column": self.column_domain, "db_index": getattr(self, "db_index")}  # noqa: B009  untyped in the stubs
        return name, path, args, {**kwargs, **{key: one for key, one in extra.items() if one != ""}}

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Computed(self))

    @property
    def address(self) -> str:
        """The domain of the index: its own, or the `table.column` of the sealed field."""
        if self.column_domain:
            return self.column_domain
        sealed: Any = self.model._meta.get_field(self.of)
        return (sealed.address if isinstance(sealed, SealedText) else f"{self.model._meta.db_table}.{sealed.column}")

    def get_prep_value(self, value: Any) -> Any:
        # A text given to a look-up is the plain value; bytes are an index already.
        return (blind_index(value, column=self.address) if isinstance(value, str) else super().get_prep_value(value))


@BlindIndex.register_lookup
class Matches(In):
    """`number_index__matches="plain value"`: equal under any index key still in the key file."""

    lookup_name = "matches"

    def __init__(self, lhs: Any, rhs: Any):
        values = [rhs] if isinstance(rhs, str) else list(rhs)
        column = lhs.output_field.address
        super().__init__(lhs, [one for value in values for one in blind_indexes(value, column=column)])
