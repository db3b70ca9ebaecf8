"""The only reads offered to strangers: terms of the vocabulary, counts, study records, standings."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from xinglin.kernel.refs import Ref
from xinglin.kernel.vocabulary import COUNT, DISTINCT, SUM, Term, register_terms

from .entries import Entry
from .expecting import strives
from .facts import ItemCompleted, WorkVerified
from .registers import Item, Modality, Track
from .words import QUANTITIES, Kind, Series

WORK, DONE = WorkVerified.TYPE, ItemCompleted.TYPE
_TIMES = "次"
# A kind that asks for it can be counted by the different places it reached.
_REACHED = {
    "region": (("region", ("个",), "覆盖县区", "counties reached"),
               ("city", ("个", "地"), "覆盖地市", "prefectures reached")),
    "place": (("place", ("家", "所", "个"), "到访单位", "places reached"),),
}
_EN = {"people_on_site": "people on site", "people_online": "people online", "patients": "people served",
       "hours": "hours", "money": "money", "items": "items"}
# The first word is the label, the others are what plans and summaries say.
_ZH = {
    "people_on_site": ("线下人次", "线下参会人数", "参会人数", "参加人数", "培训人次"),
    "people_online": ("线上人次", "线上参会人数", "线上观看人数"),
    "patients": ("服务人次", "服务患者", "受益人次"), "hours": ("学时",), "money": ("金额",), "items": ("件数",),
}


@register_terms
def vocabulary(on: date) -> list[Term]:
    """Return what can be counted on a date: every kind, its quantities and reach, every series and register."""
    answer: list[Term] = []
    kinds = list(Kind.objects.active(on))
    for kind in kinds:
        answer += terms_of_kind(kind, quantities=_quantities_under(kind, kinds))
    for series in Series.objects.filter(Q(closed_on=None) | Q(closed_on__gt=on)).select_related("kind"):
        answer.append(term_of_series(series))
    for track in Track.objects.open():
        answer.append(term_of_track(track))
    return answer


def _quantities_under(kind: Kind, kinds: list[Kind]) -> list[str]:
    """Return what a kind counts besides, for a heading what any kind under it counts."""
    found = set(kind.quantities)
    for one in kinds:
        if kind.group and one.parent_id == kind.pk:
            found.update(_quantities_under(one, kinds) if one.group else one.quantities)
    return [name for name in QUANTITIES if name in found]


def terms_of_kind(kind: Kind, *, quantities: list[str]) -> list[Term]:
    """Return the terms of one kind: its count, its times, its quantities, the places it reached."""
    filter_, units = (("kinds", kind.code),), tuple(kind.units)
    nouns = tuple(dict.fromkeys((kind.zh, *kind.nouns)))
    answer = [Term(fact=WORK, measure=SUM, field="count", filter=filter_, nouns=nouns, units=units,
                   zh=kind.zh, en=kind.en, general=True)]
    if _TIMES not in units:
        # 慰问 is counted in people; how often somebody went is the number of entries.
        answer.append(Term(fact=WORK, measure=COUNT, filter=filter_, nouns=nouns, units=(_TIMES, "批"),
                           zh=f"{kind.zh}：次数", en=f"{kind.en}: times", general=True))
    for name in quantities:
        answer.append(Term(fact=WORK, measure=SUM, field=name, filter=filter_, nouns=(*_ZH[name], *nouns),
                           units=QUANTITIES[name][1], zh=f"{kind.zh}：{_ZH[name][0]}", en=f"{kind.en}: {_EN[name]}",
                           general=True))
    for use in kind.uses:
        for field, words, zh, en in _REACHED.get(use, ()):
            answer.append(Term(fact=WORK, measure=DISTINCT, field=field, filter=filter_, nouns=(zh, *nouns),
                               units=words, zh=f"{kind.zh}：{zh}", en=f"{kind.en}: {en}", general=True))
    return answer


def term_of_series(series: Series) -> Term:
    """Return the term that counts the editions held of one series; its edition is one more filter."""
    return Term(fact=WORK, measure=COUNT, filter=(("series", series.ref),), nouns=(series.title, *series.aliases),
                units=("届", "期", "次", "场"), zh=series.title, en=series.title)


def term_of_track(track: Track) -> Term:
    """Return the term that counts the items of one register that were reached."""
    return Term(fact=DONE, measure=COUNT, filter=(("track", track.ref),), nouns=(track.title,),
                units=("家", "个", "项", "所", "条", "件", "场"), zh=f"{track.title}：已完成",
                en=f"{track.title}: completed")


# Counts ------------------------------------------------------------------------------------------


def counted(*, kind: str = "", from_on: date, until_on: date, organisation: str = "") -> QuerySet[Entry]:
    """Return the verified entries of a kind, with those under it, that happened in a half-open span."""
    rows = Entry.objects.counted().filter(happened_on__gte=from_on, happened_on__lt=until_on)
    if kind:
        rows = rows.filter(kind__in=family(kind))
    return rows.filter(organisation=organisation) if organisation else rows


def family(code: str) -> list[int]:
    """Return the keys of a kind and of those under it."""
    parents = dict(Kind.objects.values_list("pk", "parent_id"))
    top = Kind.objects.filter(code=code).values_list("pk", flat=True).first()
    answer = []
    for key in parents:
        one: int | None = key
        while one is not None and one != top:
            one = parents[one]
        if one is not None and one == top:
            answer.append(key)
    return answer


def total(*, kind: str = "", field: str = "count", from_on: date, until_on: date, organisation: str = "") -> Decimal:
    """Return the sum of a quantity over verified entries; 0 where nothing was counted."""
    rows = counted(kind=kind, from_on=from_on, until_on=until_on, organisation=organisation)
    return Decimal(rows.aggregate(total=Sum(field))["total"] or 0)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The figures of a year's summary for one kind, on site and online apart."""

    entries: int
    count: int
    people_on_site: int
    people_online: int


