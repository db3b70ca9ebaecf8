"""Moves sealed values outside sealed columns to the current key: secrets of second factors, words waiting to go out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from xinglin.kernel.jobs import Job
from xinglin.kernel.keyring import keyring
from xinglin.kernel.sealed_fields import VERSION, seal, unseal

from ..telling import COLUMN, KIND, SEALED
from .adapters import SECRET


@dataclass(frozen=True, kw_only=True)
class InJson:
    """Sealed values under some names of a JSON column, row by row."""

    name: str
    field: str
    among: tuple[str, ...]
    column: str
    rows: Callable[[], QuerySet[Any]]

    def _sealed(self, data: dict[str, Any]) -> dict[str, str]:
        return {name: data[name] for name in self.among if str(data.get(name, "")).startswith(f"{VERSION}.")}

    def keys(self) -> set[str]:
        """Return the ids of the keys some value needs."""
        rows = self.rows().values_list(self.field, flat=True).iterator()
        return {value.split(".")[1] for data in rows for value in self._sealed(data).values()}

    def reseal(self, *, batch: int, moved: Callable[[int], None]) -> int:
        """Bring every value under the current key; rows are locked one by one."""
        current, total = f"{VERSION}.{keyring().current.id}.", 0
        for pk in self.rows().order_by("pk").values_list("pk", flat=True):
            with transaction.atomic():
                row = self.rows().select_for_update().filter(pk=pk).first()
                data = getattr(row, self.field) if row else {}
                old = {name: one for name, one in self._sealed(data).items() if not one.startswith(current)}
                if not old:
                    continue
                data |= {name: seal(unseal(one, column=self.column), column=self.column) for name, one in old.items()}
                row.save(update_fields=[self.field])
                total += 1
        if total:
            moved(total)
        return total


# Secrets of authenticators and seeds of recovery codes, inside the library's JSON.
FACTOR_SECRETS = InJson(name="mfa_authenticator.data", field="data", among=("secret", "seed"), column=SECRET,
                        rows=Authenticator.objects.all)
# Numbers, addresses and words of messages that wait in the queue; their end empties them.
WORDS_WAITING = InJson(name="kernel_job.payload", field="payload", among=SEALED, column=COLUMN,
                       rows=lambda: Job.objects.filter(kind=KIND).exclude(payload={}))
