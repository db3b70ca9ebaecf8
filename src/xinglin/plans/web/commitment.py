"""The page of one commitment: sentence, light, pace, facts, evidence, changes, notices, comments, history."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.ledger.models import Mention, SealedFact
from xinglin.kernel.refs import ref
from xinglin.shell.charts import Figures, Series
from xinglin.shell.forms import Form
from xinglin.shell.naming import fact_label, named

from ..commitments import Commitment
from ..measuring import Asked, counted, stopped_at
from ..outlook import outlook
from ..overview import share_by
from ..policy import (
    may_answer_supervision,
    may_ask_change,
    may_comment,
    may_decide_change,
    may_submit_evidence,
    may_verify_evidence,
)
from ..progress import Rules, Standing, planned_share, standings
from .binding import measures_of
from .doors import commitment_or_404, reads_plans
from .facts import about, proof_of, who
from .running_forms import AnswerForm, ChangeForm, CommentForm, DecisionForm, EvidenceForm
from .telling import figure_text, hope_text, left_text, light_word, month_name, reason_of, target_text

NEWEST = 5
HISTORY = 40


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One line of the history."""

    label: str
    on: date
    by: str
    position: int
    url: str


@reads_plans
def commitment(request: HttpRequest, key: int) -> HttpResponse:
    """Show one commitment."""
    return page(request, commitment_or_404(key))


def page(request: HttpRequest, one: Commitment, **forms: Form) -> HttpResponse:
    """Show the page, with a form that came back in its place."""
    on = clock.today()
    standing = standings(plan=one.plan, on=on, commitments=[one])[0]
    context = {
        "commitment": one,
        "plan": one.plan,
        "standing": standing,
        "figure": figure_text(standing),
        "target": target_text(one),
        "light": "off" if standing.light == "none" else standing.light,
        "word": light_word(standing.light),
        "reason": reason_of(standing),
        "pace": pace_of(standing, on),
        "passage": passage_of(one),
        "history": history_of(one),
        "newest": newest_of(standing),
        **measures_of(request, one),
        **around(request, one, on, forms),
        **rest_of(standing, on),
    }
    failed = any(form.failed for form in forms.values())
    return render(request, "plans/commitment.html", context, status=422 if failed else 200)


def rest_of(standing: Standing, on: date) -> dict[str, str]:
    """Return what is left and whether it can be done, for red and yellow lights."""
    if standing.light not in {"bad", "warn"}:
        return {}
    view = outlook(standing=standing, on=on)
    return {"left": left_text(view), "hope": hope_text(view), "act_by": view.act_by}


def around(request: HttpRequest, one: Commitment, on: date, forms: dict[str, Form]) -> dict[str, Any]:
    """Return evidence, changes, notices and comments, each with what this reader may do."""
    actor = request.actor
    evidence = list(one.evidence.order_by("-happened_on", "-pk"))
    changes = list(one.change_requests.order_by("-pk"))
    notices = list(one.supervisions.all())
    named([*(row.by for row in (*evidence, *changes, *one.comments.all())), one.lead, one.leader, one.responsible])
    unit = unit_of(one)
    begun = {"happened_on": on} if unit == "%" else {"happened_on": on, "amount": 1}
    return {
        "evidence": [(row, may_verify_evidence(actor=actor, evidence=row)) for row in evidence],
        "changes": [(row, may_decide_change(actor=actor, request=row)) for row in changes],
        "notices": [(row, may_answer_supervision(actor=actor, supervision=row)) for row in notices],
        "may_submit": may_submit_evidence(actor=actor, commitment=one),
        "may_ask": may_ask_change(actor=actor, commitment=one),
        "may_comment": may_comment(actor=actor),
        "evidence_form": forms.get("evidence")
        or EvidenceForm(unit=unit, initial=begun, prefix="e"),
        "change_form": forms.get("change") or ChangeForm(prefix="ch"),
        "decision_form": forms.get("decision") or DecisionForm(prefix="d", initial={"approved": "yes"}),
        "answer_form": forms.get("answer") or AnswerForm(prefix="a"),
        "comment_form": forms.get("comment") or CommentForm(prefix="m"),
        "opened": next(iter(forms), ""),
    }


def unit_of(one: Commitment) -> str:
    """Return the measure word of what is promised."""
    return "%" if one.kind == Commitment.Kind.PERCENT else one.unit


def passage_of(one: Commitment) -> tuple[str, str, str] | None:
    """Return the paragraph around the sentence: before, the sentence, after."""
    if one.document is None or one.start is None or one.end is None:
        return None
    text = one.document.text
    for paragraph in one.document.paragraphs:
        if paragraph["start"] <= one.start < paragraph["end"]:
            end = max(paragraph["end"], one.end)
            return text[paragraph["start"] : one.start], text[one.start : one.end], text[one.end : end]
    return "", text[one.start : one.end], ""


def pace_of(standing: Standing, on: date) -> Figures:
    """Return plan and actual by month of one commitment."""
    one = standing.commitment
    steps = list(one.milestones.all())
    lasts, rules = [_last_day(one.plan.year, number) for number in range(1, 13)], Rules.on(on)
    return Figures(
        id="pace-table",
        head=_("Month"),
        categories=tuple(month_name(last) for last in lasts),
        series=(
            Series(
                label=_("Plan"),
                line="dashed",
                colour="ink-3",
                values=tuple(planned_share(commitment=one, milestones=steps, on=last, rules=rules) for last in lasts),
            ),
            Series(
                label=_("Actual"),
                line="area",
                colour="accent",
                values=tuple(share_by(standing, last, rules) if last.replace(day=1) <= on else None for last in lasts),
            ),
        ),
        now=on.month - 1 if on.year == one.plan.year else None,
    )


def _last_day(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def newest_of(standing: Standing) -> list[tuple[SealedFact, str, str, str]]:
    """Return the newest facts that count, with what they are about and their proof."""
    if standing.measure is None:
        return []
    asked, upto = Asked.of(standing.measure), stopped_at(plan=standing.commitment.plan)
    rows = counted(asked=asked, upto=upto).order_by("-happened_on", "-position").defer("content", "link")
    return [(row, fact_label(row.type), about(row), proof_of(row)) for row in rows[:NEWEST]]


def history_of(one: Commitment) -> list[Happening]:
    """Return what the ledger says about this commitment, newest first."""
    name = ref("plans.commitment", one.pk)
    positions = list(
        Mention.objects.filter(ref=name).order_by("-position").values_list("position", flat=True)[:HISTORY]
    )
    rows = list(SealedFact.objects.filter(position__in=positions).order_by("-position").defer("content", "link"))
    labels = named(row.actor for row in rows)
    return [
        Happening(
            label=_said(row), on=row.happened_on, by=who(row.actor, labels), position=row.position, url=proof_of(row)
        )
        for row in rows
    ]


def _said(row: SealedFact) -> str:
    what = {
        "accept": _("accepted"),
        "edit": _("edited"),
        "discard": _("set aside"),
        "split": _("split"),
        "merge": _("merged"),
        "add": _("added"),
        "undo": _("step taken back"),
    }
    code = str(row.body.get("what", ""))
    return f"{fact_label(row.type)}（{what[code]}）" if code in what else fact_label(row.type)
