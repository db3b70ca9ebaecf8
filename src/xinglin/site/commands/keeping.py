"""`xinglin backup` and `xinglin restore`: database, files and keys in one archive."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from argparse import Namespace
from pathlib import Path
from typing import Any

from .booting import boot

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

    var = Path(settings.VAR)
    with tempfile.TemporaryDirectory(dir=given.file.resolve().parent) as folder:
        dump = _dump(Path(folder))
        entries = [(dump, f"database/{dump.name}")]
        for path in sorted(var.rglob("*")):
            inside = path.relative_to(var)
            if path.is_file() and inside.parts[0] not in LEFT_OUT and "sqlite3" not in path.name:
                entries.append((path, f"var/{inside}"))
        manifest = Path(folder) / "manifest.json"
        manifest.write_text(json.dumps({name: _digest(path) for path, name in entries}, indent=1), "utf-8")
        part = given.file.with_suffix(".part")
        with tarfile.open(part, "w:gz") as archive:
            archive.add(manifest, "manifest.json")
            for path, name in entries:
                archive.add(path, name)
        part.chmod(0o600)
        part.replace(given.file)
    print(f"已备份 {len(entries)} 个文件 / backed up: {given.file}（内含密钥，妥善保管 / holds keys, keep it safe）")
    return 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump(folder: Path) -> Path:
    from django.db import connection

    if connection.vendor == "sqlite":
        copy = folder / "xinglin.sqlite3"
        source, target = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(copy)
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        return copy
    copy = folder / "xinglin.pgdump"
    subprocess.run(["pg_dump", "--format=custom", f"--file={copy}", *_address()], check=True, env=_secret())
    return copy


def _address() -> list[str]:
    from django.db import connection

    given = connection.settings_dict
    pairs = {"--host": given["HOST"], "--port": given["PORT"], "--username": given["USER"], "--dbname": given["NAME"]}
    return [f"{name}={value}" for name, value in pairs.items() if value]


def _secret() -> dict[str, str]:
    from django.db import connection

    return {**os.environ, "PGPASSWORD": connection.settings_dict["PASSWORD"]}


def restore(given: Namespace) -> int:
    """Check every digest, then put database, files and keys back, and verify the ledger."""
    from django.conf import settings

    var = Path(settings.VAR)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(given.file) as archive:
            archive.extractall(folder, filter="data")
        manifest = json.loads((Path(folder) / "manifest.json").read_text("utf-8"))
        wrong = [
            name
            for name, digest in manifest.items()
            if not (Path(folder) / name).is_file() or _digest(Path(folder) / name) != digest
        ]
        if wrong:
            print("备份已损坏 / the archive is damaged:", ", ".join(wrong[:5]), file=sys.stderr)
            return 1
        if not given.force and (var / "xinglin.sqlite3").exists():
            print(f"{var} 已有数据，确要覆盖加 --force / holds data already, add --force to replace", file=sys.stderr)
            return 1
        shutil.copytree(Path(folder) / "var", var, dirs_exist_ok=True)
        _load(next((Path(folder) / "database").iterdir()))
    from .ledger import verify

    return verify(given)


def _load(dump: Path) -> None:
    boot()
    from django.db import connection

    if dump.suffix == ".sqlite3":
        name = Path(connection.settings_dict["NAME"])
        for suffix in ("-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(dump, name)
        return
    subprocess.run(
        ["pg_restore", "--clean", "--if-exists", "--no-owner", *_address(), str(dump)], check=True, env=_secret()
    )
