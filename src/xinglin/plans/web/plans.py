"""Plans by year: the list, a new document, a new draft, adoption, the comparison of drafts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.files import attachments, may_download, respond_with
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Ref, ref
from xinglin.shell.web import allow, done, perform

from ..actions.assigning import carry_over_all
from ..actions.documents import NoYear, adopt_plan, close_plan, read_document
from ..carrying import left_over
from ..documents import Document, Plan
from ..files import DOCUMENT
from ..policy import may_correct_plan, may_read_document, may_read_draft
from .doors import plan_or_404, reads_plans
from .forms import AdoptForm, DocumentForm
from .listing import by_year
from .reading import Read, read_form


@reads_plans
def plans(request: HttpRequest) -> HttpResponse:
    """Show plans by year, and where a document goes in."""
    return _list(request, DocumentForm())


def _list(request: HttpRequest, form: DocumentForm) -> HttpResponse:
    context = {"years": by_year(), "form": form, "may_read": may_read_document(actor=request.actor)}
    return render(request, "plans/plans.html", context, status=422 if form.failed else 200)


@reads_plans
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Read a document into a new plan."""
    allow(may_read_document(actor=request.actor))
    form = DocumentForm(request.POST, request.FILES, ask_year=bool(request.POST.get("kept")))
    plan = _take_in(request, form)
    return _to_plan(request, plan) if plan else _list(request, form)


@reads_plans
def redraft(request: HttpRequest, key: int) -> HttpResponse:
    """Read a further draft into a plan, and show what it changes."""
    plan = plan_or_404(key)
    allow(may_read_draft(actor=request.actor, plan=plan))
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and _take_in(request, form, plan=plan):
        return done(request, _("New draft read."), reverse("plans:drafts", args=[plan.pk]))
    context = {"plan": plan, "form": form}
    return render(request, "plans/redraft.html", context, status=422 if form.failed else 200)


def _take_in(request: HttpRequest, form: DocumentForm, plan: Plan | None = None) -> Plan | None:
    if not form.is_valid():
        return None
    try:
        found = read_form(form)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    into = form.cleaned_data.get("into", "")
    if plan is None and not into and (twins := _twins(found, form.cleaned_data.get("year"))):
        _ask_plan(form, found, twins)
        return None
    plan = plan or (Plan.objects.filter(pk=int(into)).first() if into.isdigit() else None)
    given = {"reading": found.reading, "name": found.name, "sha256": found.sha256, "file": found.kept}
    outcome = perform(request, read_document, form, plan=plan, year=form.cleaned_data.get("year"), **given)
    if isinstance(outcome.refusal, NoYear):
        _ask_year(form, found, outcome.refusal)
    return outcome.answer if outcome else None


def _twins(found: Read, year: int | None) -> list[Plan]:
    """Return the open plans of the same year and title: most uploads of one are its next draft."""
    year = year or max(found.reading.years, default=None)
    if not found.reading.title:
        return []
    return list(Plan.objects.filter(year=year, title=found.reading.title[:190]).exclude(state=Plan.State.CLOSED))


def _ask_plan(form: DocumentForm, found: Read, twins: list[Plan]) -> None:
    """Bring the form back with the choice between the next draft and another plan, the file held."""
    form.data = form.data.copy()
    form.data["kept"], form.data["name"] = str(found.kept.ref), found.name
    drafts = [
        (str(one.pk), _("Draft %(n)s of “%(title)s”") % {"n": one.documents.count() + 1, "title": one.title})
        for one in twins
        if one.state == Plan.State.DRAFT
    ]
    form.ask_plan([*drafts, ("new", _("Another plan of the same title"))])
    form.add_error("into", _("A plan of this year and title is here already. Say where this document goes."))


def _ask_year(form: DocumentForm, found: Read, refusal: Refusal) -> None:
    """Bring the form back with the year's field, holding on to the file so that it is not chosen twice."""
    form.data = form.data.copy()
    form.data["kept"], form.data["name"] = str(found.kept.ref), found.name
    form.ask_year()
    form.refusals.clear()
    form.refuse(refusal)


