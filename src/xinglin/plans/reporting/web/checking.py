"""Checking a draft summary: the upload, and the list of its figures grouped by what the ledger says."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal
from xinglin.shell.tables import Choice, Column, Segment, Table
from xinglin.shell.units import speaks_chinese
from xinglin.shell.web import allow, done, perform

from ...actions.reporting import keep_check
from ...documents import Plan
from ...drafts import SummaryCheck
from ...measuring import head_size
from ...policy import may_report
from ...reading import Reading, read_bytes
from ...reading import Refusal as Unreadable
from ...web.doors import plan_or_404, reads_plans
from ..checking import check_draft, counts_of
from ..finding import AGREES, DIFFERS, DOUBLE, NO_EVIDENCE, NOT_MEASURABLE, Finding
from .forms import CheckForm

WORDS: dict[str, tuple[str, Any]] = {
    DIFFERS: ("bad", _("Ledger says otherwise")),
    DOUBLE: ("bad", _("Counted twice")),
    NO_EVIDENCE: ("warn", _("No evidence")),
    AGREES: ("ok", _("Agrees")),
    NOT_MEASURABLE: ("off", _("Not measurable")),
}
REASONS = {
    "more": _("The draft claims more than the ledger counts."),
    "less": _("The draft claims less than the ledger counts."),
    "no_facts": _("The ledger has no fact of this kind in the period."),
    "part_of": _("Another figure claims all of them; nothing tells this part apart: %(others)s"),
    "no_word": _("Nothing the ledger counts is called so."),
    "percent": _("Percentages are measured by commitments only."),
    "same_facts": _("The same facts stand under another name: %(others)s"),
    "overlap": _("Some of these facts are counted in: %(others)s"),
    "sum_of": _("This is the sum of figures that are counted elsewhere: %(others)s"),
    "above": _("The ledger counts more, as the draft says."),
    "repeated": _("Said before with the same words."),
    "rounded": _("Agrees after rounding."),
    "near": _("Agrees as “nearly”."),
    "about": _("Agrees as “about”."),
}


def reason_of(one: Finding) -> str:
    """Return why a figure got its result."""
    words = REASONS.get(one.why, "")
    return str(words) % {"others": "；".join(one.others)} if one.others and words else str(words)


def facts_of(one: Finding) -> str:
    """Return where the facts behind a figure are listed."""
    return f"{reverse('plans_reports:figure')}?{one.query}" if one.query else ""


def chapter_of(one: Finding) -> str:
    """Return the chapter of the draft in which a figure stands."""
    return " ".join(one.path[:2])


class FindingTable(Table):
    """The figures of a draft, grouped by what the ledger says of them."""

    code = "plans.findings"
    title = _("Figures of the draft")
    unit = "个"
    columns = (
        Column("quote", _("Sentence"), at="name", sub=reason_of),
        Column("claimed", _("Draft says"), kind="text"),
        Column("ledger", _("Ledger says"), kind="number", link=facts_of),
        Column("label", _("Counted as"), sub=lambda one: f"{one.from_on} — {one.until_on}"),
        Column("facts", _("Facts"), kind="number", link=facts_of),
        Column("result", _("Result"), kind="status", words=WORDS, at="status"),
    )
    segments = (
        Segment("all", _("All")),
        *(Segment(code, words, test=lambda one, code=code: one.result == code)
          for code, (_light, words) in WORDS.items()),
    )
    saves = False
    per_page = 50

    def __init__(self, request: HttpRequest, rows: Any = None, **given: Any) -> None:
        super().__init__(request, rows, **given)
        chapters = list(dict.fromkeys(chapter_of(one) for one in rows or ()))
        self.filters = (
            Choice("chapter", _("Chapter"), options=tuple((one, one or _("Before the chapters")) for one in chapters),
                   apply=lambda found, wanted: [one for one in found if chapter_of(one) in wanted]),
        )

    def key(self, row: Any) -> Any:
        """Return where in the draft a figure stands."""
        return row.start


@reads_plans
def upload(request: HttpRequest, key: int) -> HttpResponse:
    """Take a draft and compare its figures with the ledger."""
    plan = plan_or_404(key)
    allow(may_report(actor=request.actor))
    form = CheckForm(request.POST or None, request.FILES or None, initial={"year": plan.year})
    if request.method == "POST" and form.is_valid():
        check = _checked(request, plan, form)
        if check is not None:
            said = _("%(n)s figures compared.") % {"n": len(check.findings)}
            return done(request, said, reverse("plans_reports:checked", args=[check.pk]))
    context = {"plan": plan, "form": form, "checks": plan.summary_checks.defer("findings")[:20]}
    return render(request, "plans/reporting/check.html", context, status=422 if form.failed else 200)


def _checked(request: HttpRequest, plan: Plan, form: CheckForm) -> SummaryCheck | None:
    given = form.cleaned_data
    file = given.get("file")
    name, content = (file.name, file.read()) if file else (str(_("Pasted text")) + ".txt", given["text"].encode())
    reading = _read(form, name, content)
    if reading is None:
        return None
    size = head_size()
    findings = check_draft(reading=reading, year=given["year"], on=clock.today(), plan=plan, size=size)
    outcome = perform(request, keep_check, form, plan=plan, name=name, sha256=hashlib.sha256(content).hexdigest(),
                      year=given["year"], size=size, findings=findings)
    return outcome.answer if outcome else None


def _read(form: CheckForm, name: str, content: bytes) -> Reading | None:
    try:
        return read_bytes(content=content, name=name)
    except Unreadable as unreadable:
        words = unreadable.message_zh if speaks_chinese() else unreadable.message_en
        form.refuse(Refusal(words, field="file"))
        return None


@reads_plans
def checked(request: HttpRequest, key: int) -> HttpResponse:
    """Show what a check has found."""
    check = get_object_or_404(SummaryCheck.objects.select_related("plan"), pk=key)
    findings = [Finding.from_json(one) for one in check.findings]
    counts = counts_of(findings)
    table = FindingTable(request, rows=findings)
    context = {
        "check": check, "plan": check.plan, "whole": len(findings), "counts": counts,
        "wrong": counts[DIFFERS] + counts[DOUBLE],
    }
    return table.response("plans/reporting/checked.html", context)
