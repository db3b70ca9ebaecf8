"""Transfer codes: eight characters that a payer copies into the remark, with a check character against slips."""

import hashlib
import re
import unicodedata

# No 0 and O, no 1, I and L. 31 is a prime, so one wrong character and two swapped neighbours are always noticed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
_BODY = LENGTH - 1
_RUN = re.compile(rf"(?=([{ALPHABET}]{{{LENGTH}}}))")
_FILLERS = re.compile(r"[\s\-_.·]+")


def code_for(*, what: str, attempt: int = 0) -> str:
    """Return the code of a thing; the caller asks for the next attempt when it is taken."""
    number = int.from_bytes(hashlib.sha256(f"{what}#{attempt}".encode()).digest()[:12])
    body = ""
    for _place in range(_BODY):
        number, rest = divmod(number, len(ALPHABET))
        body += ALPHABET[rest]
    return body + _check(body)


def _check(body: str) -> str:
    # Weights 1 to 7, none a multiple of 31 and no two neighbours alike.
    return ALPHABET[sum(weight * ALPHABET.index(mark) for weight, mark in enumerate(body, start=1)) % len(ALPHABET)]


def holds(*, code: str) -> bool:
    """Say whether a code is written right: its length, its characters, its check character."""
    return (len(code) == LENGTH and all(mark in ALPHABET for mark in code) and _check(code[:_BODY]) == code[_BODY])


def codes_in(*, text: str) -> list[str]:
    """Return every code that can be read in a remark, however it is cased, spaced, hyphenated or wide."""
    plain = unicodedata.normalize("NFKC", text).upper()
    found = [run for form in (plain, _FILLERS.sub("", plain)) for run in _RUN.findall(form)]
    return list(dict.fromkeys(one for one in found if holds(code=one)))
