"""The correction page: each step is one act, and answers with the parts that changed."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal
from xinglin.kernel.vocabulary import terms
from xinglin.shell.web import allow, done, perform

from ..actions.correcting import (
    accept_commitments,
    add_commitment,
    correct_commitment,
    discard_commitments,
    merge_commitments,
    split_commitment,
    take_commitment,
    undo_last,
)
from ..commitments import Change, Commitment
from ..documents import Plan
from ..measures import Measure
from ..policy import may_correct_plan, may_edit_commitment
from .cards import SURE, all_of, cards_of, chapters_of, in_tab, last_step, reading_of, state_of, tab_of
from .doors import commitment_or_404, plan_or_404, reads_plans
from .forms import AddForm, CardForm, card_values
from .parting import part_forms


@reads_plans
def plan(request: HttpRequest, key: int) -> HttpResponse:
    """Show the document on one side and the commitments on the other."""
    context = reading_of(plan=plan_or_404(key), request=request)
    return render(request, "plans/plan.html", context)


@reads_plans
def cards(request: HttpRequest, key: int) -> HttpResponse:
    """Answer with the cards of a tab."""
    rows = all_of(plan := plan_or_404(key))
    context = state_of(plan=plan, request=request, rows=rows, tab=request.GET.get("tab", ""))
    context["cards"] = cards_of(commitments=in_tab(rows, context["tab"]), request=request)
    return render(request, "plans/parts/cards.html", context)


@reads_plans
def card(request: HttpRequest, key: int) -> HttpResponse:
    """Answer with one card as it stands."""
    commitment = commitment_or_404(key)
    one = cards_of(commitments=[commitment], request=request)[0]
    return render(request, "plans/parts/card.html", {"card": one, "tab": request.GET.get("tab", "")})


def answered(request: HttpRequest, commitment: Commitment, message: Any) -> HttpResponse:
    """Answer a step on one card: the card, what stands around it, a toast that can undo."""
    plan = commitment.plan
    if "/plans/commitment/" in request.headers.get("HX-Current-URL", ""):
        return done(request, message, reverse("plans:commitment", args=[commitment.pk]))
    if not request.headers.get("HX-Request"):
        return done(request, message, reverse("plans:plan", args=[plan.pk]) + f"#c-{commitment.pk}", undo=_undo(plan))
    rows = all_of(plan)
    tab = request.POST.get("tab", "")
    context = state_of(plan=plan, request=request, rows=rows, tab=tab)
    shown = [one for one in in_tab(rows, tab) if one.pk == commitment.pk]
    context["card"] = cards_of(commitments=shown, request=request)[0] if shown else None
    context["oob"] = True
    response = render(request, "plans/parts/card_answer.html", context)
    response["HX-Trigger"] = _news(plan=plan, rows=rows, message=message)
    return response


def _undo(plan: Plan) -> str:
    step = last_step(plan=plan)
    return reverse("plans:undo", args=[plan.pk, step.pk]) if step else ""


def _news(*, plan: Plan, rows: list[Commitment], message: Any) -> str:
    """Tell the page what the marks and numbers are now: discarding one renumbers those after it."""
    marks = {str(one.pk): [one.no, tab_of(one)] for one in rows}
    return json.dumps(
        {
            "plans:marks": {"marks": marks},
            "x-toast": {"text": str(message), "undo": _undo(plan), "level": "ok"},
        }
    )


def renewed(request: HttpRequest, plan: Plan, message: Any, *, undo: bool = True) -> HttpResponse:
    """Answer a step that changes which cards there are: both sides anew, the page stays where it is."""
    if not request.headers.get("HX-Request"):
        return done(request, message, reverse("plans:plan", args=[plan.pk]))
    request.GET = request.GET.copy()
    request.GET["tab"] = request.POST.get("tab", "")
    response = render(request, "plans/parts/reading.html", {**reading_of(plan=plan, request=request), "oob": True})
    response["HX-Retarget"], response["HX-Reswap"] = "#read", "outerHTML"
    response["HX-Trigger-After-Swap"] = json.dumps(
        {"x-toast": {"text": str(message), "undo": _undo(plan) if undo else "", "level": "ok"}}
    )
    return response


def refused(request: HttpRequest, refusal: Refusal, status: int = 409) -> HttpResponse:
    """Answer with the reason above the cards; nothing else on the page moves."""
    response = render(request, "shell/parts/refused.html", {"refusal": refusal}, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#read-say", "innerHTML"
    return response


@reads_plans
@require_POST
def accept(request: HttpRequest, key: int) -> HttpResponse:
    """Accept a card as it stands, with the measure ticked in it."""
    commitment, given = commitment_or_404(key), request.POST
    term = next((one for one in terms(clock.today()) if one.key == given.get("term")), None)
    how = given.get("how", "") if given.get("how") in Measure.How.values else ""
    outcome = perform(request, take_commitment, commitment=commitment, seen=given.get("stamp", ""), term=term, how=how)
    if not outcome:
        return refused(request, outcome.refusal)
    return answered(request, commitment, _("%(no)s accepted.") % {"no": commitment.no})


@reads_plans
@require_POST
def discard(request: HttpRequest, key: int) -> HttpResponse:
    """Say that a card is no commitment."""
    commitment = commitment_or_404(key)
    seen, no = {commitment.pk: request.POST.get("stamp", "")}, commitment.no
    outcome = perform(request, discard_commitments, commitments=[commitment], seen=seen)
    if not outcome:
        return refused(request, outcome.refusal)
    return answered(request, commitment, _("%(no)s is no commitment.") % {"no": no})


@reads_plans
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Open a card for editing, and save it."""
    commitment = commitment_or_404(key)
    allow(may_edit_commitment(actor=request.actor, commitment=commitment))
    form = CardForm(request.POST or None, prefix=f"c{key}", initial=card_values(commitment))
    if request.method == "POST" and form.is_valid():
        outcome = perform(
            request,
            correct_commitment,
            form,
            commitment=commitment,
            correction=form.target(),
            assignment=form.assignment(),
            seen=form.cleaned_data["stamp"],
        )
        if outcome:
            return answered(request, commitment, _("%(no)s saved and accepted.") % {"no": commitment.no})
        _look_again(form, commitment)
    context = {
        "card": cards_of(commitments=[commitment], request=request)[0],
        "form": form,
        "tab": request.POST.get("tab") or request.GET.get("tab", ""),
    }
    return render(request, "plans/parts/card_edit.html", context, status=422 if form.failed else 200)


