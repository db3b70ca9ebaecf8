"""The facts behind one figure of a paper, as they stood when the paper was drawn."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from xinglin.kernel.facts import fact_type
from xinglin.shell.units import speaks_chinese

from ...measures import Measure
from ...measuring import parts_of
from ...web.doors import reads_plans
from ...web.facts import FactTable
from ..asking import WrongQuestion, question_of
from ..figures import facts_behind, value_of


class PaperFacts(FactTable):
    """The facts of a figure among the first so many of the ledger."""

    code = "plans.paper_facts"

    def rows(self) -> Any:
        """Return the facts that counted when the paper was drawn."""
        return facts_behind(asked=self.given["asked"], size=self.given["size"]).defer("content", "link")


@reads_plans
def figure(request: HttpRequest) -> HttpResponse:
    """List the facts behind a figure of a paper."""
    size = request.GET.get("size", "")
    try:
        asked = question_of(given=request.GET, where=request.GET.getlist("where"),
                            base=request.GET.getlist("base"))
    except WrongQuestion as wrong:
        raise Http404 from wrong
    if not size.isdigit() or len(size) > 18:
        raise Http404
    words = fact_type(asked.fact_type).VOCABULARY
    context = {
        "asked": asked,
        "label": words.zh if speaks_chinese() else words.en,
        "figure": value_of(asked=asked, size=int(size)),
        "parts": parts_of(asked=asked, upto=int(size)) if asked.how == Measure.How.RATIO else (),
        "unit": "%" if asked.how == Measure.How.RATIO else "",
        "span": (asked.from_on, asked.until_on),
    }
    return PaperFacts(request, asked=asked, size=int(size)).response("plans/facts.html", context)
