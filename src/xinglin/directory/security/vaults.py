"""Moves sealed values outside sealed columns to the current key: secrets of second factors, words waiting to go out."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from xinglin.kernel.jobs import Job
from xinglin.kernel.keyring import keyring
from xinglin.kernel.sealed_fields import VERSION, seal, unseal

from ..telling import COLUMN, KIND
from ..telling import SEALED as TOLD
from .adapters import SECRET

SEALED = ("secret", "seed")


def _sealed(data: dict[str, Any], among: tuple[str, ...] = SEALED) -> dict[str, str]:
    return {name: data[name] for name in among if str(data.get(name, "")).startswith(f"{VERSION}.")}


def _old(data: dict[str, Any], among: tuple[str, ...] = SEALED) -> dict[str, str]:
    current = f"{VERSION}.{keyring().current.id}."
    return {name: one for name, one in _sealed(data, among).items() if not one.startswith(current)}


class FactorSecrets:
    """Secrets of authenticators and seeds of recovery codes, inside the library's JSON."""

    name = "mfa_authenticator.data"

    def keys(self) -> set[str]:
        """Return the ids of the keys some secret needs."""
        rows = Authenticator.objects.values_list("data", flat=True).iterator()
        return {value.split(".")[1] for data in rows for value in _sealed(data).values()}

    def reseal(self, *, batch: int, moved: Callable[[int], None]) -> int:
        """Bring every secret under the current key; rows are locked one by one."""
        total = 0
        for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
            with transaction.atomic():
                row = Authenticator.objects.select_for_update().filter(pk=pk).first()
                old = _old(row.data) if row else {}
                if row is None or not old:
                    continue
                row.data |= {name: seal(unseal(one, column=SECRET), column=SECRET) for name, one in old.items()}
                row.save(update_fields=["data"])
                total += 1
        if total:
            moved(total)
        return total


class WordsWaiting:
    """Numbers, addresses and words of messages that wait in the queue; their end empties them."""

    name = "kernel_job.payload"

    def keys(self) -> set[str]:
        """Return the ids of the keys some message needs."""
        rows = Job.objects.filter(kind=KIND).exclude(payload={}).values_list("payload", flat=True).iterator()
        return {value.split(".")[1] for payload in rows for value in _sealed(payload, TOLD).values()}

    def reseal(self, *, batch: int, moved: Callable[[int], None]) -> int:
        """Bring every message under the current key; rows are locked one by one."""
        total = 0
        for pk in Job.objects.filter(kind=KIND).exclude(payload={}).order_by("pk").values_list("pk", flat=True):
            with transaction.atomic():
                row = Job.objects.one_locked(job_id=pk)
                old = _old(row.payload, TOLD) if row else {}
                if row is None or not old:
                    continue
                row.payload |= {name: seal(unseal(one, column=COLUMN), column=COLUMN) for name, one in old.items()}
                row.save(update_fields=["payload"])
                total += 1
        if total:
            moved(total)
        return total
