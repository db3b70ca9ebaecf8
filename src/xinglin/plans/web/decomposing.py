"""任务分解表: who leads, helps and answers for each commitment, by when, with which weight, money and milestones."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.shell.naming import named
from xinglin.shell.navigation import address
from xinglin.shell.web import allow, done, perform

from ..actions.assigning import assign_commitment, assign_commitments
from ..commitments import Commitment, Milestone, Partner
from ..documents import Plan
from ..policy import may_assign
from ..progress import Standing, standings
from .assigning_forms import AssignForm, ManyForm, assign_values
from .doors import commitment_or_404, plan_or_404, reads_plans
from .telling import figure_text, light_word, target_text


@dataclass(frozen=True, kw_only=True)
class Row:
    """One commitment in the table."""

    standing: Standing
    partners: list[str]
    milestones: list[Milestone]

    @property
    def commitment(self) -> Commitment:
        """Return the commitment."""
        return self.standing.commitment

    @property
    def light(self) -> str:
        """Return the mark's code."""
        return "off" if self.standing.light == "none" else self.standing.light

    @property
    def word(self) -> str:
        """Return the light's word."""
        return light_word(self.standing.light)

    @property
    def figure(self) -> str:
        """Return reached of target."""
        return figure_text(self.standing) if self.standing.measure else target_text(self.commitment) or "—"


def rows_of(plan: Plan, only: list[Commitment] | None = None) -> list[Row]:
    """Return the rows of a plan in its order, refs named with one question a kind."""
    chosen = only or list(
        plan.commitments.accepted()
        .select_related("plan")
        .prefetch_related(Prefetch("partners", Partner.objects.order_by("pk")), "milestones")
    )
    rows = [
        Row(
            standing=one,
            partners=[p.unit for p in one.commitment.partners.all()],
            milestones=list(one.commitment.milestones.all()),
        )
        for one in standings(plan=plan, on=clock.today(), commitments=chosen)
    ]
    named(
        part
        for row in rows
        for part in (row.commitment.lead, row.commitment.leader, row.commitment.responsible, *row.partners)
    )
    return rows


@reads_plans
def table(request: HttpRequest, key: int) -> HttpResponse:
    """Show the decomposition table, filtered by the address."""
    plan = plan_or_404(key)
    rows = rows_of(plan)
    shown = [row for row in rows if _wanted(row, request)]
    context = {
        "plan": plan,
        "rows": shown,
        "all": len(rows),
        "groups": _grouped(shown),
        "unled": sum(1 for row in rows if not row.commitment.lead),
        **_offered(rows),
        "lights": [(light, light_word(light)) for light in ("done", "ok", "warn", "bad", "off", "none")],
        "may_assign": may_assign(actor=request.actor, plan=plan),
        "many": ManyForm(prefix="many"),
        "export_url": address("plans_reports:table_export", {"key": plan.pk}),
        "import_url": address("plans_reports:table_import", {"key": plan.pk}),
        "asked": {name: request.GET.get(name, "") for name in ("q", "lead", "light", "chapter")},
    }
    return render(request, "plans/table.html", context)


def _offered(rows: list[Row]) -> dict[str, list[tuple[str, str]]]:
    """Return the leads and chapters by which the table can be narrowed."""
    leads = {row.commitment.lead for row in rows if row.commitment.lead}
    labels = named(leads)
    chapters = {row.commitment.chapter_order: row.commitment for row in reversed(rows)}
    return {
        "leads": sorted(((lead, labels[lead].label) for lead in leads), key=lambda pair: pair[1]),
        "chapters": [(str(order), f"{one.chapter}　{one.chapter_title}") for order, one in sorted(chapters.items())],
    }


def _wanted(row: Row, request: HttpRequest) -> bool:
    asked = request.GET
    one = row.commitment
    text = f"{one.no} {one.text} {one.budget_line}"
    return (
        all(word in text for word in asked.get("q", "").split())
        and asked.get("lead", "") in ("", one.lead, "none" if not one.lead else "")
        and asked.get("light", "") in ("", row.standing.light)
        and asked.get("chapter", "") in ("", str(one.chapter_order))
    )


def _grouped(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    groups: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in rows:
        one = row.commitment
        groups[one.chapter_order, f"{one.chapter}　{one.chapter_title}".strip()].append(row)
    return [(name, members) for (_order, name), members in sorted(groups.items())]


@reads_plans
def row(request: HttpRequest, key: int) -> HttpResponse:
    """Answer with one row as it stands."""
    one = commitment_or_404(key)
    context = {"row": rows_of(one.plan, [one])[0], "may_assign": may_assign(actor=request.actor, plan=one.plan)}
    return render(request, "plans/parts/row.html", context)


@reads_plans
def edit_row(request: HttpRequest, key: int) -> HttpResponse:
    """Open a row for editing, and save it."""
    one = commitment_or_404(key)
    allow(may_assign(actor=request.actor, plan=one.plan))
    form = AssignForm(request.POST or None, prefix=f"r{key}", initial=assign_values(one))
    if request.method == "POST" and form.is_valid():
        given = form.assignment()
        if perform(request, assign_commitment, form, commitment=one, **given):
            return _row_saved(request, commitment_or_404(key))
    context = {"row": rows_of(one.plan, [one])[0], "form": form}
    return render(request, "plans/parts/row_edit.html", context, status=422 if form.failed else 200)


def _row_saved(request: HttpRequest, one: Commitment) -> HttpResponse:
    context: dict[str, Any] = {
        "row": rows_of(one.plan, [one])[0],
        "may_assign": may_assign(actor=request.actor, plan=one.plan),
    }
    response = render(request, "plans/parts/row.html", context)
    response["HX-Trigger"] = done(request, _("%(no)s saved.") % {"no": one.no})["HX-Trigger"]
    return response


@reads_plans
@require_POST
def assign_many(request: HttpRequest, key: int) -> HttpResponse:
    """Give the ticked rows the same lead, leader, partners or responsible person."""
    plan = plan_or_404(key)
    form = ManyForm(request.POST, prefix="many")
    keys = [int(one) for one in request.POST.getlist("pick") if one.isdigit()]
    back = reverse("plans:table", args=[plan.pk])
    if not form.is_valid() or not form.assignment():
        return done(request, _("Say what the ticked rows should get."), back, level="warn")
    chosen = list(plan.commitments.filter(pk__in=keys).select_related("plan"))
    outcome = perform(request, assign_commitments, form, commitments=chosen, **form.assignment())
    if not outcome:
        return done(request, outcome.refusal.message, back, level="bad")
    said = ngettext("%(n)s row assigned.", "%(n)s rows assigned.", len(chosen)) % {"n": len(chosen)}
    return done(request, said, back)
