"""Codes of certificates: keyed digests of what the paper says, so that none can be guessed, counted up or moved."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.conf import settings

from xinglin.kernel import regulations
from xinglin.lib.secret_files import kept_secret

# Crockford's letters: no I, L, O, U, so that a code can be read aloud and typed.
_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_MISREAD = str.maketrans("ILO", "110")


def _key() -> bytes:
    return kept_secret(file=Path(settings.VAR) / "keys" / "certificates.hmac", make=lambda: secrets.token_bytes(32))


def code_of(*, words: Sequence[str], on: date) -> str:
    """Return the code of a paper with these words, made out on a day; whoever changes one of them changes the code."""
    said = json.dumps([*words, on.isoformat()], ensure_ascii=False, separators=(",", ":"))
    digest = hmac.new(_key(), said.encode(), hashlib.sha256).digest()
    letters = int(regulations.value("E8.letters", on=on))
    return base64.b32encode(digest).decode().translate(_LETTERS)[:letters]


def typed(code: str) -> str:
    """Return a code as it is kept, however somebody typed it: small letters, spaces, hyphens, O for 0."""
    plain = "".join(one for one in code.upper() if one.isascii() and one.isalnum())
    return plain.translate(_MISREAD)


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed and typed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def masked(name: str) -> str:
    """Return a name of which the first and, from three characters on, the last character are left: 王*明."""
    if len(name) < 2:
        return "*"
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
