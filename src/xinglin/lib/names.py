"""Personal names: their parts, their pinyin with surnames read as surnames, and the forms for search,
sorting and print.

Romanisation follows GB/T 28039-2011: surname first, the given name in one word.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin

from xinglin.lib.surnames import COMPOUND, SINGLE
from xinglin.lib.text import joined

_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_DOTS = re.compile(r"[·•‧・．]")
MOST_READINGS = 8  # combinations of readings kept as search keys of one name


class Order(StrEnum):
    """Which part of a romanised name stands first."""

    SURNAME_FIRST = "surname_first"
    GIVEN_FIRST = "given_first"


@dataclass(frozen=True)
class NameParts:
    """Surname and given name as written; a name that is not of that form is all given name."""

    surname: str
    given: str


def name_parts(*, name: str, surname: str = "") -> NameParts:
    """Split a Chinese name, by the surname if it is told, else by the list of two-character surnames.

    欧阳 alone is read as 欧 with the given name 阳: a name of two characters has a surname of one.
    """
    written = joined(text=name)
    if surname and written.startswith(surname):
        return NameParts(surname=surname, given=written[len(surname) :])
    if not _HAN.fullmatch(written) or len(written) < 2:
        return NameParts(surname="", given=written)
    length = 2 if len(written) >= 3 and written[:2] in COMPOUND else 1
    return NameParts(surname=written[:length], given=written[length:])


@lru_cache(maxsize=4096)
def _surname_readings(surname: str) -> list[tuple[str, ...]]:
    """Return the toned readings of a surname, the usual one first."""
    if surname in COMPOUND:
        return [COMPOUND[surname]]
    if surname in SINGLE:
        return [(reading,) for reading in SINGLE[surname]]
    return [tuple(lazy_pinyin(surname, style=Style.TONE3, neutral_tone_with_five=True))] if surname else [()]


@lru_cache(maxsize=65_536)  # four keys are made from each name, and given names repeat
def _given_readings(given: str) -> list[tuple[str, ...]]:
    """Return the toned readings of a given name: as a word first, then each character's other readings."""
    if not _HAN.fullmatch(given):
        return [()]
    usual = tuple(lazy_pinyin(given, style=Style.TONE3, neutral_tone_with_five=True))
    every = pinyin(given, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)
    others = itertools.islice(itertools.product(*every), MOST_READINGS * 4)
    return list(dict.fromkeys([usual, *others]))


def _toneless(syllable: str) -> str:
    return syllable.rstrip("012345")


def _umlaut(syllable: str) -> str:
    return syllable.replace("v", "ü")


def syllables(*, name: str, surname: str = "") -> tuple[str, ...]:
    """Return the syllables of a Chinese name without tones, ü written as ü: 吕思勉 → (lü, si, mian); empty
    for other names."""
    parts = name_parts(name=name, surname=surname)
    if not _HAN.fullmatch(parts.surname + parts.given):
        return ()
    toned = _surname_readings(parts.surname)[0] + _given_readings(parts.given)[0]
    return tuple(_umlaut(_toneless(syllable)) for syllable in toned)


def initials(*, name: str, surname: str = "") -> str:
    """Return the first letters of a name: 曾国藩 → zgf, John Smith → js."""
    read = syllables(name=name, surname=surname)
    words = read or tuple(word for part in _spaced(name) for word in part.split())
    return "".join(word[0] for word in words).replace("ü", "v").casefold()


def _spaced(name: str) -> list[str]:
    """Return the words of a name that is not surname and given name, Chinese words already in pinyin."""
    words = _DOTS.sub(" ", joined(text=name)).split()
    return ["".join(lazy_pinyin(word)) if _HAN.search(word) else word for word in words]


