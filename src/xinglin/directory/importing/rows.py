"""What checking a table yields: what each good row says, and why each other one is not taken."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from ..checks import Proven
from ..lists import post_titles

Report = Callable[[int, int, str], None]


def quiet(done: int, total: int, message: str) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: its column, the reason, what would be right."""

    column: str
    reason: str
    right: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken, or (among the remarks) not in every column, by its number in the file."""

    row: int
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class Office:
    """A post a row gives: which, where, from when until before when."""

    organisation: int
    title: str
    from_on: date
    until_on: date | None
    session: int | None
    decision: str
    row: int

    @property
    def label(self) -> str:
        """The post in words."""
        return post_titles.label(self.title)


@dataclass(slots=True)
class Job:
    """A unit a row names."""

    organisation: int
    department: str
    position: str
    row: int


@dataclass(slots=True)
class Entrant:
    """One person of the file, from one row or several.

    `key` is set when the directory knows them already; then `fills` names what it lacks and the rows say.
    """

    name: str
    rows: list[int]
    sex: str = ""
    born_on: date | None = None
    mobile: str = ""
    email: str = ""
    remark: str = ""
    proven: Proven | None = None
    title: str = ""
    specialty: str = ""
    key: int | None = None
    jobs: list[Job] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    fills: list[str] = field(default_factory=list)

    @property
    def number(self) -> tuple[str, str, str] | None:
        """The document by kind, country and number."""
        return (self.proven.kind, self.proven.country, self.proven.number) if self.proven else None


@dataclass(slots=True)
class Body:
    """One organisation of the file; `parent` is the key of a known one or the name of one in the same file."""

    row: int
    name: str
    short_name: str
    kind: str
    level: str
    region: str
    credit_code: str
    parent: int | str | None
    from_on: date | None


@dataclass(slots=True)
class Checked:
    """The outcome of checking a table."""

    rows: int = 0
    entrants: list[Entrant] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[Rejected] = field(default_factory=list)  # rows that are taken, but not all they say

    @property
    def accepted(self) -> int:
        """How many rows are good."""
        return self.rows - len(self.rejected)
