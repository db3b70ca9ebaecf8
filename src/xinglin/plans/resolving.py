"""Turns refs of plans into what a reader sees."""

from django.urls import reverse

from xinglin.kernel.refs import Shown, resolves

from .commitments import Commitment
from .documents import Plan


@resolves("plans.plan")
def _plans(keys: list[str]) -> dict[str, Shown]:
    return {
        str(one.pk): Shown(label=one.title, url=reverse("plans:plan", args=[one.pk]))
        for one in Plan.objects.filter(pk__in=keys)
    }


@resolves("plans.commitment")
def _commitments(keys: list[str]) -> dict[str, Shown]:
    return {
        str(one.pk): Shown(label=f"{one.no} {one.text[:40]}", url=reverse("plans:commitment", args=[one.pk]))
        for one in Commitment.objects.filter(pk__in=keys)
    }