def _to_plan(request: HttpRequest, plan: Plan) -> HttpResponse:
    count = plan.commitments.waiting().count()
    said = ngettext("%(n)s proposal was read.", "%(n)s proposals were read.", count) % {"n": count}
    return done(request, said, reverse("plans:plan", args=[plan.pk]))


@reads_plans
def adopt(request: HttpRequest, key: int) -> HttpResponse:
    """Adopt the plan after the meeting."""
    plan = plan_or_404(key)
    allow(may_correct_plan(actor=request.actor, plan=plan))
    form = AdoptForm(request.POST or None, initial={"adopted_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, adopt_plan, form, plan=plan, **form.cleaned_data)
        if outcome:
            return done(request, _("Plan adopted. Its lights start now."), reverse("plans:year"))
    count = plan.commitments.accepted().count()
    context = {"plan": plan, "form": form, "count": count}
    return render(request, "plans/adopt.html", context, status=422 if form.failed else 200)


@reads_plans
def close(request: HttpRequest, key: int) -> HttpResponse:
    """Close the year, after showing what that does."""
    plan = plan_or_404(key)
    allow(may_correct_plan(actor=request.actor, plan=plan))
    refusal = None
    if request.method == "POST":
        outcome = perform(request, close_plan, plan=plan)
        if outcome:
            return done(request, _("Year closed. Its figures stay as they stand."), reverse("plans:plans"))
        refusal = outcome.refusal
    return render(request, "plans/close.html", {"plan": plan, "refusal": refusal}, status=409 if refusal else 200)


@reads_plans
def drafts(request: HttpRequest, key: int) -> HttpResponse:
    """Show what each draft changed against the one before."""
    plan = plan_or_404(key)
    rows = list(plan.documents.order_by("-number").defer("reading", "text", "paragraphs"))
    wanted = request.GET.get("draft", "")
    chosen = next((one for one in rows if str(one.number) == wanted), rows[0] if rows else None)
    groups: dict[str, list[dict[str, str]]] = {"changed": [], "new": [], "gone": []}
    for one in chosen.differences if chosen and chosen.number > 1 else []:
        groups[one["what"]].append(one)
    may_read = may_read_draft(actor=request.actor, plan=plan)
    context = {"plan": plan, "drafts": rows, "chosen": chosen, "groups": groups, "may_read": may_read}
    return render(request, "plans/drafts.html", context)


@reads_plans
def carry(request: HttpRequest, key: int) -> HttpResponse:
    """Carry over what last year's plan left unfinished."""
    plan = plan_or_404(key)
    allow(may_correct_plan(actor=request.actor, plan=plan))
    rows = left_over(plan=plan, on=clock.today())
    if request.method == "POST":
        wanted = set(request.POST.getlist("commitment"))
        chosen = [one.commitment for one in rows if str(one.commitment.pk) in wanted]
        outcome = perform(request, carry_over_all, plan=plan, commitments=chosen)
        if outcome:
            count = len(chosen)
            said = ngettext("%(n)s commitment carried over.", "%(n)s commitments carried over.", count) % {"n": count}
            return done(request, said, reverse("plans:plan", args=[plan.pk]))
    return render(request, "plans/carry.html", {"plan": plan, "rows": rows})


@reads_plans
def original(request: HttpRequest, key: int) -> HttpResponse:
    """Hand out the document as it was received."""
    document = get_object_or_404(Document, pk=key)
    return hand_out(request, ref(DOCUMENT, document.pk))


def hand_out(request: HttpRequest, to: Ref) -> HttpResponse:
    """Answer with the file attached to a thing, to whoever may read it."""
    found = attachments(to=to)
    if not found:
        raise Http404
    allow(may_download(actor=request.actor, attachment=found[-1]))
    return respond_with(attachment=found[-1])
