"""Brings every sealed column under the current key; may be stopped and started again."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from xinglin.directory.security.actions.keys import NothingToRetire, make_key, retire_keys
from xinglin.directory.security.rotation import indexed_columns, reindex, reseal, sealed_columns, vaults, waiting
from xinglin.kernel import clock
from xinglin.kernel.actors import house
from xinglin.kernel.keyring import fingerprint, keyring


class Command(BaseCommand):
    """rotate_keys [--new] [--index] [--retire] [--batch N] [--count]."""

    help = (
        "Re-encrypt sealed fields under the current key, in batches. "
        "把加密字段换到当前密钥下，分批进行，可中断后续做。"
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--new", action="store_true", help="make a new current key first 先生成新密钥")
        parser.add_argument("--index", action="store_true", help="the blind indexes instead 改为重算盲索引")
        parser.add_argument(
            "--retire", action="store_true", help="drop keys no row needs 删去已无数据使用的旧密钥"
        )
        parser.add_argument("--count", action="store_true", help="only say what is left 只报还剩多少")
        parser.add_argument("--batch", type=int, default=500, help="rows a transaction 每批行数")

    def handle(self, *args: Any, **options: Any) -> None:
        by, on = house("key_rotation"), clock.today()
        if options["new"] and not options["count"]:
            self.stdout.write(f"made {make_key(by=by, on=on, index=options['index'])}")
        ring = keyring()
        self.stdout.write(
            f"current key {ring.current.id} {ring.current.cipher} {fingerprint(ring.current)},"
            f" index key {ring.index.id} {fingerprint(ring.index)}"
        )
        if options["index"]:
            self._reindex(options)
        else:
            self._reseal(options)
        if options["retire"]:
            try:
                self.stdout.write(f"retired {', '.join(retire_keys(by=by, on=on))}")
            except NothingToRetire as refusal:
                self.stdout.write(str(refusal))

    def _reseal(self, options: dict[str, Any]) -> None:
        for model, field in sealed_columns():
            left = waiting(model=model, field=field)
            self.stdout.write(f"{field.address}: {left} rows to move")
            if left and not options["count"]:
                moved = reseal(model=model, field=field, batch=options["batch"], moved=self._tick)
                self.stdout.write(f"{field.address}: {moved} rows moved")
        for vault in vaults() if not options["count"] else []:
            moved = vault.reseal(batch=options["batch"], moved=self._tick)
            self.stdout.write(f"{vault.name}: {moved} values moved")

    def _reindex(self, options: dict[str, Any]) -> None:
        for model, field in indexed_columns():
            if not options["count"]:
                moved = reindex(model=model, field=field, batch=options["batch"], moved=self._tick)
                self.stdout.write(f"{model._meta.db_table}.{field.column}: {moved} rows computed again")

    def _tick(self, rows: int) -> None:
        self.stdout.write(f"  +{rows}")
