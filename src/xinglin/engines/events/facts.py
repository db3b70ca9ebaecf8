"""The facts of events: what was proposed, agreed, filed, held and settled, and who was there."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
from xinglin.kernel.refs import Code, Ref

from .kinds import kinds


def _silent(zh: str, en: str) -> Vocabulary:
    """Return the vocabulary of a fact that nobody promises in a plan."""
    return Vocabulary(zh=zh, en=en, countable=False)


# Series ------------------------------------------------------------------------------------------


@states("events.series.opened", _silent("活动系列已设立", "Series of events opened"), annexed=("title", "aliases"))
class SeriesOpened(Fact):
    """A branded programme or a numbered forum has its place in the register (C04, C05)."""

    series: Ref
    organisation: Ref
    branded: bool
    numbered: bool
    known_edition: int
    known_year: int | None = None
    title: str = ""
    aliases: str = ""  # JSON


# Before ------------------------------------------------------------------------------------------

_WORDS = ("title", "title_en", "place", "summary", "summary_en", "partners", "budget")


@dataclass(frozen=True, kw_only=True)
class _EventSaid(Fact):
    event: Ref
    kind: Code
    specialties: tuple[Code, ...] = ()
    organisation: Ref
    role: Code
    series: Ref | None = None
    edition: int | None = None
    planned: bool
    from_on: date
    until_on: date
    format: Code
    region: Code | None = None
    heads: int
    heads_online: int
    public: bool
    international: bool
    sponsored: bool
    pack: bool
    project: Ref | None = None
    abstracts_until: date | None = None
    moved_on: date | None = None
    title: str = ""
    title_en: str = ""
    place: str = ""
    summary: str = ""
    summary_en: str = ""
    partners: str = ""  # JSON: who else holds, organises or sponsors it
    budget: str = ""  # JSON: side, code, note, yuan of each line


@states("events.event.drafted", _silent("活动已拟订", "Event drafted"), annexed=_WORDS)
class EventDrafted(_EventSaid):
    """Somebody wrote down what an organisation means to hold."""


@states("events.event.amended", _silent("活动已调整", "Event amended"), annexed=_WORDS)
class EventAmended(_EventSaid):
    """Day, place, scale or another particular was changed; the grade is computed anew (C03)."""


@states("events.event.proposed", Vocabulary(
    zh="已申报活动", en="Event proposed",
    nouns=(Noun(zh="活动申报", en="event proposals", units=("个", "项", "场")),),
    dimensions=(Dimension(field="grade", zh="活动等级", en="Grade"),
                Dimension(field="organisation", zh="申报机构", en="Organisation", distinct=True, units=("个",)))))
class EventProposed(Fact):
    """An event with its agenda and budget was handed in; its grade says who must agree."""

    event: Ref
    organisation: Ref
    grade: Code
    planned: bool
    expense: Decimal
    income: Decimal
    steps: tuple[Code, ...]


@states("events.event.decided", _silent("活动审批已办理", "Event decided on"), annexed=("reason",))
class EventDecided(Fact):
    """One of those who must agree did, refused, or sent the proposal back."""

    event: Ref
    role: Code
    order: int
    answer: Code
    approved: bool  # the last agreement that was missing
    reason: str = ""


@states("events.event.filed", Vocabulary(
    zh="已报备大型活动", en="Large event filed",
    nouns=(Noun(zh="一会一报", en="filed large events", units=("个", "场", "项", "次")),),
    dimensions=(Dimension(field="late", zh="是否逾期报备", en="Late"),
                Dimension(field="planned", zh="是否计划内", en="In the yearly plan"))), annexed=("number",))
class EventFiled(Fact):
    """A large event was filed and a receipt given (C06)."""

    event: Ref
    organisation: Ref
    late: bool
    planned: bool
    number: str = ""


@states("events.event.moved", _silent("活动状态已变更", "Event moved"), annexed=("reason",))
class EventMoved(Fact):
    """Registration was opened or closed, its days were moved after places were sold, or an event was cancelled."""

    event: Ref
    before: Code
    state: Code
    reason: str = ""


# Programme ---------------------------------------------------------------------------------------


@states("events.session.arranged", _silent("日程已安排", "Session arranged"),
        annexed=("title", "title_en", "summary", "names", "track", "room_name", "stream", "recording"))
class SessionArranged(Fact):
    """An item of the programme was set down or changed; times are minutes since midnight of its day."""

    session: Ref
    event: Ref
    kind: Code
    day: date
    from_minute: int
    until_minute: int
    room: Ref | None = None
    speakers: tuple[Ref, ...] = ()
    on_site: bool
    online: bool
    places: int | None = None
    recording_minutes: int | None = None
    room_seats: int | None = None
    removed: bool = False
    title: str = ""
    title_en: str = ""
    summary: str = ""
    names: str = ""  # JSON: who speaks, with unit and part
    track: str = ""
    room_name: str = ""
    stream: str = ""
    recording: str = ""


# After -------------------------------------------------------------------------------------------


@states("events.check.answered", _silent("监管检查项已核查", "Point of supervision answered"), annexed=("note",))
class CheckAnswered(Fact):
    """A point of the supervision was looked at, with evidence (C07)."""

    check: Ref
    event: Ref
    phase: Code
    code: Code
    passed: bool
    evidence: int
    note: str = ""


_OF_KINDS = tuple(
    Noun(zh=word, en=one.en.lower(), units=one.units, where=(("kinds", code),))
    for code, one in kinds().items() for word in dict.fromkeys((one.zh, *one.nouns)))


@states("events.event.held", Vocabulary(
    zh="已举办活动", en="Event held",
    nouns=(Noun(zh="会议", en="events", units=("场", "个", "次", "期")),
           Noun(zh="活动", en="events", units=("场", "个", "次", "项")), *_OF_KINDS),
    dimensions=(Dimension(field="kinds", zh="活动种类", en="Kind of event"),
                Dimension(field="grade", zh="活动等级", en="Grade"),
                Dimension(field="organisation", zh="主办机构", en="Organisation", distinct=True, units=("个", "家")),
                Dimension(field="series", zh="活动系列", en="Series of events", distinct=True, units=("个",)),
                Dimension(field="edition", zh="届次", en="Edition"),
                Dimension(field="role", zh="承担角色", en="Role"),
                Dimension(field="format", zh="形式", en="Format"),
                Dimension(field="region", zh="县区", en="County", distinct=True, units=("个",)),
                Dimension(field="city", zh="地市", en="Prefecture", distinct=True, units=("个", "地")),
                Dimension(field="specialties", zh="专业", en="Specialties", distinct=True, units=("个",)),
                Dimension(field="planned", zh="是否计划内", en="In the yearly plan")),
    quantities=(Quantity(field="people_on_site", zh="线下人次", en="Person-times on site", units=("人次", "人")),
                Quantity(field="people_online", zh="线上人次", en="Person-times online", units=("人次", "人")),
                Quantity(field="people_served", zh="服务基层人次", en="People served", units=("人次", "人")),
                Quantity(field="patients", zh="义诊患者", en="Patients seen", units=("人次", "人", "位", "名")),
                Quantity(field="doctors", zh="参加医师", en="Doctors", units=("人次", "人", "名", "位")),
                Quantity(field="follow_ups", zh="随访", en="Follow-ups", units=("人次", "人", "例")),
                Quantity(field="hours", zh="学时", en="Hours", units=("学时", "小时")))),
    annexed=("title",))
class EventHeld(Fact):
    """An event took place; one fact however many specialties it had, so that none is counted twice (C13)."""

    event: Ref
    kinds: tuple[Code, ...]
    specialties: tuple[Code, ...] = ()
    grade: Code
    organisation: Ref
    role: Code
    series: Ref | None = None
    edition: int | None = None
    planned: bool
    format: Code
    region: Code | None = None
    city: Code | None = None
    project: Ref | None = None
    people_on_site: int
    people_online: int
    people_served: int | None = None
    patients: int | None = None
    doctors: int | None = None
    follow_ups: int | None = None
    hours: Decimal
    title: str = ""


@states("events.event.reported", _silent("活动会后报告已提交", "Event reported back"))
class EventReported(Fact):
    """The report after a large event was handed in (G14)."""

    event: Ref
    late: bool


@states("events.event.settled", Vocabulary(
    zh="已结算活动", en="Event settled",
    nouns=(Noun(zh="结算活动", en="settled events", units=("个", "场")),),
    quantities=(Quantity(field="income", zh="收入", en="Income", units=("元", "万元")),
                Quantity(field="expense", zh="支出", en="Expense", units=("元", "万元"))),
    dimensions=(Dimension(field="organisation", zh="主办机构", en="Organisation"),)), annexed=("actual",))
class EventSettled(Fact):
    """The accounts of an event are closed against its budget."""

    event: Ref
    organisation: Ref
    income: Decimal
    expense: Decimal
    late: bool
    actual: str = ""  # JSON: side, code, note, yuan of each line
