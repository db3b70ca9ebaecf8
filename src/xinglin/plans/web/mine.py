"""What is due from one person and their units; the same list as a panel of the directory's pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.ledger.models import Mention, SealedFact
from xinglin.shell.naming import fact_label, named

from ..commitments import Commitment
from ..documents import Plan
from ..progress import Standing, standings
from .doors import reads_plans, sees_plans
from .facts import who
from .telling import figure_text, light_word
from .waiting import waiting_for

NEWEST = 8  # changes shown
UNIT_ROLES = ("department", "department_head", "branch_secretary", "branch_chair")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One commitment and the part this person or unit has in it."""

    standing: Standing
    part: str
    figure: str
    word: str
    light: str


def mine_of(*, people: Iterable[str], units: Iterable[str], on: date) -> list[Line]:
    """Return open commitments of these people and units, the earliest deadline first."""
    people, units = set(people) - {""}, set(units) - {""}
    asked = Q(responsible__in=people) | Q(leader__in=people) | Q(lead__in=units) | Q(partners__unit__in=units)
    rows = Commitment.objects.standing().filter(asked).exclude(plan__state=Plan.State.CLOSED).distinct()
    chosen = list(rows.select_related("plan").prefetch_related("partners"))
    lines = []
    for plan in {one.plan_id: one.plan for one in chosen}.values():
        members = [one for one in chosen if one.plan_id == plan.pk]
        for standing in standings(plan=plan, on=on, commitments=members):
            light = "off" if standing.light == "none" else standing.light
            lines.append(
                Line(
                    standing=standing,
                    part=_part(standing.commitment, people, units),
                    light=light,
                    figure=figure_text(standing),
                    word=light_word(standing.light),
                )
            )
    named(one.standing.commitment.lead for one in lines)
    return sorted(lines, key=lambda one: (one.light == "done", one.standing.commitment.deadline))


def _part(one: Commitment, people: set[str], units: set[str]) -> str:
    if one.responsible in people:
        return _("answers for it")
    if one.lead in units:
        return _("leads")
    if one.leader in people:
        return _("in charge")
    return _("helps")


def units_of(actor: Actor) -> frozenset[str]:
    """Return the units in which an actor works or holds office."""
    return frozenset(str(unit) for role in UNIT_ROLES for unit in actor.scope.get(role, ()))


@reads_plans
def mine(request: HttpRequest) -> HttpResponse:
    """Show what is due from me and my units."""
    actor, on = request.actor, clock.today()
    lines = mine_of(people=[actor.person or ""], units=units_of(actor), on=on)
    own = [one for one in lines if one.part in {_("answers for it"), _("leads")}]
    context = {
        "own": own,
        "others": [one for one in lines if one not in own],
        "waits": waiting_for(actor=actor, on=on),
        "late": sum(1 for one in own if one.light == "bad"),
        "changed": changed_of(lines),
    }
    return render(request, "plans/mine.html", context)


def changed_of(lines: list[Line]) -> list[tuple[SealedFact, Commitment, str, str]]:
    """Return what changed lately in these items, so that every party named in them sees it."""
    by_ref = {f"plans.commitment:{one.standing.commitment.pk}": one.standing.commitment for one in lines}
    kinds = (
        "plans.commitment.assigned",
        "plans.commitment.bound",
        "plans.change.decided",
        "plans.commitment.corrected",
    )
    changes = SealedFact.objects.filter(type__in=kinds).defer("content", "link")
    # A busy item is named by many other facts, so the kinds narrow before the newest are taken.
    rows = Mention.objects.filter(ref__in=by_ref, position__in=changes.values("position"))
    mentions = list(rows.order_by("-position").values_list("position", "ref")[:NEWEST])
    facts = changes.in_bulk([position for position, _ref in mentions])
    labels = named(one.actor for one in facts.values())
    return [
        (facts[position], by_ref[name], fact_label(facts[position].type), who(facts[position].actor, labels))
        for position, name in mentions
    ]


def person_panel(request: HttpRequest, subject: Any) -> tuple[str, dict[str, Any]] | None:
    """Add a person's commitments to their page."""
    return _panel(request, people=[str(subject.ref)], units=[])


def organisation_panel(request: HttpRequest, subject: Any) -> tuple[str, dict[str, Any]] | None:
    """Add a unit's commitments to its page."""
    return _panel(request, people=[], units=[str(subject.ref)])


def _panel(request: HttpRequest, *, people: list[str], units: list[str]) -> tuple[str, dict[str, Any]] | None:
    if not sees_plans(request.actor):
        return None
    lines = mine_of(people=people, units=units, on=clock.today())
    return ("plans/parts/panel.html", {"lines": lines}) if lines else None


def home_panel(request: HttpRequest, subject: Any) -> tuple[str, dict[str, Any]] | None:
    """Add what waits and what is due to the home page of whoever reads plans."""
    actor, on = request.actor, clock.today()
    if not sees_plans(actor):
        return None
    lines = [one for one in mine_of(people=[actor.person or ""], units=units_of(actor), on=on) if one.light != "done"]
    return "plans/parts/home.html", {"lines": lines[:8], "waits": waiting_for(actor=actor, on=on, most=8)}


def count_due(actor: Actor) -> int:
    """Return how many of my commitments are red: the count beside 我的事项."""
    lines = mine_of(people=[actor.person or ""], units=units_of(actor), on=clock.today())
    return sum(1 for one in lines if one.light == "bad")
