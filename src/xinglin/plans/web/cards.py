"""What the correction page shows: cards by tab, counts, and the document with its marks."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from ..commitments import Change, Commitment
from ..documents import Document, Plan
from ..marks import lay_out
from ..measures import Measure
from ..policy import may_assign, may_correct_plan, may_edit_commitment
from .telling import target_text

TABS = ("waiting", "words", "accepted", "all")
SURE = Decimal("0.90")  # from here on a proposal is taken by “accept the sure ones”
# From this confidence on: ticks lit of five.
_STEPS = ((Decimal("0.90"), 5), (Decimal("0.75"), 4), (Decimal("0.55"), 3), (Decimal("0.35"), 2), (Decimal(0), 1))


@dataclass(frozen=True, kw_only=True)
class Card:
    """One commitment as the office corrects it."""

    commitment: Commitment
    measure: Measure | None
    may_edit: Any
    lit: int

    @cached_property
    def key(self) -> str:
        """Return the commitment's key as text: it stands thirty times in a card."""
        return str(self.commitment.pk)

    @cached_property
    def url(self) -> str:
        """Return the card's address, under which its steps lie."""
        return reverse("plans:card", args=[self.key])

    @property
    def ticks(self) -> list[bool]:
        """Return five ticks, lit or not."""
        return [number < self.lit for number in range(5)]

    @property
    def word(self) -> str:
        """Return the confidence in words."""
        words = {
            5: _("Confidence high"),
            4: _("Confidence fairly high"),
            3: _("Confidence medium"),
            2: _("Confidence fairly low"),
            1: _("Confidence low"),
        }
        return words[self.lit]

    @property
    def target(self) -> str:
        """Return the promise as a figure."""
        return target_text(self.commitment)

    @property
    def tab(self) -> str:
        """Return the tab it stands in."""
        return tab_of(self.commitment)

    @property
    def vague(self) -> bool:
        """Say whether nothing counts it yet and it names no figure."""
        return self.commitment.kind == Commitment.Kind.WORDS and self.measure is None


def tab_of(commitment: Commitment) -> str:
    """Return the tab a commitment stands in."""
    if commitment.state == Commitment.State.ACCEPTED:
        return "accepted"
    return "words" if commitment.kind == Commitment.Kind.WORDS else "waiting"


def ticks_of(confidence: Decimal) -> int:
    """Return how many of five ticks a confidence lights."""
    return next(lit for least, lit in _STEPS if confidence >= least)


def cards_of(*, commitments: Iterable[Commitment], request: HttpRequest) -> list[Card]:
    """Return cards with their main measures, in the plan's order."""
    chosen = list(commitments)
    found = Measure.objects.filter(commitment__in=[one.pk for one in chosen], main=True).exclude(confirmed_on=None)
    measures = {one.commitment_id: one for one in found}
    return [
        Card(
            commitment=one,
            measure=measures.get(one.pk),
            may_edit=may_edit_commitment(actor=request.actor, commitment=one),
            lit=ticks_of(one.confidence),
        )
        for one in chosen
    ]


def all_of(plan: Plan) -> list[Commitment]:
    """Return what is on the table, each knowing its plan without a query."""
    rows = list(plan.commitments.on_the_table())
    for one in rows:
        one.plan = plan
    return rows


def state_of(*, plan: Plan, request: HttpRequest, rows: list[Commitment], tab: str = "") -> dict[str, Any]:
    """Return counts, verdicts and the tab: what stands around the cards and changes with every step."""
    counts = {name: sum(1 for one in rows if name in ("all", tab_of(one))) for name in TABS}
    chosen = tab if tab in TABS else "waiting" if counts["waiting"] else "words" if counts["words"] else "accepted"
    sure = sum(1 for one in rows if tab_of(one) == "waiting" and one.confidence >= SURE)
    waiting = counts["waiting"] + counts["words"]
    labels = {"waiting": _("To confirm"), "words": _("No figure"), "accepted": _("Accepted"), "all": _("All")}
    return {
        "plan": plan,
        "counts": counts,
        "tab": chosen,
        "tabs": [(name, labels[name], counts[name]) for name in TABS],
        "sure": sure,
        "waiting": waiting,
        "may_correct": may_correct_plan(actor=request.actor, plan=plan),
        "may_assign": may_assign(actor=request.actor, plan=plan),
    }


def in_tab(rows: Iterable[Commitment], tab: str) -> list[Commitment]:
    """Return the commitments of one tab."""
    return [one for one in rows if tab in ("all", tab_of(one))]


def reading_of(*, plan: Plan, request: HttpRequest) -> dict[str, Any]:
    """Return everything the correction page needs."""
    rows = all_of(plan)
    drafts = list(plan.documents.defer("reading", "text", "paragraphs"))
    wanted = request.GET.get("draft", "")
    chosen = next((one for one in drafts if str(one.number) == wanted), drafts[-1] if drafts else None)
    document = Document.objects.defer("reading").get(pk=chosen.pk) if chosen else None
    context = state_of(plan=plan, request=request, rows=rows, tab=request.GET.get("tab", ""))
    measures = Measure.objects.filter(commitment__plan=plan, main=True).exclude(confirmed_on=None)
    bound = frozenset(measures.values_list("commitment", flat=True))
    return {
        **context,
        "document": document,
        "drafts": drafts,
        "blocks": lay_out(document=document, commitments=rows, bound=bound) if document else [],
        "cards": cards_of(commitments=in_tab(rows, context["tab"]), request=request),
        "chapters": chapters_of(rows),
    }


def chapters_of(rows: Iterable[Commitment]) -> list[tuple[int, str, str]]:
    """Return the chapters that hold commitments: order, number, title."""
    found = {one.chapter_order: (one.chapter_order, one.chapter, one.chapter_title) for one in rows}
    return [found[order] for order in sorted(found)]


def last_step(*, plan: Plan) -> Change | None:
    """Return the latest step that can be undone."""
    return plan.changes.filter(undone=False).first()
