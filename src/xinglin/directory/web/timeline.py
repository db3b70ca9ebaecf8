"""What the ledger says about an entry: its facts, newest first, in the words of their vocabulary."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinglin.kernel.facts import fact_types
from xinglin.kernel.ledger.models import Mention, SealedFact
from xinglin.shell.naming import named


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One fact about the entry: what, with whom, when, by whom."""

    label: str
    about: str
    on: date
    by: str
    position: int


def timeline(ref: str, *, limit: int = 30) -> list[Happening]:
    """Return the last facts that name an entry."""
    positions = Mention.objects.filter(ref=ref).order_by("-position").values_list("position", flat=True)[:limit]
    facts = list(SealedFact.objects.filter(position__in=list(positions)).order_by("-position"))
    others = {fact.position: [one for one in _refs(fact.body) if one != ref] for fact in facts}
    labels = named([*(one for refs in others.values() for one in refs), *(fact.actor for fact in facts)])
    return [Happening(label=_label(fact.type), on=fact.happened_on, by=_by(fact.actor, labels[fact.actor].label),
                      position=fact.position,
                      about=_about([labels[one].label for one in others[fact.position] if labels[one].label != one]))
            for fact in facts]


def _by(actor: str, label: str) -> str:
    return str(_("the system itself")) if actor.startswith("kernel.house:") else label


def _about(words: list[str]) -> str:
    """Return the names, without those that another one contains: a term names its person and organisation."""
    return "　".join([one for one in words if not any(one != other and one in other for other in words)][:2])


def _refs(body: dict[str, object]) -> list[str]:
    return [value for value in body.values() if isinstance(value, str) and "." in value and ":" in value]


def _label(type_: str) -> str:
    known = fact_types().get(type_)
    if known is None:
        return type_
    return known.VOCABULARY.zh if (get_language() or "zh").startswith("zh") else known.VOCABULARY.en
