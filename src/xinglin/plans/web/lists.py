"""三张清单: problem, task and responsibility lists, three views of the same items."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xinglin.kernel.refs import Ref
from xinglin.shell.naming import named
from xinglin.shell.web import allow, done, perform

from ..actions.assigning import assign_commitment
from ..policy import may_assign
from .assigning_forms import ItemForm
from .decomposing import Row, rows_of
from .doors import commitment_or_404, plan_or_404, reads_plans

LISTS = ("problem", "task", "duty")


def parties_of(row: Row) -> list[str]:
    """Return everybody an item names."""
    one = row.commitment
    return [part for part in (one.lead, *row.partners, one.responsible, one.leader) if part]


@reads_plans
def lists(request: HttpRequest, key: int) -> HttpResponse:
    """Show one of the lists, whole or for one party."""
    plan = plan_or_404(key)
    rows = rows_of(plan)
    party, which = request.GET.get("party", ""), request.GET.get("list", "task")
    labels = named({part for row in rows for part in parties_of(row)})
    shown = [row for row in rows if not party or party in parties_of(row)]
    counts = {
        "problem": sum(1 for row in shown if row.commitment.problem),
        "task": len(shown),
        "duty": sum(1 for row in shown if row.commitment.duty),
    }
    names = {"problem": _("Problems"), "task": _("Tasks"), "duty": _("Responsibilities")}
    context = {
        "plan": plan,
        "rows": shown,
        "which": which if which in LISTS else "task",
        "party": party,
        "tabs": [(name, names[name], counts[name]) for name in LISTS],
        "parties": sorted(((part, labels[part].label) for part in labels), key=lambda pair: pair[1]),
        "without": len(shown) - counts.get(which, len(shown)),
        "may_assign": may_assign(actor=request.actor, plan=plan),
    }
    return render(request, "plans/lists.html", context)


@reads_plans
def item(request: HttpRequest, key: int) -> HttpResponse:
    """Answer with one item, or open it for editing and save it; all three lists show the same row."""
    one = commitment_or_404(key)
    context: dict[str, Any] = {
        "which": request.POST.get("list") or request.GET.get("list", "task"),
        "may_assign": may_assign(actor=request.actor, plan=one.plan),
    }
    if "edit" not in request.GET and request.method != "POST":
        return render(request, "plans/parts/item.html", {**context, "row": rows_of(one.plan, [one])[0]})
    allow(context["may_assign"])
    form = ItemForm(request.POST or None, prefix=f"i{key}", initial=_values(one))
    if request.method == "POST" and form.is_valid():
        outcome = perform(request, assign_commitment, form, commitment=one, **form.assignment())
        if outcome:
            response = render(request, "plans/parts/item.html", {**context, "row": rows_of(one.plan, [one])[0]})
            response["HX-Trigger"] = done(request, _("%(no)s saved in all three lists.") % {"no": one.no})["HX-Trigger"]
            return response
    context |= {"row": rows_of(one.plan, [one])[0], "form": form}
    return render(request, "plans/parts/item_edit.html", context, status=422 if form.failed else 200)


def _values(one: Any) -> dict[str, Any]:
    return {
        "problem": one.problem,
        "duty": one.duty,
        "stamp": one.stamp,
        "lead": Ref(one.lead) if one.lead else None,
        "responsible": Ref(one.responsible) if one.responsible else None,
    }
