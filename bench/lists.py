"""Measures a list over 200,000 rows: the page, its counts, the deepest page, a search, and the exports."""

import os
import sys
import time
import tracemalloc

import django

ROWS = int(os.environ.get("XINGLIN_BENCH_ROWS", "200000"))


def _timed(label: str, times: int, work: object) -> float:
    work()  # type: ignore[operator]
    began = time.perf_counter()
    for _each in range(times):
        work()  # type: ignore[operator]
    took = (time.perf_counter() - began) / times * 1000
    print(f"{label:<44} {took:9.1f} ms")
    return took


def main() -> int:
    """Fill a throw-away database, measure and return 1 when counting takes more than 300 ms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinglin.site.settings")
    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner

    settings.TESTING = True
    runner = get_runner(settings)(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        return _measure()
    finally:
        runner.teardown_databases(old)


def _measure() -> int:
    from django.db.models import Q
    from django.test import RequestFactory

    from xinglin.kernel.actors import Actor
    from xinglin.kernel.clock import now
    from xinglin.kernel.refs import Ref
    from xinglin.shell.models import Sent
    from xinglin.shell.tables import Choice, Column, Segment, Table
    from xinglin.shell.tables.exporting import _columns, _csv, _lines, _xlsx

    moment = now()
    Sent.objects.bulk_create(
        (Sent(token=f"{at:032d}", url=f"/members/{at % 97}/", sent_at=moment) for at in range(ROWS)), batch_size=5000
    )

    class Rows(Table):
        """A list over the rows."""

        code = "bench.rows"
        columns = (
            Column("token", "Token", sort=True, at="name"),
            Column("url", "Address", sort=True),
            Column("sent_at", "Sent", kind="datetime", sort=True),
        )
        search = ("token", "url")
        segments = (
            Segment("all", "All"),
            Segment("a", "A", where=Q(url="/members/5/")),
            Segment("b", "B", where=Q(url__gt="/members/6/")),
        )
        filters = (Choice("url", "Address", options=[("/members/7/", "7")]),)

    def listed(query: str) -> Table:
        request = RequestFactory().get(f"/rows/?{query}")
        request.actor = Actor(ref=Ref("bench.clerk:1"), roles=frozenset({"office"}))
        return Rows(request, rows=Sent.objects.all())

    print(f"{ROWS:,} rows")
    counting = _timed("count and three segments", 5, lambda: listed("").counts)
    _timed("rows of the first page", 5, lambda: listed("").shown_rows)
    _timed("rows of the last page", 5, lambda: listed("page=99999").shown_rows)
    _timed("sorted by a column without index, last page", 3, lambda: listed("sort=url&page=99999").shown_rows)
    _timed("search in two columns", 3, lambda: listed("q=199999").shown_rows)
    table = listed("")
    columns = _columns(table)
    for label, write in (("CSV", _csv), ("XLSX", _xlsx)):
        began = time.perf_counter()
        size = sum(map(len, write(table, columns, _lines(table.selected, columns, False)).streaming_content))
        print(f"{label} of all rows: {time.perf_counter() - began:.1f} s, {size / 1e6:.1f} MB")
        tracemalloc.start()  # slows everything down, so apart and over fewer rows
        for _part in write(table, columns, _lines(table.selected[:20000], columns, False)).streaming_content:
            pass
        print(f"{label} peak memory over 20,000 rows: {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB")
        tracemalloc.stop()
    print(f"counting within 300 ms: {'yes' if counting <= 300 else 'NO'}")
    return 0 if counting <= 300 else 1


if __name__ == "__main__":
    sys.exit(main())
