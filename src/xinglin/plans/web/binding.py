"""Choosing how a commitment is counted, inside its card."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.vocabulary import COUNT, Term, terms
from xinglin.shell.web import Outcome, perform

from ..actions.assigning import bind_commitment, bind_to_evidence
from ..binding import Proposal, proposal_of, propose_measures, wholes_of
from ..choosing import Choice, edition_of, edition_said
from ..commitments import Commitment
from ..facts import EvidenceVerified
from ..happened import total_kept
from ..measures import Measure
from ..measuring import Asked, stopped_at
from ..narrowing import narrowed_by, narrowings
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
    bound = list(commitment.measures.exclude(confirmed_on=None))
    wanted = request.GET.get("word", "").strip()
    proposals = _proposed(commitment, bound, wanted, brief)
    return {
        "commitment": commitment,
        "bound": [(one, figure_of(one)) for one in bound],
        "proposals": proposals if brief else _with_choices(commitment, proposals),
        "share": commitment.kind == Commitment.Kind.PERCENT,
        "year": commitment.plan.year,
        "word": wanted,
        "brief": brief,
        "by_evidence": any(one.fact_type == EvidenceVerified.TYPE for one in bound),
        "may_assign": may_assign(actor=request.actor, plan=commitment.plan),
        "needs_reason": commitment.plan.state != commitment.plan.State.DRAFT and any(one.main for one in bound),
    }


def _proposed(commitment: Commitment, bound: list[Measure], wanted: str, brief: bool) -> list[Proposal]:
    """Return what could count a commitment besides what does; a share takes two steps, for which a card has no room."""
    share = commitment.kind == Commitment.Kind.PERCENT
    if brief and share:
        return []
    known = _matching(wanted) if wanted else None
    most = 1 if brief else 8 if wanted else 4
    found = propose_measures(commitment=commitment, on=clock.today(), known=known, most=most)
    taken = {(one.fact_type, one.how, one.field, str(one.filter)) for one in bound}
    return [
        one
        for one in found
        if share
        or (one.term.fact, one.how, one.term.field or "", str([list(pair) for pair in one.choice.filter])) not in taken
    ]


def _with_choices(commitment: Commitment, proposals: list[Proposal]) -> list[tuple[Proposal, Any, Any]]:
    """Return each proposal with what narrows it and, for a percentage, the wholes of which it can be a share."""
    known = terms(clock.today())
    share = commitment.kind == Commitment.Kind.PERCENT
    return [
        (
            one,
            narrowings(term=one.term, commitment=commitment, known=known),
            wholes_of(term=one.term, known=known) if share else [],
        )
        for one in proposals
    ]


def figure_of(measure: Measure) -> Any:
    """Return what a measure has counted so far."""
    return total_kept(asked=Asked.of(measure), upto=stopped_at(plan=measure.commitment.plan))


def _matching(word: str) -> list[Term]:
    """Return the terms a typed word names, those called just so first; matching counts more than the sentence then."""
    found = [one for one in terms(clock.today()) if word in one.zh or any(word in noun for noun in one.nouns)]
    return sorted(found, key=lambda one: (word not in one.nouns, one.measure != COUNT))


def _chosen(commitment: Commitment, given: QueryDict) -> Choice | None:
    """Return what a form chooses: a term, a value on offer that narrows it, the whole of which it is a share."""
    known = terms(clock.today())
    term = next((one for one in known if one.key == given.get("term")), None)
    if term is None:
        return None
    key, how = given.get("narrow", ""), given.get("how", "")
    value = narrowed_by(key=key, offered=narrowings(term=term, commitment=commitment, known=known)) if key else None
    if key and value is None:
        return None
    extra = ((value.field, value.value),) if value else ()
    extra += edition_of(commitment=commitment, term=term, extra=extra)
    said = "，".join(one for one in (value.label if value else "", edition_said(extra)) if one)
    base = next((one for one in wholes_of(term=term, known=known) if one.key == given.get("base")), None)
    how = how if how in Measure.How.values else term.measure
    return Choice(term=term, how=how, extra=extra, base=base if how == Measure.How.RATIO else None, said=said)


@reads_plans
def would(request: HttpRequest, key: int) -> HttpResponse:
    """Answer with what a choice would have counted, before it is taken."""
    commitment = commitment_or_404(key)
    choice = _chosen(commitment, request.GET)
    if choice is None:
        raise Http404
    one = proposal_of(commitment=commitment, choice=choice)
    return render(request, "plans/parts/would.html", {"one": one, "year": commitment.plan.year})


@reads_plans
@require_POST
def bind(request: HttpRequest, key: int) -> HttpResponse:
    """Confirm a measure in one click."""
    commitment = commitment_or_404(key)
    why = request.POST.get("why", "")
    if request.POST.get("term") == "evidence":
        outcome = perform(request, bind_to_evidence, commitment=commitment, why=why)
    else:
        choice = _chosen(commitment, request.POST)
        if choice is None:
            return _refused(request, commitment, _("This kind of fact is no longer counted. Choose another."))
        if choice.how == Measure.How.RATIO and choice.base is None:
            return _refused(request, commitment, _("Choose the whole of which it is a share."))
        outcome = _bound(request, commitment, choice, why)
    if not outcome:
        return _refused(request, commitment, outcome.refusal.message)
    return answered(request, commitment, _("%(no)s: measure confirmed.") % {"no": commitment.no})


def _bound(request: HttpRequest, commitment: Commitment, choice: Choice, why: str) -> Outcome:
    return perform(
        request,
        bind_commitment,
        commitment=commitment,
        term=choice.term,
        how=choice.how,
        base_filter=choice.base.filter if choice.base else (),
        extra_filter=choice.extra,
        label=choice.label,
        main=request.POST.get("second") != "1",
        why=why,
    )


def _refused(request: HttpRequest, commitment: Commitment, message: Any) -> HttpResponse:
    context = {**measures_of(request, commitment), "error": message, "why": request.POST.get("why", "")}
    response = render(request, "plans/parts/measures.html", context, status=422)
    response["HX-Retarget"], response["HX-Reswap"] = f"#measures-{commitment.pk}", "outerHTML"
    return response
