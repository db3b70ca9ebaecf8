"""The keys of sealed fields: made once, kept in the data folder or a mounted file, each with its own id."""

import hashlib
import json
import os
import re
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from xinglin.lib.secret_files import kept_secret, written_apart

# Key lengths in bytes. Both ciphers run in GCM with a 96-bit random nonce and a 128-bit tag.
CIPHERS = {"aes": 32, "sm4": 16}
NONCE, TAG = 12, 16
_KEY_ID = re.compile(r"[a-z]\d{1,6}")


class KeyringError(ValueError):
    """The key file is missing, readable by others or wrong; the message says what to do."""


class Unreadable(ValueError):
    """A ciphertext was altered, moved to another column, or its key is gone."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """One secret: its id, the cipher it serves (or `hmac`) and its bytes, which are never shown."""

    id: str
    cipher: str
    secret: bytes = field(repr=False)

    def seal(self, *, text: bytes, associated: bytes) -> bytes:
        """Return nonce, ciphertext and tag."""
        nonce = secrets.token_bytes(NONCE)
        encryptor = Cipher(self._algorithm(), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated)
        return nonce + encryptor.update(text) + encryptor.finalize() + encryptor.tag

    def open(self, *, sealed: bytes, associated: bytes) -> bytes:
        """Return the text, or raise Unreadable when anything about it was changed."""
        if len(sealed) < NONCE + TAG:
            raise Unreadable("a sealed value is too short")
        mode = modes.GCM(sealed[:NONCE], sealed[-TAG:])
        decryptor = Cipher(self._algorithm(), mode).decryptor()
        decryptor.authenticate_additional_data(associated)
        try:
            return decryptor.update(sealed[NONCE:-TAG]) + decryptor.finalize()
        except InvalidTag:
            raise Unreadable("a sealed value was altered or stands in the wrong column") from None

    def _algorithm(self) -> Any:
        return algorithms.AES(self.secret) if self.cipher == "aes" else algorithms.SM4(self.secret)


@dataclass(frozen=True, kw_only=True)
class Keyring:
    """All keys of an installation: the current one seals, the older ones still open."""

    current: Key
    keys: dict[str, Key]
    index: Key
    index_keys: dict[str, Key]

    def key(self, key_id: str) -> Key:
        """Return a sealing key by its id (Unreadable when it is gone)."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise Unreadable(f"the key {key_id} is not in the key file") from None


def keyring_file() -> Path:
    """Return the file of the keys: XINGLIN_KEYRING, else keys/fields.json in the data folder."""
    given = getattr(settings, "XINGLIN_KEYRING", "")
    return Path(given) if given else Path(settings.VAR) / "keys" / "fields.json"


def keyring() -> Keyring:
    """Return the keys; another process's rotation is noticed by the file's time."""
    file = keyring_file()
    try:
        stat = file.stat()
    except FileNotFoundError:
        _write_first(file)
        stat = file.stat()
    return _read(file, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _read(file: Path, _changed: int, _size: int) -> Keyring:
    if os.name == "posix" and file.stat().st_mode & 0o007:
        raise KeyringError(f"{file} is readable by everybody; run chmod 600 on it")
    try:
        content = json.loads(file.read_text("utf-8"))
        keys = {
            key: Key(id=key, cipher=one["cipher"], secret=bytes.fromhex(one["key"]))
            for key, one in content["keys"].items()
        }
        index = {
            key: Key(id=key, cipher="hmac", secret=bytes.fromhex(one["key"]))
            for key, one in content["index_keys"].items()
        }
        answer = Keyring(current=keys[content["current"]], keys=keys, index=index[content["index"]], index_keys=index)
    except (KeyError, TypeError, ValueError) as wrong:
        raise KeyringError(f"{file}: not a key file ({type(wrong).__name__})") from None
    for one in keys.values():
        if not _KEY_ID.fullmatch(one.id) or CIPHERS.get(one.cipher) != len(one.secret):
            raise KeyringError(f"{file}: {one.id}: a key has an id such as k1 and a cipher of {sorted(CIPHERS)}")
    return answer


def _new_key(cipher: str) -> dict[str, str]:
    if cipher not in CIPHERS:
        raise KeyringError(f"XINGLIN_CIPHER: {cipher} is not one of {', '.join(sorted(CIPHERS))}")
    return {"cipher": cipher, "key": secrets.token_hex(CIPHERS[cipher])}


def _write_first(file: Path) -> None:
    if getattr(settings, "XINGLIN_KEYRING", ""):
        # A mounted key file that is missing must stop us: sealing under a fresh key would split the data.
        raise KeyringError(f"XINGLIN_KEYRING: {file} does not exist")
    content = {
        "current": "k1",
        "keys": {"k1": _new_key(getattr(settings, "XINGLIN_CIPHER", "aes"))},
        "index": "i1",
        "index_keys": {"i1": {"key": secrets.token_hex(32)}},
    }
    kept_secret(file=file, make=lambda: _bytes(content))


def _bytes(content: dict[str, Any]) -> bytes:
    return json.dumps(content, indent=1).encode()


def _next_id(letter: str, ids: Any) -> str:
    return f"{letter}{max(int(one[1:]) for one in ids) + 1}"


def add_key(*, index: bool = False) -> str:
    """Make a new current key (of blind indexes when `index`), keep the older ones, and return its id."""
    keyring()
    file = keyring_file()
    content = json.loads(file.read_text("utf-8"))
    if index:
        new = _next_id("i", content["index_keys"])
        content["index_keys"][new] = {"key": secrets.token_hex(32)}
        content["index"] = new
    else:
        new = _next_id("k", content["keys"])
        content["keys"][new] = _new_key(getattr(settings, "XINGLIN_CIPHER", "aes"))
        content["current"] = new
    written_apart(beside=file, content=_bytes(content)).replace(file)
    return new


def drop_keys(*, unused: set[str]) -> None:
    """Take keys out of the file that no row needs any more; the current ones always stay."""
    file = keyring_file()
    content = json.loads(file.read_text("utf-8"))
    for key in unused - {content["current"], content["index"]}:
        content["keys"].pop(key, None)
        content["index_keys"].pop(key, None)
    written_apart(beside=file, content=_bytes(content)).replace(file)


def fingerprint(key: Key) -> str:
    """Return eight hex digits by which two people can compare a key without seeing it."""
    return hashlib.sha256(b"xinglin key" + key.secret).hexdigest()[:8]
