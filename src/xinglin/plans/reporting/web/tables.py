"""The decomposition table in Excel: out, back in with a preview, and the three lists."""

from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.files import keep, open_file
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import Ref
from xinglin.lib.tables import TableRefused
from xinglin.shell.asking import actor_of
from xinglin.shell.units import speaks_chinese
from xinglin.shell.web import Outcome, allow, done, perform

from ...actions.table import import_table, preview_table
from ...documents import Plan
from ...policy import may_assign
from ...web.doors import plan_or_404, reads_plans
from ..table_in import TablePreview
from ..table_out import lists_of, table_of
from .files import workbook
from .forms import TableForm

TAKEN = ("xlsx", "csv")


@reads_plans
def table_export(request: HttpRequest, key: int) -> HttpResponse:
    """Hand out the decomposition table, to be filled in and taken back."""
    plan = plan_or_404(key)
    rows = plan.commitments.on_the_table().count()
    name = f"{plan.year}年任务分解表-{clock.today().isoformat()}"
    return workbook(request, content=table_of(plan=plan, on=clock.today()), code="plans.table", rows=rows, name=name)


@reads_plans
def lists_export(request: HttpRequest, key: int) -> HttpResponse:
    """Hand out the three lists in one workbook."""
    plan = plan_or_404(key)
    rows = plan.commitments.accepted().count()
    name = f"{plan.year}年三张清单-{clock.today().isoformat()}"
    return workbook(request, content=lists_of(plan=plan, on=clock.today()), code="plans.lists", rows=rows, name=name)


@reads_plans
def table_import(request: HttpRequest, key: int) -> HttpResponse:
    """Take a filled-in table and show what each row would change."""
    plan = plan_or_404(key)
    allow(may_assign(actor=request.actor, plan=plan))
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        preview = _previewed(request, plan, form, content)
        if preview is not None:
            kept = keep(content=ContentFile(content, name=form.cleaned_data["file"].name), accept=TAKEN)
            request.session[_slot(plan)] = str(kept.ref)
            return render(request, "plans/reporting/table_preview.html", _context(plan, preview))
    return render(request, "plans/reporting/table_import.html", {"plan": plan, "form": form},
                  status=422 if form.failed else 200)


@reads_plans
@require_POST
def table_take(request: HttpRequest, key: int) -> HttpResponse:
    """Write the rows of the table that was previewed; the file is read again as the plan stands now."""
    plan = plan_or_404(key)
    allow(may_assign(actor=request.actor, plan=plan))
    back = reverse("plans:table", args=[plan.pk])
    kept = request.session.get(_slot(plan), "")
    if not kept:
        return done(request, _("Upload the table first."), reverse("plans_reports:table_import", args=[plan.pk]),
                    level="warn")
    form = TableForm()
    preview = _previewed(request, plan, form, open_file(file=Ref(kept)).read())
    if preview is None:
        return render(request, "plans/reporting/table_import.html", {"plan": plan, "form": form}, status=422)
    outcome = _take(request, plan, preview)
    if not outcome:
        context = _context(plan, preview) | {"refusal": outcome.refusal}
        return render(request, "plans/reporting/table_preview.html", context, status=409)
    del request.session[_slot(plan)]
    said = ngettext("%(n)s row taken.", "%(n)s rows taken.", outcome.answer) % {"n": outcome.answer}
    return done(request, said, back)


def _take(request: HttpRequest, plan: Plan, preview: TablePreview) -> Outcome:
    return perform(
        request, import_table, plan=plan, rows=preview.having("change", "add", "same"),
        rejected=len(preview.having("rejected")), whole=request.POST.get("how") == "whole",
    )


def _slot(plan: Plan) -> str:
    return f"plans_table_{plan.pk}"


def _previewed(request: HttpRequest, plan: Plan, form: TableForm, content: bytes) -> TablePreview | None:
    try:
        return preview_table(by=actor_of(request), on=clock.today(), plan=plan, content=content)
    except TableRefused as refused:
        form.refuse(Refusal(refused.message(language="zh" if speaks_chinese() else "en"), field="file"))
    except Refusal as refusal:
        form.refuse(refusal)
    return None


def _context(plan: Plan, preview: TablePreview) -> dict[str, object]:
    groups = [
        (state, word, light, preview.having(state))
        for state, word, light in (
            ("rejected", _("Rejected"), "bad"), ("change", _("Changed"), "ok"), ("add", _("Added"), "done"),
        )
    ]
    return {
        "plan": plan, "preview": preview, "groups": [one for one in groups if one[3]],
        "taken": len(preview.having("change", "add")), "rejected": len(preview.having("rejected")),
        "same": len(preview.having("same")),
    }
