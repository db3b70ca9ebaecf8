"""All tables of the kernel, gathered for Django."""

from .files import Attachment, StoredFile
from .flows import FlowCursor
from .ledger.models import Annex, Checkpoint, Head, Mention, SealedFact, Tile, UnsealedFact
from .notices.models import Letter, Notice
from .regulations import RegulationOverride
from .scheduler import ScheduleState

__all__ = [
    "Annex", "Attachment", "Checkpoint", "FlowCursor", "Head", "Letter", "Mention", "Notice",
    "RegulationOverride", "ScheduleState", "SealedFact", "StoredFile", "Tile", "UnsealedFact",
]
