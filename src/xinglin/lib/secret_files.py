"""Makes a file of secrets once, whoever comes first, readable by its owner only."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


class EmptySecret(RuntimeError):
    """A file of secrets is empty: it was damaged, and a fresh secret would part us from what the old one guards."""


def written_apart(*, beside: Path, content: bytes) -> Path:
    """Write content to a new file in the same folder, mode 0600 and safe on disc, and return its path."""
    beside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    number, name = tempfile.mkstemp(dir=beside.parent, prefix=f".{beside.name}")  # mkstemp makes it 0600
    with os.fdopen(number, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    return Path(name)


def kept_secret(*, file: Path, make: Callable[[], bytes]) -> bytes:
    """Return a file's bytes; where there is none it is made whole, and of two first starts one wins (EmptySecret)."""
    if not file.exists():
        made = written_apart(beside=file, content=make())
        try:
            os.link(made, file)  # fails when another was faster; never shows a half-written file
        except FileExistsError:
            pass
        finally:
            made.unlink()
    if not (content := file.read_bytes()):
        raise EmptySecret(f"{file} is empty; bring it back from a backup")
    return content
