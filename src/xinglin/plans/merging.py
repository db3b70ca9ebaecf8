"""How what plans ask of people follows when two entries of the directory are one person."""

from django.utils.translation import gettext_lazy as _

from xinglin.directory.merging import moving_refs, register_merge

from .commitments import Commitment
from .running import ChangeRequest, Evidence

# Who handed in or asked never decides, so the author follows too.
_COLUMNS = (
    ("plans.responsible", _("Commitments to answer for"), Commitment, "responsible"),
    ("plans.leader", _("Commitments led"), Commitment, "leader"),
    ("plans.evidence", _("Evidence handed in"), Evidence, "by"),
    ("plans.changes", _("Changes asked for"), ChangeRequest, "by"),
)


def register_movers() -> None:
    """Register how commitments, evidence and requests follow a merge."""
    for kind, label, model, field in _COLUMNS:
        register_merge(kind, moving_refs(kind=kind, label=label, model=model, field=field))
