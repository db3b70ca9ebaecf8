"""The facts of learning: what was applied for and held, who was there, which credits and papers came of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xinglin.kernel.facts import Dimension, Fact, Noun, Quantity, Vocabulary, states
from xinglin.kernel.refs import Code, Ref


def _silent(zh: str, en: str) -> Vocabulary:
    """Return the vocabulary of a fact that nobody promises in a plan."""
    return Vocabulary(zh=zh, en=en, countable=False)


_WHICH = (Dimension(field="level", zh="项目级别", en="Level of the project"),
          Dimension(field="year", zh="项目年度", en="Year of the project"),
          Dimension(field="organisation", zh="承办分支机构", en="Branch in charge", distinct=True, units=("个",)),
          Dimension(field="specialty", zh="学科", en="Subject", distinct=True, units=("个",)),
          Dimension(field="sort", zh="项目类别", en="Sort of project"),
          Dimension(field="repeat", zh="是否备案项目", en="Whether a repeat"))
_LEVELS = (("national", "国家级", "national"), ("provincial", "省级", "provincial"), ("municipal", "市级", "municipal"))


def _nouns(verb: str, en: str) -> tuple[Noun, ...]:
    """Return how people count projects: all of them, and each level by both names of the trade."""
    units = ("个", "项")
    return (*(Noun(zh=f"{verb}{name}", en=f"CME project{en}", units=units) for name in (
        "继续教育项目", "继续医学教育项目")),
        *(Noun(zh=f"{verb}{zh}{name}", en=f"{level} CME project{en}", units=units, where=(("level", code),))
          for code, zh, level in _LEVELS for name in ("继续教育项目", "继续医学教育项目")))


# Projects ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfProject(Fact):
    """What a fact that is counted in plans says of its project."""

    project: Ref
    level: Code
    sort: Code
    repeat: bool
    year: int
    specialty: Code
    organisation: Ref


@states("learning.batch.opened", _silent("申报批次已设立", "Batch of applications opened"))
class BatchOpened(Fact):
    """Projects of a year and level are applied for within these days, both included."""

    batch: Ref
    year: int
    level: Code
    opens_on: date
    closes_on: date


@states("learning.project.drafted", _silent("继教项目已起草", "CME project drafted"), annexed=("title",))
class ProjectDrafted(Fact):
    """An application was begun, or the draft of one changed."""

    project: Ref
    level: Code
    sort: Code
    repeat: bool
    year: int
    specialty: Code
    organisation: Ref
    leader: Ref
    hours: Decimal
    heads: int
    tested: bool
    teachers: tuple[Ref, ...]
    planned_on: date | None = None
    of: Ref | None = None
    title: str = ""


@states("learning.project.filed", Vocabulary(
    zh="继续教育项目已申报", en="CME project filed", nouns=_nouns("申报", " filed"), dimensions=_WHICH))
class ProjectFiled(_OfProject):
    """The unit approved the application and sent it up."""

    batch: Ref | None = None


@states("learning.project.moved", _silent("继教项目进入下一环节", "CME project moved"), annexed=("note",))
class ProjectMoved(Fact):
    """A project was reviewed, returned, audited, or ended early; `stale`: others to be reckoned anew for it."""

    project: Ref
    before: Code
    after: Code
    stale: tuple[Ref, ...] = ()
    note: str = ""


@states("learning.project.published", Vocabulary(
    zh="继续教育项目已获批", en="CME project published", nouns=_nouns("获批", " published"), dimensions=_WHICH),
    annexed=("number",))
class ProjectPublished(_OfProject):
    """A project stands in the published list under a number; from now on number, title and content stay."""

    number: str = ""


@states("learning.project.scheduled", _silent("继教项目已排期", "CME project scheduled"),
        annexed=("place_name", "timetable"))
class ProjectScheduled(Fact):
    """Days and timetable were filed, `late` by so many days; `moved`: days, hours or place were others before."""

    project: Ref
    from_on: date
    until_on: date
    minutes: int
    sessions: int
    late: int
    moved: bool = False
    place_name: str = ""
    timetable: str = ""  # JSON: day, hours, kind, topic and lecturer of each line


@states("learning.project.told", _silent("项目改期已通知", "People told of other days"))
class ProjectTold(Fact):
    """So many people were told that the days of a project are others than before."""

    project: Ref
    from_on: date
    until_on: date
    heads: int


@states("learning.project.led", _silent("继教项目负责人已变更", "Leader of a CME project changed"), annexed=("note",))
class ProjectLed(Fact):
    """Another person leads the project."""

    project: Ref
    leader: Ref
    note: str = ""


@states("learning.project.held", Vocabulary(
    zh="继续教育项目已举办", en="CME project held", nouns=_nouns("", ""), dimensions=_WHICH,
    quantities=(Quantity(field="hours", zh="继续教育学时", en="Hours of CME", units=("学时",)),)))
class ProjectHeld(_OfProject):
    """A project took place; its hours are those of its timetable."""

    hours: Decimal
    noted_on: date


@states("learning.project.reported", _silent("继教项目执行情况已上报", "CME project reported"))
class ProjectReported(Fact):
    """The execution was reported: people on site, online, from elsewhere; `late` by how many days after the term."""

    project: Ref
    heads: int
    online: int
    elsewhere: int
    late: int


@states("learning.project.reckoned", _silent("项目学分已核算", "Credits of a project reckoned"))
class ProjectReckoned(Fact):
    """The credits of a project were reckoned: so many were given, so many taken back."""

    project: Ref
    given: int
    taken: int


@states("learning.project.marked", _silent("项目待重新核算", "Projects marked to be reckoned anew"))
class ProjectsMarked(Fact):
    """Two entries are one person, or two after all: `stale`: projects whose issued credits may differ for it."""

    stale: tuple[Ref, ...]


# Credits -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _OfPresence(Fact):
    """What a fact says of minutes that somebody attended; `came_as`: as whom, before a merge of entries."""

    person: Ref
    came_as: Ref
    project: Ref
    day: date
    minutes: int
    channel: Code
    role: Code
    source: Ref


@states("learning.attendance.recorded", _silent("继教出勤已登记", "Attendance recorded"))
class AttendanceRecorded(_OfPresence):
    """Somebody attended a day of a project for so many valid minutes, as the source found out.

    `stale`: projects whose credits were issued before, and are to be reckoned anew.
    """

    attendance: Ref
    from_minute: int | None = None  # of the day
    until_minute: int | None = None
    stale: tuple[Ref, ...] = ()


@states("learning.attendance.refused", _silent("出勤未予计入", "Attendance not taken in"), annexed=("reason",))
class AttendanceRefused(_OfPresence):
    """An attendance that was confirmed elsewhere could not be taken in; the CME office decides."""

    refused: Ref
    corrects: Ref | None = None
    reason: str = ""


@states("learning.refused.settled", _silent("未计入出勤已处理", "Refused attendance settled"), annexed=("answer",))
class RefusedSettled(Fact):
    """The CME office took an attendance in after all, or left it out for good."""

    refused: Ref
    person: Ref
    accepted: bool
    answer: str = ""


@states("learning.test.recorded", _silent("考核成绩已登记", "Test result recorded"))
class TestRecorded(Fact):
    """Somebody took the test of a project with this score; `stale`: its credits were issued, to be reckoned anew."""

    __test__ = False

    person: Ref
    project: Ref
    score: Decimal
    taken_on: date
    stale: tuple[Ref, ...] = ()


@states("learning.credit.awarded", Vocabulary(
    zh="继续教育学分已授予", en="CME credits awarded",
    nouns=(Noun(zh="学分授予", en="award of credits", units=("人次", "人")),),
    dimensions=(Dimension(field="kind", zh="学分来源", en="Where credits come from"),
                Dimension(field="level", zh="项目级别", en="Level of the project"),
                Dimension(field="year", zh="计入年度", en="Year of the credits"),
                Dimension(field="organisation", zh="承办分支机构", en="Branch in charge"),
                Dimension(field="person", zh="获学分人员", en="People with credits", distinct=True,
                          units=("人", "名"))),
    quantities=(Quantity(field="credits", zh="继续教育学分", en="CME credits", units=("分", "学分")),)))
class CreditAwarded(Fact):
    """Somebody has credits: of a project by the minutes attended, or by an accepted claim."""

    award: Ref
    person: Ref
    kind: Code
    level: Code | None = None
    year: int
    credits: Decimal
    minutes: int
    hours: Decimal
    per_credit: int | None = None
    specialist: bool = True
    issued_on: date
    project: Ref | None = None
    claim: Ref | None = None
    organisation: Ref | None = None


@states("learning.credit.revoked", _silent("继续教育学分已收回", "CME credits taken back"), annexed=("reason",))
class CreditRevoked(Fact):
    """An award was taken back: its attendance was corrected, or, `decided`, it had been obtained wrongly."""

    award: Ref
    person: Ref
    decided: bool = False
    reason: str = ""


@states("learning.claim.filed", _silent("外部学分已申报", "Outside credits claimed"), annexed=("words",))
class ClaimFiled(Fact):
    """Somebody asked for credits that were earned elsewhere."""

    claim: Ref
    person: Ref
    kind: Code
    asked: Decimal
    hours: Decimal
    months: int
    specialist: bool
    completed_on: date
    words: str = ""


@states("learning.claim.decided", _silent("外部学分已审核", "Outside credits decided"), annexed=("answer",))
class ClaimDecided(Fact):
    """Somebody else accepted a claim, wholly or in part, or refused it."""

    claim: Ref
    person: Ref
    accepted: bool
    credits: Decimal
    answer: str = ""


@states("learning.duty.set", _silent("学分要求类别已设定", "Requirement set"))
class DutySet(Fact):
    """From a day on somebody stands under this requirement."""

    person: Ref
    what: Code
    from_on: date


@states("learning.bar.imposed", _silent("已停止申报资格", "Barred from applying"), annexed=("reason",))
class BarImposed(Fact):
    """Somebody, or a branch, may not apply from a day until before another."""

    bar: Ref
    about: Ref
    from_on: date
    until_on: date
    reason: str = ""


# Certificates ------------------------------------------------------------------------------------


@states("learning.certificate.issued", Vocabulary(
    zh="学分证书已颁发", en="Certificate of credits issued",
    nouns=(Noun(zh="学分证书", en="certificate of credits", units=("份", "张", "本")),)),
    annexed=("number", "code", "name", "document"))
class CertificateIssued(Fact):
    """A paper was made out for an award, perhaps in place of an earlier one."""

    paper: Ref
    award: Ref
    person: Ref
    replaces: Ref | None = None
    number: str = ""
    code: str = ""
    name: str = ""
    document: str = ""


@states("learning.certificate.revoked", _silent("学分证书已撤销", "Certificate of credits revoked"),
        annexed=("reason",))
class CertificateRevoked(Fact):
    """A paper holds no longer."""

    paper: Ref
    person: Ref
    reason: str = ""


@states("learning.openness.chosen", _silent("证书公开范围已选择", "Openness chosen"))
class OpennessChosen(Fact):
    """Somebody lets the public page of their certificates show the full name, or no longer."""

    person: Ref
    shown: bool