def _look_again(form: CardForm, commitment: Commitment) -> None:
    """After a refusal the page has seen what stands now, so that saving again is a decision."""
    commitment.refresh_from_db()
    form.data = form.data.copy()
    form.data[form.add_prefix("stamp")] = commitment.stamp


@reads_plans
def split(request: HttpRequest, key: int) -> HttpResponse:
    """Split a card into parts."""
    commitment = commitment_or_404(key)
    allow(may_edit_commitment(actor=request.actor, commitment=commitment))
    forms = part_forms(commitment=commitment, posted=request.POST or None)
    valid = [one.is_valid() for one in forms]  # every part shows its own errors
    if request.method == "POST" and all(valid):
        outcome = perform(
            request,
            split_commitment,
            forms[0],
            commitment=commitment,
            parts=[one.target() for one in forms],
            seen=request.POST.get("stamp", ""),
        )
        if outcome:
            return renewed(request, commitment.plan, _("%(no)s split.") % {"no": commitment.no})
    context = {
        "card": cards_of(commitments=[commitment], request=request)[0],
        "forms": forms,
        "stamp": commitment.stamp,
        "tab": request.POST.get("tab") or request.GET.get("tab", ""),
    }
    failed = any(one.failed for one in forms)
    return render(request, "plans/parts/card_split.html", context, status=422 if failed else 200)


@reads_plans
@require_POST
def accept_sure(request: HttpRequest, key: int) -> HttpResponse:
    """Accept all proposals of high confidence at once."""
    plan = plan_or_404(key)
    chosen = [one for one in all_of(plan) if tab_of(one) == "waiting" and one.confidence >= SURE]
    outcome = perform(request, accept_commitments, commitments=chosen)
    if not outcome:
        return refused(request, outcome.refusal)
    count = len(chosen)
    return renewed(request, plan, ngettext("%(n)s accepted.", "%(n)s accepted.", count) % {"n": count})


MANY = {
    "accept": (accept_commitments, lambda n: ngettext("%(n)s accepted.", "%(n)s accepted.", n)),
    "discard": (discard_commitments, lambda n: ngettext("%(n)s discarded.", "%(n)s discarded.", n)),
    "merge": (merge_commitments, lambda n: ngettext("%(n)s merged.", "%(n)s merged.", n)),
}


@reads_plans
@require_POST
def chosen(request: HttpRequest, key: int) -> HttpResponse:
    """Accept, discard or merge the ticked cards."""
    plan = plan_or_404(key)
    act, said = MANY.get(request.POST.get("do", ""), MANY["accept"])
    keys = [int(one) for one in request.POST.getlist("pick") if one.isdigit()]
    outcome = perform(request, act, commitments=list(plan.commitments.filter(pk__in=keys).select_related("plan")))
    if not outcome:
        return refused(request, outcome.refusal)
    return renewed(request, plan, said(len(keys)) % {"n": len(keys)})


def _begun(plan: Plan, request: HttpRequest) -> dict[str, Any]:
    """Return what the form of a missed commitment shows first: the words marked in the document."""
    marked = {name: request.GET[name] for name in ("text", "span_from", "span_to", "chapter") if name in request.GET}
    return {"kind": "count", "bound": "min", "modality": "must", "deadline": f"{plan.year}-12-31", **marked}


@reads_plans
def add(request: HttpRequest, key: int) -> HttpResponse:
    """Add a commitment the reader missed."""
    plan = plan_or_404(key)
    allow(may_correct_plan(actor=request.actor, plan=plan))
    form = AddForm(request.POST or None, initial=_begun(plan, request), chapters=chapters_of(all_of(plan)))
    if request.method == "POST" and form.is_valid():
        given = {**form.target(), **form.placed()}
        document = plan.documents.last()
        outcome = perform(request, add_commitment, form, plan=plan, document=document, span=form.span(), **given)
        if outcome:
            return renewed(request, plan, _("%(no)s added.") % {"no": outcome.answer.no})
    context = {"plan": plan, "form": form, "tab": request.POST.get("tab") or request.GET.get("tab", "")}
    return render(request, "plans/parts/add.html", context, status=422 if form.failed else 200)


@reads_plans
@require_POST
def undo(request: HttpRequest, key: int, step: int = 0) -> HttpResponse:
    """Take back one step: the one the toast names, else the latest."""
    plan = plan_or_404(key)
    change = get_object_or_404(Change, pk=step, plan=plan) if step else None
    outcome = perform(request, undo_last, plan=plan, change=change)
    if not outcome:
        return refused(request, outcome.refusal)
    return renewed(request, plan, _("Taken back."), undo=False)
