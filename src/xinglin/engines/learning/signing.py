"""The association's key for credentials: made once, kept beside the ledger's, its public half published."""

import base64
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from xinglin.lib.secret_files import kept_secret

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _file() -> Path:
    return Path(settings.VAR) / "keys" / "credentials.ed25519"


@lru_cache(maxsize=4)
def _load(file: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(
        kept_secret(file=file, make=lambda: Ed25519PrivateKey.generate().private_bytes_raw()))


def public_key() -> bytes:
    """Return the 32 bytes of the public key."""
    return _load(_file()).public_key().public_bytes_raw()


def base64url(content: bytes) -> str:
    """Return bytes as base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def base58(content: bytes) -> str:
    """Return bytes as base58btc with its multibase letter z."""
    number, letters = int.from_bytes(content), ""
    while number:
        number, rest = divmod(number, 58)
        letters = _ALPHABET[rest] + letters
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + "1" * zeros + letters


def key_id() -> str:
    """Return the name of the key: the thumbprint of its JWK (RFC 7638)."""
    said = {"crv": "Ed25519", "kty": "OKP", "x": base64url(public_key())}
    return base64url(hashlib.sha256(_canonical(said)).digest())


def jwk() -> dict[str, str]:
    """Return the public key as a JWK (RFC 8037)."""
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url(public_key()), "alg": "EdDSA", "use": "sig",
            "kid": key_id()}


def multikey() -> str:
    """Return the public key as multibase of multicodec ed25519-pub (0xed01)."""
    return base58(b"\xed\x01" + public_key())


def _canonical(value: Any) -> bytes:
    # RFC 8785 for what we sign: text, whole numbers and tenths, lists and objects with ASCII names; for these Python
    # writes what the standard asks for.
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def token(*, payload: dict[str, Any], kid: str) -> str:
    """Return a payload as a signed JWT (alg EdDSA); `kid` is the address of the public JWK."""
    head = {"alg": "EdDSA", "typ": "JWT", "kid": kid}
    said = f"{base64url(_canonical(head))}.{base64url(_canonical(payload))}"
    return f"{said}.{base64url(_load(_file()).sign(said.encode()))}"


def proven(*, document: dict[str, Any], method: str, created: str) -> dict[str, Any]:
    """Return a document with an embedded Data Integrity proof of suite eddsa-jcs-2022."""
    proof = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "created": created,
             "verificationMethod": method, "proofPurpose": "assertionMethod", "@context": document["@context"]}
    digest = hashlib.sha256(_canonical(proof)).digest() + hashlib.sha256(_canonical(document)).digest()
    return {**document, "proof": {**proof, "proofValue": base58(_load(_file()).sign(digest))}}
