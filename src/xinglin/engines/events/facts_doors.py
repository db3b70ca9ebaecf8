"""The facts of doors and presence: which phones may admit, who was there for how many minutes."""

from datetime import date

from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
from xinglin.kernel.refs import Code, Ref

_TIMES = ("人次", "人")


@states("events.device.enrolled", Vocabulary(zh="签到设备已登记", en="Gate phone enrolled", countable=False),
        annexed=("gate",))
class DeviceEnrolled(Fact):
    """A phone may scan at a gate of an event, or may no longer (K8)."""

    device: Ref
    event: Ref
    room: Ref | None = None
    often: Code
    tickets: tuple[Ref, ...] = ()
    revoked: bool = False
    gate: str = ""


@states("events.attendance.confirmed", Vocabulary(
    zh="参会已确认", en="Attendance confirmed",
    nouns=(Noun(zh="参会", en="person-times", units=_TIMES, where=(("counted", "present"),)),
           Noun(zh="线下参会", en="person-times on site", units=_TIMES, where=(("counted", "on_site"),)),
           Noun(zh="线上参会", en="person-times online", units=_TIMES, where=(("counted", "online"),))),
    dimensions=(Dimension(field="counted", zh="人次口径", en="Counted as"),
                Dimension(field="event", zh="活动", en="Event", distinct=True, units=("场", "个")),
                Dimension(field="organisation", zh="主办机构", en="Organisation", distinct=True, units=("个", "家")),
                Dimension(field="kinds", zh="活动种类", en="Kind of event"),
                Dimension(field="role", zh="参会身份", en="As what"),
                Dimension(field="person", zh="参会人员", en="Person", distinct=True, units=("人", "名"))),
    quantities=(Quantity(field="minutes", zh="参会分钟", en="Minutes attended", units=("分钟",)),)),
    annexed=("detail",))
class AttendanceConfirmed(Fact):
    """A day was closed and somebody was there: a person-time (K9) with its proven minutes (E7)."""

    attendance: Ref
    event: Ref
    organisation: Ref
    kinds: tuple[Code, ...]
    registration: Ref
    person: Ref | None = None
    day: date
    role: Code
    channel: Code
    counted: tuple[Code, ...] = ()  # present, on_site, online; empty: not there after all
    minutes: int
    minutes_on_site: int
    minutes_online: int
    minutes_recorded: int
    minutes_lectured: int = 0  # of these, in sessions in which they speak
    turn: int = 0  # which holder of the place, where it was handed over
    version: int
    project: Ref | None = None
    sessions: tuple[Ref, ...] = ()
    detail: str = ""  # JSON: minutes of each session
