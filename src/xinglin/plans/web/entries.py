"""What plans add to the shell: navigation, search, panels."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.shell import landing, naming, navigation, panels, search

from ..commitments import Commitment
from ..measures import Measure
from .doors import sees_plans
from .landing import figures
from .mine import count_due, home_panel, organisation_panel, person_panel
from .waiting import count_to_confirm


def found(query: str, actor: Actor, limit: int) -> list[search.Hit]:
    """Find commitments by their words or number."""
    if not sees_plans(actor):
        return []
    words = Q()
    for word in query.split():
        words &= Q(text__icontains=word) | Q(object__icontains=word) | Q(entrusted_by__icontains=word)
    rows = Commitment.objects.on_the_table().filter(words).select_related("plan").order_by("-plan__year", "pk")
    chapter, dash, order = query.partition("-")
    if dash and order.isdigit():
        rows = Commitment.objects.on_the_table().filter(words | Q(chapter=chapter, order=int(order)))
        rows = rows.select_related("plan").order_by("-plan__year", "pk")
    return [
        search.Hit(
            label=f"{one.no}　{one.text[:60]}",
            sub=f"{one.plan.year}　{one.chapter_title}",
            url=reverse("plans:commitment", args=[one.pk]),
            icon="target",
        )
        for one in rows[:limit]
    ]


def _entry(url_name: str, label: Any, icon: str, order: int, **more: Any) -> None:
    navigation.register(
        navigation.Entry(
            section="year", label=label, icon=icon, url_name=f"plans:{url_name}", order=order, when=sees_plans, **more
        )
    )


def in_words(field: str, code: str) -> str:
    """Return a code of the plans' facts in words, "" when it has none."""
    if field == "fact_type":
        return naming.fact_label(code)
    return str(dict(Measure.How.choices).get(code, "")) if field == "how" else ""


def register() -> None:
    """Register everything; called once when the app is ready."""
    _entry("year", _("Year overview"), "chart-bar", 10, key="y")
    _entry("plans", _("Work plan"), "file-text", 20, key="p", count=count_to_confirm)
    _entry("commitments", _("Commitments"), "list-check", 30)
    _entry("mine", _("Due from me"), "user-check", 40, key="m", count=count_due)
    search.register("plans.commitment", found, label=_("Commitments"), order=30)
    naming.register_codes("plans", in_words)
    panels.register("person", 30, person_panel)
    panels.register("organisation", 30, organisation_panel)
    panels.register("home", 10, home_panel)
    landing.provide(figures)
