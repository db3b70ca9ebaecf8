"""The key that signs checkpoints: made once, kept in the data folder, readable by its owner only."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings


def _file() -> Path:
    return Path(settings.VAR) / "keys" / "ledger.ed25519"


@lru_cache(maxsize=4)
def _load(file: Path) -> Ed25519PrivateKey:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(file.read_bytes())


def public_key() -> bytes:
    """Return the 32 bytes of the public key."""
    return _load(_file()).public_key().public_bytes_raw()


def signature_line(*, origin: str, text: str) -> str:
    """Return the signature line of a signed note: name, key id and Ed25519 signature."""
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public_key()).digest()[:4]
    return f"— {origin} {base64.b64encode(key_id + _load(_file()).sign(text.encode())).decode()}"
