"""Choosing how a commitment is counted, inside its card."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.vocabulary import Term, terms
from xinglin.shell.web import perform

from ..actions.assigning import bind_commitment, bind_to_evidence
from ..binding import propose_measures
from ..commitments import Commitment
from ..facts import EvidenceVerified
from ..happened import total_kept
from ..measures import Measure
from ..measuring import Asked
from ..policy import may_assign
from .correcting import answered
from .doors import commitment_or_404, reads_plans


@reads_plans
def measures(request: HttpRequest, key: int) -> HttpResponse:
    """Answer with what counts a commitment now, and what else could."""
    commitment = commitment_or_404(key)
    return render(request, "plans/parts/measures.html", measures_of(request, commitment, brief="brief" in request.GET))


def measures_of(request: HttpRequest, commitment: Commitment, *, brief: bool = False) -> dict[str, Any]:
    """Return the bound measures and the proposals with last year's and this year's figures."""
    bound = list(commitment.measures.all())
    wanted = request.GET.get("word", "").strip()
    known = _matching(wanted) if wanted else None
    taken = {(one.fact_type, one.how, one.field, str(one.filter)) for one in bound}
    proposals = [
        one
        for one in propose_measures(commitment=commitment, on=clock.today(), known=known, most=1 if brief else 4)
        if (one.term.fact, one.how, one.term.field or "", str([list(pair) for pair in one.term.filter])) not in taken
    ]
    return {
        "commitment": commitment,
        "bound": [(one, figure_of(one)) for one in bound],
        "proposals": proposals,
        "year": commitment.plan.year,
        "word": wanted,
        "brief": brief,
        "by_evidence": any(one.fact_type == EvidenceVerified.TYPE for one in bound),
        "may_assign": may_assign(actor=request.actor, plan=commitment.plan),
        "needs_reason": commitment.plan.state != commitment.plan.State.DRAFT and any(one.main for one in bound),
    }


def figure_of(measure: Measure) -> Any:
    """Return what a measure has counted so far."""
    return total_kept(asked=Asked.of(measure))


def _matching(word: str) -> list[Term]:
    """Return the terms a typed word names; matching counts more than the sentence then."""
    return [one for one in terms(clock.today()) if word in one.zh or any(word in noun for noun in one.nouns)]


@reads_plans
@require_POST
def bind(request: HttpRequest, key: int) -> HttpResponse:
    """Confirm a measure in one click."""
    commitment = commitment_or_404(key)
    why = request.POST.get("why", "")
    if request.POST.get("term") == "evidence":
        outcome = perform(request, bind_to_evidence, commitment=commitment, why=why)
    else:
        term = next((one for one in terms(clock.today()) if one.key == request.POST.get("term")), None)
        if term is None:
            return _refused(request, commitment, _("This kind of fact is no longer counted. Choose another."))
        outcome = perform(
            request,
            bind_commitment,
            commitment=commitment,
            term=term,
            how=_how(request),
            main=request.POST.get("second") != "1",
            why=why,
        )
    if not outcome:
        return _refused(request, commitment, outcome.refusal.message)
    return answered(request, commitment, _("%(no)s: measure confirmed.") % {"no": commitment.no})


def _how(request: HttpRequest) -> str:
    how = request.POST.get("how", "")
    return how if how in Measure.How.values else ""


def _refused(request: HttpRequest, commitment: Commitment, message: Any) -> HttpResponse:
    context = {**measures_of(request, commitment), "error": message, "why": request.POST.get("why", "")}
    response = render(request, "plans/parts/measures.html", context, status=422)
    response["HX-Retarget"], response["HX-Reswap"] = f"#measures-{commitment.pk}", "outerHTML"
    return response
