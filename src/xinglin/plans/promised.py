"""Answers the port `Promises`: which commitment of the adopted plan counts the facts that an engine asks about."""

from datetime import date

from xinglin.kernel.ports import provide
from xinglin.kernel.ports.promises import Promise, Promises
from xinglin.kernel.refs import ref

from .commitments import Commitment
from .documents import Plan
from .measures import Measure


class Planned:
    """What the plans in force promise."""

    def of(self, *, fact: str, filter: tuple[tuple[str, str], ...], on: date) -> Promise | None:
        """Return the largest number promised of the facts under exactly this filter, None when nothing."""
        rows = Measure.objects.filter(
            main=True, fact_type=fact, how=Measure.How.COUNT, commitment__in=Commitment.objects.standing(),
            commitment__plan__year=on.year, commitment__plan__state=Plan.State.ADOPTED,
            commitment__value_min__isnull=False).select_related("commitment").order_by("-commitment__value_min", "pk")
        for one in rows:
            if {(name, str(value)) for name, value in one.filter} == set(filter):
                promise = one.commitment
                return Promise(number=promise.value_min, words=promise.text,
                               commitment=ref("plans.commitment", promise.pk))
        return None


provide(Promises, Planned())