def romanised(*, name: str, surname: str = "", order: Order = Order.SURNAME_FIRST) -> str:
    """Return a name for print in English: Ouyang Xiu, Li Chang'e, Wang Xiaoming or Xiaoming Wang; Latin
    names as they are."""
    parts = name_parts(name=name, surname=surname)
    read = syllables(name=name, surname=surname)
    if not read:
        words = _spaced(name)
        return " ".join(word[:1].upper() + word[1:] for word in words)
    length = len(parts.surname)
    family, given = _word(read[:length]), _word(read[length:])
    return " ".join(filter(None, (family, given) if order is Order.SURNAME_FIRST else (given, family)))


def _word(read: tuple[str, ...]) -> str:
    """Join syllables into one word, with an apostrophe before a, o and e as GB/T 16159 asks."""
    written = ""
    for syllable in read:
        written += "'" + syllable if written and syllable[0] in "aoe" else syllable
    return written[:1].upper() + written[1:]


def written(*, name: str, language: str = "zh", order: Order = Order.SURNAME_FIRST) -> str:
    """Return a name as a page of that language prints it: as written in Chinese, romanised in English."""
    return joined(text=name) if language.startswith("zh") else romanised(name=name, order=order)


def search_keys(*, name: str, surname: str = "") -> tuple[str, ...]:
    """Return what a name is found by: itself, pinyin and initials with and without spaces, and its less
    usual readings.

    ü appears as v, as u and, as in passports, as yu. The first pinyin key is the usual reading.
    """
    parts = name_parts(name=name, surname=surname)
    keys = [joined(text=name).casefold()]
    if not _HAN.fullmatch(parts.surname + parts.given):
        words = [word.casefold() for word in _spaced(name)]
        keys += [" ".join(words), "".join(words), initials(name=name)]
        return tuple(dict.fromkeys(filter(None, keys)))
    readings = itertools.product(_surname_readings(parts.surname), _given_readings(parts.given))
    plain = dict.fromkeys(tuple(map(_toneless, first + rest)) for first, rest in readings)
    for read in itertools.islice(plain, MOST_READINGS):
        for spelling in dict.fromkeys((read, _respelt(read, "u"), _respelt(read, "yu"))):
            keys += [" ".join(spelling), "".join(spelling)]
        letters = [syllable[0] for syllable in read]
        keys += [" ".join(letters), "".join(letters)]
    return tuple(dict.fromkeys(keys))


def _respelt(read: tuple[str, ...], spelling: str) -> tuple[str, ...]:
    return tuple(syllable.replace("v", spelling) for syllable in read)


def is_found_by(*, name: str, typed: str, surname: str = "") -> bool:
    """Say whether what someone typed finds a name: characters anywhere in it, or the beginning of its
    pinyin or initials."""
    asked = re.sub(r"[\s'’]", "", joined(text=typed).casefold()).replace("ü", "v")
    if not asked:
        return False
    keys = [key.replace(" ", "") for key in search_keys(name=name, surname=surname)]
    return asked in keys[0] or any(key.startswith(asked) for key in keys[1:])


def sort_key(*, name: str, surname: str = "") -> str:
    """Return the text by which lists of names are put in order: pinyin, then tone, then character, surname
    first."""
    parts = name_parts(name=name, surname=surname)
    characters = parts.surname + parts.given
    if not _HAN.fullmatch(characters):
        return " ".join(word.casefold() for word in _spaced(name))
    toned = _surname_readings(parts.surname)[0] + _given_readings(parts.given)[0]
    return " ".join(f"{syllable}{mark}" for syllable, mark in zip(toned, characters, strict=True))


def masked_name(*, name: str, surname: str = "") -> str:
    """Return a name of which surname and last character show: 王*明, 王*, 欧阳*明, J*** S****."""
    parts = name_parts(name=name, surname=surname)
    if not parts.surname:
        return " ".join(
            word[:1] + "*" * (len(word) - 1) for word in _DOTS.sub(" ", joined(text=name)).split()
        )
    if len(parts.given) < 2:
        return parts.surname + "*" * len(parts.given)
    return parts.surname + "*" * (len(parts.given) - 1) + parts.given[-1]
