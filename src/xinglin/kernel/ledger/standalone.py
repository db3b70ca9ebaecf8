"""Checks a Xinglin proof and a checkpoint offline.

Stand-alone: needs only Python and, for signatures, the library `cryptography`. Copy this file anywhere and run

    python standalone.py PROOF.json [--key KEY.pub]                     a fact is in the ledger
    python standalone.py CHECKPOINT.txt --key KEY.pub                   a checkpoint bears this signature
    python standalone.py CONSISTENCY.json --kept CHECKPOINT.txt [--key KEY.pub]    the past was not rewritten

A proof without `content`, as the public page gives it, is checked by the fact's fingerprint alone.
The tree is that of RFC 9162 section 2.1; the checkpoint is a signed note with one Ed25519 signature.
"""

import base64
import hashlib
import json
import sys

LEAF, NODE = b"\x00", b"\x01"


def digest(content: bytes, algorithm: str = "sha256") -> bytes:
    """Return the SHA-256 or SM3 digest of bytes."""
    if algorithm == "sha256":
        return hashlib.sha256(content).digest()
    return hashlib.new(algorithm, content).digest()


def leaf_hash(content: bytes, algorithm: str = "sha256") -> bytes:
    """Return the leaf hash of a fact's canonical content."""
    return digest(LEAF + content, algorithm)


def node_hash(left: bytes, right: bytes, algorithm: str = "sha256") -> bytes:
    """Return the hash of an inner node."""
    return digest(NODE + left + right, algorithm)


def root_by_inclusion(leaf: bytes, index: int, size: int, path: list[bytes], algorithm: str = "sha256") -> bytes:
    """Return the root that an inclusion proof leads to (RFC 9162 2.1.3.2); ValueError when it cannot be one."""
    if not 0 <= index < size:
        raise ValueError("the index lies outside the tree")
    at, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ValueError("the path is too long")
        if at & 1 or at == last:
            value = node_hash(sibling, value, algorithm)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node_hash(value, sibling, algorithm)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return value


def consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes], algorithm: str = "sha256"
) -> bool:
    """Say whether the smaller tree is a prefix of the larger one (RFC 9162 2.1.4.2)."""
    if old == new:
        return old_root == new_root and not path
    if not 0 < old < new or not path:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(step, first, algorithm), node_hash(step, second, algorithm)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, step, algorithm)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def read_note(note: str) -> dict[str, str]:
    """Return the parts of a checkpoint: origin, size, root, link, time, hash, and its signature."""
    text, _, signature = note.partition("\n\n")
    origin, size, root, *rest = text.splitlines()
    parts = {"text": text + "\n", "origin": origin, "size": size, "root": root}
    parts.update((name, said) for name, said in (line.split(" ", 1) for line in rest))
    parts["signature"] = signature.strip().rpartition(" ")[2]
    return parts


