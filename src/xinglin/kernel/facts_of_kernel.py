"""The facts the kernel itself states: about its own bookkeeping, never promised in a plan."""

from datetime import date

from .facts import Fact, Vocabulary, states
from .refs import Code, Ref


def _quiet(zh: str, en: str) -> Vocabulary:
    return Vocabulary(zh=zh, en=en, countable=False)


@states("kernel.annex.forgotten", _quiet("附件信息已删除", "Annex forgotten"))
class AnnexForgotten(Fact):
    """The personal words of a fact were deleted on request; the chain keeps the proof that they existed."""

    fact: Ref
    reason: Code


@states("kernel.regulation.overridden", _quiet("规则取值已改定", "Regulation overridden"))
class RegulationOverridden(Fact):
    """The association set its own value for a dated parameter."""

    override: Ref
    regulation: Ref


@states("kernel.file.attached", _quiet("文件已附上", "File attached"), annexed=("name",))
class FileAttached(Fact):
    """A file was attached to a thing; the ref of a file is the digest of its content."""

    file: Ref
    to: Ref
    type: Code
    size: int
    name: str = ""


@states("kernel.file.detached", _quiet("文件已取下", "File detached"))
class FileDetached(Fact):
    """A thing no longer refers to a file."""

    file: Ref
    to: Ref


@states("kernel.file.discarded", _quiet("文件已清除", "File discarded"))
class FileDiscarded(Fact):
    """A file to which nothing refers was given up; its bytes are deleted at once."""

    file: Ref


@states("kernel.series.opened", _quiet("文号序列已设定", "Number series opened"), annexed=("pattern",))
class SeriesOpened(Fact):
    """A series of document numbers was opened, or its pattern was changed for numbers to come."""

    series: Ref
    pattern: str


@states("kernel.number.issued", _quiet("文号已编", "Number issued"))
class NumberIssued(Fact):
    """A document number was given to a thing."""

    number: Ref
    series: Ref
    year: int
    serial: int
    about: Ref | None = None


@states("kernel.number.voided", _quiet("文号已作废", "Number voided"))
class NumberVoided(Fact):
    """A document number was voided; it stays in the register and is never given again."""

    number: Ref
    reason: Code


@states("kernel.day.declared", _quiet("休息日或工作日已设定", "Day declared"))
class DayDeclared(Fact):
    """A day was declared off or on for the association, beside or against the public calendar."""

    day: date
    off: bool
    statutory: bool = False


@states("kernel.day.withdrawn", _quiet("休息日或工作日设定已撤回", "Day withdrawn"))
class DayWithdrawn(Fact):
    """The association's own word about a day was withdrawn; the public calendar holds again."""

    day: date


@states("kernel.round.opened", _quiet("项目轮次已开启", "Round opened"))
class RoundOpened(Fact):
    """A round of a programme began under a definition whose digest is stated here."""

    round: Ref
    programme: Ref
    digest: Code
