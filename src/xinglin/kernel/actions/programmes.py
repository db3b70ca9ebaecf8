"""Opens rounds of programmes under the definition of the day."""

from datetime import date

from ..actors import Actor
from ..acts import act, joined, state
from ..facts_of_kernel import RoundOpened
from ..policy import Refusal, require
from ..ports.series import follows
from ..programmes import Programme, ProgrammeRound
from ..refs import Code, ref
from ..rights import may_act_alone


class WrongEdition(Refusal):
    """The round would repeat an earlier one or leave a gap."""

    field = "edition"


@act
def open_round(*, by: Actor, on: date, programme: Programme, edition: int) -> ProgrammeRound:
    """Open a round and keep the resolved definition and its digest."""
    require(may_act_alone(actor=by, joined=joined()))
    last = ProgrammeRound.objects.filter(programme=programme.code).order_by("-edition").first()
    if not (verdict := follows(last=last.edition if last else None, number=edition)):
        raise WrongEdition(verdict.reason)
    row = ProgrammeRound.objects.create(programme=programme.code, edition=edition, opened_on=on,
                                        definition=programme.resolved(), digest=programme.digest)
    state(RoundOpened(round=row.ref, programme=ref("kernel.programme", programme.code), digest=Code(row.digest)))
    return row
