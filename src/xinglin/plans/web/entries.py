"""What plans add to the shell: navigation, search, panels."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.shell import navigation, panels, search

from ..commitments import Commitment
from .doors import sees_plans
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


def register() -> None:
    """Register everything; called once when the app is ready."""
    entry = navigation.Entry
    for one in (
        entry(
            section="year",
            label=_("Year overview"),
            icon="chart-bar",
            url_name="plans:year",
            order=10,
            when=sees_plans,
            key="y",
        ),
        entry(
            section="year",
            label=_("Work plan"),
            icon="file-text",
            url_name="plans:plans",
            order=20,
            when=sees_plans,
            count=count_to_confirm,
            key="p",
        ),
        entry(
            section="year",
            label=_("Commitments"),
            icon="list-check",
            url_name="plans:commitments",
            order=30,
            when=sees_plans,
        ),
        entry(
            section="year",
            label=_("Due from me"),
            icon="user-check",
            url_name="plans:mine",
            order=40,
            when=sees_plans,
            count=count_due,
            key="m",
        ),
    ):
        navigation.register(one)
    search.register("plans.commitment", found, label=_("Commitments"), order=30)
    panels.register("person", 30, person_panel)
    panels.register("organisation", 30, organisation_panel)
    panels.register("home", 10, home_panel)
