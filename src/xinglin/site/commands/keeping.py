"""`xinglin backup` and `xinglin restore`: database, files and keys in one archive."""

import json
import shutil
import sys
import tarfile
import tempfile
from argparse import Namespace
from pathlib import Path
from typing import Any

from .archive import unpack, write_archive, wrong_in
from .booting import boot, fail

LEFT_OUT = {"run", "mail", "static"}


def add(subjects: Any) -> None:
    """Add the commands of this subject."""
    one = subjects.add_parser("backup", help="备份数据库、文件和密钥 / back up database, files and keys")
    one.add_argument("file", type=Path, help="写到 .tar.gz / archive to write")
    one.set_defaults(run=backup)
    one = subjects.add_parser("restore", help="从备份恢复到空的数据目录 / restore into an empty data folder")
    one.add_argument("file", type=Path, help="备份 / the archive")
    one.add_argument("--force", action="store_true", help="覆盖已有数据 / replace what is there")
    one.set_defaults(run=restore)


def backup(given: Namespace) -> int:
    """Write one archive with a manifest of digests; the database is copied while the service runs."""
    boot()
    from django.conf import settings

    from xinglin.site.dumping import NoDump, dump
    from xinglin.site.earlier import unmade

    if words := unmade():
        return fail(words)
    var, target = Path(settings.VAR).resolve(), given.file.resolve()
    if target.is_relative_to(var):
        return fail(f"备份不能写在数据目录里 / write the archive outside the data folder {var}")
    if not target.parent.is_dir():
        return fail(f"没有这个目录 / no such folder: {target.parent}")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:  # its owner's only
            copy = dump(folder=Path(folder))
            files = [(copy, f"database/{copy.name}"), *_kept(var)]
            count = write_archive(part=Path(folder) / "archive", files=files)
            (Path(folder) / "archive").replace(target)
    except (NoDump, OSError) as wrong:
        return fail(f"没有备份成 / not backed up: {wrong}")
    print(f"已备份 {count} 个文件 / backed up: {target}（内含密钥，妥善保管 / holds keys, keep it safe）")
    if settings.XINGLIN_KEYRING:
        print("字段密钥不在内，另行保管 / the keys of sealed fields are not in it:", settings.XINGLIN_KEYRING)
    return 0


def _kept(var: Path) -> list[tuple[Path, str]]:
    """Return the files of the data folder with their names in the archive, without what is made anew or dumped."""
    return [
        (path, f"var/{inside}")
        for path in sorted(var.rglob("*"))
        if path.is_file() and (inside := path.relative_to(var)).parts[0] not in LEFT_OUT and "sqlite3" not in path.name
    ]


def restore(given: Namespace) -> int:
    """Check every digest, load the database whole, then put files and keys back, and verify the ledger."""
    boot()
    from django.db import Error, connection

    from xinglin.site.dumping import NoDump, load, name_of
    from xinglin.site.occupancy import InUse, alone, holds_facts

    with tempfile.TemporaryDirectory() as folder:
        try:
            dump = _unpacked(given.file, Path(folder))
            with alone():
                if not given.force and holds_facts():
                    return fail(f"{name_of()} 已有数据，确要覆盖加 --force / holds data, add --force to replace it")
                connection.close()
                load(dump=dump)
                _put_back(Path(folder) / "var")
        except (Damaged, InUse, NoDump, OSError, Error) as wrong:
            return fail(f"没有恢复，原样未动 / not restored, nothing was changed: {wrong}")
    from .ledger import verify

    return verify(given)


class Damaged(Exception):
    """The archive is no backup, or not what was written."""


def _unpacked(file: Path, folder: Path) -> Path:
    """Unpack an archive, check every digest and return the dump of its database (Damaged)."""
    try:
        unpack(file=file, folder=folder)
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        dump = next((folder / "database").iterdir())
    except FileNotFoundError as missing:
        raise Damaged(f"没有 / missing: {missing.filename}") from None
    except (tarfile.TarError, EOFError, ValueError, StopIteration) as wrong:
        raise Damaged(f"不是备份 / no backup: {file} {wrong}") from None
    if wrong := wrong_in(folder=folder, manifest=manifest):
        raise Damaged("备份已损坏 / the archive is damaged: " + ", ".join(wrong[:5]))
    return dump


def _put_back(kept: Path) -> None:
    """Copy files and keys into the data folder; a failure here is said as what it is: half done."""
    from django.conf import settings

    try:
        if kept.exists():
            shutil.copytree(kept, settings.VAR, dirs_exist_ok=True)
    except (OSError, shutil.Error) as wrong:
        sys.exit(f"数据库已恢复，文件没有放完，改好后再恢复一次 / database restored, files not; do it again: {wrong}")
