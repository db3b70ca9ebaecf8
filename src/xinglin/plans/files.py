"""Who may read the files of plans: documents as received, and what shows progress."""

from xinglin.kernel.actors import Actor
from xinglin.kernel.files import readable
from xinglin.kernel.policy import Verdict
from xinglin.kernel.refs import Ref

from .policy import may_see_plans

DOCUMENT, EVIDENCE = "plans.document", "plans.evidence"


@readable(DOCUMENT)
def may_read_original(actor: Actor, to: Ref) -> Verdict:
    """Whoever reads plans reads the document as received."""
    return may_see_plans(actor=actor)


@readable(EVIDENCE)
def may_read_evidence(actor: Actor, to: Ref) -> Verdict:
    """Whoever reads plans reads what shows progress."""
    return may_see_plans(actor=actor)
