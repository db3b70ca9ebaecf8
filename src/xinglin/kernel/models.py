"""All tables of the kernel, gathered for Django."""

from .flows import FlowCursor
from .ledger.models import Annex, Checkpoint, Head, Mention, SealedFact, Tile, UnsealedFact

from .regulations import RegulationOverride

__all__ = [
    "Annex", "Checkpoint", "FlowCursor", "Head", "Mention", "RegulationOverride", "SealedFact", "Tile", "UnsealedFact",
]
