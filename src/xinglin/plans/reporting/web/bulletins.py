"""Quarterly bulletins as files."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse

from xinglin.kernel import clock

from ...documents import Plan
from ...web.doors import plan_or_404, reads_plans
from ..bulletin import bulletin_paper, compose_bulletin, end_of
from .files import answer_with


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """A quarter of a plan's year, and whether it is over."""

    first: date
    last: date
    number: int
    over: bool


def quarters_of(*, plan: Plan, today: date) -> list[Quarter]:
    """Return the four quarters of a plan's year."""
    firsts = [date(plan.year, month, 1) for month in (1, 4, 7, 10)]
    return [Quarter(first=one, last=end_of(quarter=one), number=at, over=end_of(quarter=one) <= today)
            for at, one in enumerate(firsts, start=1)]


@reads_plans
def paper(request: HttpRequest, key: int, quarter: str, form: str) -> HttpResponse:
    """Hand out the bulletin of a quarter as Word or PDF."""
    plan = plan_or_404(key)
    wanted = {one.first.isoformat(): one for one in quarters_of(plan=plan, today=clock.today())}.get(quarter)
    if wanted is None or form not in {"docx", "pdf"}:
        raise Http404
    made = bulletin_paper(bulletin=compose_bulletin(plan=plan, quarter=wanted.first, on=clock.today()))
    return answer_with(paper=made, form=form, name=made.title)
