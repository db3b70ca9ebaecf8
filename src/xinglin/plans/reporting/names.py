"""Matches names that people typed to units and people of the directory, and proposes names when none is right."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from xinglin.directory.answers import association as the_association
from xinglin.directory.answers import departments, leaders_of, of_kind, organisations_found, people_found
from xinglin.lib.text import folded

NEAR = 55  # percent of characters in common from which a name is worth proposing
_PROPOSED = 3


class NotMatched(Exception):
    """A name fits nothing, or several; `right` says what could be meant."""

    def __init__(self, message: str, *, right: str = "") -> None:
        super().__init__(message)
        self.message, self.right = message, right


@dataclass
class Names:
    """The units and people of one day; each name is looked up once, however many rows name it."""

    on: date
    units: dict[str, str] = field(default_factory=dict)  # folded name → ref
    labels: list[str] = field(default_factory=list)
    _people: dict[str, str | NotMatched] = field(default_factory=dict)
    _units: dict[str, str | NotMatched] = field(default_factory=dict)

    @classmethod
    def of(cls, on: date) -> "Names":
        """Read the departments and branches that a plan is usually given to."""
        names = cls(on=on)
        for one in (*departments(on=on), *of_kind("association", "branch", "youth_committee", on=on)):
            for name in (one.name, one.short_name):
                if name:
                    names.units.setdefault(folded(text=name), str(one.ref))
            names.labels.append(one.label)
        return names

    def unit(self, text: str) -> str:
        """Return the ref of a unit by its full or short name (NotMatched)."""
        return _kept(self._units, text, self._unit)

    def person(self, text: str) -> str:
        """Return the ref of a person by name, or by name（unit） where several bear it (NotMatched)."""
        return _kept(self._people, text, self._person)

    def _unit(self, text: str) -> str:
        known = self.units.get(folded(text=text))
        if known:
            return known
        found = organisations_found(text, limit=20)
        exact = [one for one in found if folded(text=text) in {folded(text=one.name), folded(text=one.short_name)}]
        if len(exact) == 1:
            return str(exact[0].ref)
        if exact:
            raise NotMatched(_("%(name)s names %(n)s units.") % {"name": text, "n": len(exact)},
                             right="、".join(dict.fromkeys(one.name for one in exact)))
        near = process.extract(text, self.labels, scorer=fuzz.ratio, score_cutoff=NEAR, limit=_PROPOSED)
        proposed = list(dict.fromkeys([name for name, _score, _at in near] + [one.label for one in found]))[:_PROPOSED]
        raise NotMatched(_("The directory has no unit %(name)s.") % {"name": text}, right="、".join(proposed))

    def _person(self, text: str) -> str:
        name, unit = _apart(text)
        found = people_found(name, limit=50)
        same = [one for one in found if folded(text=one.name) == folded(text=name)]
        if unit:
            same = [one for one in same if folded(text=unit) in folded(text=f"{one.unit_name}{one.department}")]
        if len(same) == 1:
            return str(same[0].ref)
        if same:
            raise NotMatched(_("%(n)s people are called %(name)s.") % {"name": name, "n": len(same)},
                             right="、".join(f"{one.name}（{one.unit_name}）" for one in same[:_PROPOSED]))
        proposed = [f"{one.name}（{one.unit_name}）" if one.unit_name else one.name for one in found[:_PROPOSED]]
        raise NotMatched(_("The directory has nobody called %(name)s.") % {"name": text}, right="、".join(proposed))


def _apart(text: str) -> tuple[str, str]:
    name, _bracket, unit = text.replace("(", "（").replace(")", "）").partition("（")
    return name.strip(), unit.strip("） ")


def _kept(kept: dict, text: str, find) -> str:  # type: ignore[no-untyped-def, type-arg]
    if text not in kept:
        try:
            kept[text] = find(text)
        except NotMatched as wrong:
            kept[text] = wrong
    answer = kept[text]
    if isinstance(answer, NotMatched):
        raise answer
    return str(answer)


def leaders(*, on: date) -> Sequence[str]:
    """Return the names of the association's leaders, for the list a cell offers."""
    house = the_association(on=on)
    return list(dict.fromkeys(one.name for one in leaders_of(house.ref, on=on))) if house else []
