"""Keeps the vocabulary: introduces, changes and retires kinds of work."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, ref

from ..facts import KindChanged, KindIntroduced, KindRetired
from ..patterns import patterns
from ..policy import may_extend_vocabulary
from ..saying import kind_said
from ..words import QUANTITIES, USES, Kind

FILE = Path(__file__).resolve().parents[1] / "kinds.yaml"


class KindTaken(Refusal):
    """A kind with this code exists; codes are permanent."""

    field = "code"


class KindUnclear(Refusal):
    """What was said about a kind does not fit together."""


class KindRetiredBefore(Refusal):
    """The kind is already out of use."""


class NothingNew(Refusal):
    """Every shipped kind is there already."""


@dataclass(frozen=True, kw_only=True)
class KindWords:
    """What the association says about one kind of work."""

    code: str
    zh: str
    en: str = ""
    parent: str = ""
    group: bool = False
    units: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    numbered: bool = False
    pattern: str = ""
    regulations: tuple[str, ...] = ()

    def columns(self) -> dict[str, Any]:
        """Return the columns of the row, without code and parent."""
        return {
            "zh": self.zh, "en": self.en, "group": self.group, "units": list(self.units), "nouns": list(self.nouns),
            "quantities": list(self.quantities), "uses": list(self.uses), "numbered": self.numbered,
            "pattern": self.pattern, "regulations": list(self.regulations),
        }


def shipped_kinds() -> list[KindWords]:
    """Return the kinds an association begins with, parents before children."""
    entries: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
    listed = ("units", "nouns", "quantities", "uses", "regulations")
    return [KindWords(code=code, **{key: tuple(value) if key in listed else value for key, value in entry.items()})
            for code, entry in entries.items()]


@act
def seed_vocabulary(*, by: Actor, on: date, from_on: date | None = None) -> list[Kind]:
    """Introduce every shipped kind that is not there yet; what the association changed stays."""
    require(may_extend_vocabulary(actor=by))
    there = {one.code: one for one in Kind.objects.all()}
    new = [words for words in shipped_kinds() if words.code not in there]
    if not new:
        raise NothingNew(_("Every shipped kind of work is there already."))
    answer = []
    for words in new:
        there[words.code] = _introduce(words, parent=there.get(words.parent), from_on=from_on or on, order=len(there))
        answer.append(there[words.code])
    return answer


@act
def extend_vocabulary(*, by: Actor, on: date, kind: KindWords, from_on: date | None = None) -> Kind:
    """Introduce one kind of work with its nouns and measure words."""
    require(may_extend_vocabulary(actor=by))
    _check(kind)
    if Kind.objects.filter(code=kind.code).exists():
        raise KindTaken(_("The code %(code)s is taken; codes are permanent.") % {"code": kind.code})
    return _introduce(kind, parent=_parent(kind), from_on=from_on or on, order=Kind.objects.count())


@act
def change_kind(*, by: Actor, on: date, kind: Kind, words: KindWords) -> Kind:
    """Give a kind other words, units or dimensions; its code stays."""
    require(may_extend_vocabulary(actor=by))
    words = replace(words, code=kind.code)
    _check(words)
    parent = _parent(words)
    if parent and kind.code in parent.lineage():
        raise KindUnclear(_("A kind cannot stand under itself."), field="parent")
    if words.group and kind.entries.exists():
        raise KindUnclear(_("Work is logged under “%(kind)s”; it cannot become a heading.") % {"kind": kind},
                          field="group")
    for name, value in words.columns().items():
        setattr(kind, name, value)
    kind.parent = parent
    kind.save()
    state(KindChanged(**kind_said(kind)))
    return kind


@act
def retire_kind(*, by: Actor, on: date, kind: Kind, until_on: date) -> Kind:
    """Take a kind out of use from a date; what was counted stays counted."""
    require(may_extend_vocabulary(actor=by))
    if kind.until_on and kind.until_on <= until_on:
        raise KindRetiredBefore(_("“%(kind)s” is out of use since %(day)s.") % {"kind": kind, "day": kind.until_on})
    if until_on < kind.from_on:
        raise KindUnclear(_("The last day lies before the first."), field="until_on")
    kind.until_on = until_on
    kind.save(update_fields=["until_on"])
    state(KindRetired(kind=ref("worklog.kind", kind.code), until_on=until_on))
    return kind


def _parent(words: KindWords) -> Kind | None:
    if not words.parent:
        return None
    if parent := Kind.objects.filter(code=words.parent).first():
        return parent
    raise KindUnclear(_("There is no kind %(code)s.") % {"code": words.parent}, field="parent")


def _check(words: KindWords) -> None:
    try:
        Code(words.code)
    except ValueError:
        raise KindUnclear(_("A code is lower-case letters, digits and _, such as free_clinic."), field="code") from None
    if not words.zh.strip():
        raise KindUnclear(_("Give the kind a name."), field="zh")
    if not words.units or not all(words.units):
        raise KindUnclear(_("Name at least one measure word, such as 场 or 次."), field="units")
    _among(words.quantities, QUANTITIES, "quantities")
    _among(words.uses, USES, "uses")
    _among((words.pattern,) if words.pattern else (), patterns(), "pattern")


def _among(given: Iterable[str], known: Iterable[str], field: str) -> None:
    if unknown := [one for one in given if one not in known]:
        raise KindUnclear(_("%(unknown)s is not known; known are %(known)s.") % {
            "unknown": ", ".join(unknown), "known": ", ".join(known)}, field=field)


def _introduce(words: KindWords, *, parent: Kind | None, from_on: date, order: int) -> Kind:
    kind = Kind(code=words.code, parent=parent, from_on=from_on, order=order, **words.columns())
    kind.save()
    state(KindIntroduced(**kind_said(kind)))
    return kind


def words_of(kind: Kind) -> KindWords:
    """Return what is said about a kind now."""
    said = json.loads(json.dumps({name: getattr(kind, name) for name in KindWords(code="x", zh="x").columns()}))
    return KindWords(code=kind.code, parent=kind.parent.code if kind.parent else "",
                     **{name: tuple(value) if isinstance(value, list) else value for name, value in said.items()})
