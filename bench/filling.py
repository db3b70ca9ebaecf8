"""Fills a throw-away ledger with synthetic facts in bulk, as fast as the sealer takes them."""

import os
import time
from collections.abc import Callable
from datetime import date
from typing import Any


def boot() -> None:
    """Start Django in this process."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    django.setup()


def fill(
    count: int, *, type_: str, body: Callable[[int], dict[str, Any]], on: Callable[[int], date]
) -> tuple[float, float]:
    """Copy facts into the intake of PostgreSQL, seal them, and return the seconds of either step."""
    from django.db import connection

    from xinglin.kernel import clock
    from xinglin.kernel.actors import house
    from xinglin.kernel.acts import new_key
    from xinglin.kernel.ledger.content import canonical
    from xinglin.kernel.ledger.sealer import seal_batch

    at, by = clock.now().isoformat(timespec="microseconds"), str(house("bench").ref)
    begun = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy("COPY kernel_unsealedfact (content) FROM STDIN") as copy:
        for number in range(count):
            said = {
                "v": 1, "key": str(new_key()), "act": str(new_key()), "type": type_, "actor": by,
                "on": on(number).isoformat(), "at": at, "body": body(number),
            }  # fmt: skip
            copy.write_row((canonical(said),))
    copied = time.perf_counter() - begun
    while seal_batch(limit=10_000):
        pass
    return copied, time.perf_counter() - begun - copied
