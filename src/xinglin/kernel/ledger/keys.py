"""The key that signs checkpoints: made once, kept in the data folder, readable by its owner only."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from xinglin.lib.secret_files import kept_secret


def _file() -> Path:
    return Path(settings.VAR) / "keys" / "ledger.ed25519"


@lru_cache(maxsize=4)
def _load(file: Path) -> Ed25519PrivateKey:
    secret = kept_secret(file=file, make=lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    key = Ed25519PrivateKey.from_private_bytes(secret)
    if (said := key.public_key().public_bytes_raw()) not in _noted(file):
        with file.with_suffix(".known").open("a", encoding="ascii") as known:
            known.write(base64.b64encode(said).decode() + "\n")
    return key


def _noted(file: Path) -> set[bytes]:
    known = file.with_suffix(".known")
    return {base64.b64decode(line) for line in known.read_text("ascii").split()} if known.exists() else set()


def known_keys() -> set[bytes]:
    """Return the public keys of this ledger, today's and earlier ones: a note that outlives the private keys."""
    return {public_key()} | _noted(_file())


def public_key() -> bytes:
    """Return the 32 bytes of the public key."""
    return _load(_file()).public_key().public_bytes_raw()


def signature_line(*, origin: str, text: str) -> str:
    """Return the signature line of a signed note: name, key id and Ed25519 signature."""
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public_key()).digest()[:4]
    return f"— {origin} {base64.b64encode(key_id + _load(_file()).sign(text.encode())).decode()}"
