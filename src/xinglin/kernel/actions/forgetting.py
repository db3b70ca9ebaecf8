"""Forgets the personal words of a fact while the chain keeps its proof."""

import uuid
from datetime import date

from django.utils.translation import gettext_lazy as _

from ..actors import Actor
from ..acts import act, state
from ..facts_of_kernel import AnnexForgotten
from ..ledger.models import Annex
from ..policy import Refusal, require
from ..refs import Code, ref
from ..rights import may_forget_annex


class NothingToForget(Refusal):
    """The fact has no annex, or it was forgotten before."""


@act
def forget_annex(*, by: Actor, on: date, key: uuid.UUID, reason: str) -> None:
    """Delete the annex of one fact and say so; the fact and its digest stay."""
    require(may_forget_annex(actor=by))
    deleted, _rows = Annex.objects.filter(key=key).delete()
    if not deleted:
        raise NothingToForget(_("This fact has no personal words left to delete."))
    state(AnnexForgotten(fact=ref("kernel.fact", key), reason=Code(reason)))
