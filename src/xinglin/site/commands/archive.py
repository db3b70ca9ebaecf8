"""Writes and checks an archive of files with a manifest of their digests."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO


class _Digesting:
    """A file that digests what is read from it, so that the manifest holds what was written."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int) -> bytes:
        part = self.file.read(size)
        self.digest.update(part)
        return part


def write_archive(*, part: Path, files: Iterable[tuple[Path, str]]) -> int:
    """Write files under their names into a new archive, its owner's only; return how many there were.

    A file that is gone meanwhile was forsaken and is left out.
    """
    manifest = {}
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz") as archive:
            for path, name in files:
                try:
                    file = path.open("rb")
                except FileNotFoundError:
                    continue
                with file:
                    reader = _Digesting(file)
                    archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), reader)
                manifest[name] = reader.digest.hexdigest()
            words = json.dumps(manifest, indent=1).encode()
            last = tarfile.TarInfo("manifest.json")
            last.size = len(words)
            archive.addfile(last, io.BytesIO(words))
        raw.flush()
        os.fsync(raw.fileno())
    return len(manifest)


def unpack(*, file: Path, folder: Path) -> None:
    """Unpack the plain files of an archive below a folder; anything else in it is an error of the archive.

    Done by hand, as the first releases of Python 3.11 know no safe `extractall`.
    """
    with tarfile.open(file) as archive:
        for member in archive:
            place, content = folder / member.name, archive.extractfile(member)
            if content is None or not place.resolve().is_relative_to(folder.resolve()):
                raise tarfile.TarError(member.name)
            place.parent.mkdir(parents=True, exist_ok=True)
            with content, place.open("wb") as target:
                place.chmod(0o600)
                shutil.copyfileobj(content, target)


def wrong_in(*, folder: Path, manifest: dict[str, str]) -> list[str]:
    """Return what is missing below a folder, differs from the manifest, or is not in it."""
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    return sorted(there ^ set(manifest)) + [
        name for name in sorted(there & set(manifest)) if _digest(folder / name) != manifest[name]
    ]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
