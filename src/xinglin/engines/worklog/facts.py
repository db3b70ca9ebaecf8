"""The facts the worklog states: work done, the words it is counted by, series, and items of registers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
from xinglin.kernel.refs import Code, Ref


def _silent(zh: str, en: str) -> Vocabulary:
    """Return the vocabulary of a fact that nobody promises in a plan."""
    return Vocabulary(zh=zh, en=en, countable=False)


# Words -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _KindSaid(Fact):
    kind: Ref
    parent: Code | None = None
    group: bool
    quantities: tuple[Code, ...] = ()
    uses: tuple[Code, ...] = ()
    numbered: bool
    pattern: Code | None = None
    order: int
    from_on: date
    # Labels, nouns, measure words and regulation ids, as JSON: words, which the chain does not hold.
    words: str = ""


@states("worklog.kind.introduced", _silent("工作种类已设立", "Kind introduced"), annexed=("words",))
class KindIntroduced(_KindSaid):
    """The association began to count a kind of work."""


@states("worklog.kind.changed", _silent("工作种类已修改", "Kind changed"), annexed=("words",))
class KindChanged(_KindSaid):
    """A kind of work got other words, units or dimensions; its code stays."""


@states("worklog.kind.retired", _silent("工作种类已停用", "Kind retired"))
class KindRetired(Fact):
    """From a date on no work may be logged under a kind; what was counted stays counted."""

    kind: Ref
    until_on: date


# Series and editions -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _SeriesSaid(Fact):
    series: Ref
    kind: Code
    organisation: Ref
    per_year: int
    title: str = ""
    aliases: str = ""  # JSON


@states("worklog.series.opened", _silent("系列已设立", "Series opened"), annexed=("title", "aliases"))
class SeriesOpened(_SeriesSaid):
    """A numbered series such as a yearly forum was registered."""


@states("worklog.series.changed", _silent("系列已修改", "Series changed"), annexed=("title", "aliases"))
class SeriesChanged(_SeriesSaid):
    """A series got another title, aliases, organisation or yearly rhythm."""


@states("worklog.edition.planned", _silent("届次已登记", "Edition planned"), annexed=("host_name",))
class EditionPlanned(Fact):
    """The next number of a series was registered with its year and host."""

    edition: Ref
    series: Ref
    number: int
    year: int
    role: Code
    host: Ref | None = None
    known: bool = False  # of a year that is over: it was held before this register was kept
    host_name: str = ""


@states("worklog.edition.cancelled", _silent("届次已取消", "Edition cancelled"), annexed=("reason",))
class EditionCancelled(Fact):
    """A planned edition will not be held; its number is free again."""

    edition: Ref
    series: Ref
    number: int
    reason: str = ""


# Work --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _WorkSaid(Fact):
    entry: Ref
    kind: Code
    kinds: tuple[Code, ...]  # the kind and those above it
    organisation: Ref
    until_on: date | None = None
    count: int
    format: Code | None = None
    region: Code | None = None
    city: Code | None = None  # the prefecture of the region
    place: Ref | None = None
    people: tuple[Ref, ...] = ()
    partners: tuple[Ref, ...] = ()
    people_on_site: int | None = None
    people_online: int | None = None
    patients: int | None = None
    hours: Decimal | None = None
    money: Decimal | None = None
    items: int | None = None
    series: Ref | None = None
    edition: int | None = None
    role: Code | None = None
    item: Ref | None = None
    track: Ref | None = None
    pattern: Code | None = None
    stage: Code | None = None  # where the item stood when this was said
    entrusted_by: Ref | None = None
    logged_by: Ref
    changed_by: Ref
    title: str = ""
    unit: str = ""
    description: str = ""
    place_name: str = ""
    partner_names: str = ""


WORDS = ("title", "unit", "description", "place_name", "partner_names")


@states("worklog.work.logged", _silent("工作已登记", "Work logged"), annexed=WORDS)
class WorkLogged(_WorkSaid):
    """Somebody wrote down work that was done; it does not count yet."""


@states("worklog.work.corrected", _silent("工作记录已更正", "Work corrected"), annexed=WORDS)
class WorkCorrected(_WorkSaid):
    """An entry was corrected; one that had been verified stops counting until it is verified again."""


@states("worklog.work.submitted", _silent("工作已提交核实", "Work submitted"))
class WorkSubmitted(Fact):
    """An entry was handed in for a second person to verify."""

    entry: Ref
    kind: Code
    organisation: Ref
    submitted_by: Ref


@states(
    "worklog.work.verified",
    Vocabulary(
        zh="已核实工作", en="Verified work",
        nouns=(Noun(zh="工作记录", en="work entries", units=("条",)),),
        dimensions=(
            Dimension(field="kinds", zh="种类", en="Kind"),
            Dimension(field="organisation", zh="主办机构", en="Organisation", distinct=True, units=("个", "家")),
            Dimension(field="region", zh="县区", en="County", distinct=True, units=("个",)),
            Dimension(field="city", zh="地市", en="Prefecture", distinct=True, units=("个", "地")),
            Dimension(field="place", zh="到访单位", en="Place", distinct=True, units=("家", "所", "个")),
            Dimension(field="people", zh="参加人员", en="People", distinct=True, units=("人", "名", "位")),
            Dimension(field="partners", zh="合作单位", en="Partners", distinct=True, units=("家", "个")),
            Dimension(field="series", zh="系列", en="Series", distinct=True, units=("个",)),
            Dimension(field="edition", zh="届次", en="Edition"),
            Dimension(field="role", zh="承担角色", en="Role"),
            Dimension(field="format", zh="形式", en="Format"),
            Dimension(field="entrusted_by", zh="委托方", en="Entrusting party", distinct=True, units=("家", "个")),
            Dimension(field="item", zh="台账条目", en="Register item", distinct=True, units=("项", "个", "条")),
            Dimension(field="track", zh="台账", en="Register"),
            Dimension(field="stage", zh="条目阶段", en="Stage"),
        ),
        quantities=(
            Quantity(field="count", zh="数量", en="Count", units=("项", "次", "个")),
            Quantity(field="people_on_site", zh="线下人次", en="People on site", units=("人次", "人")),
            Quantity(field="people_online", zh="线上人次", en="People online", units=("人次", "人")),
            Quantity(field="patients", zh="服务人次", en="People served", units=("人次", "人", "位")),
            Quantity(field="hours", zh="学时", en="Hours", units=("学时", "小时")),
            Quantity(field="money", zh="金额", en="Money", units=("元",)),
            Quantity(field="items", zh="件数", en="Items", units=("件", "份")),
        ),
    ),
    annexed=WORDS,
)
class WorkVerified(_WorkSaid):
    """A second person confirmed with the evidence at hand that the work was done; from now on it counts."""

    verified_by: Ref


@states("worklog.work.returned", _silent("工作记录已退回", "Work returned"), annexed=("reason",))
class WorkReturned(Fact):
    """A second person sent an entry back with a reason."""

    entry: Ref
    kind: Code
    organisation: Ref
    returned_by: Ref
    reason: str = ""


@states("worklog.work.withdrawn", _silent("工作记录已撤回", "Work withdrawn"), annexed=("reason",))
class WorkWithdrawn(Fact):
    """An entry was taken back; if it had been verified, this corrects that fact and it counts no more."""

    entry: Ref
    kind: Code
    organisation: Ref
    reason: str = ""


# Registers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _TrackSaid(Fact):
    track: Ref
    pattern: Code
    organisation: Ref
    target: int | None = None
    modality: Code
    from_on: date
    due_on: date | None = None
    title: str = ""


@states("worklog.track.opened", _silent("台账已建立", "Register opened"), annexed=("title",))
class TrackOpened(_TrackSaid):
    """A register of items with common stages was opened."""


@states("worklog.track.changed", _silent("台账已修改", "Register changed"), annexed=("title",))
class TrackChanged(_TrackSaid):
    """A register got another title, target, date or owner."""


@states("worklog.track.closed", _silent("台账已关闭", "Register closed"))
class TrackClosed(Fact):
    """A register is no longer kept."""

    track: Ref


@dataclass(frozen=True, kw_only=True)
class _ItemSaid(Fact):
    item: Ref
    track: Ref
    pattern: Code
    stage: Code
    parent: Ref | None = None
    subject: Ref | None = None
    region: Code | None = None
    city: Code | None = None
    grade: Code | None = None
    modality: Code
    organisation: Ref | None = None
    owner: Ref | None = None
    party: Ref | None = None
    from_on: date | None = None
    until_on: date | None = None
    due_on: date | None = None
    days: int | None = None
    after: tuple[Ref, ...] = ()
    number: str = ""
    title: str = ""
    party_name: str = ""
    from_place: str = ""
    to_place: str = ""
    result: str = ""


ITEM_WORDS = ("number", "title", "party_name", "from_place", "to_place", "result")


@states("worklog.item.listed", _silent("条目已列入", "Item listed"), annexed=ITEM_WORDS)
class ItemListed(_ItemSaid):
    """A task, criterion, site, system or clause was put on a register."""


@states("worklog.item.amended", _silent("条目已修改", "Item amended"), annexed=ITEM_WORDS)
class ItemAmended(_ItemSaid):
    """What a register says about an item was changed: owner, due date, term, places."""


@states("worklog.item.moved", _silent("条目阶段已变更", "Item moved"), annexed=("reason", "result"))
class ItemMoved(Fact):
    """An item went from one stage to another."""

    item: Ref
    track: Ref
    pattern: Code
    before: Code
    stage: Code
    due_on: date | None = None
    reason: str = ""
    result: str = ""


@states(
    "worklog.item.completed",
    Vocabulary(
        zh="台账条目已完成", en="Register item completed",
        nouns=(Noun(zh="台账条目", en="register items", units=("项", "个", "条")),),
        dimensions=(
            Dimension(field="pattern", zh="台账类别", en="Sort of register"),
            Dimension(field="track", zh="台账", en="Register"),
            Dimension(field="stage", zh="阶段", en="Stage"),
            Dimension(field="modality", zh="完成要求", en="Modality"),
            Dimension(field="grade", zh="等级", en="Grade"),
            Dimension(field="item", zh="条目", en="Item"),
            Dimension(field="subject", zh="单位", en="Subject", distinct=True, units=("家", "个", "所")),
            Dimension(field="region", zh="县区", en="County", distinct=True, units=("个",)),
            Dimension(field="city", zh="地市", en="Prefecture", distinct=True, units=("个",)),
            Dimension(field="organisation", zh="责任机构", en="Organisation", distinct=True, units=("个",)),
            Dimension(field="party", zh="委托方", en="Entrusting party", distinct=True, units=("家", "个")),
        ),
    ),
)
class ItemCompleted(Fact):
    """An item of a register reached a stage that counts: accepted, delivered, replaced, held."""

    item: Ref
    track: Ref
    pattern: Code
    stage: Code
    modality: Code
    grade: Code | None = None
    subject: Ref | None = None
    region: Code | None = None
    city: Code | None = None
    organisation: Ref | None = None
    party: Ref | None = None


@states("worklog.item.reopened", _silent("条目已重开", "Item reopened"))
class ItemReopened(Fact):
    """An item left the stage that counted; this corrects its completion."""

    item: Ref
    track: Ref
    pattern: Code
