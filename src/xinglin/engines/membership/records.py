"""What the ledger says about a member: a timeline in sentences, and what each year amounts to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel.ledger.models import Mention, SealedFact
from xinglin.kernel.refs import Ref
from xinglin.shell.naming import code_label, fact_label, named

from .activity import deeds
from .certificates import Choice
from .members import Member

PEOPLE = frozenset({"directory.person", "directory.account", "membership.member"})
# What the officers of a branch read of their members besides what these did.
OPEN = tuple(f"membership.{one}" for one in (
    "member.admitted", "member.graded", "member.left", "affiliation.begun", "affiliation.ended"))
MOST = 200  # happenings of a year on one page


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One fact about a member in words."""

    on: date
    label: str
    about: str
    by: str
    position: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """A member's year: what happened, newest first, how often each sort of thing did, and which years there are."""

    year: int
    years: tuple[int, ...]
    happenings: tuple[Happening, ...]
    summary: tuple[tuple[str, int], ...]


def record_of(member: Member, *, year: int, types: Sequence[str] | None = None) -> Record:
    """Return what the ledger says about a member and the person or unit in one year, of some types or of all.

    A unit is named by what others do and where they work, which is not its own record: membership only.
    """
    refs = [member.ref] if member.unit_id else [member.ref, member.holder]
    about = SealedFact.objects.filter(position__in=Mention.objects.filter(ref__in=refs).values("position"))
    if member.unit_id:
        about = about.filter(type__startswith="membership.")
    about = about if types is None else about.filter(type__in=[*types, *deeds()])
    years = {one.year for one in about.order_by().values_list("happened_on", flat=True).distinct()} | {year}
    of_year = about.filter(happened_on__year=year)
    facts = list(of_year.order_by("-happened_on", "-position")[:MOST])
    corrected = set(of_year.exclude(corrects=None).values_list("corrects", flat=True))
    counts = Counter(fact_label(type_) for key, type_ in of_year.filter(type__in=deeds()).values_list("key", "type")
                     if key not in corrected)
    return Record(year=year, years=tuple(sorted(years, reverse=True)), happenings=tuple(_told(facts, refs)),
                  summary=tuple(counts.most_common()))


def _told(facts: Sequence[SealedFact], own: Sequence[str]) -> Iterable[Happening]:
    # Whoever else took part is theirs to tell.
    others = {fact.position: [one for one in named_in(fact.body) if one not in own and one.kind not in PEOPLE]
              for fact in facts}
    names = named([*(one for refs in others.values() for one in refs), *(fact.actor for fact in facts)])
    for fact in facts:
        labels = dict.fromkeys([*_codes(fact), *(
            names[one].label for one in others[fact.position] if names[one].label != one)])
        ours = fact.actor.startswith("kernel.house:")
        yield Happening(on=fact.happened_on, label=fact_label(fact.type), about="　".join(list(labels)[:3]),
                        by=_("the system itself") if ours else names[fact.actor].label, position=fact.position)


def _codes(fact: SealedFact) -> Iterable[str]:
    """Return the codes of a fact that somebody can say in words: what was chosen, how somebody left."""
    for field, value in fact.body.items():
        if isinstance(value, str) and (words := code_label(fact.type, field, value)) != value:
            yield words
    if "allowed" in fact.body and fact.body.get("what") in Choice.What.values:
        yield _("Allowed") if fact.body["allowed"] else _("Not allowed")


def named_in(body: dict[str, object]) -> list[Ref]:
    """Return the refs that the body of a fact names."""
    values = [one for value in body.values() for one in (value if isinstance(value, list) else [value])]
    return [Ref(one) for one in values if isinstance(one, str) and ":" in one and "." in one.partition(":")[0]]
