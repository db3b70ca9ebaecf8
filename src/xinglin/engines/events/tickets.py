"""Signs electronic tickets 电子票: a gate tells a true one from a forged one by the public half alone, also offline."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from xinglin.lib.secret_files import kept_secret
from xinglin.lib.square_codes import SquareCode, square_code

from .registrations import Registration

MARK = "X1"  # the first two letters of every ticket: whose it is, and how it is written
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # a square code packs these tightly, and none is taken for another
_CONTEXT = b"xinglin ticket 1\0"  # so that no signature made for something else is a ticket
_SIGNATURE, _TAG = 64, 5
MOST = 200  # letters; longer texts are no tickets


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a ticket says; `tag` stands for the registration's code, so that a re-issued ticket voids the one before."""

    event: int
    registration: int
    tag: str


class NoTicket(ValueError):
    """This is no ticket of ours: another code, cut short, or forged."""


def _file() -> Path:
    return Path(settings.VAR) / "keys" / "tickets.ed25519"


@lru_cache(maxsize=4)
def _load(file: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(
        kept_secret(file=file, make=lambda: Ed25519PrivateKey.generate().private_bytes_raw()))


def public_key() -> bytes:
    """Return the 32 bytes by which gates check tickets."""
    return _load(_file()).public_key().public_bytes_raw()


def tag_of(code: str) -> str:
    """Return what stands for a registration's code on its ticket: ten hex digits."""
    return hashlib.sha256(code.encode()).digest()[:_TAG].hex()


def ticket_text(registration: Registration) -> str:
    """Return the text of a registration's ticket; the same registration has the same ticket until its code changes."""
    said = (_number(registration.event_id) + _number(registration.pk) + bytes.fromhex(tag_of(registration.code)))
    return MARK + _letters(said + _load(_file()).sign(_CONTEXT + said))


def ticket_square(registration: Registration) -> SquareCode:
    """Return the square code of a registration's ticket."""
    return square_code(ticket_text(registration))


def read_ticket(text: str, *, key: bytes | None = None) -> Read:
    """Return what a genuine ticket says (NoTicket for everything else)."""
    content = _bytes(text)
    said, signature = content[:-_SIGNATURE], content[-_SIGNATURE:]
    try:
        Ed25519PublicKey.from_public_bytes(key or public_key()).verify(signature, _CONTEXT + said)
    except InvalidSignature:
        raise NoTicket("the signature is not ours") from None
    event, rest = _read_number(said)
    registration, rest = _read_number(rest)
    if len(rest) != _TAG:
        raise NoTicket("the ticket is cut short")
    return Read(event=event, registration=registration, tag=rest.hex())


def _number(number: int) -> bytes:
    """Write a number in groups of seven bits, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _read_number(content: bytes) -> tuple[int, bytes]:
    number = 0
    for at, byte in enumerate(content[:8]):
        number |= (byte & 0x7F) << (7 * at)
        if byte < 0x80:
            return number, content[at + 1 :]
    raise NoTicket("the ticket is cut short")


def _letters(content: bytes) -> str:
    bits = int.from_bytes(content)
    pad = -len(content) * 8 % 5
    bits <<= pad
    count = (len(content) * 8 + pad) // 5
    return "".join(LETTERS[bits >> 5 * at & 31] for at in reversed(range(count)))


def _bytes(text: str) -> bytes:
    text = text.strip().upper()
    if not text.startswith(MARK) or len(text) > MOST or any(one not in LETTERS for one in text[len(MARK) :]):
        raise NoTicket("another sort of code")
    count = len(text) - len(MARK)
    size, spare = divmod(count * 5, 8)
    bits = 0
    for one in text[len(MARK) :]:
        bits = bits << 5 | LETTERS.index(one)
    if size <= _SIGNATURE or spare > 4 or bits & (1 << spare) - 1:
        raise NoTicket("the ticket is cut short")
    return (bits >> spare).to_bytes(size)
