"""Moves the sealed secrets of second factors to the current key."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from xinglin.kernel.keyring import keyring
from xinglin.kernel.sealed_fields import VERSION, seal, unseal

from .adapters import SECRET

SEALED = ("secret", "seed")


def _sealed(data: dict[str, Any]) -> dict[str, str]:
    return {name: data[name] for name in SEALED if str(data.get(name, "")).startswith(f"{VERSION}.")}


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
        current = f"{VERSION}.{keyring().current.id}."
        for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
            with transaction.atomic():
                row = Authenticator.objects.select_for_update().filter(pk=pk).first()
                old = (
                    {name: one for name, one in _sealed(row.data).items() if not one.startswith(current)} if row else {}
                )
                if row is None or not old:
                    continue
                row.data |= {name: seal(unseal(one, column=SECRET), column=SECRET) for name, one in old.items()}
                row.save(update_fields=["data"])
                total += 1
        if total:
            moved(total)
        return total