def signature_holds(note: str, public_key: bytes) -> bool:
    """Say whether a checkpoint carries this key's Ed25519 signature (the key is 32 bytes)."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  the rest runs without the library
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    parts = read_note(note)
    blob = base64.b64decode(parts["signature"])
    if blob[:4] != hashlib.sha256(parts["origin"].encode() + b"\n\x01" + public_key).digest()[:4]:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(blob[4:], parts["text"].encode())
    except InvalidSignature:
        return False
    return True


def check_proof(proof: dict, public_key: bytes | None = None) -> list[str]:
    """Return what is wrong with a proof (empty when it holds)."""
    parts = read_note(proof["checkpoint"])
    algorithm = parts.get("hash", "sha256")
    problems = []
    said = proof.get("content", "")
    leaf = leaf_hash(said.encode(), algorithm) if said else bytes.fromhex(proof["leaf"])
    path = [bytes.fromhex(step) for step in proof["path"]]
    try:
        root = root_by_inclusion(leaf, proof["position"] - 1, int(parts["size"]), path, algorithm)
        if root != base64.b64decode(parts["root"]):
            problems.append("the fact is not under this checkpoint's root")
    except ValueError as wrong:
        problems.append(str(wrong))
    if (annex := proof.get("annex")) and not annex_holds(json.loads(said).get("annex", ""), **annex):
        problems.append("the annex is not the one that the fact names")
    return problems + _signature(proof["checkpoint"], public_key)


def _signature(note: str, public_key: bytes | None) -> list[str]:
    fails = public_key is not None and not signature_holds(note, public_key)
    return ["the signature does not belong to this key"] if fails else []


def annex_digest(salt: str, text: str, algorithm: str = "sha256") -> str:
    """Return the salted digest that stands in a fact for its annex: hex, after the name of any other than SHA-256."""
    value = digest(bytes.fromhex(salt) + text.encode(), algorithm).hex()
    return value if algorithm == "sha256" else f"{algorithm}:{value}"


def annex_holds(said: str, salt: str, text: str) -> bool:
    """Say whether these are the words for which the digest stands."""
    return annex_digest(salt, text, said.rpartition(":")[0] or "sha256") == said


def check_consistency(kept: str, proof: dict, public_key: bytes | None = None) -> list[str]:
    """Return what is wrong with a newer checkpoint against one that was kept (empty when it only added facts)."""
    old, new = read_note(kept), read_note(proof["checkpoint"])
    problems = []
    if (old["origin"], old.get("hash")) != (new["origin"], new.get("hash")):
        problems.append("the two checkpoints are of different ledgers")
    sizes = int(old["size"]), int(new["size"])
    roots = base64.b64decode(old["root"]), base64.b64decode(new["root"])
    path = [bytes.fromhex(step) for step in proof["path"]]
    if not consistent(*sizes, *roots, path, new.get("hash", "sha256")):
        problems.append("the ledger of the kept checkpoint is not the beginning of this one: the past was rewritten")
    return problems + _signature(proof["checkpoint"], public_key)


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  stand-alone
        return file.read()


def _checked(name: str, *options: str) -> int:
    text, files = _read(name), dict(zip(options[::2], options[1::2], strict=True))
    proof = json.loads(text) if text.lstrip().startswith("{") else {"checkpoint": text}
    given = {option: _read(file) for option, file in files.items() if option in ("--key", "--kept")}
    known, kept, new = given.get("--key", ""), given.get("--kept", ""), read_note(proof["checkpoint"])
    said = known.strip() or proof.get("public_key")
    key = base64.b64decode(said) if said else None
    if kept:
        problems, holds = check_consistency(kept, proof, key), f"your {read_note(kept)['size']} facts begin the"
    elif "path" in proof:
        problems, holds = check_proof(proof, key), f"position {proof['position']} is among the"
    elif key:
        problems, holds = _signature(text, key), f"signed {new.get('time', '')}: the"
    else:
        raise ValueError("a checkpoint alone is checked with --key KEY.pub")
    for problem in problems:
        print("不成立 / fails:", problem)
    if problems:
        return 1
    print("成立 / holds:", holds, new["size"], "facts of", new["origin"])
    if "path" in proof and not kept and "content" not in proof:
        print("只核对了指纹，种类和日期由网站说明 / the fingerprint only; kind and dates are as the site says")
    if not known:
        print("签名公钥取自证明本身，请另行核对 / the key came with the proof; compare it elsewhere")
    return 0


def main(arguments: list[str]) -> int:
    """Check the file named on the command line: 0 it holds, 1 it does not, 2 it cannot be checked."""
    try:
        return _checked(*arguments)
    except ImportError:
        print("验签要用 cryptography：pip install cryptography / signatures need the library cryptography")
    except (OSError, TypeError, ValueError, KeyError) as wrong:
        print(__doc__, f"\n无法核对 / cannot be checked: {type(wrong).__name__}: {wrong}")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
