"""All tables of the kernel, gathered for Django."""

from .calendar import DeclaredDay
from .files import Attachment, StoredFile
from .flows import FlowCursor
from .jobs import Job
from .ledger.models import Annex, Checkpoint, Head, Mention, SealedFact, Tile, UnsealedFact
from .notices.models import Letter, Notice
from .numbering import IssuedNumber, NumberSeries
from .programmes import ProgrammeRound
from .regulations import RegulationOverride
from .scheduler import ScheduleState

__all__ = [
    "Annex", "Attachment", "Checkpoint", "DeclaredDay", "FlowCursor", "Head", "IssuedNumber", "Job",
    "Letter", "Mention", "Notice", "NumberSeries", "ProgrammeRound", "RegulationOverride", "ScheduleState",
    "SealedFact", "StoredFile", "Tile", "UnsealedFact",
]
