"""Takes over the list of risk areas; whoever reserved from an area that turned is flagged in the same act (C08)."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Code
from xinglin.lib.regions import region_of

from ..entering import flag_entries
from ..epidemics import RiskList
from ..facts_services import RiskListed
from ..reminding import tell_flagged
from ..services_policy import may_list_risks


class Faster(Refusal):
    """Another version came into force meanwhile."""


@act
def list_risk_areas(
    *, by: Actor, on: date, high: Sequence[str], medium: Sequence[str], source: str = ""
) -> RiskList:
    """Put a new version of the list in force; visitors who reserved from its areas are flagged at once."""
    require(may_list_risks(actor=by))
    problems = [Problem(field=field, message=_("%(code)s is no region.") % {"code": code})
                for field, codes in (("high", high), ("medium", medium)) for code in codes if not region_of(code=code)]
    problems += [Problem(field="medium", message=_("%(code)s stands in both lists.") % {"code": code})
                 for code in medium if code in set(high)]
    if problems:
        raise Refusals(problems)
    before = RiskList.objects.newest_locked()
    try:
        with transaction.atomic():
            row = RiskList.objects.create(version=before.version + 1 if before else 1, listed_on=on,
                                          high=sorted(set(high)), medium=sorted(set(medium)), source=source)
    except IntegrityError:
        raise Faster(_("Somebody else put a version in force right now; look again.")) from None
    for event, number in flag_entries(risks=row, on=on).items():
        tell_flagged(event, number=number, version=row.version, on=on)
    state(RiskListed(version=row.version, high=tuple(map(Code, row.high)), medium=tuple(map(Code, row.medium)),
                     source=source))
    return row