def summary(*, kind: str, from_on: date, until_on: date) -> Summary:
    """Return the figures of a kind in a half-open span; `counted` opens them down to the entries."""
    rows = counted(kind=kind, from_on=from_on, until_on=until_on)
    sums = rows.aggregate(count=Sum("count"), people_on_site=Sum("people_on_site"), people_online=Sum("people_online"))
    return Summary(entries=rows.count(), **{name: int(value or 0) for name, value in sums.items()})


@dataclass(frozen=True, kw_only=True)
class Studied:
    """One sitting of Party study in which a person took part."""

    entry: Ref
    happened_on: date
    kind: str
    title: str
    hours: Decimal


def study_record(*, person: str, year: int) -> list[Studied]:
    """Return the verified Party study of one person in one calendar year, oldest first."""
    rows = counted(kind="party", from_on=date(year, 1, 1), until_on=date(year + 1, 1, 1)).with_person(person)
    return [Studied(entry=one.ref, happened_on=one.happened_on, kind=str(one.kind), title=one.title,
                    hours=one.hours or Decimal(0)) for one in rows.select_related("kind").order_by("happened_on", "pk")]


# Standings ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a register stands against its target on a date: the numbers, a light, and the word for it."""

    done: int
    target: int | None
    light: str  # done ok warn bad off
    word: str  # reached, running, missed, strived

    @property
    def missed(self) -> bool:
        """Say whether this is a miss: a must that was not reached in time."""
        return self.word == "missed"


def standing(track: Track, *, on: date) -> Standing:
    """Return how a register stands; an unreached “strive” target is no miss unless WL7.strive says so."""
    done = track.items.filter(done_on__lte=on).count()
    target = track.target
    if target is not None and done >= target:
        return Standing(done=done, target=target, light="done", word="reached")
    if target is None or track.due_on is None or track.due_on >= on:
        return Standing(done=done, target=target, light="ok", word="running")
    if track.modality == Modality.STRIVE and strives(on=on):
        return Standing(done=done, target=target, light="off", word="strived")
    return Standing(done=done, target=target, light="bad", word="missed")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One place in a register: the item, its title, the register's title, its stage in words."""

    item: Ref
    title: str
    register: str
    stage: str


def listed_often(*, pattern: str = "pilot") -> dict[str, list[Listing]]:
    """Return the subjects that stand more than once in open registers of a pattern, most often first."""
    found: dict[str, list[Listing]] = {}
    rows = Item.objects.filter(track__pattern_code=pattern, track__closed_on=None).exclude(subject="")
    for one in rows.select_related("track").order_by("track__title", "pk"):
        found.setdefault(one.subject, []).append(
            Listing(item=one.ref, title=str(one), register=str(one.track), stage=str(one.at)))
    often = {subject: rows for subject, rows in found.items() if len(rows) > 1}
    return dict(sorted(often.items(), key=lambda pair: (-len(pair[1]), pair[0])))
